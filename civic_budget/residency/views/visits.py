"""A visit at a desk: the open record, proofs seen, confirmation, contact, card; until the person goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts import service as accounts
from civic_budget.accounts.attempts import MessageLimits, count_message, count_try
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.labels import say_refusal as say_account_refusal
from civic_budget.city.queries import district_names, find_help_line, list_street_names
from civic_budget.kernel.decision import first_denied
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import policy, service
from civic_budget.residency.activation_card import CardSheet, render_card
from civic_budget.residency.desk_forms import (
    ApplicationForm,
    CardForm,
    ContactAtDeskForm,
    ContactCodeForm,
    ProofSeenForm,
    RenewForm,
)
from civic_budget.residency.labels import FLAG_NAMES, STATE_KINDS, STATE_NAMES
from civic_budget.residency.labels import say_refusal as say_residency_refusal
from civic_budget.residency.labels.desk import OUTCOME_NAMES, SOURCE_NAMES
from civic_budget.residency.labels.letters import REGISTER_NAMES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import (
    VisitFacts,
    get_visit,
    list_options,
    list_proofs,
    person_relations_of,
)
from civic_budget.residency.queries.appointments import places_of
from civic_budget.residency.queries.persons import standing_of
from civic_budget.residency.rules import CaseState, Standing
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.desk_place import place_name
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import locale_code
from civic_budget.web.printing import pdf_response

PENDING = "desk_contact"
CONTACTS_A_QUARTER = 10
PLACE_REASONS = {"not_at_a_desk", "no_appointment", "other_point", "point_closed", "choose_point"}


@residency.get("/office/desk/<uuid:visit_id>")
@access(Audience.DESK)
def visit(visit_id: UUID) -> ResponseReturnValue:
    """The record that is open at this desk."""
    return _page(_visit(visit_id))


@residency.route("/office/desk/<uuid:visit_id>/application", methods=["GET", "POST"])
@access(Audience.DESK)
def visit_application(visit_id: UUID) -> ResponseReturnValue:
    """Take an application down for a person who has a record already."""
    open_visit = _visit(visit_id)
    form = ApplicationForm(data=_known(open_visit))
    form.offer_districts(district_names(reading()))
    if form.validate_on_submit() and attempt(form, _apply, visit_id, form):
        return redirect(url_for("residency.visit", visit_id=visit_id))
    return render_template(
        "residency/desk_application.html",
        form=form,
        streets=list_street_names(reading()),
        back_url=url_for("residency.visit", visit_id=visit_id),
    )


@residency.post("/office/desk/<uuid:visit_id>/proof")
@access(Audience.DESK)
def visit_proof(visit_id: UUID) -> ResponseReturnValue:
    """Note which document was seen."""
    form = ProofSeenForm()
    form.offer(_offered())
    if form.validate_on_submit() and attempt(form, _note, visit_id, form):
        flash(gettext("Noted. Give the document back; no copy is kept."), "success")
        return redirect(url_for("residency.visit", visit_id=visit_id))
    return _page(_visit(visit_id), proof_form=form)


@residency.post("/office/desk/<uuid:visit_id>/confirm")
@access(Audience.DESK)
def visit_confirm(visit_id: UUID) -> ResponseReturnValue:
    """Confirm the residence on what was seen."""

    def confirm() -> None:
        with writing() as work:
            is_done = service.confirm_at_desk(work, actor(), visit_id=visit_id, at=now())
        if is_done:
            flash(gettext("The residence is confirmed."), "success")
        else:
            flash(
                gettext(
                    "What you saw is noted. The bureau decides this case, because it has flags or "
                    "because the child’s guardian is not accepted yet; the person can take part meanwhile."
                ),
                "info",
            )

    return _do(visit_id, confirm)


@residency.post("/office/desk/<uuid:visit_id>/contact")
@access(Audience.DESK)
def visit_contact(visit_id: UUID) -> ResponseReturnValue:
    """Send a code to the contact that the person gives."""
    form = ContactAtDeskForm()
    if form.validate_on_submit() and _try_account(form, _send_code, visit_id, form):
        flash(gettext("A code is on its way. Ask the person to read it to you."), "info")
        return redirect(url_for("residency.visit", visit_id=visit_id))
    return _page(_visit(visit_id), contact_form=form)


@residency.post("/office/desk/<uuid:visit_id>/contact/code")
@access(Audience.DESK)
def visit_contact_code(visit_id: UUID) -> ResponseReturnValue:
    """The code that the person read out: the contact is theirs."""
    form = ContactCodeForm()
    if form.validate_on_submit() and _try_account(form, _confirm_contact, visit_id, form):
        session.pop(PENDING, None)
        flash(gettext("The contact is confirmed."), "success")
        return redirect(url_for("residency.visit", visit_id=visit_id))
    return _page(_visit(visit_id), code_form=form)


@residency.post("/office/desk/<uuid:visit_id>/card")
@access(Audience.DESK)
def visit_card(visit_id: UUID) -> ResponseReturnValue:
    """Print a card, shown this once; the former one is void."""
    form = CardForm()
    if form.validate_on_submit():
        printed = attempt(form, _print, visit_id, form)
        if printed is not None:
            return printed
    return _page(_visit(visit_id), card_form=form)


@residency.post("/office/desk/<uuid:visit_id>/access")
@access(Audience.DESK)
def visit_access(visit_id: UUID) -> ResponseReturnValue:
    """New access for somebody who lost it: the old one ends, a card is printed."""
    form = RenewForm()
    if form.validate_on_submit():
        printed = attempt(form, _renew, visit_id, form)
        if printed is not None:
            return printed
    return _page(_visit(visit_id), renew_form=form)


@residency.post("/office/desk/<uuid:visit_id>/close")
@access(Audience.DESK)
def visit_close(visit_id: UUID) -> ResponseReturnValue:
    """The person has gone: the record is closed."""

    def close() -> None:
        with writing() as work:
            service.close_visit(work, actor(), visit_id=visit_id, at=now())

    return _do(visit_id, close, then="residency.desk")


def _visit(visit_id: UUID) -> VisitFacts:
    """The visit, if it runs and is this officer's; the 404 page for a stranger's, else the reason."""
    found = get_visit(reading(), visit_id, at=now())
    person = person_relations_of(reading(), found.person_id)
    if found.officer != actor().account_id:
        abort(404)
    decision = first_denied(
        policy.may_use_visit(actor(), found.relations, person, at=now()),
        policy.may_stand_at(actor(), places_of(reading(), actor(), at=now()), found.point_id),
    )
    if not decision:
        abort(403)
    return found


def _page(open_visit: VisitFacts, **forms: Form) -> str:
    case, account = open_visit.case, open_visit.account
    language = account.language if account else (case.language if case else "pl")
    standing = standing_of(reading(), open_visit.person_id, at=now())
    refused = next(iter(forms.values()), None)
    values = {
        "proof_form": _proof_form(),
        "card_form": CardForm(formdata=None, data={"language": language}),
        "renew_form": RenewForm(formdata=None, data={"language": language}),
        "contact_form": ContactAtDeskForm(formdata=None),
        "code_form": ContactCodeForm(formdata=None),
        **forms,
    }
    waits = case is not None and case.state in {CaseState.SUBMITTED, CaseState.NEEDS_MORE}
    is_fresh = case is None or case.state not in {
        CaseState.SUBMITTED,
        CaseState.NEEDS_MORE,
        CaseState.APPEALED,
    }
    return render_template(
        "residency/visit.html",
        form=refused,
        visit=open_visit,
        place=place_name(open_visit.point_id),
        case=case,
        account=account,
        waits=waits,
        may_apply=is_fresh,
        is_confirmed=standing is Standing.CONFIRMED,
        proofs=list_proofs(reading(), case.id) if case else [],
        has_pending=session.get(PENDING, [""])[0] == str(open_visit.id),
        state_name=STATE_NAMES[case.state] if case else "",
        state_kind=STATE_KINDS.get(case.state, "") if case else "",
        flag_names=FLAG_NAMES,
        proof_names={**_proof_names(), **REGISTER_NAMES},
        source_names=SOURCE_NAMES,
        outcome_names=OUTCOME_NAMES,
        districts=district_names(reading()),
        **values,
    )


def _proof_form() -> ProofSeenForm:
    form = ProofSeenForm(formdata=None)
    form.offer(_offered())
    return form


def _offered() -> dict[str, str]:
    options = list_options(reading(), Catalogue.PROOF)
    return option_names([one for one in options if one.is_offered], locale_code())


def _proof_names() -> dict[str, str]:
    return option_names(list_options(reading(), Catalogue.PROOF), locale_code())


def _known(open_visit: VisitFacts) -> dict[str, Any]:
    case = open_visit.case
    told = case.answers if case and case.state is CaseState.DRAFT else None
    who = open_visit.identity or (told.identity() if told else None)
    born = who.born_on if who else (told.born_on if told else None)
    home = who.address if who else (told.address if told else None)
    return {
        "given_names": who.given_names if who else (told.given_names if told else ""),
        "family_name": who.family_name if who else (told.family_name if told else ""),
        "original_name": who.original_name if who else "",
        "patronymic": who.patronymic if who else "",
        "birth_date": str(born.day) if born else "",
        "month": str(born.month) if born else "",
        "year": str(born.year) if born else "",
        "street": home.street if home else "",
        "house": home.house if home else "",
        "flat": home.flat if home else "",
        "postcode": home.postcode if home else "",
        "district": str(home.district or "") if home else "",
        "language": case.language if case else "pl",
    }


def _apply(visit_id: UUID, form: ApplicationForm) -> bool:
    with writing() as work:
        service.apply_at_desk(
            work,
            actor(),
            visit_id=visit_id,
            identity=form.read_identity(),
            address=form.read_address(),
            sex=form.sex.data or None,
            language=form.language.data,
            document=form.read_document(),
            at=now(),
        )
    return True


def _note(visit_id: UUID, form: ProofSeenForm) -> bool:
    with writing() as work:
        service.note_seen_proof(
            work,
            actor(),
            visit_id=visit_id,
            kind=form.kind.data,
            document_on=form.read_day(),
            at=now(),
        )
    return True


def _send_code(visit_id: UUID, form: ContactAtDeskForm) -> bool:
    contact = read_contact(form.contact.data)
    limits = MessageLimits(settings().sms_to_a_phone_a_day, settings().sms_in_all_an_hour)
    with writing() as work:
        subject = str(actor().account_id)
        count_try(work, "desk-contact", subject, limit=CONTACTS_A_QUARTER, at=now())
        count_message(work, contact, limits, at=now())
    with writing() as work:
        pending_id = service.send_contact_code(
            work, actor(), visit_id=visit_id, contact=contact, at=now()
        )
    session[PENDING] = [str(visit_id), str(pending_id)]
    return True


def _confirm_contact(visit_id: UUID, form: ContactCodeForm) -> bool:
    of_visit, pending = session.get(PENDING) or ("", "")
    if of_visit != str(visit_id):
        abort(404)
    with writing() as work:
        accounts.count_code_try(work, pending_id=UUID(pending))
    with writing() as work:
        service.confirm_contact_at_desk(
            work,
            actor(),
            visit_id=visit_id,
            pending_id=UUID(pending),
            code=form.code.data,
            at=now(),
        )
    return True


def _print(visit_id: UUID, form: CardForm) -> ResponseReturnValue:
    language = form.language.data
    with writing() as work:
        card = service.print_card(work, actor(), visit_id=visit_id, language=language, at=now())
    return _sheet(visit_id, card, language)


def _renew(visit_id: UUID, form: RenewForm) -> ResponseReturnValue:
    with writing() as work:
        card = service.reset_access_at_desk(
            work,
            actor(),
            visit_id=visit_id,
            drop_contacts=bool(form.drop_contacts.data),
            at=now(),
        )
    return _sheet(visit_id, card, form.language.data)


def _sheet(visit_id: UUID, card: accounts.IssuedCard, language: str) -> ResponseReturnValue:
    found = get_visit(reading(), visit_id, at=now())
    name = found.identity.full_name if found.identity else ""
    near = found.case.district if found.case else None
    line = find_help_line(reading(), language, near=near)
    sheet = CardSheet(name, language, card, line.one_line() if line else "")
    return pdf_response(render_card(sheet), "card.pdf")


def _try_account(form: Form, deed: Callable[..., bool], *values: object) -> bool:
    """As `attempt`, where the account's own room says why not."""
    try:
        return deed(*values)
    except DomainError as error:
        known = {"other_desk", "visit_over", "own_case", "declared_interest", *PLACE_REASONS}
        say = say_residency_refusal if error.code in known else say_account_refusal
        form.refuse(error, say(error))
        return False


def _do(
    visit_id: UUID, deed: Callable[[], None], then: str = "residency.visit"
) -> ResponseReturnValue:
    """A deed of one click; a refusal is said on the page that one comes back to."""
    try:
        deed()
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_residency_refusal(error), "warning")
        then = "residency.visit"
    if then == "residency.desk":
        return redirect(url_for(then))
    return redirect(url_for(then, visit_id=visit_id))
