"""The office's pages about carrying out winners: tell the next stage, correct a step, add photos."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict, DomainError, NotFound
from civic_budget.kernel.money import say_money
from civic_budget.proposals.implementation_rules import FOLLOWS, MOST_PHOTOS, Stage
from civic_budget.proposals.labels import STAGE_KINDS, STAGE_NAMES
from civic_budget.proposals.queries import Step, find_picture, list_pictures
from civic_budget.residency.intake import EXTENSIONS, Kind, Refused, take_in
from civic_budget.results import building
from civic_budget.results.building_forms import NextStepForm, PhotoForm, StepForm
from civic_budget.results.building_labels import ALT_LANGUAGES, NOTE_LANGUAGES, say_refusal
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.building import Progress, list_progress
from civic_budget.results.views.public import published_editions
from civic_budget.results.views.showing import EditionResults, load_results
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form

PICTURES = sorted(suffix for suffix, kind in EXTENSIONS.items() if kind is not Kind.PDF)


@results.get("/office/implementation")
@access(Audience.ASSESSOR)
def building_index() -> ResponseReturnValue:
    """The winners of the latest edition with public results, or of none."""
    editions = published_editions()
    if not editions:
        return render_template("results/building_office.html", edition=None, rows=[], others=[])
    return redirect(url_for("results.building_office", slug=editions[0].slug))


@results.get("/office/editions/<slug>/implementation")
@access(Audience.ASSESSOR)
def building_office(slug: str) -> ResponseReturnValue:
    """The winners whose story the reader may tell, those that wait longest for news first."""
    found = load_results(slug)
    rows = [one for one in list_progress(found) if _may_tell(one.id)]
    return render_template(
        "results/building_office.html",
        edition=found.edition,
        rows=sorted(rows, key=_silence),
        others=[e for e in published_editions() if e.slug != slug],
        stage_names=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
    )


def _silence(one: Progress) -> tuple[bool, bool, str]:
    """Overdue first, then what is still open, the longest silence first."""
    is_over = one.stage in {Stage.FINISHED, Stage.ABANDONED}
    last = one.steps[0].happened_on.isoformat() if one.steps else ""
    return is_over, not one.is_overdue, last


@results.route("/office/editions/<slug>/implementation/<uuid:proposal_id>", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def building_project(slug: str, proposal_id: UUID) -> ResponseReturnValue:
    """One winner: what was told of it, and the form for the next step."""
    one = _project(load_results(slug), proposal_id)
    form = NextStepForm()
    if not form.is_submitted():
        form.after.data = str(one.steps[0].number if one.steps else 0)
    form.offer(FOLLOWS[one.stage])
    if form.validate_on_submit() and _attempt(form, _tell, proposal_id, form):
        flash(gettext("Told. The authors and all followers get a message."), "success")
        return redirect(url_for("results.building_project", slug=slug, proposal_id=proposal_id))
    return _show(slug, proposal_id, form)


def _show(slug: str, proposal_id: UUID, form: Any) -> str:
    found = load_results(slug)
    one = _project(found, proposal_id)
    stands = one.winner.is_funded
    form.offer(FOLLOWS[one.stage])
    if form.is_submitted() and form.after.data != str(one.steps[0].number if one.steps else 0):
        # Whoever was slower has been told so: sent once more, the form stands on what is there now.
        form.after.data = str(one.steps[0].number if one.steps else 0)
    return render_template(
        "results/building_project.html",
        edition=found.edition,
        one=one,
        form=form,
        stands=stands and bool(FOLLOWS[one.stage]),
        pictures=list_pictures(reading(), proposal_id),
        stage_names=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
        codes=list(NOTE_LANGUAGES),
    )


@results.route(
    "/office/editions/<slug>/implementation/<uuid:proposal_id>/steps/<uuid:step_id>",
    methods=["GET", "POST"],
)
@access(Audience.ASSESSOR)
def building_step(slug: str, proposal_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """Correct a step; its photos with a form to add one."""
    found = load_results(slug)
    one = _project(found, proposal_id)
    held = _held(one, step_id)
    form = StepForm(data=_as_typed(held))
    if form.validate_on_submit() and _attempt(form, _correct, held, form):
        flash(gettext("Corrected. The page says so."), "success")
        return redirect(url_for("results.building_project", slug=slug, proposal_id=proposal_id))
    held = _held(_project(found, proposal_id), step_id)
    form.seen.data = held.changed_at.isoformat() if held.changed_at else ""
    return _show_step(found, one, held, form, PhotoForm(formdata=None))


@results.route(
    "/office/editions/<slug>/implementation/<uuid:proposal_id>/steps/<uuid:step_id>/photos",
    methods=["GET", "POST"],
)
@access(Audience.ASSESSOR)
def building_photo(slug: str, proposal_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """Add a photo of a step; its own address leads back to the step's page."""
    found = load_results(slug)
    one = _project(found, proposal_id)
    held = _held(one, step_id)
    form = PhotoForm()
    here = url_for("results.building_step", slug=slug, proposal_id=proposal_id, step_id=step_id)
    if form.validate_on_submit() and _attempt(form, _add_photo, step_id, form):
        flash(gettext("The photo is here. Its place and camera data were removed."), "success")
        return redirect(here)
    step_form = StepForm(formdata=None, data=_as_typed(held))
    return _show_step(found, one, held, step_form, form)


@results.post(
    "/office/editions/<slug>/implementation/<uuid:proposal_id>/steps/<uuid:step_id>"
    "/photos/<uuid:picture_id>/remove"
)
@access(Audience.ASSESSOR)
def remove_building_photo(
    slug: str, proposal_id: UUID, step_id: UUID, picture_id: UUID
) -> ResponseReturnValue:
    """Take a photo away."""
    found = find_picture(reading(), picture_id)
    if found is None or found.step_id != step_id:
        raise NotFound("no_such_picture")
    try:
        with writing() as work:
            building.remove_photo(work, actor(), picture_id=picture_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Removed."), "success")
    return redirect(
        url_for("results.building_step", slug=slug, proposal_id=proposal_id, step_id=step_id)
    )


def _show_step(found: EditionResults, one: Progress, held: Step, form: Any, photo_form: Any) -> str:
    photos = [p for p in list_pictures(reading(), one.id) if p.step_id == held.id]
    return render_template(
        "results/building_step.html",
        edition=found.edition,
        one=one,
        step=held,
        form=form,
        photo_form=photo_form,
        photos=photos,
        may_add=len(photos) < MOST_PHOTOS,
        accept=",".join(PICTURES),
        stage_names=STAGE_NAMES,
        note_codes=list(NOTE_LANGUAGES),
        alt_codes=list(ALT_LANGUAGES),
    )


def _project(found: EditionResults, proposal_id: UUID) -> Progress:
    """A winner that the reader may tell of; everybody else gets "no such page"."""
    one = next((p for p in list_progress(found) if p.id == proposal_id), None)
    if one is None or not _may_tell(proposal_id):
        raise NotFound("no_such_project")
    return one


def _held(one: Progress, step_id: UUID) -> Step:
    held = next((s for s in one.steps if s.id == step_id), None)
    if held is None:
        raise NotFound("no_such_step")
    return held


def _may_tell(proposal_id: UUID) -> bool:
    if actor().has(Role.COORDINATOR):
        return True
    return building.is_responsible(reading(), actor(), proposal_id)


def _as_typed(held: Step) -> dict[str, str]:
    """A step as an official would have typed it."""
    expected, cost = held.expected_on, held.real_cost
    return {
        "happened_on": f"{held.happened_on:%d.%m.%Y}",
        "expected_on": f"{expected:%d.%m.%Y}" if expected else "",
        "real_cost": "" if cost is None else say_money(cost).removesuffix("zł").strip(),
        **{f"note_{code}": held.notes.get(code, "") for code in NOTE_LANGUAGES},
    }


def _attempt(form: Form, deed: Any, *values: Any) -> bool:
    try:
        deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False
    return True


def _tell(proposal_id: UUID, form: Any) -> None:
    after = form.after.data or ""
    with writing() as work:
        building.tell_step(
            work,
            actor(),
            proposal_id=proposal_id,
            step=form.read_step(Stage(form.stage.data)),
            after=int(after) if after.isdigit() else -1,
            at=now(),
        )


def _correct(held: Step, form: Any) -> None:
    seen = held.changed_at
    if (form.seen.data or "") != (seen.isoformat() if seen else ""):
        raise Conflict("somebody_recorded")
    with writing() as work:
        building.correct_told(
            work,
            actor(),
            step_id=held.id,
            step=form.read_step(Stage(held.stage)),
            seen=seen,
            at=now(),
        )


def _add_photo(step_id: UUID, form: Any) -> None:
    try:
        taken = take_in(form.file.data.read(), filename=form.file.data.filename or "")
    except Refused as refused:
        raise Conflict(refused.code, field="file", **refused.details) from refused
    if taken.kind is Kind.PDF:
        raise Conflict("not_a_picture", field="file")
    with writing() as work:
        building.add_photo(
            work, actor(), step_id=step_id, page=taken.pages[0], alt=form.read_alt(), at=now()
        )
