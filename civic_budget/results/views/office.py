"""The commission's desk for results: draws to enter, the press that publishes."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import get_current_edition, list_editions
from civic_budget.editions.rule_words import say_event
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.results import service
from civic_budget.results.drawing import read_draw
from civic_budget.results.forms import DrawForm, PublishForm
from civic_budget.results.labels import say_refusal
from civic_budget.results.queries import list_decided_editions
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.showing import EditionResults, load_results
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form


@results.get("/office/results")
@access(Audience.COMMISSION)
def office() -> ResponseReturnValue:
    """What was decided, which draws are outstanding, whether the public sees it yet."""
    return _show(DrawForm(formdata=None))


@results.post("/office/results/draw")
@access(Audience.COMMISSION)
def enter_draw() -> ResponseReturnValue:
    """Enter what the announced event gave: ties are settled and the board is written anew."""
    form = DrawForm()
    if not form.validate_on_submit():
        return _show(form)
    edition = get_current_edition(reading(), at=now())
    try:
        with writing() as work:
            service.enter_draw(
                work,
                actor(),
                edition_id=edition.id,
                draw=read_draw(form.seed.data or "", form.order.data or ""),
                source=form.source.data or "",
                at=now(),
            )
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return _show(form)
    flash(gettext("The draw is entered. The ties are settled."), "success")
    return redirect(url_for("results.office"))


@results.post("/office/results/publish")
@access(Audience.COMMISSION)
def publish() -> ResponseReturnValue:
    """Lift the embargo."""
    form = PublishForm()
    if not form.validate_on_submit():
        return _show(form)
    edition = get_current_edition(reading(), at=now())
    try:
        with writing() as work:
            service.publish_results(work, actor(), edition_id=edition.id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "danger")
        return redirect(url_for("results.office"))
    flash(gettext("The results are public."), "success")
    return redirect(url_for("results.office"))


def _show(form: Form) -> str:
    edition = get_current_edition(reading(), at=now())
    found: EditionResults | None
    try:
        found = load_results(edition.slug)
    except NotFound:
        found = None
    decided = list_decided_editions(reading())
    waiting = [d for d in found.scopes if not d.facts.is_complete] if found else []
    return render_template(
        "results/office.html",
        edition=edition,
        found=found,
        publishes_at=edition.moment_of(Milestone.RESULTS_PUBLISHED),
        waiting=[
            (d.name, record, say_event(record.event))
            for d in waiting
            for record in d.protocol.draws
        ],
        earlier=[e for e in list_editions(reading()) if e.id in decided and e.id != edition.id],
        form=form if isinstance(form, DrawForm) else DrawForm(formdata=None),
    )
