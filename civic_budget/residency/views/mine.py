"""My residence: where the case stands, what comes next, and all that its person can do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import citizenship, service
from civic_budget.residency.clauses import CITIZENSHIP, REGISTRATION
from civic_budget.residency.forms import CitizenshipForm, EmptyForm, WordsForm
from civic_budget.residency.labels import (
    ROAD_NAMES,
    SEX_NAMES,
    STANDING_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    country_name,
    find_code,
    list_countries,
    say_refusal,
)
from civic_budget.residency.labels.guardians import CONTEST_NAMES, PAPER_NAMES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import (
    CaseFacts,
    find_confirmation,
    find_contest,
    find_last_case,
    find_last_sentence,
    find_statement,
    get_case,
    get_limits,
    identity_of,
    list_evidence,
    list_options,
    open_roads,
    own_person,
    persons_of_account,
    relations_of,
    standing_of,
)
from civic_budget.residency.rules import CASE, CaseAction, CaseState, Purpose, Road, Sex, Standing
from civic_budget.residency.steps import Step
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    is_child,
    missing_step,
    own_case,
    page_of,
)
from civic_budget.residency.views.clauses import show_clause
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language, locale_code


@residency.get("/residence")
@access(Audience.RESIDENT)
def mine() -> ResponseReturnValue:
    """The state of my residence, and the next step."""
    account_id = _account()
    person_id = own_person(reading(), account_id)
    case = find_last_case(reading(), person_id) if person_id else None
    if person_id is None or case is None:
        return _begin_page()
    held = find_confirmation(reading(), person_id, at=now())
    standing = standing_of(reading(), person_id, at=now())
    step = missing_step(case) if case.state is CaseState.DRAFT else None
    may_appeal = case.state in _APPEALABLE and (
        case.appeal_due_at is None or now() < case.appeal_due_at
    )
    return render_template(
        "residency/mine.html",
        case=case,
        held=held,
        standing=standing,
        standing_words=STANDING_NAMES[standing],
        identity=identity_of(reading(), person_id),
        state_name=STATE_NAMES[case.state],
        state_kind=STATE_KINDS.get(case.state, ""),
        said=find_last_sentence(reading(), case.id),
        actions={action.value for action in CASE.actions_from(case.state)},
        may_appeal=may_appeal,
        may_begin=case.state not in _RUNNING,
        draft_url=page_of(step, case) if step else _check_url(case),
        citizenships=_own_citizenships(person_id),
        citizenship_closed=_why_citizenship_closed(),
        sends_letters=Road.LETTER in open_roads(reading(), at=now()),
        has_wards=len(persons_of_account(reading(), account_id)) > 1,
        is_renewal_time=held is not None
        and service.is_renewal_time(held.valid_until, get_limits(reading()), at=now()),
        contest=find_contest(reading(), case.id),
        contest_names=CONTEST_NAMES,
        contestable=case.state in service.CONTESTABLE,
        districts=district_names(reading()),
        check_due=case.due_at if relations_of(reading(), case.id).check_is_open else None,
        form=EmptyForm(),
        confirmed=Standing.CONFIRMED,
    )


def _begin_page() -> str:
    roads = open_roads(reading(), at=now())
    clause = show_clause(REGISTRATION, None)
    return render_template("residency/begin.html", clause=clause, roads=roads)


@residency.post("/residence/start")
@access(Audience.RESIDENT)
def start() -> ResponseReturnValue:
    """Begin, or go on with, an application: the first one, a new address."""
    said = request.form.get("purpose", "")
    purpose = Purpose(said) if said == Purpose.MOVE.value else None
    with writing() as work:
        case_id = service.start_case(
            work,
            actor(),
            account_id=_account(),
            language=current_language(),
            purpose=purpose,
            at=now(),
        )
        person_id = get_case(work.session, case_id).person_id
        service.note_clause(
            work, person_id=person_id, purpose=REGISTRATION, language=current_language(), at=now()
        )
    return redirect(after(case_id))


@residency.route("/residence/<reference>/check", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def check(reference: str) -> ResponseReturnValue:
    """Check your answers, then send."""
    case = own_case(reference)
    if case.state is not CaseState.DRAFT:
        return redirect(url_for("residency.mine"))
    step = missing_step(case)
    if step is not None:
        return redirect(page_of(step, case))
    form = EmptyForm()
    if form.validate_on_submit() and attempt(form, _submit, case):
        if is_child(case):
            flash(gettext("The application for the child is sent. An officer decides."), "success")
            return redirect(url_for("residency.children"))
        return redirect(url_for("residency.citizenships", reference=case.reference))
    return render_template(
        "residency/check.html",
        form=form,
        case=case,
        told=case.answers,
        urls={each.value: page_of(each, case) for each in Step},
        sex_name=SEX_NAMES[Sex(case.answers.sex)] if case.answers.sex else None,
        road_name=ROAD_NAMES[case.road] if case.road else "",
        files=list_evidence(reading(), case.id),
        statement=find_statement(reading(), case.id),
        names=option_names(list_options(reading(), Catalogue.PROOF), locale_code()) | PAPER_NAMES,
        districts=district_names(reading()),
    )


@residency.route("/residence/<reference>/citizenship", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def citizenships(reference: str) -> ResponseReturnValue:
    """Citizenship: optional, several allowed, to be changed or withdrawn later."""
    case = own_case(reference)
    if case.state is CaseState.DRAFT:
        return redirect(url_for("residency.check", reference=case.reference))
    form = CitizenshipForm()
    chosen = citizenship.read_for_own_page(reading(), actor(), case.person_id)
    if form.validate_on_submit() and attempt(form, _tell_citizenship, case, chosen, form):
        if "add" in request.form or "remove" in request.form:
            return redirect(request.full_path)
        return redirect(_after_citizenship(case))
    language = locale_code()
    return render_template(
        "residency/citizenship.html",
        form=form,
        case=case,
        chosen=[(code, country_name(code, language)) for code in chosen],
        countries=list_countries(language),
        skip_url=_after_citizenship(case),
        later=request.args.get("from") == "mine",
        closed=_why_citizenship_closed(),
        clause=show_clause(CITIZENSHIP, case.person_id),
    )


@residency.get("/residence/<reference>/sent")
@access(Audience.RESIDENT)
def sent(reference: str) -> ResponseReturnValue:
    """It is sent: the reference, what happens next, by when."""
    case = own_case(reference)
    if case.state is CaseState.DRAFT:
        return redirect(url_for("residency.check", reference=case.reference))
    return render_template(
        "residency/sent.html", case=case, is_confirmed=case.state is CaseState.CONFIRMED
    )


@residency.route("/residence/<reference>/answer", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def answer(reference: str) -> ResponseReturnValue:
    """Answer the office's request: words, documents, corrected answers."""
    case = _in_state(reference, CaseState.NEEDS_MORE)
    form = WordsForm()
    if form.validate_on_submit() and attempt(form, _answer, case, form):
        flash(gettext("Your answer is sent. The office goes on with your case."), "success")
        return redirect(url_for("residency.mine"))
    return render_template(
        "residency/answer.html",
        form=form,
        case=case,
        said=find_last_sentence(reading(), case.id),
        files=list_evidence(reading(), case.id),
        names=option_names(list_options(reading(), Catalogue.PROOF), locale_code()) | PAPER_NAMES,
        urls={each.value: page_of(each, case) for each in Step},
        missing_url=after(case.id) if missing_step(case) else "",
    )


@residency.route("/residence/<reference>/appeal", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def appeal(reference: str) -> ResponseReturnValue:
    """Appeal a refusal, or a confirmation taken back; another officer decides."""
    case = _in_state(reference, *_APPEALABLE)
    form = WordsForm()
    if form.validate_on_submit() and attempt(form, _appeal, case, form):
        flash(gettext("Your appeal is sent. Another officer decides it."), "success")
        return redirect(url_for("residency.mine"))
    return render_template(
        "residency/appeal.html", form=form, case=case, said=find_last_sentence(reading(), case.id)
    )


@residency.route("/residence/<reference>/withdraw", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take the application back, after one more question."""
    case = own_case(reference)
    if CaseAction.WITHDRAW not in CASE.actions_from(case.state):
        return redirect(url_for("residency.mine"))
    form = EmptyForm()
    if form.validate_on_submit() and attempt(form, _withdraw, case):
        flash(gettext("Your application is withdrawn. Its documents will be deleted."), "success")
        return redirect(url_for("residency.mine"))
    return render_template("residency/withdraw.html", form=form, case=case)


_APPEALABLE = (CaseState.REFUSED, CaseState.REVOKED)
_RUNNING = {
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.NEEDS_MORE,
    CaseState.APPEALED,
}


def _account() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    return account_id


def _in_state(reference: str, *states: CaseState) -> CaseFacts:
    case = own_case(reference)
    if case.state not in states:
        abort(404)
    return case


def _check_url(case: CaseFacts) -> str:
    return url_for("residency.check", reference=case.reference)


def _own_citizenships(person_id: UUID) -> list[str]:
    codes = citizenship.read_for_own_page(reading(), actor(), person_id)
    return [country_name(code, locale_code()) for code in codes]


def _why_citizenship_closed() -> str:
    closed = citizenship.is_closed(reading(), at=now())
    return say_refusal(DomainError("citizenship_sealed")) if closed else ""


def _after_citizenship(case: CaseFacts) -> str:
    if request.args.get("from") == "mine":
        return url_for("residency.mine")
    return url_for("residency.sent", reference=case.reference)


def _tell_citizenship(case: CaseFacts, chosen: tuple[str, ...], form: Any) -> bool:
    removed = request.form.get("remove", "")
    codes = [code for code in chosen if code != removed]
    typed = (form.codes.data or "").strip()
    if typed and not removed:
        codes.append(find_code(typed, locale_code()) or typed)
    if tuple(codes) != chosen:
        with writing() as work:
            citizenship.answer(work, actor(), person_id=case.person_id, codes=codes, at=now())
    return True


def _submit(case: CaseFacts) -> bool:
    with writing() as work:
        service.submit_case(work, actor(), case_id=case.id, at=now())
    return True


def _answer(case: CaseFacts, form: WordsForm) -> bool:
    with writing() as work:
        service.answer_request(
            work, actor(), case_id=case.id, words=form.words.data or "", at=now()
        )
    return True


def _appeal(case: CaseFacts, form: WordsForm) -> bool:
    with writing() as work:
        service.appeal(work, actor(), case_id=case.id, words=form.words.data or "", at=now())
    return True


def _withdraw(case: CaseFacts) -> bool:
    with writing() as work:
        service.withdraw_case(work, actor(), case_id=case.id, at=now())
    return True
