"""Deeds on the city's lists: replace districts, streets, assistance points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civic_budget.city.addresses import Stretch, fold_street
from civic_budget.city.models import AssistancePoint, District, Street, StreetStretch
from civic_budget.storage.db import Work


def put_district(
    work: Work,
    *,
    number: int,
    roman: str,
    name: str,
    residents: int | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    """Add a district or correct it."""
    work.session.merge(
        District(
            number=number,
            roman=roman,
            name=name,
            residents=residents,
            latitude=latitude,
            longitude=longitude,
        )
    )


def add_street(
    work: Work, *, name: str, stretches: Iterable[Stretch], is_place: bool = False
) -> None:
    """Add a street, or a named place, with the district of each of its stretches."""
    street = Street(name=name, search=fold_street(name), kind="place" if is_place else "street")
    street.stretches = [
        StreetStretch(
            district=part.district, first=part.first, last=part.last, parity=part.parity.value
        )
        for part in stretches
    ]
    work.session.add(street)


def add_assistance_point(
    work: Work,
    *,
    key: str,
    names: Mapping[str, str],
    address: str,
    phone: str,
    hours: Mapping[str, str],
    notes: Mapping[str, str],
    languages: Iterable[str],
    is_accessible: bool,
    district: int | None = None,
) -> None:
    """Add a place where somebody helps in person."""
    values: dict[str, Any] = {
        "key": key,
        "names": dict(names),
        "address": address,
        "phone": phone,
        "hours": dict(hours),
        "notes": dict(notes),
        "languages": list(languages),
        "is_accessible": is_accessible,
        "district": district,
    }
    work.session.add(AssistancePoint(**values))
