"""Erasing one's data or a child's record: a box, then the password or a code that comes to the contact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from civic_budget.accounts.attempts import MessageLimits, count_message, count_try
from civic_budget.accounts.queries import get_own_account, get_reachable
from civic_budget.accounts.service import (
    check_owner,
    count_code_try,
    send_erasing_code,
    use_erasing_code,
)
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import service
from civic_budget.residency.evidence import has_vault, open_vault
from civic_budget.residency.forms import EraseForm, IrrevocableForm
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.people_forms import EraseChildForm, SigningCodeForm
from civic_budget.residency.policy import may_erase_child
from civic_budget.residency.queries import (
    TieFacts,
    informed_accounts,
    list_ties,
    ward_relations,
)
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.rights import copy_parts, joined_records
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, database, now, reading, settings, writing
from civic_budget.web.locale import current_language

CODES_A_QUARTER = 5
TRIES_A_QUARTER = 15
PASSWORDS_A_QUARTER = 10
ERASING = "erasing"
BY_CODE = "code"


@dataclass(frozen=True)
class _Erasure:
    """What is erased: its page, the page of its code, and the deed with the documents that go with it."""

    page: str
    code_page: str
    deed: Callable[[Work], Sequence[UUID]]


@residency.route("/my-data/erase", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def erase() -> ResponseReturnValue:
    """Erase my data and close my account, after a box is ticked and the owner is known."""
    form = EraseForm()
    erasure = _own_erasure()
    if form.validate_on_submit():
        if not _by_password():
            return _ask_code(form, erasure) or _erase_page(form)
        if attempt(form, _erase_by_password, erasure, form):
            return _left()
    return _erase_page(form)


@residency.route("/my-data/erase/code", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def erase_with_code() -> ResponseReturnValue:
    """The code that came to the contact: with it everything is erased."""
    return _code_page(_own_erasure(), gettext("Erase your data?"), _left)


@residency.route("/children/<uuid:tie_id>/erase", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def erase_child(tie_id: UUID) -> ResponseReturnValue:
    """Erase a child's record; a refusal is said before anything is asked."""
    tie = _tie(tie_id)
    may = may_erase_child(actor(), ward_relations(reading(), tie_id, at=now()))
    if isinstance(may, Denied):
        flash(say_refusal(NotAllowed(may.reason)), "warning")
        return redirect(url_for("residency.children"))
    form = EraseChildForm()
    erasure = _child_erasure(tie_id)
    if form.validate_on_submit():
        if not _by_password():
            return _ask_code(form, erasure) or _erase_child_page(form, tie)
        if attempt(form, _erase_by_password, erasure, form):
            return _child_gone()
    return _erase_child_page(form, tie)


@residency.route("/children/<uuid:tie_id>/erase/code", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def erase_child_with_code(tie_id: UUID) -> ResponseReturnValue:
    """The code that came to the guardian's contact: with it the child's record is erased."""
    _tie(tie_id)
    return _code_page(_child_erasure(tie_id), gettext("Erase the child’s record?"), _child_gone)


def _erase_page(form: EraseForm) -> str:
    return render_template(
        "residency/erase.html", form=form, joined=joined_records(), **_ways("residency.erase")
    )


def _erase_child_page(form: EraseChildForm, tie: TieFacts) -> str:
    return render_template(
        "residency/erase_child.html",
        form=form,
        tie=tie,
        is_told=bool(informed_accounts(reading(), tie.person_id)),
        **_ways("residency.erase_child", tie_id=tie.id),
    )


def _own_erasure() -> _Erasure:
    def deed(work: Work) -> Sequence[UUID]:
        return service.erase_person(
            work, actor(), account_id=_account(), parts=copy_parts(), at=now()
        )

    return _Erasure(url_for("residency.erase"), url_for("residency.erase_with_code"), deed)


def _child_erasure(tie_id: UUID) -> _Erasure:
    def deed(work: Work) -> Sequence[UUID]:
        return service.erase_child(work, actor(), tie_id=tie_id, at=now())

    return _Erasure(
        url_for("residency.erase_child", tie_id=tie_id),
        url_for("residency.erase_child_with_code", tie_id=tie_id),
        deed,
    )


def _by_password() -> bool:
    """Whether the password is asked: when there is one, and nobody chose the code."""
    own = get_own_account(reading(), _account(), at=now())
    return own.has_password and request.args.get("by") != BY_CODE


def _ways(endpoint: str, **values: object) -> dict[str, object]:
    """How the owner can show who they are; the other way is a link."""
    own = get_own_account(reading(), _account(), at=now())
    contact = get_reachable(reading(), _account()).contact
    by_password = _by_password()
    other = None if by_password else url_for(endpoint, **values)  # type: ignore[arg-type]
    if by_password and contact:
        other = url_for(endpoint, by=BY_CODE, **values)  # type: ignore[arg-type]
    return {
        "by_password": by_password,
        "contact": contact.masked if contact else "",
        "other_url": other if own.has_password else None,
    }


def _erase_by_password(erasure: _Erasure, form: IrrevocableForm) -> bool:
    with writing() as work:
        count_try(work, "own-password", str(_account()), limit=PASSWORDS_A_QUARTER, at=now())
    with writing() as work:
        check_owner(work, account_id=_account(), current=form.current.data or "")
        documents = erasure.deed(work)
    return _destroy(documents)


def _ask_code(form: IrrevocableForm, erasure: _Erasure) -> ResponseReturnValue | None:
    pending_id = attempt(form, _send_code)
    if pending_id is None:
        return None
    session[ERASING] = [erasure.page, str(pending_id)]
    return redirect(erasure.code_page)


def _send_code() -> UUID:
    contact = get_reachable(reading(), _account()).contact
    if contact is None:
        raise Conflict("no_contact_to_prove")
    limits = MessageLimits(settings().sms_to_a_phone_a_day, settings().sms_in_all_an_hour)
    with writing() as work:
        count_try(work, "erase", str(_account()), limit=CODES_A_QUARTER, at=now())
        count_message(work, contact, limits, at=now())
    with writing() as work:
        return send_erasing_code(work, account_id=_account(), language=current_language(), at=now())


def _code_page(
    erasure: _Erasure, title: str, done: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    page, pending_id = session.get(ERASING) or ("", "")
    if page != erasure.page:
        return redirect(erasure.page)
    form = SigningCodeForm()
    if form.validate_on_submit() and attempt(form, _erase_by_code, erasure, form, UUID(pending_id)):
        session.pop(ERASING, None)
        return done()
    contact = get_reachable(reading(), _account()).contact
    return render_template(
        "residency/erase_code.html",
        form=form,
        title=title,
        contact=contact.masked if contact else "",
        is_sms=contact is not None and contact.kind.value == "phone",
        back_url=erasure.page,
    )


def _erase_by_code(erasure: _Erasure, form: SigningCodeForm, pending_id: UUID) -> bool:
    with writing() as work:
        count_try(work, "erase-code", str(_account()), limit=TRIES_A_QUARTER, at=now())
        count_code_try(work, pending_id=pending_id)
    with writing() as work:
        use_erasing_code(
            work,
            account_id=_account(),
            pending_id=pending_id,
            code=form.digits,
            at=now(),
        )
        documents = erasure.deed(work)
    return _destroy(documents)


def _left() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash(gettext("Your data are erased and your account is closed."), "success")
    return redirect(url_for("editions.home"))


def _child_gone() -> ResponseReturnValue:
    flash(gettext("The child’s record is erased."), "success")
    return redirect(url_for("residency.children"))


def _destroy(documents: Sequence[UUID]) -> bool:
    # Without a vault there are no documents; with one, the worker repeats what a crash leaves undone.
    if documents and has_vault(settings()):
        vault = open_vault(settings())
        for file_id in documents:
            service.destroy(database(), vault, file_id=file_id, at=now())
    return True


def _tie(tie_id: UUID) -> TieFacts:
    tie = next((one for one in list_ties(reading(), _account()) if one.id == tie_id), None)
    if tie is None:
        abort(404)
    return tie


def _account() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    return account_id
