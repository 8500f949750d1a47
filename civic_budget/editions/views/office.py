"""The office's pages: all editions, the beginning of one, its task list, check and publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from civic_budget.city.queries import district_names
from civic_budget.editions import policy, service
from civic_budget.editions.checking import Finding, Section, blocking, check_edition
from civic_budget.editions.drafts import DraftFacts, get_draft, list_office_editions
from civic_budget.editions.forms import EmptyForm, PrepareForm, choices
from civic_budget.editions.labels import SECTION_NAMES, say_finding, say_refusal
from civic_budget.editions.service import city_of
from civic_budget.editions.views.blueprint import editions
from civic_budget.kernel.errors import DomainError
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import locale_code

Result = TypeVar("Result")
PAGES = {
    Section.CALENDAR: "editions.calendar",
    Section.POOLS: "editions.pools",
    Section.CATEGORIES: "editions.categories",
    Section.BALLOT: "editions.ballot",
    Section.SELECTION: "results.rule",
    Section.TEXTS: "editions.texts",
    Section.SOURCES: "editions.sources",
}


def attempt(form: Form, deed: Callable[[], Result]) -> tuple[bool, Result | None]:
    """Do a deed; a refusal becomes a sentence at its field, and False."""
    try:
        return True, deed()
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False, None


def page_of(section: Section, slug: str) -> str:
    """The address of the page on which a section is set."""
    if section is Section.CATEGORIES:
        return url_for(PAGES[section])
    return url_for(PAGES[section], slug=slug)


@editions.get("/office/editions")
@access(Audience.STAFF)
def office_list() -> ResponseReturnValue:
    """All editions, public or not."""
    return render_template(
        "editions/office_list.html",
        rows=list_office_editions(reading()),
        may_prepare=bool(policy.may_prepare(actor())),
    )


@editions.route("/office/editions/new", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def prepare() -> ResponseReturnValue:
    """Begin an edition, usually as a copy of the last one."""
    own = [row for row in list_office_editions(reading()) if not row.is_imported]
    form = PrepareForm()
    copies = [
        (str(row.id), gettext("copied from %(name)s", name=row.name(locale_code()))) for row in own
    ]
    form.copy_of.choices = choices([*copies, ("", gettext("empty"))])
    if not form.is_submitted():
        form.year.data = max((row.year for row in own), default=now().year - 1) + 1
        form.slug.data = str(form.year.data)
    if form.validate_on_submit():
        done, _ = attempt(form, lambda: _prepare(form))
        if done:
            return redirect(url_for("editions.overview", slug=form.slug.data))
    return render_template("editions/prepare.html", form=form)


def _prepare(form: PrepareForm) -> UUID:
    year = form.year.data
    names = {
        "pl": f"Budżet obywatelski {year}",
        "en": f"Civic budget {year}",
        "uk": f"Громадський бюджет {year}",
        "ru": f"Гражданский бюджет {year}",
    }
    with writing() as work:
        return service.prepare_edition(
            work,
            actor(),
            slug=form.slug.data.strip(),
            year=year,
            names=names,
            copy_of=UUID(form.copy_of.data) if form.copy_of.data else None,
            is_training=form.is_training.data,
            at=now(),
        )


@editions.get("/office/editions/<slug>")
@access(Audience.STAFF)
def overview(slug: str) -> ResponseReturnValue:
    """One edition: its settings as a task list."""
    draft = get_draft(reading(), slug)
    found = _check(draft)
    return render_template(
        "editions/overview.html",
        draft=draft,
        training=draft.is_training,
        tasks=[_task(section, draft, found) for section in Section],
        blocked=len(blocking(found)),
    )


def _check(draft: DraftFacts) -> list[Finding]:
    city = city_of(reading())
    if draft.is_published:
        found = check_edition(draft, city, at=now())
        return [one for one in found if one.code != "year_taken"]
    return check_edition(draft, city, at=now())


def _task(section: Section, draft: DraftFacts, found: list[Finding]) -> dict[str, str]:
    own = [finding for finding in found if finding.section is section]
    if blocking(own):
        state, kind = gettext("to do"), "danger"
    elif own:
        state, kind = gettext("look again"), "warn"
    else:
        state, kind = gettext("complete"), "ok"
    hint = (
        ngettext("%(count)s remark", "%(count)s remarks", len(own), count=len(own)) if own else ""
    )
    is_open = not draft.is_published or section in {Section.CATEGORIES, Section.SELECTION}
    is_theirs = section is Section.SELECTION or bool(policy.may_prepare(actor()))
    url = page_of(section, draft.slug) if is_open and is_theirs else ""
    return {
        "title": str(SECTION_NAMES[section]),
        "url": url,
        "state": str(state),
        "kind": kind,
        "hint": str(hint),
    }


@editions.get("/office/editions/<slug>/check")
@access(Audience.STAFF)
def check(slug: str) -> ResponseReturnValue:
    """What is missing or contradictory, and publication when nothing blocks it."""
    return _check_page(get_draft(reading(), slug), EmptyForm())


def _check_page(draft: DraftFacts, form: Form) -> ResponseReturnValue:
    found = _check(draft)
    districts = district_names(reading())
    sections = [
        (
            SECTION_NAMES[section],
            page_of(section, draft.slug),
            [(one.blocks, say_finding(one, districts)) for one in found if one.section is section],
        )
        for section in Section
    ]
    return render_template(
        "editions/check.html",
        form=form,
        draft=draft,
        training=draft.is_training,
        sections=[row for row in sections if row[2]],
        blocked=len(blocking(found)),
        may_publish=bool(policy.may_publish(actor(), is_published=draft.is_published)),
    )


@editions.post("/office/editions/<slug>/publish")
@access(Audience.ADMINISTRATOR)
def publish(slug: str) -> ResponseReturnValue:
    """Make the edition public."""
    draft = get_draft(reading(), slug)
    form = EmptyForm()
    if form.validate_on_submit():
        done, _ = attempt(form, lambda: _publish(draft.id))
        if done:
            flash(gettext("The edition is public."), "success")
            return redirect(url_for("editions.overview", slug=slug))
    return _check_page(draft, form)


def _publish(edition_id: UUID) -> None:
    with writing() as work:
        service.publish_edition(work, actor(), edition_id=edition_id, at=now())
