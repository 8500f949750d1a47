"""What a desk looks up: by a whole reference, card number or name with birth date; never by a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.contacts import CardNumber, read_card_number
from civic_budget.accounts.queries import DeskAccount, find_by_sign_in_name, get_desk_account
from civic_budget.kernel.errors import NotFound
from civic_budget.residency import sealing
from civic_budget.residency.desk_rules import MOST_FOUND, ProofOutcome, ProofSource, VisitReason
from civic_budget.residency.identity import Identity
from civic_budget.residency.matching import blind_keys
from civic_budget.residency.models import (
    CaseProof,
    DeskVisit,
    OfficerInterest,
    Person,
    PersonHolder,
    PersonMatchKey,
    ResidenceCase,
)
from civic_budget.residency.policy import PersonRelations, VisitRelations
from civic_budget.residency.queries.cases import CaseFacts, find_last_case
from civic_budget.residency.queries.persons import accounts_of_person, identity_of, own_person
from civic_budget.residency.rules import read_reference
from civic_budget.storage.db import keyring_of


@dataclass(frozen=True)
class ProofFacts:
    """Something that speaks for a residence."""

    source: ProofSource
    kind: str
    outcome: ProofOutcome
    document_on: date | None
    noted_at: datetime
    noted_by: UUID | None
    point_id: UUID | None = None


@dataclass(frozen=True)
class VisitFacts:
    """A running visit with the record that is open in it: no citizenship, no documents, no vote."""

    id: UUID
    person_id: UUID
    officer: UUID
    point_id: UUID | None
    reason: VisitReason
    ends_at: datetime
    closed_at: datetime | None
    identity: Identity | None
    case: CaseFacts | None
    account_id: UUID | None
    account: DeskAccount | None
    has_guardian: bool

    @property
    def relations(self) -> VisitRelations:
        """The same for the policy."""
        return VisitRelations(self.officer, self.ends_at, self.closed_at)


def find_person_by_number(session: Session, typed: str) -> UUID | None:
    """The person of a case's reference or of a card number; both are typed whole."""
    number = read_card_number(typed)
    if number is not None:
        account = find_by_sign_in_name(session, CardNumber(number))
        return own_person(session, account.id) if account else None
    reference = read_reference(typed)
    if reference is None:
        return None
    return session.scalar(
        select(ResidenceCase.person_id)
        .join(Person, Person.id == ResidenceCase.person_id)
        .where(ResidenceCase.reference == reference, Person.erased_at.is_(None))
    )


def find_persons_by_name(
    session: Session, *, given_names: str, family_name: str, born_on: date
) -> Sequence[UUID]:
    """Persons with this name, however it is spelt, and this birth date; at most `MOST_FOUND`."""
    keys = blind_keys(
        keyring_of(session).key(sealing.MATCHING),
        given_names=given_names,
        family_name=family_name,
        birth_on=born_on,
    )
    if keys.k1 is None:
        return []
    return session.scalars(
        select(PersonMatchKey.person_id)
        .join(Person, Person.id == PersonMatchKey.person_id)
        .where(
            PersonMatchKey.kind == "k1",
            PersonMatchKey.value == keys.k1,
            Person.erased_at.is_(None),
        )
        .order_by(PersonMatchKey.person_id)
        .limit(MOST_FOUND)
    ).all()


def person_relations_of(session: Session, person_id: UUID) -> PersonRelations:
    """Who acts for a person, and which officers said that they know them."""
    interested = session.scalars(
        select(OfficerInterest.account_id).where(OfficerInterest.person_id == person_id)
    )
    acting = accounts_of_person(session, person_id)
    return PersonRelations(frozenset(acting), frozenset(interested))


def get_visit(session: Session, visit_id: UUID, *, at: datetime) -> VisitFacts:
    """A visit with its record; raises NotFound."""
    row = session.get(DeskVisit, visit_id)
    if row is None:
        raise NotFound
    account_id = holder_of(session, row.person_id)
    return VisitFacts(
        id=row.id,
        person_id=row.person_id,
        officer=row.officer,
        point_id=row.point_id,
        reason=VisitReason(row.reason),
        ends_at=row.ends_at,
        closed_at=row.closed_at,
        identity=identity_of(session, row.person_id),
        case=find_last_case(session, row.person_id),
        account_id=account_id,
        account=get_desk_account(session, account_id, at=at) if account_id else None,
        has_guardian=account_id is None and bool(accounts_of_person(session, row.person_id)),
    )


def holder_of(session: Session, person_id: UUID) -> UUID | None:
    """The person's own account; None for a child whose guardian acts, or before the first card."""
    return session.scalar(
        select(PersonHolder.account_id).where(
            PersonHolder.person_id == person_id,
            PersonHolder.relation == "holder",
            PersonHolder.until_at.is_(None),
        )
    )


def list_proofs(session: Session, case_id: UUID) -> Sequence[ProofFacts]:
    """What speaks for a residence besides uploaded files, oldest first."""
    rows = session.scalars(
        select(CaseProof)
        .where(CaseProof.case_id == case_id)
        .order_by(CaseProof.noted_at, CaseProof.id)
    )
    return [
        ProofFacts(
            ProofSource(row.source),
            row.kind,
            ProofOutcome(row.outcome),
            row.document_on,
            row.noted_at,
            row.noted_by,
            row.point_id,
        )
        for row in rows
    ]
