"""Forms of the city's lists: an assistance point with words in four languages, a street file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.city.importing import LARGEST_FILE
from civic_budget.city.models import AssistancePoint
from civic_budget.city.points import LANGUAGES, PointWords
from civic_budget.kernel.errors import Conflict
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES


class PointForm(Form):
    """An assistance point. The fields of words are added below, one for each language."""

    address = StringField(_("Address"), [Length(max=200)])
    district = SelectField(_("District"), [Optional()], validate_choice=False)
    phone = StringField(_("Phone"), [Length(max=30)], render_kw={"inputmode": "tel"})
    languages = SelectMultipleField(
        _("Languages spoken there"),
        choices=[SelectChoice(code, OWN_NAMES[code]) for code in LANGUAGES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    is_accessible = BooleanField(_("Step-free access"))
    is_active = BooleanField(_("Open: shown to residents"))
    position = StringField(
        _("Place in the list"),
        [Optional(), Length(max=4)],
        description=_("The open point with the smallest number is shown on every page."),
        render_kw={"inputmode": "numeric"},
    )
    version = HiddenField()

    def offer_districts(self, names: Mapping[int, str]) -> None:
        """Set the districts to choose from."""
        options = [SelectChoice(str(number), name) for number, name in names.items()]
        self.district.choices = [SelectChoice("", "–"), *options]

    def words_of(self, part: str) -> Iterable[Any]:
        """The fields of a part, in the order of languages."""
        return [self[f"{part}_{code}"] for code in LANGUAGES]

    def read(self) -> PointWords:
        """What was typed; raises Conflict `bad_number` at `position`."""
        position = (self.position.data or "").strip() or "0"
        if not position.isascii() or not position.isdigit():
            raise Conflict("bad_number", field="position")
        chosen = self.district.data or ""
        return PointWords(
            names=self._words("name"),
            hours=self._words("hours"),
            notes=self._words("note"),
            address=self.address.data or "",
            phone=self.phone.data or "",
            languages=self.languages.data or [],
            district=int(chosen) if chosen.isdecimal() else None,
            is_accessible=bool(self.is_accessible.data),
            is_active=bool(self.is_active.data),
            position=int(position),
        )

    def read_version(self) -> int:
        """Which version of the point the page showed."""
        said = self.version.data or ""
        return int(said) if said.isdecimal() else 0

    def _words(self, part: str) -> dict[str, str]:
        return {code: (self[f"{part}_{code}"].data or "").strip() for code in LANGUAGES}


class StreetFileForm(Form):
    """A street list to be compared with the one in use."""

    file = FileField(_("Street list (CSV)"))
    only_these = BooleanField(_("The file is the whole list: remove streets that it does not name"))

    def read_file(self) -> bytes:
        """The bytes that were sent; empty without a file."""
        sent = self.file.data
        if not sent:
            return b""
        try:
            return bytes(sent.read(LARGEST_FILE + 1))
        finally:
            sent.close()


for _code in LANGUAGES:
    _own = {"lang": _code}
    setattr(
        PointForm,
        f"name_{_code}",
        StringField(OWN_NAMES[_code], [Length(max=120)], render_kw=_own),
    )
    setattr(
        PointForm,
        f"hours_{_code}",
        StringField(OWN_NAMES[_code], [Length(max=200)], render_kw=_own),
    )
    setattr(
        PointForm,
        f"note_{_code}",
        TextAreaField(OWN_NAMES[_code], [Length(max=500)], render_kw=_own),
    )


def point_values(point: AssistancePoint) -> dict[str, Any]:
    """A point as the form's data."""
    values: dict[str, Any] = {
        "address": point.address,
        "district": str(point.district or ""),
        "phone": point.phone,
        "languages": point.languages,
        "is_accessible": point.is_accessible,
        "is_active": point.is_active,
        "position": str(point.position),
        "version": str(point.version),
    }
    for code in LANGUAGES:
        values[f"name_{code}"] = point.names.get(code, "")
        values[f"hours_{code}"] = point.hours.get(code, "")
        values[f"note_{code}"] = point.notes.get(code, "")
    return values
