"""My children: claim, follow, take back, disagree, give up, hand the record over."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.clauses import GUARDIANSHIP
from civic_budget.residency.guardian_rules import ERASED, OUT_OF_AGE, TieState
from civic_budget.residency.labels import STATE_KINDS, STATE_NAMES, say_refusal
from civic_budget.residency.labels.guardians import (
    END_NAMES,
    PAPER_HINTS,
    PAPER_NAMES,
    TIE_KINDS,
    TIE_NAMES,
)
from civic_budget.residency.people_forms import ChildForm
from civic_budget.residency.queries import (
    TieFacts,
    find_confirmation,
    get_limits,
    list_ties,
    list_ties_of_child,
    own_person,
    persons_acting_for,
)
from civic_budget.residency.queries.desk import holder_of
from civic_budget.residency.queries.guardians import acted_until_the_end
from civic_budget.residency.rules import OPEN_STATES, CaseState, Purpose
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import after, attempt, missing_step, page_of
from civic_budget.residency.views.clauses import show_clause
from civic_budget.residency.views.homes import renewal_page
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@residency.get("/children")
@access(Audience.RESIDENT)
def children() -> ResponseReturnValue:
    """The children for whom I act, or claim to; what comes next for each."""
    account_id = _account()
    ties = list_ties(reading(), account_id)
    return render_template(
        "residency/children.html",
        has_own=own_person(reading(), account_id) is not None,
        limits=get_limits(reading()),
        children=[_child(tie) for tie in ties],
        tie_names=TIE_NAMES,
        tie_kinds=TIE_KINDS,
        papers=PAPER_NAMES,
        ends=END_NAMES,
        out_of_age=OUT_OF_AGE,
        erased=ERASED,
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        districts=district_names(reading()),
    )


@residency.route("/children/new", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def claim_child() -> ResponseReturnValue:
    """Register a child: first, how the guardianship will be shown."""
    if own_person(reading(), _account()) is None:
        flash(gettext("Begin with your own application; then you can register a child."), "info")
        return redirect(url_for("residency.mine"))
    form = ChildForm()
    if form.validate_on_submit():
        case_id = attempt(form, _claim, form)
        if case_id is not None:
            return redirect(after(case_id))
    return render_template(
        "residency/claim_child.html",
        form=form,
        hints=PAPER_HINTS,
        clause=show_clause(GUARDIANSHIP, own_person(reading(), _account())),
        limits=get_limits(reading()),
        back_url=url_for("residency.children"),
    )


@residency.post("/children/<uuid:tie_id>/withdraw")
@access(Audience.RESIDENT)
def withdraw_claim(tie_id: UUID) -> ResponseReturnValue:
    """Take the claim back."""
    return _deed(service.withdraw_claim, tie_id, gettext("The claim is withdrawn."))


@residency.post("/children/<uuid:tie_id>/give-up")
@access(Audience.RESIDENT)
def give_up(tie_id: UUID) -> ResponseReturnValue:
    """Stop acting for the child."""
    return _deed(service.give_up, tie_id, gettext("You no longer act for the child."))


@residency.post("/children/<uuid:tie_id>/dispute")
@access(Audience.RESIDENT)
def dispute(tie_id: UUID) -> ResponseReturnValue:
    """Disagree that the other guardian acts; a desk settles it."""
    done = gettext("It is noted. Until a desk settles it, nobody acts for the child online.")
    return _deed(service.dispute_guardian, tie_id, done)


@residency.post("/children/<uuid:tie_id>/start")
@access(Audience.RESIDENT)
def start_for_child(tie_id: UUID) -> ResponseReturnValue:
    """The child has moved, or something told of it is wrong: a new application, with what is known."""
    purposes = {each.value: each for each in (Purpose.MOVE, Purpose.CORRECTION, Purpose.FIRST)}
    purpose = purposes.get(request.form.get("purpose", ""))
    if purpose is None:
        abort(400)
    child = ward_of(tie_id)
    with writing() as work:
        case_id = service.start_case(
            work,
            actor(),
            account_id=_account(),
            person_id=child,
            language=current_language(),
            purpose=purpose,
            at=now(),
        )
    return redirect(after(case_id))


@residency.route("/children/<uuid:tie_id>/renew", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def renew_child(tie_id: UUID) -> ResponseReturnValue:
    """Renew a child's confirmation with one tap."""
    found: ResponseReturnValue = renewal_page(
        ward_of(tie_id), url_for("residency.children"), tie_id
    )
    return found


def ward_of(tie_id: UUID) -> UUID:
    """The child of a tie under which this account acts now; else the 404 page."""
    acted_for = {one.person_id for one in persons_acting_for(reading(), _account(), at=now())}
    ties = list_ties(reading(), _account())
    found = next((tie.person_id for tie in ties if tie.id == tie_id), None)
    if found is None or found not in acted_for:
        abort(404)
    return found


def _child(tie: TieFacts) -> dict[str, object]:
    """What the page shows of a tie: the case with its next step, the other guardian's tie."""
    case = tie.case
    is_shown = tie.state in {TieState.CLAIMED, TieState.ACTING}
    step = missing_step(case) if case and case.state is CaseState.DRAFT else None
    draft_url = page_of(step, case) if case and step else ""
    if case and case.state is CaseState.DRAFT and not step:
        draft_url = url_for("residency.check", reference=case.reference)
    acting = [
        other
        for other in list_ties_of_child(reading(), tie.person_id)
        if other.state is TieState.ACTING and other.account_id != tie.account_id
    ]
    held = find_confirmation(reading(), tie.person_id, at=now()) if is_shown else None
    limits = get_limits(reading())
    return {
        "tie": tie,
        "may_hand_over": tie.reason == OUT_OF_AGE
        and acted_until_the_end(reading(), tie.account_id, tie.person_id, tie.changed_at)
        and holder_of(reading(), tie.person_id) is None,
        "may_begin": tie.state is TieState.ACTING and (not case or case.state not in OPEN_STATES),
        "is_renewal_time": held is not None
        and service.is_renewal_time(held.valid_until, limits, at=now()),
        "case": case if is_shown else None,
        "draft_url": draft_url if is_shown else "",
        "held": held,
        "acting": acting[0] if acting and tie.state is TieState.INFORMED else None,
    }


def _claim(form: ChildForm) -> UUID:
    with writing() as work:
        return service.claim_child(
            work,
            actor(),
            account_id=_account(),
            proof=form.proof.data,
            language=current_language(),
            at=now(),
        )


def _deed(deed: Callable[..., None], tie_id: UUID, done: str) -> ResponseReturnValue:
    try:
        with writing() as work:
            deed(work, actor(), tie_id=tie_id, at=now())
        flash(done, "success")
    except DomainError as error:
        flash(say_refusal(error), "warning")
    return redirect(url_for("residency.children"))


def _account() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    return account_id
