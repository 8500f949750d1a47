"""The sections of a proposal's task list: each is one page, saved when it is sent, complete or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.editions.queries import category_names
from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money
from civic_budget.proposals import service
from civic_budget.proposals.forms import (
    AboutForm,
    AccessForm,
    CategoryForm,
    CostsForm,
    PlaceForm,
)
from civic_budget.proposals.labels import UNIT_NAMES, say_gap, say_refusal
from civic_budget.proposals.queries import find_last_decision, list_prices
from civic_budget.proposals.rules import LIMITS, SECTIONS, CostItem, ProposalState, name_priced
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import OwnProposal, own_proposal, turn_back
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import current_language, is_language_switch

ABOUT = SECTIONS["about"]


@proposals.route("/my-proposals/<uuid:proposal_id>/about", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_about(proposal_id: UUID) -> ResponseReturnValue:
    """The idea in words."""
    own = own_proposal(proposal_id)
    form = AboutForm(data={name: getattr(own.facts.original, name) for name in ABOUT})

    def save(work: Work) -> None:
        texts = {name: form[name].data or "" for name in ABOUT}
        service.save_texts(work, actor(), proposal_id=proposal_id, texts=texts, at=now())

    return _section(own, "about", form, save)


@proposals.route("/my-proposals/<uuid:proposal_id>/category", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_category(proposal_id: UUID) -> ResponseReturnValue:
    """What it is about."""
    own = own_proposal(proposal_id)
    form = CategoryForm(data={"category": own.facts.category})
    names = category_names(reading(), current_language())
    form.category.choices = [SelectChoice(code, name) for code, name in names.items()]

    def save(work: Work) -> None:
        chosen = form.category.data or ""
        service.save_details(work, actor(), proposal_id=proposal_id, category=chosen, at=now())

    return _section(own, "category", form, save)


@proposals.route("/my-proposals/<uuid:proposal_id>/place", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_place(proposal_id: UUID) -> ResponseReturnValue:
    """Where it should be."""
    own = own_proposal(proposal_id)
    facts = own.facts
    has_point = facts.latitude is not None and facts.longitude is not None
    point = f"{facts.latitude}, {facts.longitude}" if has_point else ""
    form = PlaceForm(data={"place": facts.place, "point": point})

    def save(work: Work) -> None:
        latitude, longitude = form.coordinates() or (None, None)
        service.save_details(
            work,
            actor(),
            proposal_id=proposal_id,
            place=form.place.data or "",
            latitude=latitude,
            longitude=longitude,
            at=now(),
        )

    return _section(own, "place", form, save)


@proposals.route("/my-proposals/<uuid:proposal_id>/costs", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_costs(proposal_id: UUID) -> ResponseReturnValue:
    """The estimate, line by line, and the yearly upkeep."""
    own = own_proposal(proposal_id)
    prices = list_prices(reading())
    names = {price.key: price.names for price in prices}
    rows = [_row(item, names, own.facts.language) for item in own.facts.costs]
    form = CostsForm(
        data={"costs": [*rows, {}] if len(rows) >= 4 else rows, "upkeep": _typed(own.facts.upkeep)}
    )
    if "add_row" in request.form and not is_language_switch():
        form.costs.append_entry()
    form.offer([(price.key, _offered(price)) for price in prices])
    if "add_row" in request.form and not is_language_switch():
        return turn_back(own) or _show(own, "costs", form)

    def save(work: Work) -> None:
        service.save_costs(work, actor(), proposal_id=proposal_id, costs=form.items(), at=now())
        service.save_details(
            work, actor(), proposal_id=proposal_id, upkeep=form.upkeep_grosze(), at=now()
        )

    return _section(own, "costs", form, save)


def _row(item: CostItem, names: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    """A saved line as it is typed; one whose price has left the list keeps its words and amount."""
    if item.price_key is None or item.quantity is None or item.price_key not in names:
        return {"name": item.name, "money": _typed(item.grosze)}
    called = name_priced(names[item.price_key], language, item.quantity)
    words = "" if item.name == called else item.name
    return {"name": words, "price": item.price_key, "quantity": str(item.quantity)}


def _offered(price: Any) -> str:
    name = price.names.get(current_language()) or price.names["pl"]
    return f"{name}: {say_money(price.grosze)} / {UNIT_NAMES.get(price.unit, price.unit)}"


@proposals.route("/my-proposals/<uuid:proposal_id>/access", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_access(proposal_id: UUID) -> ResponseReturnValue:
    """How everybody will be able to use it."""
    own = own_proposal(proposal_id)
    form = AccessForm(data={"accessibility": own.facts.accessibility})

    def save(work: Work) -> None:
        service.save_texts(
            work,
            actor(),
            proposal_id=proposal_id,
            texts={"accessibility": form.accessibility.data or ""},
            at=now(),
        )

    return _section(own, "access", form, save)


def _section(
    own: OwnProposal, section: str, form: Form, save: Callable[[Work], None]
) -> ResponseReturnValue:
    """Save what was typed; then on to the task list, or stay and tell what is missing."""
    back = turn_back(own)
    if back is not None:
        return back
    if form.validate_on_submit() and _saved(form, save):
        if "later" in request.form:
            flash(gettext("Saved. You can go on whenever you like, on any device."), "success")
            return redirect(url_for("proposals.tasks", proposal_id=own.facts.id))
        if not _tell_gaps(own_proposal(own.facts.id), section, form):
            return redirect(url_for("proposals.tasks", proposal_id=own.facts.id))
        flash(gettext("What you wrote is saved. Something is still missing below."), "info")
    return _show(own, section, form)


def _saved(form: Form, save: Callable[[Work], None]) -> bool:
    try:
        with writing() as work:
            save(work)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False
    return True


def _tell_gaps(own: OwnProposal, section: str, form: Form) -> bool:
    """Put what the section lacks at its fields; whether anything does."""
    gaps = [gap for gap in own.gaps() if gap.field in SECTIONS[section]]
    for gap in gaps:
        field = form[gap.field]
        field.errors = [*field.errors, say_gap(gap)]
    return bool(gaps)


def _show(own: OwnProposal, section: str, form: Form) -> ResponseReturnValue:
    is_returned = own.facts.state is ProposalState.RETURNED
    more: dict[str, Any] = {}
    if section == "costs":
        more = {
            "pool": own.edition.pool(own.facts.scope),
            "prices": list_prices(reading()),
            "unit_names": UNIT_NAMES,
        }
    return render_template(
        f"proposals/section_{section}.html",
        proposal=own.facts,
        form=form,
        limits=LIMITS,
        step=list(SECTIONS).index(section) + 1,
        steps=len(SECTIONS),
        asked=find_last_decision(reading(), own.facts.id) if is_returned else None,
        **more,
    )


def _typed(grosze: int) -> str:
    """An amount as a person would type it; nothing for nothing."""
    if not grosze:
        return ""
    zlote, rest = divmod(grosze, 100)
    return f"{zlote},{rest:02d}" if rest else str(zlote)
