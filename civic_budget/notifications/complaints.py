"""Which message tells what became of a complaint, with or without an account."""

from __future__ import annotations

from civic_budget.notifications.service import notify_account, notify_contact
from civic_budget.residency import events
from civic_budget.residency.queries.complaints import get_complaint
from civic_budget.storage.db import Work

COMPLAINT_MESSAGES: dict[type[events.ComplaintEvent], str] = {
    events.ComplaintReceived: "complaint_received",
    events.ComplaintUpheld: "complaint_answered",
    events.ComplaintDismissed: "complaint_answered",
    events.ComplaintHandedOver: "complaint_answered",
}


def tell_about_complaint(work: Work, happened: events.ComplaintEvent) -> None:
    """Tell whoever complained, by the account or by the contact that they gave."""
    facts = get_complaint(work.session, happened.complaint_id)
    message = COMPLAINT_MESSAGES[type(happened)]
    values = {
        "reference": facts.line.reference,
        "due_at": facts.line.due_at.isoformat(),
        "answer": facts.answer,
    }
    if facts.account_id is not None:
        notify_account(
            work, account_id=facts.account_id, message=message, values=values, at=happened.at
        )
    elif facts.contact is not None:
        notify_contact(
            work,
            contact=facts.contact,
            language=facts.language,
            message=message,
            values=values,
            at=happened.at,
        )
