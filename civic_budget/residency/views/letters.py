"""A code to the address: the resident's page, the office's list to print and post; and asking a register."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.attempts import DAY, count_try
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency import service
from civic_budget.residency.clauses import REGISTRATION
from civic_budget.residency.desk_forms import LetterCodeForm, RegisterForm
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.labels.letters import LETTER_STATES, REGISTER_NAMES
from civic_budget.residency.letter_rules import ON_PAPER, REPRINTS, RUNNING_LETTERS, LetterState
from civic_budget.residency.letter_sheet import render_letters
from civic_budget.residency.queries import CaseFacts
from civic_budget.residency.queries.letters import count_letters, find_last_letter, list_letters
from civic_budget.residency.queries.roads import (
    count_questions_left,
    is_open_for,
    may_ask_registers,
)
from civic_budget.residency.registers import Register, list_registers
from civic_budget.residency.rules import CaseState, Road
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    editable_case,
    own_case,
    say_closed,
)
from civic_budget.residency.views.clauses import show_clause
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import current_language
from civic_budget.web.pages import Waiting
from civic_budget.web.printing import pdf_response

REGISTER_QUESTIONS_A_DAY = 3


@residency.route("/residence/<reference>/letter", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def letter(reference: str) -> ResponseReturnValue:
    """Where the letter is, and the field for its code."""
    case = own_case(reference)
    form = LetterCodeForm()
    if form.validate_on_submit():
        is_confirmed = attempt(form, _type_code, case, form)
        if is_confirmed is not None:
            flash(_say_arrived(is_confirmed), "success")
            return redirect(url_for("residency.mine"))
    found = find_last_letter(reading(), case.id)
    is_wanted = case.state in _WAITING and not (found and found.state in RUNNING_LETTERS)
    return render_template(
        "residency/letter.html",
        form=form,
        case=case,
        letter=found,
        state_name=LETTER_STATES[found.state] if found else "",
        may_type=found is not None and found.state in ON_PAPER,
        may_ask=is_wanted and is_open_for(reading(), case, Road.LETTER, at=now()),
        is_closed=is_wanted and not is_open_for(reading(), case, Road.LETTER, at=now()),
    )


@residency.post("/residence/<reference>/letter/ask")
@access(Audience.RESIDENT)
def ask_letter(reference: str) -> ResponseReturnValue:
    """Ask for a letter to the address of the case."""
    case = own_case(reference)
    try:
        with writing() as work:
            service.ask_letter(work, actor(), case_id=case.id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("The office prints the letter and posts it in the next days."), "success")
    return redirect(url_for("residency.letter", reference=case.reference))


@residency.route("/residence/<reference>/register", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def register(reference: str) -> ResponseReturnValue:
    """Let a list confirm where one lives: it is asked yes or no by a fingerprint."""
    case = editable_case(reference)
    may_ask = may_ask_registers(reading(), at=now())
    if not may_ask and request.method == "GET":
        return say_closed(case)
    offered = list_registers(settings().registers) if may_ask else []
    form = RegisterForm()
    form.register.choices = [SelectChoice(one.name, REGISTER_NAMES[one.name]) for one in offered]
    if form.validate_on_submit():
        is_known = attempt(form, _ask_register, case, offered, form)
        if is_known:
            flash(gettext("The list knows you at this address."), "success")
            return redirect(after(case.id))
        if is_known is False:
            flash(
                gettext("The list does not know you at this address. Choose another proof."), "info"
            )
            return redirect(url_for("residency.proof", reference=case.reference))
    left = count_questions_left(reading(), actor().account_id or case.person_id, at=now())
    return render_template(
        "residency/register.html",
        form=form,
        case=case,
        offered=offered,
        left=left,
        clause=show_clause(REGISTRATION, case.person_id),
    )


@residency.get("/office/letters")
@access(Audience.OFFICER)
def office_letters() -> ResponseReturnValue:
    """Letters to print, and printed ones to post."""
    return render_template(
        "residency/office_letters.html",
        form=EmptyForm(),
        waiting=count_letters(reading(), LetterState.ASKED),
        printed=list_letters(reading(), LetterState.PRINTED),
        posted=list_letters(reading(), LetterState.POSTED),
        reprints=REPRINTS,
    )


def waiting_letters() -> Waiting:
    """How many letters wait to be printed, for the office's start page."""
    return Waiting(count_letters(reading(), LetterState.ASKED))


@residency.post("/office/letters/print")
@access(Audience.OFFICER)
def print_letters() -> ResponseReturnValue:
    """The next batch as one PDF, shown this once."""
    with writing() as work:
        letters = service.print_letters(work, actor(), at=now())
        # Made before the codes are kept: a batch that cannot be printed leaves every letter waiting.
        content = render_letters(letters, language=current_language()) if letters else b""
    if not letters:
        flash(gettext("No letter waits to be printed."), "info")
        return redirect(url_for("residency.office_letters"))
    return pdf_response(content, "letters.pdf")


@residency.post("/office/letters/posted")
@access(Audience.OFFICER)
def mark_posted() -> ResponseReturnValue:
    """The chosen letters were given to the post."""
    chosen = [UUID(value) for value in request.form.getlist("letter") if _is_id(value)]
    try:
        with writing() as work:
            for letter_id in chosen:
                service.mark_posted(work, actor(), letter_id=letter_id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Marked as posted: %(count)s.", count=len(chosen)), "success")
    return redirect(url_for("residency.office_letters"))


@residency.post("/office/letters/<uuid:letter_id>/reprint")
@access(Audience.OFFICER)
def reprint_letter(letter_id: UUID) -> ResponseReturnValue:
    """One letter again, with a new code."""
    try:
        with writing() as work:
            printed = service.reprint_letter(work, actor(), letter_id=letter_id, at=now())
            content = render_letters([printed], language=current_language())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
        return redirect(url_for("residency.office_letters"))
    return pdf_response(content, "letter.pdf")


_WAITING = {CaseState.SUBMITTED, CaseState.NEEDS_MORE}


def _type_code(case: CaseFacts, form: LetterCodeForm) -> bool:
    with writing() as work:
        service.count_letter_try(work, case_id=case.id)
    with writing() as work:
        return service.type_letter_code(
            work, actor(), case_id=case.id, code=form.code.data, at=now()
        )


def _say_arrived(is_confirmed: bool) -> str:
    if is_confirmed:
        return str(gettext("The code is right: your residence is confirmed."))
    return str(gettext("The code is right. An officer looks at your case and decides it."))


def _ask_register(case: CaseFacts, offered: list[Register], form: RegisterForm) -> bool:
    if not may_ask_registers(reading(), at=now()):
        raise Conflict("road_closed", field="register")
    chosen = next((one for one in offered if one.name == form.register.data), None)
    if chosen is None:
        raise Conflict("unknown_register", field="register")
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    with writing() as work:
        limit = REGISTER_QUESTIONS_A_DAY
        count_try(
            work,
            "register",
            str(account_id),
            limit=limit,
            at=now(),
            window=DAY,
            refusal="asked_lists_today",
        )
    try:
        with writing() as work:
            return service.ask_register(work, actor(), case_id=case.id, register=chosen, at=now())
    except DomainError as error:
        if error.code == "no_question_left":
            with writing() as work:
                service.note_refused_question(work, actor(), case_id=case.id, at=now())
        raise


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
