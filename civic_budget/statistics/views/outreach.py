"""Campaign codes and targets: the office's pages, and the page that a leaflet leads to."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.config import LANGUAGES
from civic_budget.editions.queries import EditionFacts, get_edition, list_editions
from civic_budget.kernel.errors import DomainError
from civic_budget.statistics import labels
from civic_budget.statistics import outreach as service
from civic_budget.statistics.forms import CampaignForm, TargetForm
from civic_budget.statistics.leaflet import render_leaflet
from civic_budget.statistics.nationality import POLISH
from civic_budget.statistics.outreach_queries import (
    find_campaign,
    get_campaign,
    list_campaigns,
    list_targets,
)
from civic_budget.statistics.queries import get_publication, list_published
from civic_budget.statistics.views.blueprint import statistics
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import OWN_NAMES, locale_code
from civic_budget.web.printing import pdf_response


@statistics.route("/office/statistics/outreach", methods=["GET", "POST"])
@access(Audience.ANALYST)
def outreach() -> ResponseReturnValue:
    """Codes of leaflets and points with what was counted and hoped for; a new one is made here."""
    form = CampaignForm()
    if form.validate_on_submit() and _make(form):
        flash(gettext("The code is ready. Print its leaflet below."), "success")
        return redirect(url_for("statistics.outreach"))
    return render_template(
        "statistics/outreach.html",
        form=form,
        campaigns=list_campaigns(reading()),
        steps=labels.STEP_WORDS,
        labels=labels,
        languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
    )


def _make(form: CampaignForm) -> bool:
    try:
        with writing() as work:
            service.make_campaign(
                work,
                actor(),
                edition_id=_present().id,
                name=form.name.data or "",
                note=form.note.data or "",
                targets={step: form[step].data for step in service.STEPS},
                at=now(),
            )
    except DomainError as error:
        form.refuse(error, labels.say_refusal(error))
        return False
    return True


def _present() -> EditionFacts:
    """The latest edition that is not for training: codes of this year belong to it."""
    return max(
        (one for one in list_editions(reading()) if not one.is_training), key=lambda one: one.year
    )


@statistics.post("/office/statistics/outreach/<code>/end")
@access(Audience.ANALYST)
def end_campaign(code: str) -> ResponseReturnValue:
    """Count no more by a code."""
    with writing() as work:
        service.end_campaign(work, actor(), code=code, at=now())
    flash(gettext("The code is no longer counted. Its page still helps people."), "success")
    return redirect(url_for("statistics.outreach"))


@statistics.get("/office/statistics/outreach/<code>/leaflet.pdf")
@access(Audience.ANALYST)
def leaflet(code: str) -> ResponseReturnValue:
    """The leaflet in the language of the address."""
    campaign = get_campaign(reading(), code)
    path = url_for("statistics.arrive", code=campaign.code)
    address = settings().public_url.rstrip("/") + path
    shown = address.partition("://")[2]
    language = locale_code()
    content = render_leaflet(
        address=address, shown_address=shown, code=campaign.code, language=language
    )
    return pdf_response(content, f"leaflet-{campaign.code}-{language}.pdf")


@statistics.get("/c/<code>")
@access(Audience.PUBLIC)
def arrive(code: str) -> ResponseReturnValue:
    """Where a leaflet leads: what this is and how to begin. The opening is counted, nobody is noted.

    A mistyped code leads to the front page: the person is welcome all the same. What never was a code
    is not found.
    """
    if not service.may_be_code(code):
        abort(404)
    campaign = find_campaign(reading(), code)
    if campaign is None:
        return redirect(url_for("editions.home"))
    if request.method == "GET" and "Sec-Purpose" not in request.headers:
        with writing() as work:
            service.count_visit(work, code=code)
    return render_template("statistics/arrive.html", campaign=campaign)


@statistics.route("/c/<code>/start", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def begin(code: str) -> ResponseReturnValue:
    """Somebody signed in may let their start be counted, or not; both go on to their residence.

    Staff who try a leaflet are told why it ends here, and go on to their own pages.
    """
    if actor().roles:
        flash(
            gettext(
                "The code works. You are signed in with an account of the office, so nobody is "
                "counted; residents go on from here to their registration."
            ),
            "info",
        )
        return redirect(url_for("accounts.office"))
    campaign = find_campaign(reading(), code)
    if campaign is None or campaign.ended_at is not None:
        return redirect(url_for("residency.mine"))
    if request.method == "POST":
        if request.form.get("do") == "count":
            with writing() as work:
                service.note_arrival(work, actor(), code=code, at=now())
        return redirect(url_for("residency.mine"))
    return render_template("statistics/begin.html", campaign=campaign)


@statistics.route("/office/statistics/targets/<slug>", methods=["GET", "POST"])
@access(Audience.ANALYST)
def targets(slug: str) -> ResponseReturnValue:
    """Targets and notes beside the figures of an edition, before or after they are public."""
    edition = next((one for one in list_editions(reading()) if one.slug == slug), None)
    if edition is None:
        return redirect(url_for("statistics.office"))
    form = TargetForm()
    form.group.choices = [("", gettext("Everybody")), *_groups()]
    if form.validate_on_submit() and _set(form, edition):
        flash(gettext("The target stands beside the figures."), "success")
        return redirect(url_for("statistics.targets", slug=slug))
    return render_template(
        "statistics/targets.html",
        form=form,
        edition=get_edition(reading(), edition.id),
        targets=list_targets(reading(), edition.id),
        labels=labels,
        language=locale_code(),
    )


def _groups() -> list[tuple[str, str]]:
    """Poland and the groups of the latest public release: targets are set for these alone."""
    published = list_published(reading(), at=now())
    if not published:
        return []
    order = get_publication(reading(), published[0].id).classes.order
    return [(code, labels.class_name(code)) for code in (POLISH, *order)]


def _set(form: TargetForm, edition: EditionFacts) -> bool:
    try:
        with writing() as work:
            service.note_target(
                work,
                actor(),
                edition_id=edition.id,
                measure=form.measure.data,
                group=form.group.data or "",
                target=form.target.data,
                note=form.note.data or "",
                at=now(),
            )
    except DomainError as error:
        form.refuse(error, labels.say_refusal(error))
        return False
    return True
