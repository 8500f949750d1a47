"""The office's list of records that may be one human, and two of them side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.labels import KEY_NAMES, MATCH_REASONS, say_refusal
from civic_budget.residency.labels.pairs import PAIR_KINDS, PAIR_STATES
from civic_budget.residency.queries import find_last_case
from civic_budget.residency.queries.pairs import (
    KINDS,
    PAGE,
    PairFilter,
    PairState,
    count_pairs,
    find_oldest_open,
    list_pairs,
)
from civic_budget.residency.queries.register_runs import find_last_run
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.duplicates import find_suspect, judge_pair, show_both
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_number, asked_page
from civic_budget.web.current import actor, now, reading, writing

STRENGTHS = tuple(range(len(KINDS), -1, -1))


@residency.get("/office/residence/pairs")
@access(Audience.OFFICER)
def pairs() -> ResponseReturnValue:
    """All suspected pairs, the oldest first, with filters that can be linked to."""
    wanted, counts, page = _wanted(), count_pairs(reading()), asked_page()
    shown = sum(
        count
        for (state, strength), count in counts.items()
        if wanted.state in {None, state} and wanted.strength in {None, strength}
    )
    return render_template(
        "residency/pairs.html",
        rows=list_pairs(reading(), wanted, page=page),
        wanted=wanted,
        tabs=[(state, words, _sum(counts, state)) for state, words in PAIR_STATES.items()],
        strengths=[(n, sum(c for (_s, k), c in counts.items() if k == n)) for n in STRENGTHS],
        table=[
            [words, *(counts.get((state, n), 0) for n in STRENGTHS)]
            for state, words in PAIR_STATES.items()
        ],
        oldest=find_oldest_open(reading()),
        last_run=find_last_run(reading()),
        match_reasons=MATCH_REASONS,
        page=page,
        pages=-(-shown // PAGE),
        key_names=KEY_NAMES,
        state_names=PAIR_STATES,
        state_kinds=PAIR_KINDS,
        officer=actor().account_id,
    )


@residency.get("/office/residence/pairs/<uuid:one>/<uuid:other>")
@access(Audience.OFFICER)
def pair(one: UUID, other: UUID) -> ResponseReturnValue:
    """The two records side by side; the look is written down before anything is shown."""
    try:
        with writing() as work:
            service.open_pair(work, actor(), one=one, other=other, at=now())
    except DomainError as error:
        if error.code == "not_found":
            abort(404)
        flash(say_refusal(error), "warning")
        return redirect(url_for("residency.pairs"))
    suspect = find_suspect(one, other)
    mine = find_last_case(reading(), one)
    return show_both(
        one,
        suspect,
        back_url=url_for("residency.pairs"),
        back_label=None,
        left=mine.reference if mine else "–",
        url=url_for("residency.judge_pair_of", one=one, other=other),
    )


@residency.post("/office/residence/pairs/<uuid:one>/<uuid:other>")
@access(Audience.OFFICER)
def judge_pair_of(one: UUID, other: UUID) -> ResponseReturnValue:
    """Say whether the two are one human; a merge can be taken back until ballots are opened."""
    find_suspect(one, other)
    judge_pair(one, other)
    return redirect(url_for("residency.pair", one=one, other=other))


def _wanted() -> PairFilter:
    said = request.args.get("state", PairState.OPEN.value)
    known = {state.value for state in PairState}
    strength = asked_number("strength", least=0)
    return PairFilter(
        state=PairState(said) if said in known else None,
        strength=strength if strength in STRENGTHS else None,
    )


def _sum(counts: dict[tuple[PairState, int], int], state: PairState) -> Any:
    return sum(count for (each, _strength), count in counts.items() if each is state)
