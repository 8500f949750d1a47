"""Where a complaint stands, for whoever holds its reference: state and days, never what was found."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from civic_budget.accounts.attempts import QUARTER, count_try
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.complaint_forms import ComplaintStatusForm
from civic_budget.residency.complaint_rules import OPEN_COMPLAINTS
from civic_budget.residency.labels.complaints import KIND_NAMES, PUBLIC_STATE_NAMES
from civic_budget.residency.queries.complaints import ComplaintLine, find_complaint
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, writing
from civic_budget.web.visitors import visitor_address

LOOKS_A_QUARTER = 20


@residency.route("/complaints/status", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def complaint_status() -> ResponseReturnValue:
    """Type the reference; see where the complaint stands and by when it is answered.

    By POST: a reference in an address would stay in histories and logs.
    """
    form = ComplaintStatusForm()
    line = attempt(form, _look_up, form) if form.validate_on_submit() else None
    is_open = line is not None and line.state in OPEN_COMPLAINTS
    return render_template(
        "residency/complaint_status.html",
        form=form,
        line=line,
        is_open=is_open,
        is_late=line is not None and is_open and line.due_at < now(),
        kind_name=KIND_NAMES[line.kind] if line else "",
        state_name=PUBLIC_STATE_NAMES[line.state] if line else "",
    )


def _look_up(form: ComplaintStatusForm) -> ComplaintLine:
    address = visitor_address()
    if address:
        with writing() as work:
            count_try(
                work, "complaint-status", address, limit=LOOKS_A_QUARTER, at=now(), window=QUARTER
            )
    found = find_complaint(reading(), form.reference.data or "")
    if found is None:
        raise Conflict("no_such_complaint", field="reference")
    return found
