"""The shapes of the pages on which a city sets residence; meaning is `limits.checked`'s."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.config import LANGUAGES
from civic_budget.residency.labels.settings import SETTING_HINTS, SETTING_NAMES
from civic_budget.residency.limits import BOUNDS, SWITCHES, Group, Limits, Value, names_in
from civic_budget.residency.options import LONGEST_NAME, LONGEST_TEXT, Catalogue, Option
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES


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


class _OptionForm(Form):
    """What a form with an entry's words in each language can read."""

    is_offered = BooleanField(_("It can be chosen"))
    needs_landlord = BooleanField(_("It needs the landlord’s help"))
    confirms_alone = BooleanField(
        _("It confirms alone"),
        description=_("Otherwise a second document of another kind is needed."),
    )

    def read(self, catalogue: Catalogue, code: str) -> Option:
        """The entry that was typed."""
        is_proof = catalogue is Catalogue.PROOF
        return Option(
            catalogue,
            code,
            is_offered=self.is_offered.data,
            needs_landlord=self.needs_landlord.data if is_proof else False,
            confirms_alone=self.confirms_alone.data if is_proof else True,
            names=self._words("name"),
            texts=self._words("text"),
        )

    def _words(self, kind: str) -> dict[str, str]:
        return {code: " ".join((self[f"{kind}_{code}"].data or "").split()) for code in LANGUAGES}


def option_form(*, is_new: bool) -> type[_OptionForm]:
    """A form for an entry of a list."""
    fields: dict[str, Any] = {}
    if is_new:
        fields["code"] = StringField(
            _("Code"),
            [InputRequired(_("Write a code.")), Length(max=40)],
            description=_(
                "For figures and the trail, for example parish_letter. It never changes."
            ),
            render_kw={"autocomplete": "off", "spellcheck": "false"},
        )
    for code in LANGUAGES:
        language = OWN_NAMES[code]
        fields[f"name_{code}"] = StringField(language, [Optional(), Length(max=LONGEST_NAME)])
        fields[f"text_{code}"] = TextAreaField(language, [Optional(), Length(max=LONGEST_TEXT)])
    return type("OptionForm", (_OptionForm,), fields)


class AnnounceForm(Form):
    """The beginning of a draw."""

    source = StringField(
        _("Where will the seed come from?"),
        [InputRequired(_("Say where the seed will come from.")), Length(max=200)],
        description=_("For example: the six numbers of the Lotto draw of 5 June 2027, in order."),
    )
    permille = IntegerField(
        _("Share of each 1,000 cases"),
        [InputRequired(_("Write a number."))],
        description=_("40 means four percent."),
    )


class SeedForm(Form):
    """The end of a draw."""

    seed = StringField(
        _("Seed"),
        [InputRequired(_("Write a seed.")), Length(max=80)],
        description=_("Exactly as it was announced. It cannot be changed afterwards."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
