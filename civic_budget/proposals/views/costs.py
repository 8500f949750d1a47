"""The section of costs: lines of the estimate, from the price list or the author's own, and upkeep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from civic_budget.kernel.money import say_money
from civic_budget.proposals import service
from civic_budget.proposals.cost_forms import CostsForm
from civic_budget.proposals.labels import UNIT_NAMES
from civic_budget.proposals.queries import list_prices
from civic_budget.proposals.rules import CostItem, name_priced
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import own_proposal, turn_back
from civic_budget.proposals.views.section_page import answer_section, show_section
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import current_language, is_language_switch


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
    more = {
        "pool": own.edition.pool(own.facts.scope),
        "prices": prices,
        "grosze": {price.key: price.grosze for price in prices},
        "unit_names": UNIT_NAMES,
    }
    if "add_row" in request.form and not is_language_switch():
        return turn_back(own) or show_section(own, "costs", form, more)

    def save(work: Work) -> None:
        service.save_costs(work, actor(), proposal_id=proposal_id, costs=form.items(), at=now())
        service.save_details(
            work, actor(), proposal_id=proposal_id, upkeep=form.upkeep_grosze(), at=now()
        )

    return answer_section(own, "costs", form, save, more)


def _row(item: CostItem, names: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    """A saved line as it is typed; one whose price has left the list keeps its words and amount."""
    if item.price_key is None or item.quantity is None or item.price_key not in names:
        return {"name": item.name, "money": _typed(item.grosze), "kind": item.kind}
    called = name_priced(names[item.price_key], language, item.quantity)
    words = "" if item.name == called else item.name
    priced = {"price": item.price_key, "quantity": str(item.quantity), "kind": item.kind}
    return {"name": words, **priced}


def _offered(price: Any) -> str:
    name = price.names.get(current_language()) or price.names["pl"]
    return f"{name}: {say_money(price.grosze)} / {UNIT_NAMES.get(price.unit, price.unit)}"


def _typed(grosze: int) -> str:
    """An amount as a person would type it; nothing for nothing."""
    if not grosze:
        return ""
    zlote, rest = divmod(grosze, 100)
    return f"{zlote},{rest:02d}" if rest else str(zlote)
