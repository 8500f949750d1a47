"""The officers' pages: the queue, a case with its documents, claim and decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency import policy, service
from civic_budget.residency.forms import ChecklistForm, EmptyForm, SentenceForm
from civic_budget.residency.labels import (
    ACTION_NAMES,
    CHECKLIST,
    FLAG_NAMES,
    KEY_NAMES,
    MATCH_REASONS,
    MORE_NAMES,
    MORE_SENTENCES,
    OFFICE_STATE_NAMES,
    PROOF_NAMES,
    PURPOSE_NAMES,
    REFUSAL_NAMES,
    REFUSAL_SENTENCES,
    ROAD_NAMES,
    SEX_NAMES,
    STATE_KINDS,
    STATEMENT_CHECKLIST,
    TAB_NAMES,
    say_in,
    say_refusal,
)
from civic_budget.residency.labels.desk import OUTCOME_NAMES, SOURCE_NAMES
from civic_budget.residency.queries import (
    CaseFacts,
    QueueFilter,
    Tab,
    count_queue,
    find_case_by_reference,
    find_statement,
    get_case,
    get_limits,
    list_decisions,
    list_evidence,
    list_proofs,
    list_queue,
    list_suspects,
    next_case,
    relations_of,
)
from civic_budget.residency.queries.office import PAGE
from civic_budget.residency.rules import CASE, CaseState, Road, Sex, read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing

Deed = Callable[..., None]


@residency.get("/office/residence")
@access(Audience.OFFICER)
def queue() -> ResponseReturnValue:
    """The queue, the nearest deadline first."""
    wanted, officer = _wanted(), _officer()
    if request.args.get("reference"):
        return _open_by_reference(request.args["reference"])
    page = max(1, request.args.get("page", 1, int))
    limits = get_limits(reading())
    counts = count_queue(reading(), wanted, officer=officer, at=now())
    rows = list_queue(reading(), wanted, limits, officer=officer, at=now(), page=page)
    return render_template(
        "residency/queue.html",
        form=EmptyForm(),
        wanted=wanted,
        tabs=[(tab, TAB_NAMES[tab], counts[tab]) for tab in Tab],
        rows=rows,
        page=page,
        pages=-(-counts[wanted.tab] // PAGE),
        officer=officer,
        state_names=OFFICE_STATE_NAMES,
        state_kinds=STATE_KINDS,
        road_names=ROAD_NAMES,
        road_options=[(road.value, words) for road, words in ROAD_NAMES.items()],
        flag_names=FLAG_NAMES,
        districts=district_names(reading()),
    )


@residency.post("/office/residence/next")
@access(Audience.OFFICER)
def take_next() -> ResponseReturnValue:
    """Take the case with the nearest deadline that nobody holds and that one may decide."""
    limits, officer = get_limits(reading()), _officer()
    case_id = next_case(reading(), limits, officer=officer, at=now())
    if case_id is None:
        flash(gettext("Nothing waits. Every case is taken or decided."), "info")
        return redirect(url_for("residency.queue"))
    return _deed(service.claim_case, case_id)


@residency.get("/office/residence/<reference>")
@access(Audience.OFFICER)
def office_case(reference: str) -> ResponseReturnValue:
    """A case: its work facts for every officer, the person's data for the one who holds it."""
    case = _case(reference)
    return _case_page(case, ChecklistForm())


@residency.post("/office/residence/<reference>/claim")
@access(Audience.OFFICER)
def claim(reference: str) -> ResponseReturnValue:
    """Take this case."""
    return _deed(service.claim_case, _case(reference).id)


@residency.post("/office/residence/<reference>/release")
@access(Audience.OFFICER)
def release(reference: str) -> ResponseReturnValue:
    """Give this case back."""
    return _deed(service.release_case, _case(reference).id, to_queue=True)


@residency.post("/office/residence/<reference>/interest")
@access(Audience.OFFICER)
def interest(reference: str) -> ResponseReturnValue:
    """Say that one knows the person."""
    return _deed(service.declare_interest, _case(reference).id, to_queue=True)


@residency.post("/office/residence/<reference>/confirm")
@access(Audience.OFFICER)
def confirm(reference: str) -> ResponseReturnValue:
    """Confirm, when every point of the checklist is ticked."""
    case = _case(reference)
    form = ChecklistForm()
    form.points.choices = [SelectChoice(*point) for point in _checklist(case)]
    if form.validate_on_submit() and attempt(form, _confirm, case, form):
        flash(gettext("%(reference)s is confirmed.", reference=case.reference), "success")
        return redirect(url_for("residency.queue"))
    return _case_page(_case(reference), form)


@residency.route("/office/residence/<reference>/ask", methods=["GET", "POST"])
@access(Audience.OFFICER)
def ask(reference: str) -> ResponseReturnValue:
    """Ask for more: what for, then the sentence."""
    return _with_sentence(
        _case(reference),
        service.ask_for_more,
        MORE_NAMES,
        MORE_SENTENCES,
        title=gettext("What should the person add?"),
        done=gettext("The person is asked. The case comes back with the answer."),
    )


@residency.route("/office/residence/<reference>/refuse", methods=["GET", "POST"])
@access(Audience.OFFICER)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse, or uphold a refusal: why, then the sentence."""
    case = _case(reference)
    is_appeal = case.state is CaseState.APPEALED
    return _with_sentence(
        case,
        service.dismiss_appeal if is_appeal else service.refuse_case,
        REFUSAL_NAMES,
        REFUSAL_SENTENCES,
        title=gettext("Why is the appeal dismissed?")
        if is_appeal
        else gettext("Why is the case refused?"),
        done=gettext("The decision is sent to the person."),
    )


def _case_page(case: CaseFacts, form: ChecklistForm) -> str:
    limits = get_limits(reading())
    relations = relations_of(reading(), case.id)
    may_look = policy.may_look(actor(), relations)
    holds = relations.claimed_by == _officer() and policy.is_held(relations, limits, at=now())
    may_claim = policy.may_claim(actor(), relations, limits, at=now())
    decidable = case.state in _DECIDABLE
    form.points.choices = [SelectChoice(*point) for point in _checklist(case)]
    return render_template(
        "residency/office_case.html",
        form=form,
        case=case,
        holds=holds and bool(may_look),
        may_claim=bool(may_claim) and decidable,
        why_not=_why_not(may_claim) if decidable and not may_claim else None,
        holder=staff_name_of(reading(), case.claimed_by) if case.claimed_by else "",
        actions={action.value for action in CASE.actions_from(case.state)},
        decidable=decidable,
        **_seen_by_holder(case, holds and bool(may_look)),
        deeds=_history(case),
        state_name=OFFICE_STATE_NAMES[case.state],
        state_kind=STATE_KINDS.get(case.state, ""),
        road_names=ROAD_NAMES,
        purpose_names=PURPOSE_NAMES,
        flag_names=FLAG_NAMES,
        names=PROOF_NAMES,
        key_names=KEY_NAMES,
        match_reasons=MATCH_REASONS,
        districts=district_names(reading()),
    )


def _seen_by_holder(case: CaseFacts, holds: bool) -> dict[str, Any]:
    """The person's data, documents and possible doubles: only for the officer who holds the case."""
    if not holds:
        return {"files": [], "proofs": [], "statement": None, "suspects": [], "sex_name": None}
    return {
        "proofs": list_proofs(reading(), case.id),
        "source_names": SOURCE_NAMES,
        "outcome_names": OUTCOME_NAMES,
        "files": list_evidence(reading(), case.id),
        "statement": find_statement(reading(), case.id),
        "suspects": list_suspects(reading(), case.person_id),
        "sex_name": SEX_NAMES[Sex(case.answers.sex)] if case.answers.sex else None,
    }


def _history(case: CaseFacts) -> list[dict[str, Any]]:
    found = []
    for deed in list_decisions(reading(), case.id):
        reason = REFUSAL_NAMES.get(deed.reason or "") or MORE_NAMES.get(deed.reason or "")
        found.append(
            {
                "at": deed.at,
                "what": ACTION_NAMES[deed.action],
                "who": staff_name_of(reading(), deed.by) if deed.by else "",
                "reason": reason,
            }
        )
    return found


def _with_sentence(
    case: CaseFacts,
    deed: Deed,
    names: dict[str, Any],
    sentences: dict[str, Any],
    *,
    title: str,
    done: str,
) -> ResponseReturnValue:
    """Choose a reason (GET), see the drafted sentence in the person's language, change it, send."""
    reason = request.args.get("reason", "")
    is_known = reason in sentences
    draft = say_in(case.language, sentences[reason]) if is_known else ""
    form = SentenceForm(data={"sentence": draft})
    if is_known and form.validate_on_submit() and attempt(form, _say, deed, case, reason, form):
        flash(done, "success")
        return redirect(url_for("residency.queue"))
    return render_template(
        "residency/reason.html",
        form=form,
        case=case,
        question=title,
        reason=reason if is_known else "",
        reason_name=names[reason] if is_known else "",
        reasons=list(names.items()),
        back=url_for("residency.office_case", reference=case.reference),
    )


def _say(deed: Deed, case: CaseFacts, reason: str, form: SentenceForm) -> bool:
    with writing() as work:
        deed(
            work,
            actor(),
            case_id=case.id,
            reason=reason,
            sentence=form.sentence.data,
            at=now(),
        )
    return True


def _confirm(case: CaseFacts, form: ChecklistForm) -> bool:
    ticked = set(form.points.data or ())
    if ticked != {code for code, _words in _checklist(case)}:
        raise Conflict("checklist", field="points")
    with writing() as work:
        service.confirm_case(work, actor(), case_id=case.id, at=now())
    return True


def _deed(deed: Deed, case_id: UUID, *, to_queue: bool = False) -> ResponseReturnValue:
    """Do a deed of one click; a refusal is said on the page that one comes back to."""
    try:
        with writing() as work:
            deed(work, actor(), case_id=case_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
        to_queue = False
    if to_queue:
        return redirect(url_for("residency.queue"))
    return redirect(
        url_for("residency.office_case", reference=get_case(reading(), case_id).reference)
    )


def _checklist(case: CaseFacts) -> tuple[tuple[str, Any], ...]:
    return STATEMENT_CHECKLIST if case.road is Road.STATEMENT else CHECKLIST


def _case(reference: str) -> CaseFacts:
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    if case is None or case.state is CaseState.DRAFT:
        abort(404)
    return case


def _open_by_reference(typed: str) -> ResponseReturnValue:
    known = read_reference(typed)
    if known and find_case_by_reference(reading(), known):
        return redirect(url_for("residency.office_case", reference=known))
    flash(gettext("There is no case with this reference."), "warning")
    return redirect(url_for("residency.queue"))


def _wanted() -> QueueFilter:
    tab, road = request.args.get("tab", ""), request.args.get("road", "")
    return QueueFilter(
        tab=Tab(tab) if tab in {each.value for each in Tab} else Tab.WAITING,
        road=Road(road) if road in {each.value for each in Road} else None,
        district=request.args.get("district", None, int),
    )


def _why_not(decision: object) -> str:
    reason = getattr(decision, "reason", "")
    return say_refusal(DomainError(reason))


def _officer() -> UUID:
    account_id = actor().account_id
    assert account_id is not None
    return account_id


_DECIDABLE = {CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED}
