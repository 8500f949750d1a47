"""Deeds on the city's lists: replace districts, streets, assistance points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from civic_budget.city import policy
from civic_budget.city.addresses import Stretch, fold_street, sound_of
from civic_budget.city.events import PointChanged
from civic_budget.city.models import AssistancePoint, District, Street, StreetStretch
from civic_budget.city.points import PointWords
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
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
    street = Street(
        name=name,
        search=fold_street(name),
        sound=sound_of(name),
        kind="place" if is_place else "street",
    )
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
    position: int = 0,
) -> None:
    """Add a place where somebody helps in person, as an import brings it."""
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
        "is_active": True,
        "position": position,
        "version": 1,
    }
    work.session.add(AssistancePoint(**values))


def put_point(
    work: Work,
    actor: Actor,
    *,
    point_id: UUID | None,
    version: int,
    words: PointWords,
    at: datetime,
) -> UUID:
    """Add a point, or change it with all its words; returns its id.

    Raises Conflict `words_missing` at the field that lacks a language, `bad_phone` at `phone`,
    `no_language` at `languages`, `point_changed` when somebody changed it meanwhile.
    """
    require(policy.may_keep_lists(actor))
    words.check()
    row = _new_point(words) if point_id is None else _load_point(work, point_id, version)
    row.names, row.hours, row.notes = dict(words.names), dict(words.hours), dict(words.notes)
    row.address, row.phone = words.address.strip(), words.phone.strip()
    row.languages, row.district = list(words.languages), words.district
    row.is_accessible, row.is_active = words.is_accessible, words.is_active
    row.position = words.position
    work.session.add(row)
    work.session.flush()
    work.publish(PointChanged(point_id=row.id, is_active=row.is_active, at=at, by=actor.account_id))
    return row.id


def _new_point(words: PointWords) -> AssistancePoint:
    # The tail keeps keys apart when two points have one name.
    key = f"{_slug(words.names['pl'])}-{token_hex(2)}"
    return AssistancePoint(id=uuid4(), key=key, version=1)


def _load_point(work: Work, point_id: UUID, version: int) -> AssistancePoint:
    row = work.session.get(AssistancePoint, point_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Conflict("point_changed")
    row.version = version + 1
    return row


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold_street(name)).strip("-") or "point"
