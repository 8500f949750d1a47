"""Looking guardians and children up: who acts, who is told, what waits for an officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Label, RowMapping, Select, bindparam, select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import (
    DECLARED_STATES,
    TieState,
    is_ward_age,
    may_vote_online,
)
from civic_budget.residency.limits import STANDARD
from civic_budget.residency.models import (
    PersonHolder,
    PersonIdentity,
    PersonMatchKey,
    ResidencySetting,
)
from civic_budget.residency.policy import WardRelations
from civic_budget.residency.queries.cases import CaseFacts, find_last_case
from civic_budget.residency.queries.persons import (
    acts_for,
    identity_of,
    open_identity,
)
from civic_budget.storage.db import keyring_of

AGES = ("hand_over_age", "online_vote_age")


@dataclass(frozen=True)
class ActsFor:
    """A person for whom an account acts: itself (`holder`) or a child (`guardian`)."""

    person_id: UUID
    relation: str
    may_vote_online: bool


@dataclass(frozen=True)
class TieFacts:
    """A guardian's tie to a child; `name` and `born_on` are what was told of the child so far."""

    id: UUID
    account_id: UUID
    person_id: UUID
    state: TieState
    proof: str
    claimed_at: datetime
    changed_at: datetime
    reason: str | None
    name: str
    born_on: date | None
    case: CaseFacts | None


def acted_until_the_end(
    session: Session, account_id: UUID, person_id: UUID, ended_at: datetime
) -> bool:
    """Whether a guardian acted for a child up to the moment at which the tie ended."""
    found = select(PersonHolder.id).where(
        PersonHolder.account_id == account_id,
        PersonHolder.person_id == person_id,
        PersonHolder.relation == "guardian",
        PersonHolder.until_at >= ended_at,
    )
    return session.scalar(found.limit(1)) is not None


def persons_acting_for(session: Session, account_id: UUID, *, at: datetime) -> list[ActsFor]:
    """Everybody for whom an account acts at a moment: its own person first, then children.

    A child who has come of the age of an account of their own is not among them, whether or not the
    worker has ended the tie yet. Made for the voting room, which asks before it shows a ballot.
    """
    ring = keyring_of(session)
    rows = session.connection().execute(_ACTING_FOR, {"account_id": account_id})
    return [
        ActsFor(row["person_id"], row["relation"], online)
        for row in rows.mappings()
        if (online := acts_online(ring, row, at=at)) is not None
    ]


def acts_online(ring: KeyRing, row: RowMapping, *, at: datetime) -> bool | None:
    """Whether a vote may be cast online in this relation; None where a child has outgrown it.

    The row has the relation, the sealed identity and the city's ages.
    """
    born = _born_on(ring, row)
    if born is None:
        return True
    limits = STANDARD.with_settings({name: row[name]["value"] for name in AGES if row[name]})
    if row["relation"] == "guardian" and not is_ward_age(born, at, until_age=limits.hand_over_age):
        return None
    return may_vote_online(born, at, from_age=limits.online_vote_age)


def _born_on(ring: KeyRing, row: RowMapping) -> date | None:
    if row["sealed"] is None:
        return None
    return open_identity(ring, row["person_id"], row["sealed"]).born_on


def guardian_of(session: Session, person_id: UUID, *, at: datetime) -> UUID | None:
    """The account that acts for a child at a moment; None: nobody, or no child any more."""
    account_id = session.scalar(
        select(PersonHolder.account_id).where(
            PersonHolder.person_id == person_id,
            PersonHolder.relation == "guardian",
            PersonHolder.until_at.is_(None),
        )
    )
    if account_id is None:
        return None
    acted_for = {one.person_id for one in persons_acting_for(session, account_id, at=at)}
    return account_id if person_id in acted_for else None


def ward_relations(session: Session, tie_id: UUID, *, at: datetime) -> WardRelations:
    """What the policy asks before a child's record is erased; raises NotFound for no such tie."""
    tie = session.get(Guardianship, tie_id)
    if tie is None:
        raise NotFound
    disputed = select(Guardianship.id).where(
        Guardianship.person_id == tie.person_id, Guardianship.state == TieState.DISPUTED
    )
    return WardRelations(
        guardian=tie.account_id,
        acts=guardian_of(session, tie.person_id, at=at) == tie.account_id,
        is_disputed=session.scalars(disputed).first() is not None,
    )


def informed_accounts(session: Session, person_id: UUID) -> Sequence[UUID]:
    """Declared guardians who do not act now and are told what happens to the child's record."""
    return session.scalars(
        select(Guardianship.account_id)
        .where(
            Guardianship.person_id == person_id,
            Guardianship.state.in_([TieState.INFORMED.value, TieState.DISPUTED.value]),
        )
        .order_by(Guardianship.claimed_at, Guardianship.id)
    ).all()


def claiming_accounts(session: Session, person_id: UUID) -> Sequence[UUID]:
    """Every account that was ever tied to a child, or claims it: none of them decides its case."""
    return session.scalars(
        select(Guardianship.account_id).where(Guardianship.person_id == person_id).distinct()
    ).all()


def may_see_case(session: Session, account_id: UUID, person_id: UUID) -> bool:
    """Whether an account acts for a person, or claims the child and tells their answers meanwhile."""
    if acts_for(session, account_id, person_id):
        return True
    claimed = select(Guardianship.id).where(
        Guardianship.account_id == account_id,
        Guardianship.person_id == person_id,
        Guardianship.state == TieState.CLAIMED,
    )
    return session.scalar(claimed) is not None


def is_for_child(session: Session, account_id: UUID, person_id: UUID) -> bool:
    """Whether an account tells about somebody else: a child that it claims or acts for."""
    tied = select(Guardianship.id).where(
        Guardianship.account_id == account_id, Guardianship.person_id == person_id
    )
    return session.scalars(tied).first() is not None


def find_claim_proof(session: Session, person_id: UUID) -> str | None:
    """How the guardianship of a child whose claim still waits is to be shown; None: no such claim."""
    return session.scalar(
        select(Guardianship.proof).where(
            Guardianship.person_id == person_id, Guardianship.state == TieState.CLAIMED
        )
    )


def list_ties(session: Session, account_id: UUID) -> list[TieFacts]:
    """An account's ties to children, the oldest first."""
    rows = session.scalars(
        select(Guardianship)
        .where(Guardianship.account_id == account_id)
        .order_by(Guardianship.claimed_at, Guardianship.id)
    ).all()
    return [tie_facts(session, row) for row in rows]


def list_ties_of_child(session: Session, person_id: UUID) -> list[TieFacts]:
    """All ties to a child's record, the oldest first."""
    rows = session.scalars(
        select(Guardianship)
        .where(Guardianship.person_id == person_id)
        .order_by(Guardianship.claimed_at, Guardianship.id)
    ).all()
    return [tie_facts(session, row) for row in rows]


def list_disputed(session: Session) -> list[TieFacts]:
    """Ties that wait for a desk, the oldest dispute first."""
    rows = session.scalars(
        select(Guardianship)
        .where(Guardianship.state == TieState.DISPUTED)
        .order_by(Guardianship.changed_at, Guardianship.id)
    ).all()
    return [tie_facts(session, row) for row in rows]


def find_guardian_in_charge(session: Session, person_id: UUID) -> UUID | None:
    """The person id under which another guardian acts (or is disputed) for the same child already."""
    key = child_key_of(session, person_id)
    if key is None:
        return None
    return session.scalar(
        select(Guardianship.person_id).where(
            Guardianship.child_key == key,
            Guardianship.state.in_([TieState.ACTING.value, TieState.DISPUTED.value]),
        )
    )


def child_key_of(session: Session, person_id: UUID) -> bytes | None:
    """The blind key of a child's names and birth date; None before they were sent."""
    return session.scalar(
        select(PersonMatchKey.value).where(
            PersonMatchKey.person_id == person_id, PersonMatchKey.kind == "k1"
        )
    )


def is_declared(session: Session, account_id: UUID, person_id: UUID) -> bool:
    """Whether an officer accepted the account as a guardian of the child."""
    states = [state.value for state in DECLARED_STATES]
    found = select(Guardianship.id).where(
        Guardianship.account_id == account_id,
        Guardianship.person_id == person_id,
        Guardianship.state.in_(states),
    )
    return session.scalar(found) is not None


def born_on(session: Session, person_id: UUID) -> date | None:
    """A person's birth date; None when nothing was sent yet, or after erasure."""
    known = identity_of(session, person_id)
    return known.born_on if known else None


def tie_facts(session: Session, row: Guardianship) -> TieFacts:
    """A tie as pages show it."""
    case = find_last_case(session, row.person_id)
    known = identity_of(session, row.person_id)
    told = case.answers if case else None
    name = known.full_name if known else ""
    if not name and told:
        name = f"{told.given_names} {told.family_name}".strip()
    return TieFacts(
        id=row.id,
        account_id=row.account_id,
        person_id=row.person_id,
        state=TieState(row.state),
        proof=row.proof,
        claimed_at=row.claimed_at,
        changed_at=row.changed_at,
        reason=row.reason,
        name=name,
        born_on=known.born_on if known else (told.born_on if told else None),
        case=case,
    )


def city_ages() -> list[Label[Any]]:
    """The two ages of children as the city set them, as columns of a statement; NULL: not set."""
    setting = ResidencySetting.__table__.c
    return [
        select(setting.value).where(setting.name == name).scalar_subquery().label(name)
        for name in AGES
    ]


def _acting_for() -> Select[Any]:
    """Who, in which relation, with the sealed identity and the ages that the city set."""
    holder, identity = PersonHolder.__table__, PersonIdentity.__table__
    return (
        select(holder.c.person_id, holder.c.relation, identity.c.sealed, *city_ages())
        .outerjoin_from(holder, identity, identity.c.person_id == holder.c.person_id)
        .where(holder.c.account_id == bindparam("account_id"), holder.c.until_at.is_(None))
        .order_by(holder.c.relation.desc(), holder.c.since_at, holder.c.id)
    )


# Built once: to build a statement costs more than to run it, and every voter's page asks it.
_ACTING_FOR = _acting_for()
