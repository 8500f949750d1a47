"""How an edition's winners are carried out: stages, days, the bill against the vote, delays with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_budget.city.queries import district_names
from civic_budget.kernel.clock import city_day
from civic_budget.proposals.implementation_rules import Stage
from civic_budget.proposals.labels import STAGE_KINDS, STAGE_NAMES
from civic_budget.proposals.queries import Step, count_photos, list_in_states, steps_of_edition
from civic_budget.proposals.rules import PUBLIC_STATES
from civic_budget.results.building import Winner, list_winners
from civic_budget.results.building_labels import say_bill
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.public import published_editions
from civic_budget.results.views.showing import EditionResults, Title, load_results, say_scope
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.locale import current_language


@dataclass(frozen=True)
class Progress:
    """A winner with all its steps, the latest first. Money in grosze."""

    id: UUID
    winner: Winner
    title: Title
    scope_name: str
    steps: Sequence[Step]
    photos: int
    today: date

    @property
    def stage(self) -> Stage | None:
        """The latest stage; None before the first."""
        return Stage(self.steps[0].stage) if self.steps else None

    @property
    def real_cost(self) -> int | None:
        """The bill as it was told last."""
        return next((s.real_cost for s in self.steps if s.real_cost is not None), None)

    @property
    def expected_on(self) -> date | None:
        """When it should be ready, as was told last; None once it is over."""
        if self.stage in {Stage.FINISHED, Stage.ABANDONED}:
            return None
        return next((s.expected_on for s in self.steps if s.expected_on is not None), None)

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which it should be ready has passed."""
        return self.expected_on is not None and self.expected_on < self.today

    @property
    def bill(self) -> str:
        """The real cost against the voted one, in words."""
        return say_bill(self.winner.voted, self.real_cost)

    def said(self) -> tuple[str, str]:
        """The latest words and their language."""
        return self.steps[0].said(current_language()) if self.steps else ("", "")


def list_progress(found: EditionResults) -> list[Progress]:
    """All winners of an edition by pool and ballot place, with their steps; a few queries in all."""
    winners = list_winners(reading(), found.edition.id)
    steps = steps_of_edition(reading(), found.edition.id)
    photos = count_photos(reading(), found.edition.id)
    names = district_names(reading())
    listed = list_in_states(reading(), found.edition.id, sorted(PUBLIC_STATES))
    known = {p.reference: p.id for p in listed if p.reference}
    return [
        _progress(found, one, known[one.reference], steps, photos, names)
        for decided in found.scopes
        for line in decided.facts.lines
        if (one := winners.get(line.reference)) is not None and line.reference in known
    ]


def _progress(
    found: EditionResults,
    winner: Winner,
    proposal_id: UUID,
    steps: Mapping[UUID, Sequence[Step]],
    photos: Mapping[UUID, int],
    names: Mapping[int, str],
) -> Progress:
    return Progress(
        id=proposal_id,
        winner=winner,
        title=found.title(winner.reference),
        scope_name=say_scope(winner.scope, names),
        steps=steps.get(proposal_id, ()),
        photos=photos.get(proposal_id, 0),
        today=city_day(now()),
    )


@results.get("/editions/<slug>/implementation")
@access(Audience.PUBLIC)
def building(slug: str) -> ResponseReturnValue:
    """How far the winners of an edition are, by stage; the bill against the vote; delays with reasons."""
    found = load_results(slug)
    every = list_progress(found)
    wanted = request.args.get("stage", "")
    shown = [p for p in every if not wanted or (p.stage or "none") == wanted]
    billed = [p for p in every if p.stage is Stage.FINISHED and p.real_cost is not None]
    voted, real = sum(p.winner.voted for p in billed), sum(p.real_cost or 0 for p in billed)
    return render_template(
        "results/building.html",
        edition=found.edition,
        found=found,
        shown=shown,
        chips=_chips(slug, every, wanted),
        finished=sum(p.stage is Stage.FINISHED for p in every),
        total=len(every),
        late=[p for p in every if p.stage is Stage.DELAYED or p.is_overdue],
        billed=len(billed),
        voted=voted,
        real=real,
        bill=say_bill(voted, real) if billed else "",
        others=[e for e in published_editions() if e.slug != slug],
        stage_names=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
    )


def _chips(slug: str, every: Sequence[Progress], wanted: str) -> list[tuple[str, str, str, bool]]:
    """Each stage that there is: its code, how many, its address, whether it is chosen."""
    counts: dict[str, int] = {}
    for one in every:
        code = str(one.stage or "none")
        counts[code] = counts.get(code, 0) + 1
    codes = [code for code in (*(str(s) for s in Stage), "none") if code in counts]
    return [
        (
            code,
            str(counts[code]),
            url_for("results.building", slug=slug, stage=code),
            code == wanted,
        )
        for code in codes
    ]
