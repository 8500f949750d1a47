"""What the pages of one's own case share: finding it, trying deeds, and where to go next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast
from uuid import UUID

from flask import abort, current_app, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from civic_budget.kernel.errors import DomainError
from civic_budget.residency.city_account import CityAccount
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.queries import (
    CaseFacts,
    find_case_by_reference,
    find_statement,
    get_case,
    is_for_child,
    list_evidence,
    may_see_case,
)
from civic_budget.residency.queries.roads import is_open_for
from civic_budget.residency.rules import CaseState, Road, read_reference
from civic_budget.residency.service import Voided
from civic_budget.residency.steps import Step, first_missing
from civic_budget.web.current import actor, now, reading
from civic_budget.web.forms import Form

Result = TypeVar("Result")

PAGES = {
    Step.NAME: "residency.name",
    Step.BIRTH_DATE: "residency.birth_date",
    Step.SEX: "residency.sex",
    Step.ADDRESS: "residency.address",
    Step.PROOF: "residency.proof",
    Step.STATEMENT: "residency.statement",
    Step.DOCUMENTS: "residency.documents",
}
NUMBERED = (Step.NAME, Step.BIRTH_DATE, Step.SEX, Step.ADDRESS, Step.PROOF)


def city_account() -> CityAccount | None:
    """The city's identity provider, if there is one."""
    return cast(CityAccount | None, current_app.extensions["city_account"])


def own_case(reference: str) -> CaseFacts:
    """The case with this reference if the visitor acts for its person; else the 404 page."""
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    account_id = actor().account_id
    if (
        case is None
        or account_id is None
        or not may_see_case(reading(), account_id, case.person_id)
    ):
        abort(404)
    return case


def editable_case(reference: str) -> CaseFacts:
    """The same, while its answers can still be changed; else the 404 page."""
    case = own_case(reference)
    if case.state not in {CaseState.DRAFT, CaseState.NEEDS_MORE}:
        abort(404)
    return case


def attempt(form: Form, deed: Callable[..., Result], *values: object) -> Result | None:
    """Do a deed; a refusal becomes a sentence on the form and None."""
    try:
        return deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return None


def say_voided(voided: Voided) -> None:
    """Tell the person what counts no more because they told another name, birth date or home."""
    if voided.signature:
        flash(
            gettext(
                "You have changed your name, birth date or home, so the statement that you signed before "
                "counts no more. Read it again and sign it anew."
            ),
            "warning",
        )
    if voided.proofs:
        flash(
            gettext(
                "You have changed your name, birth date or home, so what was shown or asked about the "
                "former ones counts no more. Show it anew, or choose another proof."
            ),
            "warning",
        )


def is_child(case: CaseFacts) -> bool:
    """Whether the visitor tells about a child, not about themselves."""
    account_id = actor().account_id
    return account_id is not None and is_for_child(reading(), account_id, case.person_id)


def missing_step(case: CaseFacts) -> Step | None:
    """The first question of a case that is still open."""
    return first_missing(
        case.answers,
        road=case.road if case.road and is_open(case, case.road) else None,
        is_signed=find_statement(reading(), case.id) is not None,
        documents=len(list_evidence(reading(), case.id)),
    )


def is_open(case: CaseFacts, road: Road) -> bool:
    """Whether the present edition lets a case take a road; what was sent goes on by its own."""
    was_sent = case.submitted_at is not None and road is case.road
    return was_sent or is_open_for(reading(), case, road, at=now())


def say_closed(case: CaseFacts) -> Response:
    """To the page with the roads that are open, with a word that the wished one is not."""
    flash(say_refusal(DomainError("road_closed")), "info")
    return redirect(page_of(Step.PROOF, case))


def page_of(step: Step, case: CaseFacts) -> str:
    """The address of a question's page."""
    return url_for(PAGES[step], reference=case.reference)


def after(case_id: UUID) -> str:
    """Where a person goes after an answer: the next open question, else "check your answers"."""
    case = get_case(reading(), case_id)
    step = missing_step(case)
    return page_of(step, case) if step else url_for("residency.check", reference=case.reference)


def before(step: Step, case: CaseFacts) -> str:
    """Where "back" leads from a question: the one before, or the check page when all is told."""
    if missing_step(case) is None:
        return url_for("residency.check", reference=case.reference)
    place = NUMBERED.index(step) if step in NUMBERED else len(NUMBERED)
    return page_of(NUMBERED[place - 1], case) if place else url_for("residency.mine")
