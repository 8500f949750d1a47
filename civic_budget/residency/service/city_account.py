"""A person lets the city's identity provider speak for them: sent there, back once, compared, let go.

The answer is a proof of the case like a register's. Whether it knew the person is nowhere told before
the case is decided: both answers lead to the same page. Which identity answered is bound to the person
when the case is sent: a draft that is given up leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import policy, sealing
from civic_budget.residency.city_account import (
    CITY_ACCOUNT,
    QUESTION_LASTS,
    Holder,
    Journey,
    weigh,
)
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource
from civic_budget.residency.models import (
    CaseProof,
    PersonMatchKey,
    ProviderIdentity,
    ProviderQuestion,
    ResidenceCase,
)
from civic_budget.residency.queries.cases import answers_of, relations_of
from civic_budget.residency.queries.guardians import is_for_child
from civic_budget.residency.rules import CaseState, Road
from civic_budget.residency.service.case_rows import load_case, require_open_road
from civic_budget.residency.service.proofs import note_proof
from civic_budget.storage.db import Work

ACCOUNT_KEY = "account"


@dataclass(frozen=True)
class Returned:
    """A question that came back: its case, what the answer must carry, the person's language."""

    case_id: UUID
    journey: Journey
    language: str


def ask_city_account(
    work: Work, actor: Actor, *, case_id: UUID, journey: Journey, language: str, at: datetime
) -> None:
    """Remember that a person is on the way to the provider; an earlier question of the case is void.

    Raises Conflict `tell_home_first`, `provider_not_for_children`, `road_closed`.
    """
    case = _open_case(work, actor, case_id, at)
    told = answers_of(work.session, case)
    if told.identity() is None or told.address is None:
        raise Conflict("tell_home_first")
    work.session.execute(delete(ProviderQuestion).where(ProviderQuestion.case_id == case_id))
    assert actor.account_id is not None
    work.session.add(
        ProviderQuestion(
            id=uuid4(),
            account_id=actor.account_id,
            case_id=case_id,
            state_hash=_hash(journey.state),
            nonce=journey.nonce,
            verifier=journey.verifier,
            language=language,
            asked_at=at,
            expires_at=at + QUESTION_LASTS,
        )
    )


def take_return(work: Work, actor: Actor, *, state: str, at: datetime) -> Returned | None:
    """The question of this account that a state belongs to, taken: the same answer never counts twice."""
    row = work.session.scalars(
        delete(ProviderQuestion)
        .where(
            ProviderQuestion.state_hash == _hash(state),
            ProviderQuestion.account_id == actor.account_id,
            ProviderQuestion.expires_at > at,
        )
        .returning(ProviderQuestion)
    ).first()
    if row is None:
        return None
    return Returned(row.case_id, Journey(state, row.nonce, row.verifier), row.language)


def note_city_account(
    work: Work, actor: Actor, *, case_id: UUID, holder: Holder, at: datetime
) -> None:
    """Compare what the provider said with what the person told, and note its worth as a proof.

    An identity that answered for another person before does not confirm: the case carries a key in
    common with that record, so that it is flagged when it is sent and an officer compares.
    """
    case = _open_case(work, actor, case_id, at)
    told = answers_of(work.session, case)
    identity, home = told.identity(), told.address
    if identity is None or home is None:
        raise Conflict("tell_home_first")
    outcome = weigh(holder, identity, home)
    note_proof(
        work,
        actor,
        case,
        source=ProofSource.REGISTER,
        kind=CITY_ACCOUNT,
        outcome=outcome,
        at=at,
    )
    answer = _find_answer(work, case_id)
    if answer is not None:
        is_person = outcome is not ProofOutcome.NO_MATCH
        key = work.keyring.blind(sealing.PROVIDER, holder.subject) if is_person else None
        answer.identity_key = key
    if case.state != CaseState.DRAFT:
        bind_identity(work, case, at=at)
    case.road, case.updated_at = Road.REGISTER.value, at


def bind_identity(work: Work, case: ResidenceCase, *, at: datetime) -> None:
    """A sent case: the identity that answered confirms this person, unless it confirmed another before.

    Either way the person carries its key, under which the two records meet.
    """
    answer = _find_answer(work, case.id)
    if answer is not None and answer.identity_key is not None:
        _bind(work, case.person_id, answer.identity_key, at)
        answer.identity_key = None


def forget_journeys(work: Work, *, at: datetime) -> None:
    """Drop questions from which nobody came back."""
    work.session.execute(delete(ProviderQuestion).where(ProviderQuestion.expires_at <= at))


def _open_case(work: Work, actor: Actor, case_id: UUID, at: datetime) -> ResidenceCase:
    case = load_case(work, case_id)
    require(policy.may_edit(actor, relations_of(work.session, case_id)))
    require_open_road(work, case, Road.REGISTER, at=at)
    if actor.account_id is None or is_for_child(work.session, actor.account_id, case.person_id):
        raise Conflict("provider_not_for_children")
    return case


def _find_answer(work: Work, case_id: UUID) -> CaseProof | None:
    return work.session.scalars(
        select(CaseProof).where(
            CaseProof.case_id == case_id,
            CaseProof.source == ProofSource.REGISTER.value,
            CaseProof.kind == CITY_ACCOUNT,
        )
    ).first()


def _bind(work: Work, person_id: UUID, key: bytes, at: datetime) -> None:
    # Of two persons who are sent with one identity in the same instant, one waits for the other.
    work.take_turns(b"provider|" + key)
    if work.session.get(ProviderIdentity, key) is None:
        row = ProviderIdentity(identity_key=key, person_id=person_id, since_at=at)
        work.session.add(row)
    known = (person_id, ACCOUNT_KEY, key)
    if work.session.get(PersonMatchKey, known) is None:
        work.session.add(PersonMatchKey(person_id=known[0], kind=known[1], value=key))
    work.session.flush()


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def is_bound_elsewhere(work: Work, person_id: UUID) -> bool:
    """Whether an identity that speaks for this person confirmed another one before."""
    own = select(PersonMatchKey.value).where(
        PersonMatchKey.person_id == person_id, PersonMatchKey.kind == ACCOUNT_KEY
    )
    other = select(ProviderIdentity.person_id).where(
        ProviderIdentity.identity_key.in_(own), ProviderIdentity.person_id != person_id
    )
    return work.session.scalars(other).first() is not None
