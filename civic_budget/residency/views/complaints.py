"""Complaints for everybody: what they are about, the form with and without account, own ones, counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.attempts import DAY, MessageLimits, count_message, count_try
from civic_budget.accounts.contacts import Contact, ContactKind, read_contact
from civic_budget.accounts.labels import say_refusal as say_account_refusal
from civic_budget.accounts.queries import get_reachable
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.complaint_forms import ComplaintForm
from civic_budget.residency.complaint_rules import (
    COMPLAINT,
    FILED_BY_A_CONTACT_A_DAY,
    ComplaintAction,
    ComplaintKind,
    ComplaintState,
)
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.labels.complaints import (
    COMPLAINT_STATE_KINDS,
    COMPLAINT_STATE_NAMES,
    KIND_HINTS,
    KIND_NAMES,
)
from civic_budget.residency.queries import get_limits
from civic_budget.residency.queries.complaints import count_complaints, list_own_complaints
from civic_budget.residency.views.blueprint import residency
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import current_language
from civic_budget.web.visitors import visitor_address

FILED = "filed_complaint"
AT_AN_ADDRESS_A_DAY = 30


@residency.get("/complaints")
@access(Audience.PUBLIC)
def complaints() -> ResponseReturnValue:
    """What to do when a registration or a vote is not one's own; how many such complaints there are."""
    return render_template(
        "residency/complaints.html",
        rows=_count_rows(),
        days=get_limits(reading()).complaint_days,
        kind_names=KIND_NAMES,
        kind_hints=KIND_HINTS,
        state_names=COMPLAINT_STATE_NAMES,
        own=_own(),
        actions=COMPLAINT.actions_from,
        withdraw=ComplaintAction.WITHDRAW,
        state_kinds=COMPLAINT_STATE_KINDS,
    )


@residency.route("/complaints/new", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def new_complaint() -> ResponseReturnValue:
    """Complain, with or without an account."""
    form = ComplaintForm(data={"kind": request.args.get("kind", "")})
    is_resident = actor().is_signed_in and not actor().roles
    if form.validate_on_submit():
        reference = _attempt(form, is_resident)
        if reference is not None:
            session[FILED] = reference
            return redirect(url_for("residency.complaint_sent"))
    return render_template(
        "residency/complaint_new.html",
        form=form,
        is_resident=is_resident,
        kind_hints={kind.value: words for kind, words in KIND_HINTS.items()},
    )


@residency.get("/complaints/sent")
@access(Audience.PUBLIC)
def complaint_sent() -> ResponseReturnValue:
    """The reference, and by when the answer comes."""
    reference = session.get(FILED)
    if reference is None:
        return redirect(url_for("residency.complaints"))
    limits = get_limits(reading())
    return render_template(
        "residency/complaint_sent.html", reference=reference, due_at=limits.complaint_by(now())
    )


@residency.post("/complaints/<uuid:complaint_id>/withdraw")
@access(Audience.RESIDENT)
def withdraw_complaint(complaint_id: UUID) -> ResponseReturnValue:
    """Take one's own complaint back."""
    try:
        with writing() as work:
            service.withdraw_complaint(work, actor(), complaint_id=complaint_id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Your complaint is withdrawn."), "success")
    return redirect(url_for("residency.complaints"))


def _own() -> list[Any]:
    account_id = actor().account_id
    if account_id is None or actor().roles:
        return []
    return list(list_own_complaints(reading(), account_id))


def _count_rows() -> list[list[object]]:
    """A row for each kind: how many came, wait, were upheld, dismissed, handed over."""
    counts = count_complaints(reading())
    rows: list[list[object]] = []
    for kind, words in KIND_NAMES.items():
        by_state = {state: counts.get((kind, state), 0) for state in ComplaintState}
        waiting = by_state[ComplaintState.RECEIVED] + by_state[ComplaintState.IN_WORK]
        rows.append(
            [
                words,
                sum(by_state.values()),
                waiting,
                by_state[ComplaintState.UPHELD],
                by_state[ComplaintState.DISMISSED],
                by_state[ComplaintState.HANDED_OVER],
            ]
        )
    return rows


def _attempt(form: ComplaintForm, is_resident: bool) -> str | None:
    try:
        return _file(form, is_resident)
    except DomainError as error:
        is_contact = error.code in {"bad_email", "bad_contact"}
        is_contact = is_contact or error.code.startswith("too_many_messages")
        form.refuse(error, say_account_refusal(error) if is_contact else say_refusal(error))
        return None


def _file(form: ComplaintForm, is_resident: bool) -> str:
    contact = None
    if not is_resident and (form.contact.data or "").strip():
        contact = read_contact(form.contact.data)
    language = _language(is_resident)
    with writing() as work:
        # Counted in the same transaction: what was refused for its words costs nobody a try.
        _count(work, contact)
        return service.file_complaint(
            work,
            actor(),
            kind=ComplaintKind(form.kind.data),
            words=form.words.data or "",
            language=language,
            about=form.about.data or "",
            name=form.name.data or "",
            born_on=form.read_birth_date() if form.is_dated else None,
            contact=contact,
            at=now(),
        )


def _language(is_resident: bool) -> str:
    account_id = actor().account_id
    if is_resident and account_id is not None:
        return get_reachable(reading(), account_id).language
    return current_language()


def _count(work: Work, contact: Contact | None) -> None:
    """Count a complaint for the account or contact and for the visitor's address."""
    subject = str(actor().account_id) if actor().is_signed_in else ""
    subject = subject or (contact.address if contact else "")
    chosen = settings()
    for who, most in ((subject, FILED_BY_A_CONTACT_A_DAY), (_address(), AT_AN_ADDRESS_A_DAY)):
        if who:
            count_try(
                work,
                "complaint",
                who,
                limit=most,
                at=now(),
                window=DAY,
                refusal="too_many_complaints",
            )
    if contact is not None and contact.kind is ContactKind.PHONE:
        limits = MessageLimits(chosen.sms_to_a_phone_a_day, chosen.sms_in_all_an_hour)
        count_message(work, contact, limits, at=now())


def _address() -> str:
    """The visitor's public address; behind a proxy that hides it everybody would be one visitor."""
    return visitor_address() or ""
