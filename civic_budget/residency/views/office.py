"""An officer's page of one case: its work facts, and for the holder its data beside the documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import policy, service
from civic_budget.residency.forms import ChecklistForm
from civic_budget.residency.labels import (
    ACTION_NAMES,
    FLAG_NAMES,
    KEY_NAMES,
    MATCH_REASONS,
    OFFICE_STATE_NAMES,
    PURPOSE_NAMES,
    ROAD_NAMES,
    SEX_NAMES,
    STATE_KINDS,
    say_refusal,
)
from civic_budget.residency.labels.checklists import Point, checklist_for
from civic_budget.residency.labels.desk import OUTCOME_NAMES, SOURCE_NAMES
from civic_budget.residency.labels.guardians import OFFICE_TIE_NAMES, PAPER_NAMES
from civic_budget.residency.labels.letters import REGISTER_NAMES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.options import Catalogue
from civic_budget.residency.policy import CaseRelations
from civic_budget.residency.queries import (
    CaseFacts,
    find_case_by_reference,
    find_contest,
    find_guardian_in_charge,
    find_statement,
    get_case,
    get_limits,
    list_decisions,
    list_evidence,
    list_options,
    list_proofs,
    list_suspects,
    list_ties_of_child,
    relations_of,
)
from civic_budget.residency.rules import CASE, CaseState, Sex, read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import locale_code

Deed = Callable[..., None]


@residency.get("/office/residence/<reference>")
@access(Audience.OFFICER)
def office_case(reference: str) -> ResponseReturnValue:
    """A case: its work facts for every officer, the person's data for the one who holds it."""
    case = office_case_of(reference)
    return case_page(case, ChecklistForm())


@residency.post("/office/residence/<reference>/claim")
@access(Audience.OFFICER)
def claim(reference: str) -> ResponseReturnValue:
    """Take this case."""
    return _deed(service.claim_case, office_case_of(reference).id)


@residency.post("/office/residence/<reference>/release")
@access(Audience.OFFICER)
def release(reference: str) -> ResponseReturnValue:
    """Give this case back."""
    return _deed(service.release_case, office_case_of(reference).id, to_queue=True)


@residency.post("/office/residence/<reference>/interest")
@access(Audience.OFFICER)
def interest(reference: str) -> ResponseReturnValue:
    """Say that one knows the person."""
    return _deed(service.declare_interest, office_case_of(reference).id, to_queue=True)


def case_page(case: CaseFacts, form: ChecklistForm) -> str:
    """The page of a case, with the checklist as it was ticked."""
    limits = get_limits(reading())
    relations = relations_of(reading(), case.id)
    may_look = policy.may_look(actor(), relations)
    holds = relations.claimed_by == officer_id() and policy.is_held(relations, limits, at=now())
    may_claim = policy.may_claim(actor(), relations, limits, at=now())
    decidable = case.state in _DECIDABLE or relations.check_is_open
    form.points.choices = [SelectChoice(*point) for point in checklist(case)]
    return render_template(
        "residency/office_case.html",
        form=form,
        case=case,
        holds=holds and bool(may_look),
        may_claim=bool(may_claim) and decidable,
        why_not=_why_not(may_claim) if decidable and not may_claim else None,
        holder=staff_name_of(reading(), case.claimed_by) if case.claimed_by else "",
        actions=_actions(relations),
        decidable=decidable,
        **_seen_by_holder(case, holds and bool(may_look)),
        deeds=_history(case),
        state_name=OFFICE_STATE_NAMES[case.state],
        state_kind=STATE_KINDS.get(case.state, ""),
        road_names=ROAD_NAMES,
        purpose_names=PURPOSE_NAMES,
        flag_names=FLAG_NAMES,
        names=option_names(list_options(reading(), Catalogue.PROOF), locale_code()) | PAPER_NAMES,
        tie_names=OFFICE_TIE_NAMES,
        papers=PAPER_NAMES,
        contest=find_contest(reading(), case.id) if holds else None,
        key_names=KEY_NAMES,
        match_reasons=MATCH_REASONS,
        districts=district_names(reading()),
    )


def _actions(relations: CaseRelations) -> set[str]:
    actions = {action.value for action in CASE.actions_from(relations.state)}
    if relations.check_is_open:
        return actions | {"uphold"}
    return actions


def _seen_by_holder(case: CaseFacts, holds: bool) -> dict[str, Any]:
    """The person's data, documents and possible doubles: only for the officer who holds the case."""
    if not holds:
        return {
            "files": [],
            "proofs": [],
            "statement": None,
            "suspects": [],
            "sex_name": None,
            "ties": [],
        }
    return {
        "proofs": list_proofs(reading(), case.id),
        "source_names": SOURCE_NAMES,
        "outcome_names": OUTCOME_NAMES,
        "register_names": REGISTER_NAMES,
        "files": list_evidence(reading(), case.id),
        "statement": find_statement(reading(), case.id),
        "suspects": list_suspects(reading(), case.person_id),
        "ties": list_ties_of_child(reading(), case.person_id),
        "other_child": find_guardian_in_charge(reading(), case.person_id),
        "sex_name": SEX_NAMES[Sex(case.answers.sex)] if case.answers.sex else None,
    }


def _history(case: CaseFacts) -> list[dict[str, Any]]:
    found = []
    names: dict[str, str] = {}
    for catalogue in (Catalogue.MORE, Catalogue.REFUSAL):
        names |= option_names(list_options(reading(), catalogue), locale_code())
    for deed in list_decisions(reading(), case.id):
        found.append(
            {
                "at": deed.at,
                "what": ACTION_NAMES[deed.action],
                "who": staff_name_of(reading(), deed.by) if deed.by else "",
                "reason": names.get(deed.reason or "", deed.reason),
            }
        )
    return found


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


def claim_and_open(case_id: UUID) -> ResponseReturnValue:
    """Take a case and go to its page; a refusal is said there."""
    return _deed(service.claim_case, case_id)


def checklist(case: CaseFacts) -> tuple[Point, ...]:
    """What is to be ticked before this case is confirmed."""
    kinds = {file.kind for file in list_evidence(reading(), case.id)}
    return checklist_for(case.road, kinds, case.state)


def office_case_of(reference: str) -> CaseFacts:
    """A sent case by its reference, else the 404 page."""
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    if case is None or case.state is CaseState.DRAFT:
        abort(404)
    return case


def _why_not(decision: object) -> str:
    reason = getattr(decision, "reason", "")
    return say_refusal(DomainError(reason))


def officer_id() -> UUID:
    """The account of the officer who looks."""
    account_id = actor().account_id
    assert account_id is not None
    return account_id


_DECIDABLE = {CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED}
