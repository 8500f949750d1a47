"""A few proposals side by side: what they cost, where they stand, whom they serve. No account, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import category_names
from civic_budget.kernel.money import say_money
from civic_budget.proposals.labels import (
    STAGE_KINDS,
    STAGE_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    say_scope,
)
from civic_budget.proposals.queries import (
    ProposalFacts,
    Step,
    find_by_reference,
    list_steps,
    proposals_among,
)
from civic_budget.proposals.queries.facts import Words
from civic_budget.proposals.rules import PUBLIC_STATES
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading
from civic_budget.web.locale import current_language

MOST = 4


@dataclass(frozen=True)
class Column:
    """One proposal of the comparison, with its words for the reader and its latest step."""

    proposal: ProposalFacts
    words: Words
    steps: Sequence[Step]
    remove_url: str

    @property
    def tag(self) -> Markup:
        """Its state, or how far it is carried out."""
        stage = self.steps[0].stage if self.steps else None
        kind = STAGE_KINDS.get(stage, "") if stage else STATE_KINDS[self.proposal.state]
        name = STAGE_NAMES[stage] if stage else STATE_NAMES[self.proposal.state]
        return Markup('<span class="tag {}">{}</span>').format(kind, name)

    @property
    def real_cost(self) -> int | None:
        """The bill as it was told last, in grosze."""
        return next((s.real_cost for s in self.steps if s.real_cost is not None), None)


@proposals.get("/proposals/compare")
@access(Audience.PUBLIC)
def compare() -> ResponseReturnValue:
    """The chosen proposals as columns; one more can be added by its reference, each taken out."""
    chosen = _chosen()
    said = request.args.get("add", "").strip()[:40]
    problem = ""
    if said:
        added = find_by_reference(reading(), said)
        if added is None or not (known := proposals_among(reading(), [added])):
            problem = gettext("There is no proposal %(reference)s.", reference=said)
        elif known[added].state in PUBLIC_STATES:
            chosen = [*chosen, added] if added not in chosen else chosen
    if len(chosen) > MOST:
        problem = gettext("Four proposals fit side by side. Take one out first.")
    columns = _columns(chosen[:MOST])
    return render_template(
        "proposals/compare.html",
        columns=columns,
        rows=_rows(columns),
        problem=problem,
        said=said if problem else "",
        has_room=len(columns) < MOST,
    )


def _chosen() -> list[UUID]:
    """The ids in the address, each once, in their order; what is no id is passed over."""
    found: dict[UUID, None] = {}
    for said in request.args.getlist("p")[:20]:
        try:
            found[UUID(said)] = None
        except ValueError:
            continue
    return list(found)


def _columns(chosen: Sequence[UUID]) -> list[Column]:
    known = proposals_among(reading(), chosen)
    shown = [i for i in chosen if i in known and known[i].state in PUBLIC_STATES]
    return [
        Column(
            known[one],
            known[one].best_words(current_language()),
            list_steps(reading(), one),
            url_for("proposals.compare", p=[i for i in shown if i != one]),
        )
        for one in shown
    ]


def _rows(columns: Sequence[Column]) -> list[tuple[str, list[tuple[object, str]]]]:
    """Each fact: its name, and for every column its value and the language that it is in."""
    names = district_names(reading())
    categories = category_names(reading(), current_language())
    rows: list[tuple[str, list[tuple[object, str]]]] = [
        (gettext("State"), [(c.tag, "") for c in columns]),
        (gettext("Cost"), [(say_money(c.proposal.final_cost), "") for c in columns]),
    ]
    if any(c.real_cost is not None for c in columns):
        said = ["–" if c.real_cost is None else say_money(c.real_cost) for c in columns]
        rows.append((gettext("Real cost"), [(one, "") for one in said]))
    rows += [
        (gettext("Yearly upkeep"), [(say_money(c.proposal.upkeep), "") for c in columns]),
        (gettext("Where"), [(say_scope(c.proposal.scope, names), "") for c in columns]),
        (gettext("Category"), [(categories.get(c.proposal.category, "–"), "") for c in columns]),
        (gettext("In short"), [(c.words.summary, c.words.language) for c in columns]),
        (gettext("For whom it is"), [_own(c, "audience") for c in columns]),
        (gettext("Accessibility"), [_own(c, "accessibility") for c in columns]),
    ]
    return rows


def _own(column: Column, name: str) -> tuple[object, str]:
    """Words in the shown language, else the author's own."""
    for words in (column.words, column.proposal.original):
        if getattr(words, name):
            return getattr(words, name), words.language
    return "–", ""
