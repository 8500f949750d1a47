"""A batch of paper: slips registered, cards counted, the sum signed off, the protocol printed.

A page shows either names or cards, never both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.editions.rules import scope_of
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError
from civic_budget.residency.queries import identity_of
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries, queries, service
from civic_budget.voting.commission_forms import (
    InvalidForm,
    JoinForm,
    MissingForm,
    ReasonForm,
    ReconcileForm,
    SlipForm,
)
from civic_budget.voting.commission_labels import INVALID_REASONS, PARTS
from civic_budget.voting.commission_models import JointDecision
from civic_budget.voting.commission_queries import BatchFacts
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.printed.cards import SlipFacts, render_slip
from civic_budget.voting.printed.protocols import batch_protocol
from civic_budget.voting.printed.sheets import render_sheet
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import SMALLEST_BATCH, InvalidReason, JointKind
from civic_budget.voting.service import SlipOutcome
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets, scope_name
from civic_budget.voting.views.paper_corrections import correction_rows, list_correctable
from civic_budget.voting.views.paper_office import point_name
from civic_budget.voting.views.sitting import do, get_case_of, press
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import CONTENT_LANGUAGES, OWN_NAMES
from civic_budget.web.printing import pdf_response
from civic_budget.web.words import say_number


@voting.get("/office/paper/batches/<uuid:batch_id>")
@access(Audience.CLERK)
def batch(batch_id: UUID) -> ResponseReturnValue:
    """A batch: its sum, who did which part, what may be done next."""
    return show_batch(batch_id)


def show_batch(batch_id: UUID, **forms: Form) -> str:
    """The page of a batch, with a form that was refused."""
    one = commission_queries.get_batch(reading(), batch_id)
    found = queries.get_round(reading(), one.round_id)
    point = next(
        (p for p in commission_queries.list_points(reading(), found.id) if p.code == one.point),
        None,
    )
    mine = next((part for who, part in one.clerks if who == actor().account_id), None)
    return render_template(
        "voting/office/batch.html",
        round=found,
        batch=one,
        point=point,
        point_name=point_name(one),
        scope=scope_name(one.scope),
        clerks=[
            [staff_name_of(reading(), account_id), PARTS[part]] for account_id, part in one.clerks
        ],
        invalids=[
            [INVALID_REASONS[InvalidReason(reason)], say_number(number)]
            for reason, number in one.invalids
        ],
        fewest=SMALLEST_BATCH,
        is_member=actor().has(Role.COMMISSION),
        wish=_small_wish(one),
        me=actor().account_id,
        my_part=mine,
        correctable=list_correctable(one, mine),
        corrections=correction_rows(one),
        forms={
            "slip": SlipForm(formdata=None),
            "invalid": _invalid_form(fresh=True),
            "missing": MissingForm(formdata=None),
            "join": _join_form(one, fresh=True),
            "reconcile": ReconcileForm(formdata=None),
            "small": ReasonForm(formdata=None),
            **forms,
        },
        form=next(iter(forms.values()), None),
    )


def _small_wish(batch: BatchFacts) -> JointDecision | None:
    """A member's wish to let this small batch be keyed, if one waits for the second."""
    wishes = commission_queries.list_proposed(reading(), batch.round_id, JointKind.SMALL_BATCH)
    return next((wish for wish in wishes if wish.subject == str(batch.id)), None)


def _invalid_form(*, fresh: bool = False) -> InvalidForm:
    form = InvalidForm(formdata=None) if fresh else InvalidForm()
    form.reason.choices = [
        SelectChoice(reason.value, str(name)) for reason, name in INVALID_REASONS.items()
    ]
    return form


def _join_form(batch: BatchFacts, *, fresh: bool = False) -> JoinForm:
    form = JoinForm(formdata=None) if fresh else JoinForm()
    form.other.choices = [
        SelectChoice(str(one.id), f"{point_name(one)}: {say_number(one.claimed)}")
        for one in commission_queries.list_batches(reading(), batch.round_id)
        if one.scope == batch.scope
        and one.id != batch.id
        and not one.is_closed
        and not one.keyed
        and one.claimed
    ]
    return form


def do_part(
    batch_id: UUID, part: str, form: Form, deed: Callable[[Work], Any], said: str
) -> ResponseReturnValue:
    """Do one part's deed and show the batch anew; a refusal stands at that part's form."""
    if do(form, deed, said):
        return redirect(url_for("voting.batch", batch_id=batch_id))
    return show_batch(batch_id, **{part: form})


@voting.post("/office/paper/batches/<uuid:batch_id>/slips")
@access(Audience.CLERK)
def register_slip(batch_id: UUID) -> ResponseReturnValue:
    """Look the person up first; on the second press their place is claimed for paper."""
    form = SlipForm()
    one = commission_queries.get_batch(reading(), batch_id)
    found = queries.get_round(reading(), one.round_id)
    if not form.validate_on_submit():
        return show_batch(batch_id, slip=form)
    try:
        case = get_case_of(form.person.data or "", field="person")
        if "sure" not in request.form:
            return _ask(one, found, case.person_id, form)
        secrets = load_secrets(found)
        with writing() as work:
            outcome = service.register_slip(
                work,
                actor(),
                secrets=secrets,
                batch_id=batch_id,
                person_id=case.person_id,
                at=now(),
            )
    except DomainError as error:
        form.refuse(error, _say_slip_refusal(error, form.person.data or ""))
        return show_batch(batch_id, slip=form)
    words, kind = _said_at(outcome, is_at_point=_is_online(found, one))
    flash(words, kind)
    return redirect(url_for("voting.batch", batch_id=batch_id))


def _ask(batch: BatchFacts, found: RoundFacts, person_id: UUID, form: SlipForm) -> str:
    """Name and birth date, to be compared with the person's document, or with the slip from an urn."""
    return render_template(
        "voting/office/slip.html",
        batch=batch,
        round=found,
        form=form,
        identity=identity_of(reading(), person_id),
        is_at_point=_is_online(found, batch),
        slip_languages={code: OWN_NAMES[code] for code in CONTENT_LANGUAGES},
    )


def _is_online(found: RoundFacts, batch: BatchFacts) -> bool:
    """Whether people are registered at the batch's point before they get a card."""
    points = commission_queries.list_points(reading(), found.id)
    return any(point.is_online for point in points if point.code == batch.point)


def _say_slip_refusal(error: DomainError, reference: str) -> str:
    """Why a slip is not registered; who came to a batch of another district is sent to their own."""
    if error.code == "person_of_another_district":
        case = get_case_of(reference, field="person")
        if case.district is not None:
            return str(
                gettext(
                    "This person votes in another district: %(district)s. Register the slip in a batch of that "
                    "district.",
                    district=scope_name(scope_of(case.district)),
                )
            )
    return say_refusal(error)


def _said_at(outcome: SlipOutcome, *, is_at_point: bool) -> tuple[str, str]:
    """What the clerk reads; a slip from an urn is no reason to hand out another card."""
    if outcome is SlipOutcome.ACCEPTED and not is_at_point:
        return gettext("Registered. The card lies in the urn already: hand out none."), "success"
    return _said(outcome)


def _said(outcome: SlipOutcome) -> tuple[str, str]:
    return {
        SlipOutcome.ACCEPTED: (gettext("Registered. Hand out one card."), "success"),
        SlipOutcome.HAS_VOTED: (
            gettext("This person has already voted. No card is handed out."),
            "danger",
        ),
        SlipOutcome.EARLIER_IS_OUT: (
            gettext(
                "A vote of this person was taken out of the box, unopened. Hand out no card: nothing "
                "is registered. The person reads on their voting page, or asks the commission, why and "
                "until when they can object. The commission can put the vote back in; if somebody else "
                "had cast it, it can give the vote back, and then the person votes here."
            ),
            "danger",
        ),
        SlipOutcome.IN_PLACE: (
            gettext(
                "Registered. This person's vote online was taken out before, unopened. The card in the "
                "urn counts in its place; nothing more is to be done."
            ),
            "success",
        ),
        SlipOutcome.BESIDE_A_WEB_VOTE: (
            gettext(
                "This person also voted online. The card in the urn stands; two members of the "
                "commission take the web vote out."
            ),
            "warning",
        ),
        SlipOutcome.SECOND_SLIP: (
            gettext(
                "A slip of this person is registered already. If it is this same sheet, lay it aside: it "
                "counts once. If there are two signed slips, call the commission: there is one card too "
                "many in an urn."
            ),
            "danger",
        ),
    }[outcome]


@voting.post("/office/paper/batches/<uuid:batch_id>/slip.pdf")
@access(Audience.CLERK)
def print_slip(batch_id: UUID) -> ResponseReturnValue:
    """An identity slip for the person, or a blank one, in a language of theirs."""
    one = commission_queries.get_batch(reading(), batch_id)
    language = request.form.get("language", "pl")
    language = language if language in CONTENT_LANGUAGES else "pl"
    facts = SlipFacts("", "", scope_name(one.scope), point_name(one))
    if request.form.get("person"):
        case = get_case_of(request.form["person"], field="person")
        identity = identity_of(reading(), case.person_id)
        name = f"{identity.given_names} {identity.family_name}" if identity else ""
        facts = SlipFacts(name, case.reference or "", facts.district, facts.point)
    return pdf_response(render_slip(facts, language=language, at=now()), "slip.pdf")


@voting.post("/office/paper/batches/<uuid:batch_id>/invalid")
@access(Audience.CLERK)
def count_invalid(batch_id: UUID) -> ResponseReturnValue:
    """Cards that are no vote, by reason."""
    form = _invalid_form()
    return do_part(
        batch_id,
        "invalid",
        form,
        lambda work: service.count_invalid(
            work,
            actor(),
            batch_id=batch_id,
            reason=InvalidReason(form.reason.data),
            number=form.number.data or 0,
        ),
        gettext("Counted."),
    )


@voting.post("/office/paper/batches/<uuid:batch_id>/missing")
@access(Audience.CLERK)
def count_missing(batch_id: UUID) -> ResponseReturnValue:
    """Slips without a card, with the reason; somebody else signs the same number."""
    form = MissingForm()
    return do_part(
        batch_id,
        "missing",
        form,
        lambda work: service.count_missing(
            work,
            actor(),
            batch_id=batch_id,
            number=form.absent.data or 0,
            note=form.note.data or "",
        ),
        gettext("Counted."),
    )


@voting.post("/office/paper/batches/<uuid:batch_id>/join")
@access(Audience.CLERK)
def join_batch(batch_id: UUID) -> ResponseReturnValue:
    """Mix another small batch of the district in."""
    form = _join_form(commission_queries.get_batch(reading(), batch_id))
    return do_part(
        batch_id,
        "join",
        form,
        lambda work: service.join_batches(
            work, actor(), into=batch_id, other=UUID(str(form.other.data))
        ),
        gettext("The batches are one. Shuffle the cards together."),
    )


@voting.post("/office/paper/batches/<uuid:batch_id>/seal")
@access(Audience.CLERK)
def seal_batch(batch_id: UUID) -> ResponseReturnValue:
    """No slip is added any more; the cards may be keyed."""
    return press(
        ForgetForm(),
        lambda work: service.seal_batch(work, actor(), batch_id=batch_id, at=now()),
        gettext("The batch is sealed. Shuffle its cards; then they can be keyed."),
        url_for("voting.batch", batch_id=batch_id),
    )


@voting.post("/office/paper/batches/<uuid:batch_id>/close")
@access(Audience.CLERK)
def close_batch(batch_id: UUID) -> ResponseReturnValue:
    """Sign the sum off."""
    form = ReconcileForm()
    found = queries.get_round(reading(), commission_queries.get_batch(reading(), batch_id).round_id)
    return do_part(
        batch_id,
        "reconcile",
        form,
        lambda work: service.close_batch(
            work,
            actor(),
            secrets=load_secrets(found),
            batch_id=batch_id,
            missing=form.missing.data or 0,
            protocol_number=form.protocol_number.data or "",
            at=now(),
        ),
        gettext("The batch is reconciled. Print its protocol and sign it."),
    )


@voting.get("/office/paper/batches/<uuid:batch_id>/protocol.pdf")
@access(Audience.CLERK)
def batch_sheet(batch_id: UUID) -> Response:
    """The protocol of a batch; one that was mixed into another has none."""
    one = commission_queries.get_batch(reading(), batch_id)
    if one.is_mixed:
        abort(404)
    sheet = batch_protocol(reading(), one, point_name(one), scope_name(one.scope))
    return pdf_response(render_sheet(sheet), "batch.pdf")
