"""Assistance points: what each must say in every language, and which is nearest. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from civic_budget.kernel.errors import Conflict

LANGUAGES = ("pl", "en", "uk", "ru")
PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{6,20}")
EARTH_KM = 6371.0
Place = tuple[float, float]


@dataclass(frozen=True)
class PointWords:
    """Everything that an office writes about a point; words by language."""

    names: Mapping[str, str]
    hours: Mapping[str, str]
    notes: Mapping[str, str]
    address: str
    phone: str
    languages: Collection[str]
    district: int | None
    is_accessible: bool
    is_active: bool
    position: int

    def check(self) -> None:
        """Raises Conflict at the field that is not whole: name and hours are said in all languages."""
        for field, words in (("name", self.names), ("hours", self.hours)):
            for language in LANGUAGES:
                if not words.get(language, "").strip():
                    raise Conflict("words_missing", field=f"{field}_{language}")
        said = [language for language in LANGUAGES if self.notes.get(language, "").strip()]
        if said and len(said) < len(LANGUAGES):
            missing = next(code for code in LANGUAGES if code not in said)
            raise Conflict("words_missing", field=f"note_{missing}")
        if not PHONE.fullmatch(self.phone.strip()):
            raise Conflict("bad_phone", field="phone")
        if not self.address.strip():
            raise Conflict("address_missing", field="address")
        if not self.languages:
            raise Conflict("no_language", field="languages")


def distance_km(one: Place, other: Place) -> float:
    """The distance between two places given as latitude and longitude in degrees (haversine)."""
    (lat_a, lon_a), (lat_b, lon_b) = one, other
    lat, lon = radians(lat_b - lat_a), radians(lon_b - lon_a)
    part = sin(lat / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(lon / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(part))
