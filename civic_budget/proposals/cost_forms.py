"""The shapes of the page of costs: a row for each line of the estimate, and the yearly upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from civic_budget.kernel.money import read_money
from civic_budget.proposals.rules import DOCUMENTATION, WORK, CostItem
from civic_budget.web.forms import NO_MONEY, Form, check_money

MOST_ROWS = 40


class CostRow(PlainForm):  # type: ignore[misc]
    """One line of the estimate; an empty line is left out."""

    name = StringField(_("What"), [Length(max=200, message=_("Write at most 200 characters."))])
    money = StringField(_("Amount"), [Length(max=20)])
    price = SelectField(_("From the price list"), choices=[], default="")
    quantity = StringField(_("How many"), [Length(max=6)])
    kind = SelectField(
        _("What it pays for"),
        choices=[
            SelectChoice(WORK, _("the thing itself")),
            SelectChoice(DOCUMENTATION, _("documentation")),
        ],
        default=WORK,
    )

    def is_blank(self) -> bool:
        """Whether nothing was typed in this line."""
        typed = (self.name, self.money, self.price, self.quantity)
        return not any((field.data or "").strip() for field in typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """Both parts or none; the amount must be money and more than nothing."""
        is_right = super().validate(extra_validators)
        if self.is_blank():
            return bool(is_right)
        if self.price.data:
            return self._is_counted() and bool(is_right)
        if (self.quantity.data or "").strip():
            words = str(_("Choose a price from the list, or leave the number empty."))
            self.price.errors = [*self.price.errors, words]
            is_right = False
        if not (self.name.data or "").strip():
            self.name.errors = [*self.name.errors, str(_("Write what this amount is for."))]
            is_right = False
        if not self._has_money():
            self.money.errors = [*self.money.errors, str(NO_MONEY)]
            is_right = False
        return bool(is_right)

    def _is_counted(self) -> bool:
        """A price from the list needs a number and no amount."""
        typed = (self.quantity.data or "").strip()
        is_number = typed.isascii() and typed.isdigit() and 0 < int(typed) < 100_000
        if not is_number:
            words = str(_("Write how many as a whole number, for example 3."))
            self.quantity.errors = [*self.quantity.errors, words]
        has_amount = bool((self.money.data or "").strip())
        if has_amount:
            words = str(_("Leave the amount empty: it is counted from the price list."))
            self.money.errors = [*self.money.errors, words]
        return is_number and not has_amount

    def item(self) -> CostItem:
        """The line as it was typed; a priced one is counted by the service."""
        name = (self.name.data or "").strip()
        if self.price.data:
            number = int(self.quantity.data or "0")
            return CostItem(name, 0, self.price.data, number, self.kind.data)
        return CostItem(name, read_money(self.money.data or ""), kind=self.kind.data)

    def _has_money(self) -> bool:
        try:
            return read_money(self.money.data or "") > 0
        except ValueError:
            return False


class CostsForm(Form):
    """The estimate in rows, and what it costs each year afterwards."""

    costs = FieldList(
        FormField(CostRow), label=_("Estimated costs"), min_entries=4, max_entries=MOST_ROWS
    )
    upkeep = StringField(
        _("Yearly upkeep"),
        [Optional(), Length(max=20), check_money],
        description=_("What it will cost the city each year afterwards. Leave empty if nothing."),
    )

    def items(self) -> list[CostItem]:
        """The lines that were filled in, in grosze."""
        return [entry.form.item() for entry in self.costs if not entry.form.is_blank()]

    def offer(self, prices: Sequence[tuple[str, str]]) -> None:
        """Let every line choose from the price list, or have a price of its own."""
        for entry in self.costs:
            entry.form.price.choices = [("", _("My own price")), *prices]

    def upkeep_grosze(self) -> int:
        """The yearly upkeep in grosze; 0 when nothing was typed."""
        return read_money(self.upkeep.data) if self.upkeep.data else 0
