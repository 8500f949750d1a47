"""The shapes of the page of places: the spot in words, and a row for each place."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional

from civic_budget.proposals.rules import LONGEST_PLACE, MOST_PLACES, Place
from civic_budget.web.forms import Form

COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
MOST_TYPED = Length(max=20_000, message=_("This is too long to be saved."))


def read_point(said: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None when nothing or nonsense was typed."""
    match = COORDINATES.fullmatch(said)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_place(line: str) -> Place:
    """A place written on one line: words, a semicolon, coordinates; either part may be left out."""
    words, _semicolon, rest = line.rpartition(";")
    point = read_point(rest)
    if point is None:
        return Place(line.strip()[:LONGEST_PLACE])
    return Place(words.strip()[:LONGEST_PLACE], *point)


def write_point(latitude: float, longitude: float) -> str:
    """A point as it is typed: five decimals are a metre."""
    return f"{latitude:.5f}, {longitude:.5f}"


class PlaceRow(PlainForm):  # type: ignore[misc]
    """One place: an address or words, a point, or both; an empty row is left out."""

    words = StringField(_("Address or what will be there"), [Length(max=LONGEST_PLACE)])
    point = StringField(
        _("Coordinates"),
        [Optional(), Length(max=60)],
        render_kw={"spellcheck": "false", "inputmode": "text", "data-point": "yes"},
    )

    def is_blank(self) -> bool:
        """Whether nothing was typed in this row."""
        return not any((field.data or "").strip() for field in (self.words, self.point))

    def validate(self, extra_validators: Any = None) -> bool:
        """Coordinates are two numbers in degrees, or nothing."""
        is_right = bool(super().validate(extra_validators))
        said = (self.point.data or "").strip()
        if said and read_point(said) is None:
            words = _("Write two numbers with a comma between them, for example 50.0614, 19.9366.")
            self.point.errors = [*self.point.errors, str(words)]
            is_right = False
        return is_right

    def place(self) -> Place:
        """The row as a place; what is not understood as a point is left out."""
        point = read_point((self.point.data or "").strip()) or (None, None)
        return Place((self.words.data or "").strip(), *point)


class PlaceForm(Form):
    """Where it should be: in words, and as places on the map."""

    place = TextAreaField(
        _("Place"),
        [MOST_TYPED],
        description=_("A street and number, a park, a school, or a description of the spot."),
    )
    places = FieldList(
        FormField(PlaceRow), label=_("Places on the map"), min_entries=1, max_entries=MOST_PLACES
    )
    near = SelectField(_("Which part of the city does the map show?"), choices=[])
    frame = HiddenField()

    def rows(self) -> list[Place]:
        """All places that were filled in."""
        return [entry.form.place() for entry in self.places if not entry.form.is_blank()]

    def add(self, point: str = "") -> None:
        """Put a point into the first row that has none, or one row more; an eleventh has no room."""
        free = next((e for e in self.places if not (e.form.point.data or "").strip()), None)
        if not point or free is None:
            if len(self.places) < MOST_PLACES:
                self.places.append_entry({"words": "", "point": point})
        else:
            free.form.point.data = point

    def drop(self, number: str) -> None:
        """Take a row out, by its place counted from 0; the last one is emptied."""
        kept = [e for e in self.places.entries if e.name != f"places-{number}"]
        self.places.entries = kept
        if not kept:
            self.places.append_entry({"words": "", "point": ""})
