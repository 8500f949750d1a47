"""What a vote asks of a person's records, in one statement: district, standing, kin, who acts for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from civic_budget.kernel.keys import KeyRing
from civic_budget.residency.models import (
    Confirmation,
    Person,
    PersonCluster,
    PersonHolder,
    PersonIdentity,
    ResidenceCase,
)
from civic_budget.residency.queries.guardians import acts_online, city_ages
from civic_budget.residency.queries.persons import UNDECIDED
from civic_budget.residency.rules import Standing, standing


@dataclass(frozen=True)
class VotingFacts:
    """Where a person votes, and on what standing."""

    district: int | None
    standing: Standing
    records: tuple[UUID, ...]
    """All records of the human behind the person, the person's own first."""


def find_voting_facts(session: Session, person_id: UUID, *, at: datetime) -> VotingFacts:
    """What `district_of_person`, `standing_of` and `cluster_members` say, in one query."""
    rows = session.connection().execute(_VOTER, {"person_id": person_id, "at": at}).all()
    return read_voting_facts(rows, person_id, at=at)


def read_voting_facts(rows: Sequence[Any], person_id: UUID, *, at: datetime) -> VotingFacts:
    """The facts in the lines of `select_voter`, or of a statement that adds columns to it."""
    if not rows:
        return VotingFacts(None, Standing.NONE, (person_id,))
    row, kin = rows[0], {other.kin_id for other in rows} - {person_id, None}
    found = standing(
        confirmed_at=row.confirmed_at,
        valid_until=row.valid_until,
        revoked_at=None,
        undecided_since=row.submitted_at,
        at=at,
    )
    district = row.case_district if row.confirmed_at is None else row.district
    return VotingFacts(district, found, (person_id, *sorted(kin)))


def may_act_online(ring: KeyRing, rows: Sequence[Any], *, at: datetime) -> bool:
    """Whether the lines of `select_voter_by_account` let the account cast a vote online."""
    return any(acts_online(ring, row._mapping, at=at) for row in rows)


def select_voter() -> Select[Any]:
    """The newest confirmation that holds, the undecided case and the kin beside a person's record.

    Asks for `person_id` and `at`. One line for each record of the same human (seldom more than one),
    the newest confirmation's first.
    """
    person, held, case = Person.__table__, Confirmation.__table__, ResidenceCase.__table__
    own, kin = PersonCluster.__table__.alias("own"), PersonCluster.__table__.alias("kin")
    at: BindParameter[datetime] = bindparam("at")
    holds = and_(
        held.c.person_id == person.c.id,
        held.c.confirmed_at <= at,
        held.c.valid_until > at,
        or_(held.c.revoked_at.is_(None), held.c.revoked_at > at),
    )
    # Written out: a list in IN () is put into the statement anew each time.
    undecided = or_(*(case.c.state == state for state in UNDECIDED))
    waits = and_(case.c.person_id == person.c.id, undecided)
    return (
        select(
            person.c.id.label("person_id"),
            held.c.district,
            held.c.confirmed_at,
            held.c.valid_until,
            case.c.district.label("case_district"),
            case.c.submitted_at,
            kin.c.person_id.label("kin_id"),
        )
        .select_from(
            person.outerjoin(held, holds)
            .outerjoin(case, waits)
            .outerjoin(own, own.c.person_id == person.c.id)
            .outerjoin(kin, kin.c.cluster_id == own.c.cluster_id)
        )
        .where(person.c.id == bindparam("person_id"))
        .order_by(held.c.confirmed_at.desc())
    )


def select_voter_by_account() -> Select[Any]:
    """`select_voter`, unordered, once for EACH account that acts for the person.

    Made for the cast, which asks everything of a person at once. Whoever uses it must join on `account_id`:
    without it, everybody's vote is open to everybody.
    """
    holder, identity = PersonHolder.__table__, PersonIdentity.__table__
    acts = and_(
        holder.c.person_id == Person.__table__.c.id,
        holder.c.until_at.is_(None),
    )
    return (
        select_voter()
        .add_columns(holder.c.account_id, holder.c.relation, identity.c.sealed, *city_ages())
        .join(holder, acts)
        .outerjoin(identity, identity.c.person_id == holder.c.person_id)
        .order_by(None)
    )


# Built once: to build a statement costs more than to run it.
_VOTER = select_voter()
