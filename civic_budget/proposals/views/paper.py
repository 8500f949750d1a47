"""Proposals that the office types in: brought on paper, or invented for training."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import (
    category_names,
    get_current_edition,
    get_edition_by_slug,
)
from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import PaperForm
from civic_budget.proposals.labels import say_gap, say_reason, say_refusal, say_scope
from civic_budget.proposals.rules import TEXT_FIELDS
from civic_budget.proposals.service import Incomplete
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import CONTENT_LANGUAGES, OWN_NAMES, current_language


@proposals.route("/office/paper-proposals", methods=["GET", "POST"])
@access(Audience.PAPER_PROPOSALS)
def enter_on_paper() -> ResponseReturnValue:
    """Type in a proposal on behalf of its author."""
    edition = get_current_edition(reading(), at=now())
    form = _form([pool.scope for pool in edition.pools])
    if form.validate_on_submit():
        proposal_id = _enter(form, edition.id)
        if proposal_id is not None:
            flash(gettext("The proposal is entered. Its author gets a message."), "success")
            if actor().has(Role.COORDINATOR):
                return redirect(url_for("assessment.case", proposal_id=proposal_id))
            return redirect(url_for("proposals.enter_on_paper"))
    may = policy.may_enter_paper(actor(), phase=edition.phase(now()))
    return render_template(
        "proposals/paper.html",
        form=form,
        fields=TEXT_FIELDS,
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
    )


def _form(scopes: list[str]) -> PaperForm:
    form = PaperForm(data={"language": "pl"})
    names = district_names(reading())
    form.scope.choices = [SelectChoice(scope, say_scope(scope, names)) for scope in scopes]
    form.language.choices = [SelectChoice(code, OWN_NAMES[code]) for code in CONTENT_LANGUAGES]
    form.category.choices = [
        SelectChoice(code, name)
        for code, name in category_names(reading(), current_language()).items()
    ]
    return form


def _enter(form: PaperForm, edition_id: UUID) -> UUID | None:
    try:
        costs = form.read_costs()
    except ValueError:
        form.costs.errors = [
            gettext("Write on each line what it is, a semicolon and the amount: Bench; 4 200")
        ]
        return None
    try:
        with writing() as work:
            return service.enter_on_paper(
                work,
                actor(),
                edition_id=edition_id,
                person_number=form.person_number.data,
                scope=form.scope.data,
                language=form.language.data,
                texts={name: form[name].data or "" for name in TEXT_FIELDS},
                category=form.category.data or "",
                place=form.place.data or "",
                costs=costs,
                places=form.read_places(),
                received_at=form.received_at.data.replace(tzinfo=CITY_ZONE),
                at=now(),
            )
    except Incomplete as error:
        for gap in error.gaps:
            form[gap.field].errors = [*form[gap.field].errors, say_gap(gap)]
    except DomainError as error:
        form.refuse(error, say_refusal(error))
    return None


@proposals.post("/office/editions/<slug>/fill-training")
@access(Audience.COORDINATOR)
def fill_training(slug: str) -> ResponseReturnValue:
    """Invented proposals for a training edition."""
    edition = get_edition_by_slug(reading(), slug)
    try:
        with writing() as work:
            service.fill_training(work, actor(), edition_id=edition.id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Invented proposals are in. Nobody gets a message."), "success")
    return redirect(url_for("assessment.queue", edition=slug))
