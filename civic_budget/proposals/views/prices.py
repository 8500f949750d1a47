"""The city's price list in the office: from it authors estimate what their idea costs."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.kernel.money import read_money, say_money
from civic_budget.proposals import service
from civic_budget.proposals.forms import EmptyForm, price_form
from civic_budget.proposals.labels import UNIT_NAMES
from civic_budget.proposals.queries import list_prices
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import CONTENT_LANGUAGES

NEW = "new"


@proposals.get("/office/price-list")
@access(Audience.COORDINATOR)
def price_list() -> ResponseReturnValue:
    """All unit prices; what authors have already put into their estimates stays as it is."""
    return render_template(
        "proposals/price_list.html", rows=list_prices(reading()), unit_names=UNIT_NAMES
    )


@proposals.route("/office/price-list/<key>", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def price(key: str) -> ResponseReturnValue:
    """One unit price, or (as `new`) one more."""
    rows = {row.key: row for row in list_prices(reading())}
    if key != NEW and key not in rows:
        abort(404)
    held = rows.get(key)
    data: dict[str, Any] = {"position": len(rows) + 1}
    if held is not None:
        data = {"unit": held.unit, "position": held.position}
        data |= {"amount": say_money(held.grosze).removesuffix("zł").strip()}
        data |= {f"name_{code}": words for code, words in held.names.items()}
    form = price_form(is_new=held is None, data=data)
    form.unit.choices = [SelectChoice(code, words) for code, words in UNIT_NAMES.items()]
    if form.validate_on_submit() and attempt(form, _put, form, held.key if held else ""):
        flash(gettext("Saved."), "success")
        return redirect(url_for("proposals.price_list"))
    return render_template(
        "proposals/price.html",
        form=form,
        held=held,
        codes=list(CONTENT_LANGUAGES),
        drop=EmptyForm(),
    )


def _put(form: Any, key: str) -> bool:
    with writing() as work:
        service.change_price(
            work,
            actor(),
            key=key or form.key.data.strip(),
            names={code: form[f"name_{code}"].data.strip() for code in CONTENT_LANGUAGES},
            unit=form.unit.data,
            grosze=read_money(form.amount.data),
            position=form.position.data,
            at=now(),
        )
    return True


@proposals.post("/office/price-list/<key>/drop")
@access(Audience.COORDINATOR)
def drop_price(key: str) -> ResponseReturnValue:
    """Take a price off the list."""
    with writing() as work:
        service.drop_price(work, actor(), key=key, at=now())
    flash(gettext("Taken off the price list."), "success")
    return redirect(url_for("proposals.price_list"))
