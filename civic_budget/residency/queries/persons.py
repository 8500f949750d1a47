"""Looking persons up: who acts for whom, standing, district, clusters, sealed identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import sealing
from civic_budget.residency.identity import Identity
from civic_budget.residency.models import (
    Confirmation,
    Person,
    PersonCluster,
    PersonHolder,
    PersonIdentity,
    ResidenceCase,
    ResidencySetting,
)
from civic_budget.residency.rules import UNDECIDED_STATES, Limits, Standing, standing
from civic_budget.storage.db import keyring_of


@dataclass(frozen=True, slots=True)
class EligiblePerson:
    """A person with a standing, and the district where they live."""

    person_id: UUID
    district: int
    standing: Standing


@dataclass(frozen=True)
class ConfirmationFacts:
    """A confirmation that holds: on which case, where, from when until when."""

    case_id: UUID
    district: int
    confirmed_at: datetime
    valid_until: datetime


def get_limits(session: Session) -> Limits:
    """The city's deadlines, shares and switches."""
    rows = session.execute(_SETTINGS)
    return Limits().with_settings({row.name: row.value["value"] for row in rows})


def persons_of_account(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The persons for whom an account acts now: its own first, then its wards by age of the tie."""
    return session.scalars(
        select(PersonHolder.person_id)
        .where(PersonHolder.account_id == account_id, PersonHolder.until_at.is_(None))
        .order_by(PersonHolder.relation.desc(), PersonHolder.since_at, PersonHolder.id)
    ).all()


def own_person(session: Session, account_id: UUID) -> UUID | None:
    """The person whose own account this is; None before they told anything."""
    return session.scalar(
        select(PersonHolder.person_id).where(
            PersonHolder.account_id == account_id,
            PersonHolder.relation == "holder",
            PersonHolder.until_at.is_(None),
        )
    )


def accounts_of_person(session: Session, person_id: UUID) -> Sequence[UUID]:
    """The accounts that act for a person now: their own first, then guardians."""
    return session.scalars(
        select(PersonHolder.account_id)
        .where(PersonHolder.person_id == person_id, PersonHolder.until_at.is_(None))
        .order_by(PersonHolder.relation.desc(), PersonHolder.since_at, PersonHolder.id)
    ).all()


def acts_for(session: Session, account_id: UUID, person_id: UUID) -> bool:
    """Whether an account acts for a person now."""
    return account_id in accounts_of_person(session, person_id)


def identity_of(session: Session, person_id: UUID) -> Identity | None:
    """A person's identity, opened; None when nothing was sent yet, or after erasure."""
    row = session.get(PersonIdentity, person_id)
    if row is None:
        return None
    return open_identity(keyring_of(session), person_id, row.sealed)


def open_identity(ring: KeyRing, person_id: UUID, sealed: bytes) -> Identity:
    """The identity in a person's sealed value."""
    return Identity.from_json(sealing.unseal(ring, sealing.IDENTITY, person_id, sealed))


def sex_of(session: Session, person_id: UUID) -> str | None:
    """What the person said of their sex; None: nothing."""
    return session.scalar(select(Person.sex).where(Person.id == person_id))


def find_confirmation(
    session: Session, person_id: UUID, *, at: datetime
) -> ConfirmationFacts | None:
    """The newest confirmation that holds at a moment."""
    row = session.scalars(_holding(at).where(Confirmation.person_id == person_id).limit(1)).first()
    if row is None:
        return None
    return ConfirmationFacts(row.case_id, row.district, row.confirmed_at, row.valid_until)


def standing_of(session: Session, person_id: UUID, *, at: datetime) -> Standing:
    """A person's standing at a moment: confirmed, provisional (complete and undecided), or none."""
    held = find_confirmation(session, person_id, at=at)
    undecided_since = session.scalar(
        select(ResidenceCase.submitted_at).where(
            ResidenceCase.person_id == person_id, ResidenceCase.state.in_(UNDECIDED)
        )
    )
    return standing(
        confirmed_at=held.confirmed_at if held else None,
        valid_until=held.valid_until if held else None,
        revoked_at=None,
        undecided_since=undecided_since,
        at=at,
    )


def district_of_person(session: Session, person_id: UUID, *, at: datetime) -> int | None:
    """Where a person counts as living: the confirmed district, else that of an undecided case."""
    held = find_confirmation(session, person_id, at=at)
    if held is not None:
        return held.district
    return session.scalar(
        select(ResidenceCase.district).where(
            ResidenceCase.person_id == person_id, ResidenceCase.state.in_(UNDECIDED)
        )
    )


def cluster_members(session: Session, person_id: UUID) -> tuple[UUID, ...]:
    """All records of the human behind a record, itself among them, in the order of their ids."""
    rows = session.connection().execute(_CLUSTER, {"person_id": person_id}).scalars()
    return tuple(sorted({*rows, person_id}))


def list_clusters(session: Session) -> dict[UUID, UUID]:
    """Every record that shares its human with another → the human's first record, in one scan.

    A record that is not in it is a human of its own.
    """
    rows = session.execute(
        select(PersonCluster.person_id, PersonCluster.cluster_id).order_by(PersonCluster.person_id)
    )
    first: dict[UUID, UUID] = {}
    return {row.person_id: first.setdefault(row.cluster_id, row.person_id) for row in rows}


def list_person_ids(session: Session) -> Sequence[UUID]:
    """Every record, whatever its standing; erased ones too, bare as they are."""
    return session.scalars(select(Person.id).order_by(Person.id)).all()


def list_busy_accounts(session: Session, *, at_least: int) -> dict[UUID, list[UUID]]:
    """Account → the persons it acts for, where there are as many as that."""
    found: dict[UUID, list[UUID]] = {}
    rows = session.execute(
        select(PersonHolder.account_id, PersonHolder.person_id)
        .where(PersonHolder.until_at.is_(None))
        .order_by(PersonHolder.person_id)
    )
    for row in rows:
        found.setdefault(row.account_id, []).append(row.person_id)
    return {account: persons for account, persons in found.items() if len(persons) >= at_least}


def list_eligible_persons(session: Session, *, at: datetime) -> list[EligiblePerson]:
    """Everybody with a standing at a moment, by id; two plain scans, made for 100,000 people.

    Records of one human appear each (see `cluster_members`). An erased person's confirmation still
    stands here until their tombstone is cleared, so that a vote already cast keeps its worth.
    """
    found: dict[UUID, EligiblePerson] = {}
    waiting = session.execute(
        select(ResidenceCase.person_id, ResidenceCase.district).where(
            ResidenceCase.state.in_(UNDECIDED),
            ResidenceCase.submitted_at <= at,
            ResidenceCase.district.is_not(None),
        )
    )
    for person_id, district in waiting:
        assert district is not None
        found[person_id] = EligiblePerson(person_id, district, Standing.PROVISIONAL)
    held = session.execute(
        _holding(at)
        .with_only_columns(Confirmation.person_id, Confirmation.district)
        .order_by(None)
        .order_by(Confirmation.confirmed_at)
    )
    for person_id, district in held:
        found[person_id] = EligiblePerson(person_id, district, Standing.CONFIRMED)
    return sorted(found.values(), key=lambda person: person.person_id)


def _holding(at: datetime) -> Select[Confirmation]:
    """Confirmations that hold at a moment, newest first."""
    return (
        select(Confirmation)
        .where(
            Confirmation.confirmed_at <= at,
            Confirmation.valid_until > at,
            or_(Confirmation.revoked_at.is_(None), Confirmation.revoked_at > at),
        )
        .order_by(Confirmation.confirmed_at.desc())
    )


UNDECIDED = tuple(state.value for state in UNDECIDED_STATES)


def _cluster() -> Select[Any]:
    record = PersonCluster.__table__
    own = select(record.c.cluster_id).where(record.c.person_id == bindparam("person_id"))
    return select(record.c.person_id).where(record.c.cluster_id == own.scalar_subquery())


# Built once: to build a statement costs more than to run it.
_CLUSTER = _cluster()
_SETTINGS = select(*ResidencySetting.__table__.c)
