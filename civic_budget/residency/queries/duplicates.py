"""Records that may be the same human: met under blind keys, compared in the clear, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import sealing
from civic_budget.residency.identity import Identity
from civic_budget.residency.matching import Document, IdentityRecord, Reason, compare
from civic_budget.residency.models import (
    DuplicateVerdict,
    PersonCluster,
    PersonMatchKey,
    ResidenceCase,
    ResidencySetting,
    SuspectedPair,
    Tombstone,
)
from civic_budget.residency.queries.persons import identity_of
from civic_budget.storage.db import keyring_of

CLUSTERS_FIXED_AT = "clusters_fixed_at"
"""The one row of the settings table that no person sets: the moment of the last opening."""
BY_RUN = "run"
"""Beside the kinds of blind keys: a comparison of the whole register found the pair."""


@dataclass(frozen=True)
class Suspect:
    """Another record that may be the same human, and why."""

    person_id: UUID
    keys: tuple[str, ...]
    identity: Identity | None
    score: int
    reasons: tuple[Reason, ...]
    reference: str | None
    state: str | None
    verdict: str | None
    said_by: UUID | None
    is_merged: bool
    is_erased: bool
    has_changed: bool
    """Since an officer's word a record has changed, and the two are alike still."""


def find_same_keys(session: Session, person_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Other records that share a blind key with a record, or that a run found alike: id → kinds.

    Kinds are those of the shared keys and `BY_RUN`.
    """
    own, other = aliased(PersonMatchKey), aliased(PersonMatchKey)
    rows = session.execute(
        select(other.person_id, other.kind)
        .join(own, (own.kind == other.kind) & (own.value == other.value))
        .where(own.person_id == person_id, other.person_id != person_id, own.kind != "home")
        .order_by(other.kind)
    )
    found: dict[UUID, list[str]] = {}
    for other_id, kind in rows:
        kinds = found.setdefault(other_id, [])
        if kind not in kinds:
            kinds.append(kind)
    pairs = session.execute(
        select(SuspectedPair.person_a, SuspectedPair.person_b).where(
            or_(SuspectedPair.person_a == person_id, SuspectedPair.person_b == person_id)
        )
    )
    for one, other_id in pairs:
        found.setdefault(other_id if one == person_id else one, []).append(BY_RUN)
    return {other_id: tuple(kinds) for other_id, kinds in found.items()}


def list_suspects(session: Session, person_id: UUID) -> list[Suspect]:
    """Records that may be the same human as this one, the most alike first."""
    mine = identity_of(session, person_id)
    found = [
        _suspect(session, person_id, other_id, kinds, mine)
        for other_id, kinds in find_same_keys(session, person_id).items()
    ]
    return sorted(found, key=lambda suspect: (-suspect.score, suspect.person_id))


def find_verdict(session: Session, one: UUID, other: UUID) -> DuplicateVerdict | None:
    """What officers said of two records."""
    first, second = sorted((one, other))
    return session.get(DuplicateVerdict, (first, second))


def clusters_fixed_at(session: Session) -> datetime | None:
    """When ballots were opened last: merges from before cannot be taken back. None: never yet."""
    row = session.get(ResidencySetting, CLUSTERS_FIXED_AT)
    return datetime.fromisoformat(row.value["value"]) if row else None


def as_record(identity: Identity, number: bytes | None = None) -> IdentityRecord:
    """An identity as the matcher compares it; `number` is the blind key of its document."""
    return IdentityRecord(
        given_names=identity.given_names,
        family_name=identity.family_name,
        birth_on=identity.born_on,
        document=Document("blind", "", number.hex()) if number else None,
        address=identity.address.for_matching() if identity.address else None,
    )


def number_of(session: Session, person_id: UUID) -> bytes | None:
    """The blind key of a person's document, when one was told."""
    return session.scalar(
        select(PersonMatchKey.value)
        .where(PersonMatchKey.person_id == person_id, PersonMatchKey.kind == "k2")
        .order_by(PersonMatchKey.value)
        .limit(1)
    )


def record_of(session: Session, person_id: UUID) -> IdentityRecord | None:
    """A person's record as the matcher compares it; None when nothing was sent, or after erasure."""
    identity = identity_of(session, person_id)
    return as_record(identity, number_of(session, person_id)) if identity else None


def basis_of(ring: KeyRing, first: IdentityRecord, second: IdentityRecord) -> bytes:
    """A keyed value of all that is compared of two records, in the order of their ids.

    Equal as long as nothing of it changes; says nothing without the key.
    """
    return ring.blind(sealing.MATCHING, f"pair|{first!r}|{second!r}")


def find_basis(session: Session, first: UUID, second: UUID) -> bytes | None:
    """The basis of two records as they are; ids in order. None after an erasure."""
    one, other = record_of(session, first), record_of(session, second)
    return basis_of(keyring_of(session), one, other) if one and other else None


def _suspect(
    session: Session, person_id: UUID, other_id: UUID, keys: tuple[str, ...], mine: Identity | None
) -> Suspect:
    theirs = identity_of(session, other_id)
    found = None
    if mine and theirs:
        numbers = number_of(session, person_id), number_of(session, other_id)
        found = compare(as_record(mine, numbers[0]), as_record(theirs, numbers[1]))
    case = session.execute(
        select(ResidenceCase.reference, ResidenceCase.state)
        .where(ResidenceCase.person_id == other_id)
        .order_by(ResidenceCase.created_at.desc())
        .limit(1)
    ).first()
    verdict = find_verdict(session, person_id, other_id)
    return Suspect(
        person_id=other_id,
        keys=keys,
        identity=theirs,
        score=found.score if found else 0,
        reasons=found.reasons if found else (),
        reference=case.reference if case else None,
        state=case.state if case else None,
        verdict=verdict.verdict if verdict else None,
        said_by=verdict.said_by if verdict else None,
        is_merged=_are_merged(session, person_id, other_id),
        is_erased=session.get(Tombstone, other_id) is not None,
        has_changed=verdict is not None and _has_changed(session, verdict),
    )


def _has_changed(session: Session, verdict: DuplicateVerdict) -> bool:
    pair = session.get(SuspectedPair, (verdict.person_a, verdict.person_b))
    if pair is None or verdict.verdict != "different":
        return False
    return verdict.basis is not None and verdict.basis != pair.basis


def _are_merged(session: Session, one: UUID, other: UUID) -> bool:
    clusters = session.scalars(
        select(PersonCluster.cluster_id).where(
            or_(PersonCluster.person_id == one, PersonCluster.person_id == other)
        )
    ).all()
    return len(clusters) == 2 and clusters[0] == clusters[1]
