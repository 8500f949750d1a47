"""The officers' decisions on guardians and on contested districts, and the list of what waits."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.labels.guardians import OFFICE_TIE_NAMES, PAPER_NAMES
from civic_budget.residency.queries import list_disputed, list_open_contests, list_ties_of_child
from civic_budget.residency.rules import read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@residency.get("/office/residence-matters")
@access(Audience.OFFICER)
def matters() -> ResponseReturnValue:
    """Contested districts and disputed guardianships, the oldest first."""
    disputed = list_disputed(reading())
    return render_template(
        "residency/matters.html",
        contests=list_open_contests(reading()),
        disputes=[(tie, list_ties_of_child(reading(), tie.person_id)) for tie in disputed],
        tie_names=OFFICE_TIE_NAMES,
        papers=PAPER_NAMES,
        districts=district_names(reading()),
    )


@residency.post("/office/contests/<uuid:contest_id>/<decision>")
@access(Audience.OFFICER)
def decide_contest(contest_id: UUID, decision: str) -> ResponseReturnValue:
    """The home lies in the district that the person says, or in that of the list."""

    return _do(
        lambda work: service.decide_contest(
            work, actor(), contest_id=contest_id, is_right=decision == "right", at=now()
        ),
        gettext("The decision is sent to the person."),
    )


@residency.post("/office/guardians/<uuid:tie_id>/<decision>")
@access(Audience.OFFICER)
def decide_guardian(tie_id: UUID, decision: str) -> ResponseReturnValue:
    """Accept a guardian as the one who acts or as the second one, refuse, or settle a dispute."""
    deeds: dict[str, Callable[[Work], None]] = {
        "accept": lambda work: service.accept_guardian(work, actor(), tie_id=tie_id, at=now()),
        "accept-second": lambda work: service.accept_guardian(
            work, actor(), tie_id=tie_id, is_second=True, at=now()
        ),
        "refuse": lambda work: service.refuse_guardian(work, actor(), tie_id=tie_id, at=now()),
        "settle": lambda work: service.settle_dispute(work, actor(), tie_id=tie_id, at=now()),
    }
    if decision not in deeds:
        abort(404)
    return _do(deeds[decision], gettext("The decision is sent to the guardian."))


def _do(deed: Callable[[Work], None], done: str) -> ResponseReturnValue:
    try:
        with writing() as work:
            deed(work)
        flash(done, "success")
    except DomainError as error:
        flash(say_refusal(error), "warning")
    back = read_reference(request.form.get("case", ""))
    if back:
        return redirect(url_for("residency.office_case", reference=back))
    return redirect(url_for("residency.matters"))
