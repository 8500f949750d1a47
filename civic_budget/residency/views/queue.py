"""The officers' queue: by deadline, with filters that can be linked to, and claims of one or many."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import (
    FLAG_NAMES,
    OFFICE_STATE_NAMES,
    PURPOSE_NAMES,
    ROAD_NAMES,
    STATE_KINDS,
    TAB_NAMES,
    say_refusal,
)
from civic_budget.residency.queries import (
    QueueFilter,
    Tab,
    count_queue,
    find_case_by_reference,
    get_limits,
    list_queue,
    next_case,
)
from civic_budget.residency.queries.office import PAGE, nearest_deadline
from civic_budget.residency.rules import Flag, Purpose, Road, read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.office import claim_and_open, officer_id
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_number, asked_page
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.pages import Waiting


@residency.get("/office/residence")
@access(Audience.OFFICER)
def queue() -> ResponseReturnValue:
    """The queue, the nearest deadline first."""
    wanted, officer = _wanted(), officer_id()
    if request.args.get("reference"):
        return _open_by_reference(request.args["reference"])
    page = asked_page()
    limits = get_limits(reading())
    counts = count_queue(reading(), wanted, officer=officer, at=now())
    rows = list_queue(reading(), wanted, limits, officer=officer, at=now(), page=page)
    return render_template(
        "residency/queue.html",
        form=EmptyForm(),
        wanted=wanted,
        kept=_kept(wanted),
        tabs=[(tab, TAB_NAMES[tab], counts[tab]) for tab in Tab],
        rows=rows,
        page=page,
        pages=-(-counts[wanted.tab] // PAGE),
        officer=officer,
        can_take=wanted.tab not in {Tab.MINE, Tab.DECIDED},
        state_names=OFFICE_STATE_NAMES,
        state_kinds=STATE_KINDS,
        road_names=ROAD_NAMES,
        flag_names=FLAG_NAMES,
        road_options=[(road.value, words) for road, words in ROAD_NAMES.items()],
        flag_options=[(flag.value, words) for flag, words in FLAG_NAMES.items()],
        purpose_options=[(purpose.value, words) for purpose, words in PURPOSE_NAMES.items()],
        districts=district_names(reading()),
    )


def waiting_cases() -> Waiting:
    """How many cases wait for an officer, for the office's start page."""
    counts = count_queue(reading(), QueueFilter(Tab.WAITING), officer=officer_id(), at=now())
    return Waiting(counts[Tab.WAITING], nearest_deadline(reading()))


@residency.post("/office/residence/next")
@access(Audience.OFFICER)
def take_next() -> ResponseReturnValue:
    """Take the case with the nearest deadline that nobody holds and that one may decide."""
    limits, officer = get_limits(reading()), officer_id()
    case_id = next_case(reading(), limits, officer=officer, at=now())
    if case_id is None:
        flash(gettext("Nothing waits. Every case is taken or decided."), "info")
        return redirect(url_for("residency.queue"))
    return claim_and_open(case_id)


@residency.post("/office/residence/take")
@access(Audience.OFFICER)
def take_picked() -> ResponseReturnValue:
    """Take every picked case that can be taken; what another officer was quicker with is told."""
    taken, refused = 0, dict[str, list[str]]()
    for typed in request.form.getlist("case")[:PAGE]:
        known = read_reference(typed)
        case = find_case_by_reference(reading(), known) if known else None
        if case is None:
            continue
        try:
            with writing() as work:
                service.claim_case(work, actor(), case_id=case.id, at=now())
            taken += 1
        except DomainError as error:
            refused.setdefault(say_refusal(error), []).append(case.reference)
    _tell(taken, refused)
    return redirect(url_for("residency.queue", tab=Tab.MINE.value if taken else Tab.WAITING.value))


def _tell(taken: int, refused: dict[str, list[str]]) -> None:
    if taken:
        words = ngettext("You have taken %(num)s case.", "You have taken %(num)s cases.", taken)
        flash(words, "success")
    elif not refused:
        flash(gettext("Pick at least one case first."), "info")
    for sentence, references in refused.items():
        flash(f"{', '.join(references)}: {sentence}", "warning")


def _open_by_reference(typed: str) -> ResponseReturnValue:
    known = read_reference(typed)
    if known and find_case_by_reference(reading(), known):
        return redirect(url_for("residency.office_case", reference=known))
    flash(gettext("There is no case with this reference."), "warning")
    return redirect(url_for("residency.queue"))


def _wanted() -> QueueFilter:
    said = request.args
    return QueueFilter(
        tab=_one_of(Tab, said.get("tab")) or Tab.WAITING,
        road=_one_of(Road, said.get("road")),
        purpose=_one_of(Purpose, said.get("purpose")),
        flag=_one_of(Flag, said.get("flag")),
        district=asked_number("district"),
    )


def _one_of(codes: Any, said: str | None) -> Any:
    return codes(said) if said in {each.value for each in codes} else None


def _kept(wanted: QueueFilter) -> dict[str, Any]:
    """What stays in the address when another cut or page is chosen."""
    chosen = {"road": wanted.road, "purpose": wanted.purpose, "flag": wanted.flag}
    kept: dict[str, Any] = {name: code.value for name, code in chosen.items() if code is not None}
    return kept | ({"district": wanted.district} if wanted.district is not None else {})
