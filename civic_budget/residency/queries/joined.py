"""Records that officers joined to a person's: those nobody else has, and how many have another account."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import LIVE_STATES
from civic_budget.residency.models import Person, PersonHolder, ResidenceCase
from civic_budget.residency.queries.persons import cluster_members


def spare_records(session: Session, person_id: UUID) -> Sequence[UUID]:
    """The other records of the same human that no account has: nobody but this one can ask for them."""
    others = [one for one in cluster_members(session, person_id) if one != person_id]
    wanted = (Person.id.in_(others), Person.erased_at.is_(None), ~_is_had())
    return session.scalars(select(Person.id).where(*wanted).order_by(Person.id)).all()


def records_to_show(
    session: Session, person_id: UUID, *, account_id: UUID, is_own: bool
) -> Sequence[UUID]:
    """The spare records that belong into a copy.

    A ward's copy has none that another account began: it would tell one guardian where the other lives.
    """
    spare = spare_records(session, person_id)
    if is_own:
        return spare
    begun = session.scalars(
        select(ResidenceCase.person_id).where(
            ResidenceCase.person_id.in_(spare),
            ResidenceCase.account_id.is_not(None),
            ResidenceCase.account_id != account_id,
        )
    ).all()
    return [one for one in spare if one not in begun]


def count_records_of_others(session: Session, person_id: UUID) -> int:
    """How many joined records have another account: they are seen and erased from that one."""
    others = [one for one in cluster_members(session, person_id) if one != person_id]
    wanted = (Person.id.in_(others), Person.erased_at.is_(None), _is_had())
    return session.scalars(select(func.count()).select_from(Person).where(*wanted)).one()


def _is_had() -> ColumnElement[bool]:
    """Whether an account holds a record now, or is tied to it as a guardian."""
    held = exists().where(
        and_(PersonHolder.person_id == Person.id, PersonHolder.until_at.is_(None))
    )
    tied = exists().where(
        and_(Guardianship.person_id == Person.id, Guardianship.state.in_(LIVE_STATES))
    )
    return held | tied
