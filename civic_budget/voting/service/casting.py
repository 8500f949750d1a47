"""Cast a vote: check, seal, put it in the box. Two rows, no event, no message, no trace of the choice.

Here by a right that is known already; `pressing` is the way of an account that presses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
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
from civic_budget.voting.press_queries import lock_row
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
    return right_from(secrets, facts, queries.generations(session, secrets.round_id))


def right_from(secrets: RoundSecrets, facts: VotingFacts, risen: Mapping[UUID, int]) -> Right:
    """The right that follows from what was looked at; `risen` are the generations of returned votes."""
    tags = [secrets.tag(record, risen.get(record, 0)) for record in facts.records]
    return Right(tags, _scopes(facts.district), facts.standing)


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
    row = lock_row(work, round_id)
    require_taken(row, at)
    sealed = seal_vote(
        secrets,
        row,
        queries.read_frozen(work.connection, round_id, row.list_hash),
        right,
        choice,
        nonce=nonce,
        traces=traces,
        at=at,
        sealing=sealing,
    )
    outcome = insert_vote(work, secrets, sealed.vote, sealed.moment, right.tags)
    return receipt_of(outcome, choice, nonce)


class RoundSeen(Protocol):
    """What a cast needs of a round that was looked at."""

    @property
    def version(self) -> int:
        """Goes up with every deed on the round."""

    @property
    def status(self) -> str:
        """One of RoundStatus."""

    @property
    def opens_at(self) -> datetime:
        """From when it takes votes."""

    @property
    def closes_at(self) -> datetime:
        """Until when it takes votes."""


def require_taken(seen: RoundSeen, at: datetime, returned_until: datetime | None = None) -> None:
    """Raises NotAllowed unless the round takes this human's vote now."""
    decision = takes_votes(
        RoundStatus(seen.status),
        opens_at=seen.opens_at,
        closes_at=seen.closes_at,
        at=at,
        returned_until=returned_until,
    )
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)


@dataclass(frozen=True)
class VoteAndMoment:
    """A vote ready for the box, and what is noted of its coming in."""

    vote: SealedVote
    moment: Moment


def seal_vote(
    secrets: RoundSecrets,
    seen: RoundSeen,
    frozen: FrozenList,
    right: Right,
    choice: Choice,
    *,
    nonce: bytes,
    traces: Traces,
    at: datetime,
    sealing: Sealing = seal,
) -> VoteAndMoment:
    """Check a choice against a right and seal it; raises NotAllowed (no standing) or InvalidChoice.

    A vote given back after the closing counts to the vote's last day, so that nothing tells it from the
    others.
    """
    _require_standing(right)
    faults = find_faults(frozen.form, choice, entitled=right.scopes)
    if faults:
        raise InvalidChoice(faults)
    canonical = encode_choice(frozen.form, choice)
    plaintext = frame_plaintext(Origin.WEB, nonce, canonical)
    sealed = sealing(secrets.public_key, secrets.round_id, right.tags[0], plaintext)
    return VoteAndMoment(
        SealedVote(right.tags[0], nonce, canonical, sealed, seen.version),
        _moment(secrets, right, traces, min(at, seen.closes_at - LAST_MOMENT)),
    )


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
    return receipt_of(outcome, choice, nonce) if outcome else None


def receipt_of(outcome: CastOutcome, choice: Choice, nonce: bytes) -> CastReceipt:
    """The answer to a press; codes only where this very choice is in the box."""
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
    require_taken(lock_row(work, round_id), at)
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
    require_taken(lock_row(work, round_id), at)
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
