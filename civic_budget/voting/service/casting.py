"""Cast a vote: check, seal, put it in the box. Two rows, no event, no message, no trace of the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.editions.rules import CITY_WIDE, scope_of
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import NotAllowed
from civic_budget.residency.queries import VotingFacts, cluster_members, find_voting_facts
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.ballot_box import (
    CastOutcome,
    Moment,
    SealedVote,
    insert_slip,
    insert_vote,
    recognise_vote,
)
from civic_budget.voting.choice import (
    BallotForm,
    Choice,
    InvalidChoice,
    Origin,
    encode_choice,
    find_faults,
    frame_plaintext,
)
from civic_budget.voting.codes import control_code
from civic_budget.voting.frozen import FrozenList
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.press_queries import find_voter_at_press, lock_row
from civic_budget.voting.rules import RoundStatus, takes_votes
from civic_budget.voting.sealing import Sealing, seal
from civic_budget.voting.service.preparing import CITY_LEVEL, DISTRICT_LEVEL


@dataclass(frozen=True)
class CastReceipt:
    """What became of the press, and the control codes of the choice that is in the box.

    `codes` maps a scope to its code; empty when an earlier vote stands (its codes were shown then).
    """

    outcome: CastOutcome
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Traces:
    """Where a press came from; only keyed values of the day are kept, and only until the round is final."""

    network: str = ""
    device: str = ""


NO_TRACES = Traces()
LAST_MOMENT = timedelta(seconds=1)


def entitlement(
    session: Session, person_id: UUID, *, at: datetime
) -> tuple[Mapping[str, frozenset[str]], Standing]:
    """The scopes in which a person may vote, and on what standing."""
    facts = find_voting_facts(session, person_id, at=at)
    return _scopes(facts.district), facts.standing


def _scopes(district: int | None) -> Mapping[str, frozenset[str]]:
    own = frozenset({scope_of(district)}) if district is not None else frozenset[str]()
    return {CITY_LEVEL: frozenset({CITY_WIDE}), DISTRICT_LEVEL: own}


@dataclass(frozen=True)
class Right:
    """One human's right to vote: the tags of all their records (their own first), scopes, standing."""

    tags: Sequence[bytes]
    scopes: Mapping[str, frozenset[str]]
    standing: Standing


def right_of(session: Session, secrets: RoundSecrets, person_id: UUID, *, at: datetime) -> Right:
    """A person's right to vote at a moment."""
    facts = find_voting_facts(session, person_id, at=at)
    return _right(secrets, facts, queries.generations(session, secrets.round_id))


def _right(secrets: RoundSecrets, facts: VotingFacts, risen: Mapping[UUID, int]) -> Right:
    tags = [secrets.tag(record, risen.get(record, 0)) for record in facts.records]
    return Right(tags, _scopes(facts.district), facts.standing)


def cast_vote(
    work: Work,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    account_id: UUID,
    person_id: UUID,
    choice: Choice,
    nonce: bytes,
    traces: Traces = NO_TRACES,
    at: datetime,
) -> CastReceipt:
    """Cast the vote of a person for whom an account acts; pressed twice it is one vote, the same codes.

    Raises NotAllowed (closed, suspended, no standing, not this account's person) or InvalidChoice. The
    round is locked first, so that closing and casting can't cross, and the rest is asked after it.
    """
    row = lock_row(work, round_id)
    voter = find_voter_at_press(
        work, round_id=round_id, account_id=account_id, person_id=person_id, at=at
    )
    locked = _require_open(work, round_id, row, at, voter.returned_until)
    right = _right(secrets, voter.facts, voter.generations)
    return _cast(work, locked, secrets, right, Press(choice, nonce, traces), at=at)


def cast_by_right(
    work: Work,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    right: Right,
    choice: Choice,
    nonce: bytes,
    traces: Traces = NO_TRACES,
    at: datetime,
    sealing: Sealing = seal,
) -> CastReceipt:
    """Cast for whoever holds a right; raises as `cast_vote`."""
    locked = _require_open(work, round_id, lock_row(work, round_id), at)
    press = Press(choice, nonce, traces)
    return _cast(work, locked, secrets, right, press, at=at, sealing=sealing)


@dataclass(frozen=True)
class Press:
    """What a press brings along."""

    choice: Choice
    nonce: bytes
    traces: Traces


def _cast(
    work: Work,
    locked: _Locked,
    secrets: RoundSecrets,
    right: Right,
    press: Press,
    *,
    at: datetime,
    sealing: Sealing = seal,
) -> CastReceipt:
    form, choice, nonce = locked.frozen.form, press.choice, press.nonce
    _require_standing(right)
    faults = find_faults(form, choice, entitled=right.scopes)
    if faults:
        raise InvalidChoice(faults)
    canonical = encode_choice(form, choice)
    plaintext = frame_plaintext(Origin.WEB, nonce, canonical)
    sealed = sealing(secrets.public_key, secrets.round_id, right.tags[0], plaintext)
    vote = SealedVote(right.tags[0], nonce, canonical, sealed)
    moment = _moment(secrets, right, press.traces, min(at, locked.last_moment))
    return _receipt(insert_vote(work, secrets, vote, moment, right.tags), choice, nonce)


def _moment(secrets: RoundSecrets, right: Right, traces: Traces, at: datetime) -> Moment:
    local = at.astimezone(CITY_ZONE)

    def keyed(name: str, value: str) -> bytes | None:
        return secrets.signal_mac(name, f"{local.date()}|{value}") if value else None

    return Moment(
        local.date(),
        local.hour,
        network_mac=keyed("network", traces.network),
        device_mac=keyed("device", traces.device),
        is_provisional=right.standing is Standing.PROVISIONAL,
    )


def recall_vote(
    session: Session,
    *,
    secrets: RoundSecrets,
    form: BallotForm,
    person_id: UUID,
    choice: Choice,
    nonce: bytes,
) -> CastReceipt | None:
    """The answer to a press that may have been heard before the connection broke; casts nothing.

    Works after closing too; None when the person has no vote in the box.
    """
    outcome = recognise_vote(
        session,
        secrets,
        tags_of(session, secrets, person_id),
        nonce=nonce,
        canonical_choice=encode_choice(form, choice),
    )
    return _receipt(outcome, choice, nonce) if outcome else None


def _receipt(outcome: CastOutcome, choice: Choice, nonce: bytes) -> CastReceipt:
    shown = outcome in {CastOutcome.ACCEPTED, CastOutcome.SAME_AGAIN}
    codes = {s.scope: control_code(s.scope, nonce) for s in choice.values()} if shown else {}
    return CastReceipt(outcome, codes)


def claim_slip(
    work: Work,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    person_id: UUID,
    point: str,
    at: datetime,
) -> CastOutcome:
    """Register a paper voter at a point with a network; refused at once when a vote is there."""
    _require_open(work, round_id, lock_row(work, round_id), at)
    right = right_of(work.session, secrets, person_id, at=at)
    return _claim(work, secrets, right, point, at)


def claim_by_right(
    work: Work,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    right: Right,
    point: str,
    at: datetime,
) -> CastOutcome:
    """Register whoever holds a right as a paper voter; raises NotAllowed."""
    _require_open(work, round_id, lock_row(work, round_id), at)
    return _claim(work, secrets, right, point, at)


def _claim(
    work: Work, secrets: RoundSecrets, right: Right, point: str, at: datetime
) -> CastOutcome:
    _require_standing(right)
    local = at.astimezone(CITY_ZONE)
    is_provisional = right.standing is Standing.PROVISIONAL
    moment = Moment(local.date(), local.hour, point=point, is_provisional=is_provisional)
    return insert_slip(work, secrets, right.tags[0], moment, right.tags)


def _require_standing(right: Right) -> None:
    if right.standing is Standing.NONE:
        raise NotAllowed("residence_needed")


def participation_of(
    session: Session, secrets: RoundSecrets, persons: Sequence[UUID]
) -> dict[UUID, tuple[str, date]]:
    """Person → channel and day of their counted vote, recomputed in memory and kept nowhere.

    Only the statistics release, the family page and the commission may call this.
    """
    by_tag = queries.list_participation(session, secrets.round_id)
    risen = queries.generations(session, secrets.round_id)
    found = {}
    for person_id in persons:
        tag = secrets.tag(person_id, risen.get(person_id, 0))
        if tag in by_tag:
            found[person_id] = by_tag[tag]
    return found


def has_voted(session: Session, secrets: RoundSecrets, person_id: UUID) -> bool:
    """Whether there is a vote of this human (never what it says)."""
    return queries.has_envelope(session, secrets.round_id, tags_of(session, secrets, person_id))


def tags_of(session: Session, secrets: RoundSecrets, person_id: UUID) -> list[bytes]:
    """The tags of all records of one human; the person's own first."""
    return _tags(session, secrets, _records_of(session, person_id))


def returned_until(session: Session, round_id: UUID, person_id: UUID) -> datetime | None:
    """Until when this human may cast a vote that was given back; None without one."""
    return queries.find_vote_until(session, round_id, _records_of(session, person_id))


def _records_of(session: Session, person_id: UUID) -> list[UUID]:
    return [person_id, *(m for m in cluster_members(session, person_id) if m != person_id)]


def _tags(session: Session, secrets: RoundSecrets, records: Sequence[UUID]) -> list[bytes]:
    risen = queries.generations(session, secrets.round_id)
    return [secrets.tag(record, risen.get(record, 0)) for record in records]


@dataclass(frozen=True)
class _Locked:
    """What a cast needs of the locked round.

    `last_moment`: a vote given back after the closing counts to the vote's last day, so that nothing
    tells it from the others.
    """

    frozen: FrozenList
    last_moment: datetime


def _require_open(
    work: Work, round_id: UUID, row: Any, at: datetime, returned_until: datetime | None = None
) -> _Locked:
    """Raises NotAllowed unless the locked round takes this human's vote now."""
    decision = takes_votes(
        RoundStatus(row.status),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        at=at,
        returned_until=returned_until,
    )
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)
    frozen = queries.read_frozen(work.session, round_id, row.list_hash)
    return _Locked(frozen, row.closes_at - LAST_MOMENT)
