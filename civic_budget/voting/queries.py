"""Looking rounds up. Nothing here ever counts by project before the opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from civic_budget.editions.queries import current_edition_id
from civic_budget.kernel.errors import NotFound
from civic_budget.voting.frozen import FrozenList, known_list, list_by_hash
from civic_budget.voting.models import (
    BallotRow,
    EnvelopeRow,
    EnvelopeVoid,
    NightlyCountRow,
    Participation,
    Round,
    RoundMember,
    VoidProposal,
    VoteReturn,
)
from civic_budget.voting.opening import Ballot, Opened
from civic_budget.voting.rules import RoundStatus


@dataclass(frozen=True)
class RoundFacts:
    """A round as other shelves see it."""

    id: UUID
    edition_id: UUID
    status: RoundStatus
    opens_at: datetime
    closes_at: datetime
    public_key: bytes
    verify_key: bytes
    key_marks: bytes | None
    threshold: int
    frozen: FrozenList
    list_hash: bytes
    sealed_root: bytes | None
    sealed_count: int | None
    board_root: bytes | None
    closed_at: datetime | None
    opened_at: datetime | None
    final_at: datetime | None
    paper_until: datetime | None = None
    objection_days: int = 3
    keep_until: datetime | None = None
    legal_hold: str | None = None
    destroyed_at: datetime | None = None


@dataclass(frozen=True)
class Member:
    """A member of the commission in one round."""

    account_id: UUID
    number: int
    key_fingerprint: str


@dataclass(frozen=True)
class WaitingVoid:
    """A void that one member proposed and a second may confirm."""

    tag: bytes
    reason: str
    first_by: UUID
    proposed_at: datetime


def get_round(session: Session, round_id: UUID) -> RoundFacts:
    """A round; raises NotFound."""
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("no_such_round")
    return _facts(row, known_list(row.list_content))


def find_round_of_edition(session: Session, edition_id: UUID) -> RoundFacts | None:
    """The round of an edition that is not annulled."""
    return _find_round(session, _ROUND_OF_EDITION, edition_id=edition_id)


def find_present_round(session: Session, *, at: datetime) -> RoundFacts | None:
    """The round of the present edition, in one statement: every page's menu and every cast asks it."""
    return _find_round(session, _PRESENT_ROUND, at=at)


@dataclass(frozen=True)
class RoundKey:
    """A round, and the public key and the marks that its secrets must fit."""

    id: UUID
    public_key: bytes
    key_marks: bytes | None


def list_rounds_with_notices(session: Session) -> Sequence[RoundKey]:
    """Rounds whose voters may still have to be told: open, suspended, or closed and being checked."""
    states = (RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION)
    rows = session.execute(
        select(Round.id, Round.public_key, Round.key_marks).where(
            Round.status.in_([s.value for s in states])
        )
    )
    return [RoundKey(row.id, row.public_key, row.key_marks) for row in rows]


def find_checked_close(session: Session) -> datetime | None:
    """When the vote closed whose envelopes are being checked now, the last one if there are several."""
    closed_at: datetime | None = session.scalar(
        select(func.max(Round.closes_at)).where(Round.status == RoundStatus.VERIFICATION.value)
    )
    return closed_at


def list_members(session: Session, round_id: UUID) -> Sequence[Member]:
    """The members fixed at setup, by number."""
    rows = session.scalars(
        select(RoundMember).where(RoundMember.round_id == round_id).order_by(RoundMember.number)
    )
    return [Member(row.account_id, row.number, row.key_fingerprint) for row in rows]


def count_envelopes(session: Session, round_id: UUID) -> dict[str, int]:
    """Channel → how many envelopes are in the box."""
    rows = session.execute(
        select(EnvelopeRow.channel, func.count().label("number"))
        .where(EnvelopeRow.round_id == round_id)
        .group_by(EnvelopeRow.channel)
    )
    return {row.channel: row.number for row in rows}


def count_voids(session: Session, round_id: UUID) -> dict[str, int]:
    """Reason → how many envelopes were taken out for it."""
    rows = session.execute(
        select(EnvelopeVoid.reason, func.count().label("number"))
        .where(EnvelopeVoid.round_id == round_id)
        .group_by(EnvelopeVoid.reason)
    )
    return {row.reason: row.number for row in rows}


def list_waiting_voids(session: Session, round_id: UUID) -> Sequence[WaitingVoid]:
    """Voids that wait for a second member."""
    done = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    rows = session.scalars(
        select(VoidProposal)
        .where(VoidProposal.round_id == round_id, VoidProposal.tag.not_in(done))
        .order_by(VoidProposal.proposed_at)
    )
    return [WaitingVoid(r.tag, r.reason, r.first_by, r.proposed_at) for r in rows]


def list_nightly_counts(session: Session, round_id: UUID) -> Sequence[NightlyCountRow]:
    """The published nights, the first first."""
    return session.scalars(
        select(NightlyCountRow)
        .where(NightlyCountRow.round_id == round_id)
        .order_by(NightlyCountRow.counted_on)
    ).all()


def generations(session: Session, round_id: UUID) -> dict[UUID, int]:
    """Person → generation, for those to whom a vote was returned."""
    rows = session.connection().execute(_GENERATIONS, {"round_id": round_id})
    return {row.person_id: row.generation for row in rows}


def find_vote_until(session: Session, round_id: UUID, persons: Sequence[UUID]) -> datetime | None:
    """Until when one of these records may cast a vote that was given back to it; None without one."""
    return session.scalar(
        select(func.max(VoteReturn.vote_until)).where(
            VoteReturn.round_id == round_id, VoteReturn.person_id.in_(persons)
        )
    )


def count_returns(session: Session, round_id: UUID) -> int:
    """How many persons were given a vote back."""
    return (
        session.scalar(
            select(func.count())
            .select_from(VoteReturn)
            .where(VoteReturn.round_id == round_id, VoteReturn.vote_until.is_not(None))
        )
        or 0
    )


def read_frozen(asked: Connection, round_id: UUID, list_hash: bytes) -> FrozenList:
    """A round's frozen list: its bytes are fetched when this process meets their hash first."""
    content = {"round_id": round_id}
    return list_by_hash(
        list_hash, lambda: bytes(asked.execute(_LIST_CONTENT, content).scalar_one())
    )


def _find_round(session: Session, statement: Select[Any], **values: object) -> RoundFacts | None:
    asked = session.connection()
    row = asked.execute(statement, values).first()
    return _facts(row, read_frozen(asked, row.id, row.list_hash)) if row else None


def _round_of(edition_id: ColumnElement[UUID]) -> Select[Any]:
    row = Round.__table__.c
    return (
        select(*(column for column in row if column is not row.list_content))
        .where(row.edition_id == edition_id)
        .where(row.status != RoundStatus.ANNULLED.value)
        .order_by(row.opens_at.desc())
        .limit(1)
    )


# Built once: each cast asks them.
_ROUND_OF_EDITION = _round_of(bindparam("edition_id", type_=Round.__table__.c.edition_id.type))
_PRESENT_ROUND = _round_of(current_edition_id())
_LIST_CONTENT = select(Round.__table__.c.list_content).where(
    Round.__table__.c.id == bindparam("round_id")
)
_GENERATIONS = select(VoteReturn.__table__.c.person_id, VoteReturn.__table__.c.generation).where(
    VoteReturn.__table__.c.round_id == bindparam("round_id")
)


def list_participation(session: Session, round_id: UUID) -> dict[bytes, tuple[str, date]]:
    """Tag → channel and day, without voided ones; empty after the round is final."""
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    rows = session.execute(
        select(Participation.tag, Participation.channel, Participation.counted_on).where(
            Participation.round_id == round_id, Participation.tag.not_in(voided)
        )
    )
    return {row.tag: (row.channel, row.counted_on) for row in rows}


def has_envelope(session: Session, round_id: UUID, tags: Sequence[bytes]) -> bool:
    """Whether one of these tags has an envelope (for "you have voted")."""
    found = select(EnvelopeRow.tag).where(
        EnvelopeRow.round_id == round_id, EnvelopeRow.tag.in_(tags)
    )
    return session.execute(found.limit(1)).first() is not None


def read_opened(session: Session, round_id: UUID) -> Opened:
    """The ballots of an opened round in board order, with its counts; raises NotFound before."""
    row = session.get(Round, round_id)
    if row is None or row.counted is None or row.voided is None:
        raise NotFound("round_not_opened")
    lines = session.execute(
        select(BallotRow.scope, BallotRow.code, BallotRow.choice)
        .where(BallotRow.round_id == round_id)
        .order_by(BallotRow.scope, BallotRow.code)
    )
    return Opened(tuple(Ballot(*line) for line in lines), row.counted, row.voided)


def _facts(row: Round | Row[Any], frozen: FrozenList) -> RoundFacts:
    return RoundFacts(
        id=row.id,
        edition_id=row.edition_id,
        status=RoundStatus(row.status),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        public_key=row.public_key,
        verify_key=row.verify_key,
        key_marks=row.key_marks,
        threshold=row.threshold,
        frozen=frozen,
        list_hash=row.list_hash,
        sealed_root=row.sealed_root,
        sealed_count=row.sealed_count,
        board_root=row.board_root,
        closed_at=row.closed_at,
        opened_at=row.opened_at,
        final_at=row.final_at,
        paper_until=row.paper_until,
        objection_days=row.objection_days,
        keep_until=row.keep_until,
        legal_hold=row.legal_hold,
        destroyed_at=row.destroyed_at,
    )
