"""Homes: finding a street, describing a place without one, contesting the district, renewing, correcting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names, search_streets
from civic_budget.residency import service
from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import CHILD_STATEMENT_AGAIN, STATEMENT_AGAIN, say_in
from civic_budget.residency.people_forms import ContestForm, PlaceForm
from civic_budget.residency.queries import (
    CaseFacts,
    find_confirmation,
    find_contest,
    get_limits,
    identity_of,
    own_person,
)
from civic_budget.residency.rules import Purpose
from civic_budget.residency.steps import Step
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    editable_case,
    own_case,
    say_voided,
)
from civic_budget.residency.views.questions import question_page
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language

LONGEST_TYPED = 60


@residency.get("/residence/streets")
@access(Audience.RESIDENT)
def streets() -> ResponseReturnValue:
    """Streets and places like what is being typed, in any of the four languages' spellings."""
    typed = request.args.get("q", "")[:LONGEST_TYPED]
    return jsonify(search_streets(reading(), typed))


@residency.route("/residence/<reference>/place", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def place(reference: str) -> ResponseReturnValue:
    """A home without a street: what it is, and in which district."""
    case = editable_case(reference)
    home = case.answers.address
    is_told = home is not None and home.is_described
    form = PlaceForm(
        data={"description": home.street, "district": home.district} if home and is_told else {}
    )
    form.district.choices = _districts()
    if form.validate_on_submit() and attempt(form, _describe, case, form):
        return redirect(after(case.id))
    return question_page("place", Step.ADDRESS, case, form)


@residency.route("/residence/<reference>/district", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def contest(reference: str) -> ResponseReturnValue:
    """Say that the district is another one; an officer decides."""
    case = own_case(reference)
    if case.district is None:
        abort(404)
    known = find_contest(reading(), case.id)
    form = ContestForm()
    form.district.choices = [choice for choice in _districts() if choice[0] != case.district]
    if form.validate_on_submit() and attempt(form, _contest, case, form):
        flash(gettext("It is noted. An officer looks at it and we write to you."), "success")
        return redirect(url_for("residency.mine"))
    return render_template(
        "residency/contest.html",
        form=form,
        case=case,
        known=known if known and known.state is ContestState.OPEN else None,
        districts=district_names(reading()),
        back_url=url_for("residency.mine"),
    )


@residency.post("/residence/<reference>/district/withdraw")
@access(Audience.RESIDENT)
def withdraw_contest(reference: str) -> ResponseReturnValue:
    """Take the contest back."""
    case = own_case(reference)
    known = find_contest(reading(), case.id)
    if known is None or known.state is not ContestState.OPEN:
        abort(404)
    with writing() as work:
        service.withdraw_contest(work, actor(), contest_id=known.id, at=now())
    flash(gettext("The district stays as the list says."), "success")
    return redirect(url_for("residency.mine"))


@residency.route("/residence/renew", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def renew() -> ResponseReturnValue:
    """Renew the confirmation: one statement, one tap."""
    found: ResponseReturnValue = renewal_page(
        own_person(reading(), _account()), url_for("residency.mine")
    )
    return found


@residency.post("/residence/correct")
@access(Audience.RESIDENT)
def correct() -> ResponseReturnValue:
    """Correct name, birth date or home: a new application with what is known; an officer decides."""
    with writing() as work:
        case_id = service.start_case(
            work,
            actor(),
            account_id=_account(),
            language=current_language(),
            purpose=Purpose.CORRECTION,
            at=now(),
        )
    return redirect(after(case_id))


def renewal_page(person_id: UUID | None, back_url: str, tie_id: UUID | None = None) -> Any:
    """The renewal of a person's confirmation; with a tie it is a child's, told by its guardian."""
    held = find_confirmation(reading(), person_id, at=now()) if person_id else None
    if person_id is None or held is None:
        return redirect(back_url)
    form = EmptyForm()
    if form.validate_on_submit() and attempt(form, _renew, person_id):
        flash(gettext("Thank you. The renewal is sent."), "success")
        return redirect(back_url)
    limits = get_limits(reading())
    return render_template(
        "residency/renew.html",
        form=form,
        held=held,
        identity=identity_of(reading(), person_id),
        tie_id=tie_id,
        districts=district_names(reading()),
        statement=CHILD_STATEMENT_AGAIN if tie_id else STATEMENT_AGAIN,
        original=[
            say_in("pl", sentence)
            for sentence in (CHILD_STATEMENT_AGAIN if tie_id else STATEMENT_AGAIN)
        ],
        is_time=service.is_renewal_time(held.valid_until, limits, at=now()),
        opens=limits.renewal_from(held.valid_until),
        back_url=back_url,
    )


def _districts() -> list[tuple[int, str]]:
    return sorted(district_names(reading()).items())


def _describe(case: CaseFacts, form: PlaceForm) -> bool:
    with writing() as work:
        voided = service.describe_home(
            work,
            actor(),
            case_id=case.id,
            description=form.description.data,
            district=form.district.data,
            at=now(),
        )
    say_voided(voided)
    return True


def _contest(case: CaseFacts, form: ContestForm) -> bool:
    with writing() as work:
        service.contest_district(
            work,
            actor(),
            case_id=case.id,
            wanted=form.district.data or 0,
            reason=form.reason.data,
            at=now(),
        )
    return True


def _renew(person_id: UUID) -> bool:
    with writing() as work:
        service.renew_residence(
            work,
            actor(),
            account_id=_account(),
            person_id=person_id,
            language=current_language(),
            at=now(),
        )
    return True


def _account() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    return account_id
