"""The shapes of the pages on which a city sets residence; meaning is `limits.checked`'s."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from civic_budget.residency.labels.settings import SETTING_HINTS, SETTING_NAMES
from civic_budget.residency.limits import BOUNDS, SWITCHES, Group, Limits, Value, names_in
from civic_budget.web.forms import Form


class _LimitsForm(Form):
    """What a form with a field per setting can read."""

    names: tuple[str, ...] = ()

    def read(self) -> dict[str, Value]:
        """The settings that were typed."""
        return {name: self[name].data for name in self.names}


def limits_form(group: Group) -> type[_LimitsForm]:
    """A form with the settings of a group."""
    fields: dict[str, Any] = {"names": names_in(group)}
    for name in fields["names"]:
        label, hint = SETTING_NAMES[name], SETTING_HINTS.get(name, "")
        if name in SWITCHES:
            fields[name] = BooleanField(label, description=hint)
        elif name in BOUNDS:
            fields[name] = IntegerField(
                label, [InputRequired(_("Write a number."))], description=hint
            )
        else:
            fields[name] = StringField(
                label, [InputRequired(_("Write a seed.")), Length(max=80)], description=hint
            )
    return type("LimitsForm", (_LimitsForm,), fields)


def held_values(limits: Limits, group: Group) -> dict[str, Value]:
    """What a group's form shows before anything is typed."""
    return {name: getattr(limits, name) for name in names_in(group)}
