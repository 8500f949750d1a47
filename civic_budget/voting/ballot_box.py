"""The ballot box: puts a sealed envelope in, once per person, and hands the urn to the opening.

Only `voting.service` may use this module. One cast writes exactly two rows and nothing else: no
event, no outbox task, no counter. Knows no names and no choices in clear beyond the call itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from civic_budget.storage.db import Work
from civic_budget.voting.keys import RoundSecrets, same
from civic_budget.voting.models import (
    EnvelopeRow,
    EnvelopeVoid,
    PaperBallotRow,
    Participation,
    Round,
)
from civic_budget.voting.opening import PAPER, WEB, Envelope, PaperBallot, Urn, Void

_Into = TypeVar("_Into", bound=Insert)


class CastOutcome(StrEnum):
    """What became of a press on "cast"."""

    ACCEPTED = "accepted"
    SAME_AGAIN = "same_again"
    EARLIER_STANDS = "earlier_stands"
    EARLIER_IS_OUT = "earlier_is_out"
    """The vote in the box was taken out, unopened: nothing stands, and nothing is cast over it."""
    NONCE_TAKEN = "nonce_taken"


class RoundMoved(Exception):
    """A deed went over the round since it was looked at; nothing was put in."""


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
    version: int
    """The round's, when the right to this vote was looked at."""


def insert_vote(
    work: Work, secrets: RoundSecrets, vote: SealedVote, moment: Moment, kin: Sequence[bytes]
) -> CastOutcome:
    """Put a web vote in under the round's lock. `kin` are the tags of all records of the same human.

    A human with several records takes turns, which marks no row and so leaves no trace.
    """
    if len(kin) > 1:
        work.take_turns(min(kin))
        earlier = _find(work.connection, secrets.round_id, kin)
        if earlier is not None:
            return _compared(earlier, secrets.retry(vote.nonce, vote.canonical_choice))
    return insert_lone_vote(work.connection, secrets, vote, moment)


def insert_lone_vote(
    asked: Connection, secrets: RoundSecrets, vote: SealedVote, moment: Moment
) -> CastOutcome:
    """Put in the web vote of a human with a single record; raises RoundMoved.

    Needs no lock: it goes in only under the version at which the round was looked at. The primary key
    decides: whoever comes second gets the answer that belongs to what is inside.
    """
    retry = secrets.retry(vote.nonce, vote.canonical_choice)
    row = {
        "round_id": secrets.round_id,
        "tag": vote.tag,
        "channel": WEB,
        "retry": retry,
        "nonce_mac": secrets.nonce_mac(vote.nonce),
        "sealed": vote.sealed,
        "mac": secrets.mac(vote.tag, WEB, vote.sealed),
        "version": vote.version,
    }
    if _put_in(asked, row, moment):
        return CastOutcome.ACCEPTED
    earlier = _find(asked, secrets.round_id, [vote.tag])
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
    earlier = _find(session.connection(), secrets.round_id, kin)
    if earlier is None:
        return None
    return _compared(earlier, secrets.retry(nonce, canonical_choice))


def insert_slip(
    work: Work, secrets: RoundSecrets, tag: bytes, moment: Moment, kin: Sequence[bytes]
) -> CastOutcome:
    """Claim a person's place for paper, under the round's lock: the same primary key as a web vote."""
    if len(kin) > 1:
        work.take_turns(min(kin))
        earlier = _find(work.connection, secrets.round_id, kin)
        if earlier is not None:
            return _compared(earlier, b"")
    place = {"round_id": secrets.round_id, "tag": tag}
    slip = insert_or_nothing(work, EnvelopeRow).values(
        **place, channel=PAPER, mac=secrets.mac(tag, PAPER, None)
    )
    if work.session.execute(slip.returning(EnvelopeRow.tag)).first() is None:
        return _compared(_find(work.connection, secrets.round_id, kin), b"")
    noted = insert(Participation).values(**place, **_participation(PAPER, moment))
    work.session.execute(noted)
    return CastOutcome.ACCEPTED


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


def _compared(earlier: Any, retry: bytes) -> CastOutcome:
    if earlier.is_out:
        return CastOutcome.EARLIER_IS_OUT
    is_same = earlier.retry is not None and same(earlier.retry, retry)
    return CastOutcome.SAME_AGAIN if is_same else CastOutcome.EARLIER_STANDS


def _find(asked: Connection, round_id: UUID, tags: Sequence[bytes]) -> Any:
    return asked.execute(_EARLIER, {"round_id": round_id, "tags": list(tags)}).first()


def _participation(channel: str, moment: Moment) -> dict[str, Any]:
    return {"channel": channel, **vars(moment), "notified": False}


def _put_in(asked: Connection, envelope: dict[str, Any], moment: Moment) -> bool:
    """Both rows of a vote, or neither: true when they went in. Raises RoundMoved.

    RETURNING tells it, `rowcount` after DO NOTHING does not. PostgreSQL takes both in one journey;
    SQLite, which is asked in this very process, knows no INSERT in a WITH.
    """
    row = envelope | _participation(WEB, moment)
    if asked.dialect.name == "postgresql":
        found = asked.execute(_PUT_IN_BOTH, row).one()
        if not found.is_standing:
            raise RoundMoved
        return found.tag is not None
    if asked.execute(_PUT_IN, row).first() is not None:
        asked.execute(_NOTE, row)
        return True
    if asked.execute(_STANDS, row).first() is None:
        raise RoundMoved
    return False


def _put_in_both() -> Select[Any]:
    """Whether the round stands, and the participation of the envelope that went in, if it did.

    A statement that waits for a deed's lock asks the version again when the deed is done (READ
    COMMITTED), and a deed waits for the statement: so the two can't cross.
    """
    stands = _stands().with_for_update(read=True).cte("stands")
    put_in = (
        _into_envelope(postgresql.insert(_ENVELOPE), select(stands))
        .on_conflict_do_nothing()
        .returning(_ENVELOPE.c.round_id, _ENVELOPE.c.tag)
        .cte("put_in")
    )
    own = [column.name for column in _PARTICIPATION.c if column.name not in put_in.c]
    noted = postgresql.insert(_PARTICIPATION).from_select(
        [*put_in.c.keys(), *own], select(*put_in.c, *_bound(_PARTICIPATION, own))
    )
    return select(
        select(stands).exists().label("is_standing"),
        select(put_in.c.tag).scalar_subquery().label("tag"),
    ).add_cte(noted.cte("noted"))


def _stands() -> Select[Any]:
    """The round's id, while nobody went over it since it was looked at."""
    table = Round.__table__
    return select(table.c.id).where(
        table.c.id == bindparam("round_id"), table.c.version == bindparam("version")
    )


def _into_envelope(into: _Into, stands: Select[Any]) -> _Into:
    """The envelope of a vote, for each line of `stands`."""
    names = [column.name for column in _ENVELOPE.c if column.name != "round_id"]
    line = stands.add_columns(*_bound(_ENVELOPE, names))
    return into.from_select(["round_id", *names], line)


def _bound(table: Table, names: Iterable[str]) -> list[BindParameter[Any]]:
    return [bindparam(name, type_=table.c[name].type) for name in names]


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
_STANDS = _stands()
_PUT_IN = (
    _into_envelope(sqlite.insert(_ENVELOPE), _STANDS)
    .on_conflict_do_nothing()
    .returning(_ENVELOPE.c.tag)
)
_NOTE = insert(_PARTICIPATION).values(
    {name: bindparam(name, type_=column.type) for name, column in _PARTICIPATION.c.items()}
)
_PUT_IN_BOTH = _put_in_both()


def insert_or_nothing(work: Work, table: type[Any]) -> Any:
    """INSERT … ON CONFLICT DO NOTHING in the engine's own words."""
    dialect = postgresql if work.dialect == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
