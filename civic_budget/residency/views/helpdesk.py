"""The helpdesk: where a case stands, by its whole reference; no name, document, citizenship or vote."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_budget.accounts.attempts import count_try
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.complaint_rules import read_complaint_reference
from civic_budget.residency.desk_forms import ReferenceForm
from civic_budget.residency.desk_rules import STATUS_LOOKS_A_QUARTER
from civic_budget.residency.labels import MORE_NAMES, OFFICE_STATE_NAMES, STATE_KINDS
from civic_budget.residency.labels.complaints import PUBLIC_STATE_NAMES
from civic_budget.residency.queries.complaints import ComplaintLine
from civic_budget.residency.queries.status import CaseStatus
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.desk_place import place_today, point_today
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, writing
from civic_budget.web.locale import OWN_NAMES


@residency.route("/office/helpdesk", methods=["GET", "POST"])
@access(Audience.HELPDESK)
def helpdesk() -> ResponseReturnValue:
    """Type the reference that the caller reads out; see where the case stands."""
    is_desk_only = not actor().has(Role.HELPDESK, Role.OFFICER)
    here = place_today() if is_desk_only else None
    if is_desk_only and here is None and request.method == "GET":
        return redirect(url_for("residency.desk_place"))
    form = ReferenceForm()
    looked = attempt(form, _look_up, form) if form.validate_on_submit() else None
    status = looked if isinstance(looked, CaseStatus) else None
    complaint = looked if isinstance(looked, ComplaintLine) else None
    return render_template(
        "residency/helpdesk.html",
        form=form,
        here=here,
        status=status,
        complaint=complaint,
        complaint_state=PUBLIC_STATE_NAMES[complaint.state] if complaint else "",
        state_name=OFFICE_STATE_NAMES[status.state] if status else "",
        state_kind=STATE_KINDS.get(status.state, "") if status else "",
        asked_name=MORE_NAMES.get(status.asked_for or "", "") if status else "",
        language_names=OWN_NAMES,
    )


def _look_up(form: ReferenceForm) -> CaseStatus | ComplaintLine:
    subject, point = str(actor().account_id), point_today()
    with writing() as work:
        count_try(work, "helpdesk", subject, limit=STATUS_LOOKS_A_QUARTER, at=now())
    typed = form.reference.data
    look = service.look_complaint_up if read_complaint_reference(typed) else service.look_status_up
    with writing() as work:
        found: CaseStatus | ComplaintLine | None = look(
            work, actor(), reference=typed, point_id=point, at=now()
        )
    if found is None:
        raise Conflict("no_such_reference", field="reference")
    return found
