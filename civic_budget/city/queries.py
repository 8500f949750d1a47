"""Looking the city up: districts, the district of an address, points of assistance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.city.addresses import Parity, Stretch, fold_street, house_number
from civic_budget.city.models import AssistancePoint, District, Street


@dataclass(frozen=True)
class FoundAddress:
    """A street of the list, spelt as the city spells it, and the district that a number lies in."""

    street: str
    house: str
    district: int


def list_districts(session: Session) -> Sequence[District]:
    """All districts by number."""
    return session.scalars(select(District).order_by(District.number)).all()


def district_names(session: Session) -> dict[int, str]:
    """Number → "VIII Dębniki", for labels."""
    rows = session.execute(select(District.number, District.roman, District.name))
    return {row.number: f"{row.roman} {row.name}" for row in rows}


def find_address(session: Session, street: str, house: str) -> FoundAddress | None:
    """The district of an address; None when the street or the number is not in the city's list."""
    row = session.scalars(
        select(Street)
        .where(Street.search == fold_street(street))
        .options(selectinload(Street.stretches))
    ).first()
    number = 1 if row is not None and row.kind == "place" else house_number(house)
    if row is None or number is None:
        return None
    for part in row.stretches:
        if Stretch(part.district, part.first, part.last, Parity(part.parity)).covers(number):
            return FoundAddress(row.name, house.strip(), part.district)
    return None


def list_street_names(session: Session, *, like: str = "", limit: int = 1000) -> Sequence[str]:
    """Names of the street list, alphabetically; `like` narrows to names that contain it."""
    wanted = select(Street.name).order_by(Street.search).limit(limit)
    if like:
        wanted = wanted.where(Street.search.contains(fold_street(like), autoescape=True))
    return session.scalars(wanted).all()


def list_assistance_points(session: Session) -> Sequence[AssistancePoint]:
    """All points where somebody helps in person, by key."""
    return session.scalars(select(AssistancePoint).order_by(AssistancePoint.key)).all()
