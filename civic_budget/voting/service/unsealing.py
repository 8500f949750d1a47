"""The opening, all at once: the urn is read, every envelope opened, the ballots written, or nothing is.

A large urn takes long to open, and nobody need wait for it: it is opened from a copy that was read
before, and written under a short lock once the urn was found to be that copy still.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.service import hold_merges
from civic_budget.storage.db import Database, Work
from civic_budget.voting import keyfiles
from civic_budget.voting.ballot_box import read_urn
from civic_budget.voting.board import board_root
from civic_budget.voting.choice import BallotForm
from civic_budget.voting.events import RoundOpened
from civic_budget.voting.frozen import known_list
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import BallotRow, Round, RoundMember
from civic_budget.voting.opening import Opened, OpeningRefused, Urn, open_urn
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus
from civic_budget.voting.sealing import Opener
from civic_budget.voting.service.access import find_member, lock_round
from civic_budget.voting.service.counting import find_blockers
from civic_budget.voting.service.findings import eligible_tags, find_other_places

Held = Sequence[tuple[bytes, str]]
"""Members' key files, each with its passphrase."""
Register = dict[bytes, UUID] | None
"""Tag → human in a rehearsal, in place of the city's own register."""


@dataclass(frozen=True)
class _Look:
    """What an opening reads: the urn, the round's ballot, and the key that the members bring."""

    urn: Urn
    form: BallotForm
    opener: Opener


def open_round(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    held: Held,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
    register: Register = None,
) -> Opened:
    """Open all envelopes at once with the members' key files and write the ballots, in one unit of work.

    `held` are (key file, passphrase). All or nothing: raises KeyFilesRefused, or OpeningRefused
    with everything that is wrong with the urn; a crash at any step leaves the round as it was.
    `register` replaces the city's own (tag → human) in a rehearsal.
    """
    row = lock_round(work, round_id)
    hold_merges(work)  # the humans who are counted now are those that the opening fixes
    look = _look_into(work.session, actor, row, secrets, held, at, register)
    opened = open_urn(look.form, secrets, look.opener, look.urn, progress)
    _write(work, actor, row, opened, board_root(opened.ballots), at)
    return opened


def open_aside(
    database: Database,
    actor: Actor,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    held: Held,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Opened:
    """Open as `open_round` does, while others go on writing: the lock is taken for the writing alone.

    Everything that the opening relied on is asked again under the lock. Raises Conflict, and writes
    nothing, when the urn or who stands behind an envelope changed meanwhile: what was opened is
    forgotten, nobody has seen it.
    """
    with database.reading() as session:
        row = session.get_one(Round, round_id)
        look = _look_into(session, actor, row, secrets, held, at)
    opened = open_urn(look.form, secrets, look.opener, look.urn, progress)
    root = board_root(opened.ballots)
    with database.writing() as work:
        row = lock_round(work, round_id)
        hold_merges(work)
        _require_turn(work.session, actor, row)
        _require_clear(work.session, row, secrets, held, at)
        if _essence(_read_urn(work.session, secrets, None, at)) != _essence(look.urn):
            raise Conflict("urn_changed")
        _write(work, actor, row, opened, root, at)
    return opened


def require_opening_due(session: Session, actor: Actor, round_id: UUID) -> None:
    """Before anybody types a passphrase: raises unless this is a member, and opening comes next."""
    _require_turn(session, actor, session.get_one(Round, round_id))


def _look_into(
    session: Session,
    actor: Actor,
    row: Round,
    secrets: RoundSecrets,
    held: Held,
    at: datetime,
    register: Register = None,
) -> _Look:
    _require_turn(session, actor, row)
    private = keyfiles.open_key_files(held, round_id=row.id, public_key=row.public_key)
    _require_clear(session, row, secrets if register is None else None, held, at)
    urn = _read_urn(session, secrets, register, at)
    return _Look(urn, known_list(row.list_content).form, Opener(private))


def _require_turn(session: Session, actor: Actor, row: Round) -> None:
    """Raises unless this is a member, and the round is to be opened next."""
    find_member(session, actor, row.id)
    LIFECYCLE.next(RoundStatus(row.status), RoundAction.OPEN)


def _require_clear(
    session: Session, row: Round, secrets: RoundSecrets | None, held: Held, at: datetime
) -> None:
    """Raises when these are no files of the present members, or anything is in the way."""
    require_present_files(session, row.id, held)
    blockers = find_blockers(session, round_id=row.id, at=at, secrets=secrets)
    if blockers:
        raise OpeningRefused(blockers)


def _read_urn(session: Session, secrets: RoundSecrets, register: Register, at: datetime) -> Urn:
    """The urn, and which of its strays stand under another place of a known person."""
    if register is not None:
        return read_urn(session, secrets.round_id, register)
    eligible = eligible_tags(session, secrets=secrets, at=at)
    urn = read_urn(session, secrets.round_id, eligible)
    strays = {envelope.tag for envelope in urn.counted} - eligible.keys()
    places = find_other_places(session, secrets, strays)
    return replace(urn, former=frozenset(places.former), later=frozenset(places.later))


def _essence(urn: Urn) -> tuple[object, ...]:
    """All of an urn that decides what comes out of it; who is confirmed and has no vote in it does not."""
    humans = {envelope.tag: urn.eligible.get(envelope.tag) for envelope in urn.counted}
    return frozenset(urn.envelopes), frozenset(urn.voids), frozenset(urn.papers), humans


def _write(work: Work, actor: Actor, row: Round, opened: Opened, root: bytes, at: datetime) -> None:
    """The ballots in the order of the board, the round's new state, the event that all else follows."""
    lines = [
        {"round_id": row.id, "scope": b.scope, "code": b.code, "choice": b.choice}
        for b in opened.ballots
    ]
    if lines:
        work.session.execute(insert(BallotRow), lines)
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.OPEN).value
    row.opened_at, row.board_root = at, root
    row.counted, row.voided = dict(opened.counted), dict(opened.voided)
    work.publish(
        RoundOpened(round_id=row.id, edition_id=row.edition_id, at=at, by=actor.account_id)
    )


def require_present_files(session: Session, round_id: UUID, held: Held) -> None:
    """Refuse files of members who were replaced: only those whose fingerprints stand in the protocol."""
    known = set(
        session.scalars(select(RoundMember.key_fingerprint).where(RoundMember.round_id == round_id))
    )
    for content, _ in held:
        if keyfiles.fingerprint(content) not in known:
            raise keyfiles.ForeignKeyFile("key_file_of_another_setup", member=0)
