"""The rows of a person: sealed identity, and the blind keys under which a human is met again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from civic_budget.residency import sealing
from civic_budget.residency.identity import Answers, HomeAddress, Identity
from civic_budget.residency.matching import Document, blind_keys
from civic_budget.residency.models import Person, PersonIdentity, PersonMatchKey
from civic_budget.storage.db import Work

HOME = "home"


def store_identity(
    work: Work, person_id: UUID, identity: Identity, told: Answers, *, at: datetime
) -> None:
    """Seal a person's identity, and note sex and district beside it."""
    sealed = sealing.seal(work.keyring, sealing.IDENTITY, person_id, identity.to_json())
    work.session.merge(PersonIdentity(person_id=person_id, sealed=sealed, updated_at=at))
    person = work.session.get_one(Person, person_id)
    person.sex, person.district = told.sex, told.district


def store_match_keys(
    work: Work,
    person_id: UUID,
    identity: Identity,
    document: Document | None = None,
    *,
    keeps_former: bool = False,
) -> None:
    """Renew the blind keys of a person; a known document's key stays when none is given now.

    `keeps_former`: what is told is not decided yet, so who the person was confirmed to be is met as before.
    Until the commit nobody else stores any of the same keys: of two doubles that are sent in one
    instant the second finds the first.
    """
    found = blind_keys(
        work.keyring.key(sealing.MATCHING),
        given_names=identity.given_names,
        family_name=identity.family_name,
        birth_on=identity.born_on,
        document=document,
        address=identity.address.for_matching() if identity.address else None,
    )
    fresh = {
        "k1": found.k1,
        "k2": found.k2,
        "k3": found.k3,
        HOME: _home_key(work, identity.address),
    }
    work.take_turns(*(f"{kind}|".encode() + value for kind, value in fresh.items() if value))
    renewed = ([HOME] if keeps_former else ["k1", "k3", HOME]) + (["k2"] if found.k2 else [])
    work.session.execute(
        delete(PersonMatchKey).where(
            PersonMatchKey.person_id == person_id, PersonMatchKey.kind.in_(renewed)
        )
    )
    kept = work.session.execute(
        select(PersonMatchKey.kind, PersonMatchKey.value).where(
            PersonMatchKey.person_id == person_id
        )
    )
    known = {(row.kind, row.value) for row in kept}
    work.session.add_all(
        PersonMatchKey(person_id=person_id, kind=kind, value=value)
        for kind, value in fresh.items()
        if value is not None and (kind, value) not in known
    )
    work.session.flush()


def count_at_home(work: Work, person_id: UUID) -> int:
    """How many persons gave the same home; 0 for a named place without a house number."""
    home = select(PersonMatchKey.value).where(
        PersonMatchKey.person_id == person_id, PersonMatchKey.kind == HOME
    )
    same = select(func.count()).where(
        PersonMatchKey.kind == HOME, PersonMatchKey.value.in_(home.scalar_subquery())
    )
    return work.session.scalar(same) or 0


def _home_key(work: Work, home: HomeAddress | None) -> bytes | None:
    # Dormitories and shelters are crowded by nature: only a house number makes a crowd suspicious.
    if home is None or not home.house:
        return None
    plain = f"{home.street}|{home.house}|{home.flat}".casefold().replace(" ", "")
    return work.keyring.blind(sealing.MATCHING, plain)
