"""Looking the city up: districts, the district of an address, points of assistance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.city.addresses import Parity, Stretch, fold_street
from civic_budget.city.models import AssistancePoint, District, Street, StreetUpload
from civic_budget.city.points import Place, distance_km
from civic_budget.city.street_list import ListedStreet
from civic_budget.city.streets import (
    FoundAddress,
    find_address,
    is_known_street,
    search_streets,
)
from civic_budget.kernel.errors import NotFound

__all__ = [
    "FoundAddress",
    "HelpLine",
    "district_names",
    "find_address",
    "find_help_line",
    "find_point_by_key",
    "get_point",
    "get_upload",
    "is_known_street",
    "list_assistance_points",
    "list_districts",
    "list_street_names",
    "list_streets",
    "metres_from_city",
    "search_streets",
]


def list_districts(session: Session) -> Sequence[District]:
    """All districts by number."""
    return session.scalars(select(District).order_by(District.number)).all()


def district_names(session: Session) -> dict[int, str]:
    """Number → "VIII Dębniki", for labels."""
    rows = session.execute(select(District.number, District.roman, District.name))
    return {row.number: f"{row.roman} {row.name}" for row in rows}


def list_street_names(session: Session, *, like: str = "", limit: int = 6000) -> Sequence[str]:
    """Names of the street list, alphabetically; `like` narrows to names that contain it."""
    wanted = select(Street.name).order_by(Street.search).limit(limit)
    if like:
        wanted = wanted.where(Street.search.contains(fold_street(like), autoescape=True))
    return session.scalars(wanted).all()


def list_streets(session: Session) -> list[ListedStreet]:
    """The whole street list with its stretches, alphabetically."""
    rows = session.scalars(
        select(Street).options(selectinload(Street.stretches)).order_by(Street.search, Street.name)
    )
    return [
        ListedStreet(
            row.name,
            row.kind == "place",
            tuple(
                sorted(
                    (Stretch(s.district, s.first, s.last, Parity(s.parity)) for s in row.stretches),
                    key=lambda part: (part.first, part.parity.value),
                )
            ),
        )
        for row in rows
    ]


def get_upload(session: Session, upload_id: UUID, *, account_id: UUID | None) -> StreetUpload:
    """A street list that this account sent and has not taken over yet; raises NotFound."""
    row = session.get(StreetUpload, upload_id)
    if row is None or row.uploaded_by != account_id:
        raise NotFound
    return row


def list_assistance_points(
    session: Session, *, near: int | None = None, closed_too: bool = False
) -> Sequence[AssistancePoint]:
    """Points where somebody helps in person, in the city's order; with a district, the nearest first.

    Distances are between centres of districts: nobody's address is asked for.
    """
    wanted = select(AssistancePoint).order_by(AssistancePoint.position, AssistancePoint.key)
    if not closed_too:
        wanted = wanted.where(AssistancePoint.is_active.is_(True))
    points = session.scalars(wanted).all()
    if near is None:
        return points
    centres = _centres(session)
    home = centres.get(near)

    def distance(point: AssistancePoint) -> float:
        if point.district == near:
            return 0.0
        centre = centres.get(point.district) if point.district is not None else None
        return distance_km(home, centre) if home and centre else float("inf")

    return sorted(points, key=distance)


def get_point(session: Session, point_id: UUID) -> AssistancePoint:
    """A point, open or closed; raises NotFound."""
    row = session.get(AssistancePoint, point_id)
    if row is None:
        raise NotFound
    return row


def find_point_by_key(session: Session, key: str) -> AssistancePoint | None:
    """An open point by the key in its address."""
    return session.scalars(
        select(AssistancePoint).where(
            AssistancePoint.key == key, AssistancePoint.is_active.is_(True)
        )
    ).first()


@dataclass(frozen=True)
class HelpLine:
    """Where help is, on every page: a place, its hours, a phone, the languages spoken there."""

    place: str
    hours: str
    phone: str
    languages: tuple[str, ...]
    is_near: bool

    def one_line(self) -> str:
        """The same for the foot of a printed sheet."""
        return f"{self.place} · {self.hours} · {self.phone}"


def find_help_line(session: Session, language: str, *, near: int | None = None) -> HelpLine | None:
    """The nearest open point, or the first of the city's order; None when none is announced."""
    points = list_assistance_points(session, near=near)
    if not points:
        return None
    first = points[0]
    return HelpLine(
        place=f"{first.names.get(language) or first.names['pl']}, {first.address}",
        hours=first.hours.get(language) or first.hours.get("pl", ""),
        phone=first.phone,
        languages=tuple(first.languages),
        is_near=near is not None,
    )


def metres_from_city(session: Session, point: Place) -> float | None:
    """How far a point is from the nearest district's centre; None when no centre is known."""
    centres = _centres(session).values()
    return min((distance_km(point, centre) * 1000 for centre in centres), default=None)


def _centres(session: Session) -> dict[int, Place]:
    rows = session.execute(select(District.number, District.latitude, District.longitude))
    return {
        row.number: (row.latitude, row.longitude)
        for row in rows
        if row.latitude is not None and row.longitude is not None
    }
