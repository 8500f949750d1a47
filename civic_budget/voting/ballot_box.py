"""The ballot box: puts a sealed envelope in, once per person, and hands the urn to the opening.

Only `voting.service` may use this module. One cast writes exactly two rows and nothing else: no
event, no outbox task, no counter. Knows no names and no choices in clear beyond the call itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BindParameter, Select, Table, and_, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from civic_budget.storage.db import Work
from civic_budget.voting.keys import RoundSecrets, same
from civic_budget.voting.models import (
    EnvelopeRow,
    EnvelopeVoid,
    PaperBallotRow,
    Participation,
)
from civic_budget.voting.opening import PAPER, WEB, Envelope, PaperBallot, Urn, Void


class CastOutcome(StrEnum):
    """What became of a press on "cast"."""

    ACCEPTED = "accepted"
    SAME_AGAIN = "same_again"
    EARLIER_STANDS = "earlier_stands"
    EARLIER_IS_OUT = "earlier_is_out"
    """The vote in the box was taken out, unopened: nothing stands, and nothing is cast over it."""
    NONCE_TAKEN = "nonce_taken"


@dataclass(frozen=True)
class Moment:
    """When and where a vote came in, as coarse as the window's signals and the statistics need."""

    counted_on: date
    hour: int
    point: str | None = None
    network_mac: bytes | None = None
    device_mac: bytes | None = None
    is_provisional: bool = False


@dataclass(frozen=True)
class SealedVote:
    """A vote ready for the box."""

    tag: bytes
    nonce: bytes
    canonical_choice: bytes
    sealed: bytes


def insert_vote(
    work: Work, secrets: RoundSecrets, vote: SealedVote, moment: Moment, kin: Sequence[bytes]
) -> CastOutcome:
    """Put a web vote in. `kin` are the tags of all records of the same human, this one included.

    The primary key decides: whoever comes second gets the answer that belongs to what is inside.
    """
    retry = secrets.retry(vote.nonce, vote.canonical_choice)
    earlier = _earlier_of_kin(work, secrets.round_id, kin)
    if earlier is not None:
        return _compared(earlier, retry)
    row = {
        "round_id": secrets.round_id,
        "tag": vote.tag,
        "channel": WEB,
        "retry": retry,
        "nonce_mac": secrets.nonce_mac(vote.nonce),
        "sealed": vote.sealed,
        "mac": secrets.mac(vote.tag, WEB, vote.sealed),
    }
    if _put_in(work, row, moment):
        return CastOutcome.ACCEPTED
    earlier = _find(work.session, secrets.round_id, kin)
    return _compared(earlier, retry) if earlier else CastOutcome.NONCE_TAKEN


def recognise_vote(
    session: Session,
    secrets: RoundSecrets,
    kin: Sequence[bytes],
    *,
    nonce: bytes,
    canonical_choice: bytes,
) -> CastOutcome | None:
    """Whether the vote in the box is this very one or an earlier one; None when there is none."""
    earlier = _find(session, secrets.round_id, kin)
    if earlier is None:
        return None
    return _compared(earlier, secrets.retry(nonce, canonical_choice))


def insert_slip(
    work: Work, secrets: RoundSecrets, tag: bytes, moment: Moment, kin: Sequence[bytes]
) -> CastOutcome:
    """Claim a person's place for paper: the same primary key as a web vote."""
    earlier = _earlier_of_kin(work, secrets.round_id, kin)
    if earlier is not None:
        return _compared(earlier, b"")
    row = {
        "round_id": secrets.round_id,
        "tag": tag,
        "channel": PAPER,
        "retry": None,
        "nonce_mac": None,
        "sealed": None,
        "mac": secrets.mac(tag, PAPER, None),
    }
    if _put_in(work, row, moment):
        return CastOutcome.ACCEPTED
    return _compared(_find(work.session, secrets.round_id, kin), b"")


def read_urn(session: Session, round_id: UUID, eligible: dict[bytes, UUID]) -> Urn:
    """Everything that an opening reads."""
    envelopes = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac).where(
            EnvelopeRow.round_id == round_id
        )
    )
    voids = session.scalars(select(EnvelopeVoid).where(EnvelopeVoid.round_id == round_id))
    papers = session.scalars(select(PaperBallotRow).where(PaperBallotRow.round_id == round_id))
    return Urn(
        envelopes=tuple(Envelope(*row) for row in envelopes),
        voids=tuple(Void(v.tag, v.reason, v.first_by, v.second_by, v.mac) for v in voids),
        papers=tuple(PaperBallot(p.serial_tag, p.batch, p.sealed, p.mac) for p in papers),
        eligible=eligible,
    )


def present_tags(work: Work, round_id: UUID, tags: Iterable[bytes]) -> set[bytes]:
    """Which of these tags have an envelope."""
    wanted = list(tags)
    rows = work.session.scalars(
        select(EnvelopeRow.tag).where(EnvelopeRow.round_id == round_id, EnvelopeRow.tag.in_(wanted))
    )
    return set(rows)


def _earlier_of_kin(work: Work, round_id: UUID, kin: Sequence[bytes]) -> Any:
    """The vote of a human with several records, who take turns; of a single one the primary key tells.

    An advisory lock marks no row, so it leaves no trace.
    """
    if len(kin) == 1:
        return None
    work.take_turns(min(kin))
    return _find(work.session, round_id, kin)


def _compared(earlier: Any, retry: bytes) -> CastOutcome:
    if earlier.is_out:
        return CastOutcome.EARLIER_IS_OUT
    is_same = earlier.retry is not None and same(earlier.retry, retry)
    return CastOutcome.SAME_AGAIN if is_same else CastOutcome.EARLIER_STANDS


def _find(session: Session, round_id: UUID, tags: Sequence[bytes]) -> Any:
    wanted = {"round_id": round_id, "tags": list(tags)}
    return session.connection().execute(_EARLIER, wanted).first()


def _put_in(work: Work, envelope: dict[str, Any], moment: Moment) -> bool:
    """Both rows of a vote, or neither: true when they went in.

    RETURNING tells it, `rowcount` after DO NOTHING does not. PostgreSQL takes both in one journey;
    SQLite, which is asked in this very process, knows no INSERT in a WITH.
    """
    asked = work.connection
    row = {**envelope, **vars(moment), "notified": False}
    if work.dialect == "postgresql":
        return asked.execute(_PUT_IN_BOTH, row).first() is not None
    if asked.execute(_PUT_IN, row).first() is None:
        return False
    asked.execute(_NOTE, row)
    return True


def _put_in_both() -> Select[Any]:
    """The participation of the envelope that went in, if it did."""
    put_in = postgresql.insert(_ENVELOPE).values(_bound(_ENVELOPE)).on_conflict_do_nothing()
    envelope = put_in.returning(_ENVELOPE.c.round_id, _ENVELOPE.c.tag).cte("put_in")
    own = [column.name for column in _PARTICIPATION.c if column.name not in envelope.c]
    values = [bindparam(name, type_=_PARTICIPATION.c[name].type) for name in own]
    noted = (
        postgresql.insert(_PARTICIPATION)
        .from_select([*envelope.c.keys(), *own], select(*envelope.c, *values))
        .on_conflict_do_nothing()
    )
    return select(envelope.c.tag).add_cte(noted.cte("noted"))


def _bound(table: Table) -> dict[str, BindParameter[Any]]:
    return {column.name: bindparam(column.name, type_=column.type) for column in table.c}


# Built once: to build a statement costs more than to run it.
_ENVELOPE = cast(Table, EnvelopeRow.__table__)
_PARTICIPATION = cast(Table, Participation.__table__)
_VOID = cast(Table, EnvelopeVoid.__table__)
_IS_OUT = _VOID.c.tag.is_not(None)
_EARLIER = (
    select(_ENVELOPE.c.tag, _ENVELOPE.c.retry, _IS_OUT.label("is_out"))
    .outerjoin(
        _VOID, and_(_VOID.c.round_id == _ENVELOPE.c.round_id, _VOID.c.tag == _ENVELOPE.c.tag)
    )
    .where(
        _ENVELOPE.c.round_id == bindparam("round_id"),
        _ENVELOPE.c.tag.in_(bindparam("tags", expanding=True)),
    )
    .order_by(_IS_OUT, _ENVELOPE.c.tag)  # what still stands goes first
)
_PUT_IN = (
    sqlite.insert(_ENVELOPE)
    .values(_bound(_ENVELOPE))
    .on_conflict_do_nothing()
    .returning(_ENVELOPE.c.tag)
)
_NOTE = sqlite.insert(_PARTICIPATION).values(_bound(_PARTICIPATION)).on_conflict_do_nothing()
_PUT_IN_BOTH = _put_in_both()


def insert_or_nothing(work: Work, table: type[Any]) -> Any:
    """INSERT … ON CONFLICT DO NOTHING in the engine's own words."""
    dialect = postgresql if work.dialect == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
