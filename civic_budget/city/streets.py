"""Finding streets and the district of an address, in whatever of the four languages' spellings."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.city.addresses import Parity, Stretch, fold_street, house_number, sound_of
from civic_budget.city.models import Street

SHORTEST_SLIP = 5
LEAST_ALIKE = 0.8


@dataclass(frozen=True)
class FoundAddress:
    """A street of the list, spelt as the city spells it, and the district that a number lies in."""

    street: str
    house: str
    districts: tuple[int, ...]
    """More than one where the list knows that the street crosses a border, but not at which number."""

    @property
    def district(self) -> int:
        """The district, or the first of those in question."""
        return self.districts[0]


def find_address(session: Session, street: str, house: str) -> FoundAddress | None:
    """The district of an address, or the districts in question where the list leaves them open.

    None when the street or the number is not in the city's list.
    """
    row = _find_street(session, street)
    number = 1 if row is not None and row.kind == "place" else house_number(house)
    if row is None or number is None:
        return None
    found = {
        part.district
        for part in row.stretches
        if Stretch(part.district, part.first, part.last, Parity(part.parity)).covers(number)
    }
    return FoundAddress(row.name, house.strip(), tuple(sorted(found))) if found else None


def is_known_street(session: Session, street: str) -> bool:
    """Whether the city's list has such a street or place, whatever its numbers."""
    return _find_street(session, street) is not None


def search_streets(session: Session, typed: str, *, limit: int = 8) -> list[str]:
    """Streets and places that somebody may mean, the likeliest first, in whatever of the four
    languages' spellings they typed; small slips are forgiven."""
    plain, sound = fold_street(typed), sound_of(typed)
    if not sound:
        return []
    rows = session.execute(select(Street.name, Street.search, Street.sound)).all()
    ranked = sorted(
        (rank, row.search, row.name)
        for row in rows
        if (rank := _rank(plain, sound, row.search, row.sound)) is not None
    )
    return [name for _rank_, _search, name in ranked[:limit]]


def _find_street(session: Session, typed: str) -> Street | None:
    """The street with this name, else the only one that sounds so."""
    wanted = select(Street).options(selectinload(Street.stretches))
    plain, sound = fold_street(typed), sound_of(typed)
    if plain:
        found = session.scalars(wanted.where(Street.search == plain)).first()
        if found is not None:
            return found
    alike = session.scalars(wanted.where(Street.sound == sound).limit(2)).all() if sound else []
    return alike[0] if len(alike) == 1 else None


def _rank(plain: str, sound: str, search: str, sounds: str) -> tuple[int, float] | None:
    """How near a street is to what was typed: the smaller the nearer; None: another one."""
    if search == plain or sounds == sound:
        return 0, 0.0
    if (plain and search.startswith(plain)) or sounds.startswith(sound):
        return 1, len(search)
    if (plain and f" {plain}" in f" {search}") or f" {sound}" in f" {sounds}":
        return 2, len(search)
    if len(sound) < SHORTEST_SLIP:
        return None
    alike = max(SequenceMatcher(None, sound, part).ratio() for part in (sounds, *sounds.split()))
    return (3, -alike) if alike >= LEAST_ALIKE else None
