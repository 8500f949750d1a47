"""The analysts' desk: what is sealed and when it will be public, the log, requests outside the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import EditionFacts, list_editions
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.errors import DomainError
from civic_budget.results.queries import are_published
from civic_budget.statistics import labels, outside, service
from civic_budget.statistics.answers import draft_answer
from civic_budget.statistics.forms import RequestForm
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.queries import (
    find_release,
    get_publication,
    list_published,
    list_registers,
    list_requests,
    list_steps,
)
from civic_budget.statistics.views.blueprint import statistics
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import locale_code


@dataclass(frozen=True)
class EditionState:
    """Where an edition's statistics stand: the seal that a quotation cites, and the embargo's end."""

    edition: EditionFacts
    head: str
    sealed_at: datetime | None
    public_at: datetime
    is_public: bool


@statistics.get("/office/statistics")
@access(Audience.ANALYST)
def office() -> ResponseReturnValue:
    """Editions, the log of sealing, registers from outside, logged requests."""
    editions = list_editions(reading())
    return render_template(
        "statistics/office.html",
        states=[_state(edition) for edition in editions],
        steps=list_steps(reading()),
        slugs={edition.id: edition.slug for edition in editions},
        registers=list_registers(reading()),
        requests=list_requests(reading()),
        labels=labels,
    )


def _state(edition: EditionFacts) -> EditionState:
    release = find_release(reading(), edition.id)
    return EditionState(
        edition,
        release.head if release else "",
        release.sealed_at if release else None,
        edition.moment_of(Milestone.RESULTS_PUBLISHED),
        release is not None and are_published(edition, at=now()),
    )


@statistics.route("/office/statistics/request", methods=["GET", "POST"])
@access(Audience.ANALYST)
def request_outside() -> ResponseReturnValue:
    """A question outside the catalogue: a reasoned answer is drafted, then logged as sent."""
    form = RequestForm()
    if form.validate_on_submit():
        if request.form.get("do") == "save" and _log(form):
            flash(gettext("The question and the answer are in the log."), "success")
            return redirect(url_for("statistics.office"))
        if request.form.get("do") != "save":
            form.answer.data = _draft(form)
    return render_template("statistics/request.html", form=form, drafted=bool(form.answer.data))


def _log(form: RequestForm) -> bool:
    try:
        with writing() as work:
            service.answer_request(
                work,
                actor(),
                asked_by=form.asked_by.data,
                question=form.question.data,
                answer=form.answer.data or "",
                language=locale_code(),
                at=now(),
            )
    except DomainError as error:
        form.refuse(error, labels.say_refusal(error))
        return False
    return True


def _draft(form: RequestForm) -> str:
    published = list_published(reading(), at=now())
    if not published:
        return draft_answer(None, form.measure.data, form.by.data or [])
    publication: Publication = get_publication(reading(), published[0].id)
    verdict = outside.judge(publication, form.measure.data, form.by.data or [])
    return draft_answer(verdict, form.measure.data, form.by.data or [])
