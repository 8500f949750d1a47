"""Acts of the mayor: the coordinator enters one; everybody reads it, as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date, gettext

from civic_budget.assessment import service
from civic_budget.assessment.forms import ActForm, act_form
from civic_budget.assessment.queries import (
    ActFacts,
    Pending,
    get_act,
    list_acts,
    list_pending,
)
from civic_budget.assessment.service import ActItem
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import attempt
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import (
    EditionFacts,
    get_current_edition,
    get_edition,
    get_edition_by_slug,
)
from civic_budget.proposals.labels import say_scope
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import CONTENT_LANGUAGES, current_language
from civic_budget.web.printing import pdf_response, render_pdf


@assessment.route("/office/acts", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def office_acts() -> ResponseReturnValue:
    """The acts so far, and a form for one more over all that waits for the mayor."""
    slug = request.args.get("edition", "")
    edition = (
        get_edition_by_slug(reading(), slug) if slug else get_current_edition(reading(), at=now())
    )
    pending = list_pending(reading(), edition.id)
    form = act_form([(p.proposal.id.hex, p.proposal.reference, p.is_appealed) for p in pending])
    if form.validate_on_submit():
        act_id = attempt(form, _enter, form, pending, edition)
        if act_id is not None:
            flash(
                gettext("The act is entered. Nobody gets a message: this is training.")
                if edition.is_training
                else gettext("The act is entered. The authors get a message."),
                "success",
            )
            return redirect(url_for("assessment.act", act_id=act_id))
    return render_template(
        "assessment/acts_office.html",
        edition=edition,
        acts=list_acts(reading(), edition.id),
        pending=pending,
        form=form,
    )


def _enter(form: ActForm, pending: Sequence[Pending], edition: EditionFacts) -> UUID:
    with writing() as work:
        return service.enter_act(
            work,
            actor(),
            edition_id=edition.id,
            number=form.number.data,
            signed_on=form.signed_on.data,
            items=_items(form, pending),
            at=now(),
        )


def _items(form: ActForm, pending: Sequence[Pending]) -> list[ActItem]:
    items = []
    for one in pending:
        outcome = form[f"outcome_{one.proposal.id.hex}"].data
        if outcome:
            reason = (form[f"words_{one.proposal.id.hex}"].data or "").strip()
            is_restored = outcome == "restore"
            words = _words(form.number.data.strip(), form.signed_on.data, is_restored, reason)
            items.append(ActItem(one.proposal.id, is_restored, words))
    return items


def _words(number: str, signed_on: object, is_restored: bool, reason: str) -> dict[str, str]:
    """What the act says of a proposal in each language; the reasons stand in Polish, as signed."""
    words = {}
    for language in CONTENT_LANGUAGES:
        with force_locale(language):
            day = format_date(signed_on, "long")
            said = (
                gettext(
                    "By act no. %(number)s of %(day)s the mayor restored the proposal.",
                    number=number,
                    day=day,
                )
                if is_restored
                else gettext(
                    "By act no. %(number)s of %(day)s the mayor upheld the rejection.",
                    number=number,
                    day=day,
                )
            )
            tail = gettext("Reasons, in Polish: %(reasons)s", reasons=reason)
        more = "" if not reason else f"\n{reason}" if language == "pl" else f"\n{tail}"
        words[language] = f"{said}{more}"
    return words


@assessment.get("/acts/<uuid:act_id>")
@access(Audience.PUBLIC)
def act(act_id: UUID) -> ResponseReturnValue:
    """One act: what it restores, what it refuses, and where it differs from the council's opinion."""
    found = get_act(reading(), act_id)
    names = district_names(reading())
    return render_template(
        "assessment/act.html",
        act=found,
        edition=get_edition(reading(), found.edition_id),
        scope_name=lambda scope: say_scope(scope, names),
    )


@assessment.get("/acts/<uuid:act_id>.pdf")
@access(Audience.PUBLIC)
def act_file(act_id: UUID) -> ResponseReturnValue:
    """The same as a tagged PDF."""
    return pdf_response(print_act(get_act(reading(), act_id)), f"act-{act_id}.pdf")


def print_act(found: ActFacts) -> bytes:
    """An act as PDF/UA in the reader's language; reasons stand as they were signed."""
    edition = get_edition(reading(), found.edition_id)
    language = current_language()
    rows = [
        [
            line.proposal.reference,
            line.proposal.title,
            gettext("restored") if line.is_restored else gettext("stays rejected"),
            _say_council(line.council_was_for),
        ]
        for line in found.lines
    ]
    return render_pdf(
        "mayor_act",
        {
            "lang": language,
            "title": gettext("Act of the mayor no. %(number)s", number=found.number),
            "facts": [
                [gettext("Edition"), edition.name(language)],
                [gettext("Signed on"), format_date(found.signed_on, "long")],
                [gettext("Proposals"), str(len(rows))],
            ],
            "header": [
                gettext("Reference"),
                gettext("Title"),
                gettext("Decision"),
                gettext("The council’s opinion"),
            ],
            "rows": rows,
            "reasons_title": gettext("Reasons"),
            "reasons": [[line.proposal.reference, *line.reason(language)] for line in found.lines],
            "foot": gettext("The act as the mayor signed it, in Polish, is binding."),
        },
    )


def _say_council(was_for: bool | None) -> str:
    if was_for is None:
        return str(gettext("none given"))
    return str(gettext("in favour") if was_for else gettext("against"))


@assessment.get("/editions/<slug>/acts")
@access(Audience.PUBLIC)
def acts(slug: str) -> ResponseReturnValue:
    """All acts of an edition."""
    edition = get_edition_by_slug(reading(), slug)
    return render_template(
        "assessment/acts.html", edition=edition, acts=list_acts(reading(), edition.id)
    )
