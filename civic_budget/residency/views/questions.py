"""The questions of a residence case, one on a page; each answer is saved at once."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.city.queries import (
    district_names,
    find_address,
    list_assistance_points,
    list_street_names,
    search_streets,
)
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.forms import (
    BirthDateForm,
    HomeForm,
    NameForm,
    ProofForm,
    SexForm,
)
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.labels import SEX_NAMES
from civic_budget.residency.labels.document_lines import say_fault
from civic_budget.residency.matching.mrz_faults import find_faults
from civic_budget.residency.people_forms import LinesForm
from civic_budget.residency.queries import CaseFacts, open_roads
from civic_budget.residency.queries.roads import may_ask_registers
from civic_budget.residency.registers import list_registers
from civic_budget.residency.rules import Road, Sex
from civic_budget.residency.steps import Step
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    NUMBERED,
    after,
    attempt,
    before,
    city_account,
    editable_case,
    is_child,
    is_open,
    say_voided,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing

DONE = True
POINTS_SHOWN = 3


@residency.route("/residence/<reference>/name", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def name(reference: str) -> ResponseReturnValue:
    """What is your name?"""
    case = editable_case(reference)
    told = case.answers
    form = NameForm(
        data={
            "given_names": told.given_names,
            "family_name": told.family_name,
            "original_name": told.original_name,
            "patronymic": told.patronymic,
        }
    )
    if form.validate_on_submit() and attempt(form, _tell_name, case, form):
        return redirect(after(case.id))
    return question_page("name", Step.NAME, case, form)


@residency.route("/residence/<reference>/document-lines", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def document_lines(reference: str) -> ResponseReturnValue:
    """Name and birth date from the machine-readable lines; each wrong place is named."""
    case = editable_case(reference)
    form = LinesForm()
    faults: list[str] = []
    if form.validate_on_submit():
        found = find_faults(form.lines.data, today=city_day(now()))
        faults = [say_fault(fault) for fault in found]
        if not faults and attempt(form, _tell_lines, case, form):
            return redirect(after(case.id))
        if faults:
            form.refuse(Conflict("line_wrong", field="lines"), say_fault(found[0]))
    return question_page("document_lines", Step.NAME, case, form, faults=faults[1:])


@residency.route("/residence/<reference>/birth-date", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def birth_date(reference: str) -> ResponseReturnValue:
    """When were you born?"""
    case = editable_case(reference)
    born = case.answers.born_on
    known = {"birth_date": born.day, "month": born.month, "year": born.year} if born else {}
    form = BirthDateForm(data={name: str(value) for name, value in known.items()})
    if form.validate_on_submit() and attempt(form, _tell_birth_date, case, form):
        return redirect(after(case.id))
    return question_page("birth_date", Step.BIRTH_DATE, case, form)


@residency.route("/residence/<reference>/sex", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def sex(reference: str) -> ResponseReturnValue:
    """Would you tell us your sex?"""
    case = editable_case(reference)
    form = SexForm(data={"sex": case.answers.sex or ""})
    form.sex.choices = [
        *(SelectChoice(code.value, words) for code, words in SEX_NAMES.items()),
        SelectChoice("", gettext("I would rather not say")),
    ]
    if form.validate_on_submit() and attempt(form, _tell_sex, case, form):
        return redirect(after(case.id))
    return question_page("sex", Step.SEX, case, form)


@residency.route("/residence/<reference>/address", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def address(reference: str) -> ResponseReturnValue:
    """Where do you live?"""
    case = editable_case(reference)
    home = case.answers.address
    if home is not None and home.is_described:
        home = None
    known = (
        {
            "street": home.street,
            "house": home.house,
            "flat": home.flat,
            "postcode": home.postcode,
            "district": str(case.answers.district or ""),
        }
        if home
        else {}
    )
    form = HomeForm(data=known)
    if request.form.get("street_chosen"):
        form.street.data = request.form["street_chosen"]
    form.offer_districts(_open_districts(form))
    if form.validate_on_submit() and attempt(form, _tell_address, case, form):
        return redirect(after(case.id))
    typed = form.street.data or ""
    return question_page(
        "address",
        Step.ADDRESS,
        case,
        form,
        streets=list_street_names(reading()),
        alike=search_streets(reading(), typed) if form.street.errors and typed else [],
    )


@residency.route("/residence/<reference>/proof", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def proof(reference: str) -> ResponseReturnValue:
    """By statement or by document?"""
    case = editable_case(reference)
    form = ProofForm(data={"road": case.road.value if case.road else ""})
    roads = open_roads(reading(), at=now())
    form.road.choices = [choice for choice in form.road.choices if choice.value in roads]
    if form.validate_on_submit() and attempt(form, _choose_road, case, form):
        if form.road.data == Road.LETTER:
            return redirect(after(case.id))
        chosen = Step.STATEMENT if form.road.data == Road.STATEMENT else Step.DOCUMENTS
        return redirect(url_for(f"residency.{chosen.value}", reference=case.reference))
    may_ask = may_ask_registers(reading(), at=now())
    registers = list_registers(settings().registers) if may_ask else []
    has_account = may_ask and city_account() is not None and not is_child(case)
    district = case.answers.district
    return question_page(
        "proof",
        Step.PROOF,
        case,
        form,
        registers=registers,
        has_city_account=has_account,
        was_closed=case.road is not None and not is_open(case, case.road),
        points=[] if roads else list_assistance_points(reading(), near=district)[:POINTS_SHOWN],
    )


def question_page(template: str, step: Step, case: CaseFacts, form: Any, **more: Any) -> str:
    """A question with its number, the way back, and whether it is asked about a child."""
    number = NUMBERED.index(step) + 1 if step in NUMBERED else 0
    caption = (
        gettext("Question %(number)s of %(all)s", number=number, all=len(NUMBERED))
        if number
        else gettext("Your proof")
    )
    return render_template(
        f"residency/{template}.html",
        form=form,
        case=case,
        back_url=before(step, case),
        step_caption=caption,
        is_child=is_child(case),
        **more,
    )


def _tell_name(case: CaseFacts, form: NameForm) -> bool:
    with writing() as work:
        voided = service.tell_name(
            work,
            actor(),
            case_id=case.id,
            given_names=form.given_names.data,
            family_name=form.family_name.data or "",
            original_name=form.original_name.data or "",
            patronymic=form.patronymic.data or "",
            at=now(),
        )
    say_voided(voided)
    return DONE


def _tell_lines(case: CaseFacts, form: LinesForm) -> bool:
    with writing() as work:
        voided = service.tell_document_lines(
            work, actor(), case_id=case.id, lines=form.lines.data, at=now()
        )
    say_voided(voided)
    return DONE


def _tell_birth_date(case: CaseFacts, form: BirthDateForm) -> bool:
    born_on = form.read()
    with writing() as work:
        voided = service.tell_birth_date(work, actor(), case_id=case.id, born_on=born_on, at=now())
    say_voided(voided)
    return DONE


def _tell_sex(case: CaseFacts, form: SexForm) -> bool:
    said = form.sex.data if form.sex.data in {code.value for code in Sex} else None
    with writing() as work:
        service.tell_sex(work, actor(), case_id=case.id, sex=said, at=now())
    return DONE


def _open_districts(form: HomeForm) -> dict[int, str]:
    """The districts between which the street list leaves a typed home open."""
    found = find_address(reading(), form.street.data or "", form.house.data or "")
    if found is None or len(found.districts) < 2:
        return {}
    names = district_names(reading())
    return {number: names[number] for number in found.districts}


def _tell_address(case: CaseFacts, form: HomeForm) -> bool:
    home = HomeAddress(
        street=form.street.data,
        house=form.house.data or "",
        flat=form.flat.data or "",
        postcode=form.postcode.data or "",
        district=form.read_district(),
    )
    with writing() as work:
        voided = service.tell_address(work, actor(), case_id=case.id, address=home, at=now())
    say_voided(voided)
    return DONE


def _choose_road(case: CaseFacts, form: ProofForm) -> bool:
    with writing() as work:
        service.choose_road(work, actor(), case_id=case.id, road=Road(form.road.data), at=now())
    return DONE
