"""The end of a round: who took part is forgotten, then the envelopes and the keys are destroyed."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select, text, update

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.service import clear_tombstones
from civic_budget.storage.db import Database, Work
from civic_budget.voting import claim_queries
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_rules import board_public_at, claims_answered
from civic_budget.voting.commission_models import (
    BatchClerk,
    JointDecision,
    LateSlip,
    PaperCorrection,
    SampleCheck,
    VoidNotice,
)
from civic_budget.voting.commission_queries import is_shredded
from civic_budget.voting.events import LegalHoldChanged, RoundFinished, RoundShredded
from civic_budget.voting.models import (
    EnvelopeRow,
    EnvelopeVoid,
    PaperBallotRow,
    PaperBatch,
    PaperCard,
    Participation,
    Round,
    RoundIncident,
    VoidProposal,
    VoteReturn,
)
from civic_budget.voting.rules import LIFECYCLE, JointKind, RoundAction, RoundStatus
from civic_budget.voting.service.access import (
    lock_round,
    require_member,
    require_reason,
)
from civic_budget.voting.service.forgetting import forget_words

_FORGOTTEN = (Participation, LateSlip, VoidNotice, VoidProposal, SampleCheck)
_SHREDDED = (PaperBallotRow, PaperCard, EnvelopeVoid, VoteReturn, EnvelopeRow)
_RUNNING = (
    RoundStatus.READY,
    RoundStatus.SUSPENDED,
    RoundStatus.VERIFICATION,
    RoundStatus.OPENED,
)
"""While a round is in one of these the match keys of erased persons stay."""


def finish_round(
    work: Work, actor: Actor, *, round_id: UUID, keep_until: datetime, at: datetime
) -> None:
    """Make the round final: participation is deleted, nobody knows any more who took part.

    `keep_until` is the end of all appeals: the envelopes stay until then, at least until the last claim
    about a vote must be answered. Claims that wait are answered first: who took part may prove them.
    Erased persons' match keys go too, unless another round needs them. A handler of RoundFinished
    refuses while the statistics are not sealed, and then nothing is done.
    """
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    if row.status == RoundStatus.ANNULLED.value:
        raise Conflict("round_annulled")
    status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.FINISH)
    published_at = board_public_at(
        get_edition(work.session, row.edition_id).moment_of(Milestone.RESULTS_PUBLISHED),
        closes_at=row.closes_at,
        opened_at=row.opened_at,
    )
    if published_at is None or at < published_at:
        raise Conflict("results_not_published")
    if keep_until <= at:
        raise Conflict("keep_until_must_come", field="keep_until")
    if keep_until < (last := claims_answered(published_at)):
        raise Conflict("claims_need_it", field="keep_until", last=last)
    if waiting := claim_queries.count_waiting(work.session, round_id):
        raise Conflict("claims_wait", number=waiting)
    forget_voters(work, round_id)
    row.status, row.final_at, row.keep_until = status.value, at, keep_until
    work.session.flush()
    clear_idle_tombstones(work, at=at)
    work.publish(RoundFinished(round_id=round_id, at=at, by=actor.account_id))


def forget_voters(work: Work, round_id: UUID) -> None:
    """Delete who took part, and every deed that names a tag or a person."""
    for table in _FORGOTTEN:
        work.session.execute(delete(table).where(table.round_id == round_id))
    named = [JointKind.RETURN.value, JointKind.OBJECTION.value]
    work.session.execute(
        delete(JointDecision).where(
            JointDecision.round_id == round_id, JointDecision.kind.in_(named)
        )
    )


def clear_idle_tombstones(work: Work, *, at: datetime) -> int:
    """Forget the match keys of erased persons unless a round runs that needs them; returns how many."""
    states = [status.value for status in _RUNNING]
    running = work.session.scalar(select(Round.id).where(Round.status.in_(states)).limit(1))
    return 0 if running is not None else clear_tombstones(work, at=at)


def hold_round(work: Work, actor: Actor, *, round_id: UUID, reason: str, at: datetime) -> None:
    """Lay a legal hold on the round: nothing of it is destroyed until the hold is lifted."""
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if is_shredded(work.session, round_id):
        raise Conflict("destroyed_already")
    row.legal_hold = require_reason(reason)
    _tell_hold(work, round_id, "hold", reason, account_id, at)


def lift_hold(work: Work, actor: Actor, *, round_id: UUID, reason: str, at: datetime) -> None:
    """Lift the legal hold, with the reason for the public protocol."""
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if row.legal_hold is None:
        raise Conflict("no_hold")
    require_reason(reason)
    row.legal_hold = None
    _tell_hold(work, round_id, "lift_hold", reason, account_id, at)


def shred_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> None:
    """Delete envelopes, voids, paper; `destroy_remains` must follow, and may be repeated after a crash.

    A round that was annulled as a whole stays annulled; its voters are forgotten before, see
    `keep_annulled`. Raises Conflict before the appeals' end or while a legal hold stands.
    """
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.SHRED)
    if is_shredded(work.session, round_id):
        raise Conflict("destroyed_already")
    if row.legal_hold is not None:
        raise Conflict("legal_hold_stands")
    if row.keep_until is None or at < row.keep_until:
        raise Conflict("appeals_may_come")
    batches = select(PaperBatch.id).where(PaperBatch.round_id == round_id)
    # The sums of the batches and the reasons stay, as in the signed protocols: the board tells them.
    work.session.execute(delete(BatchClerk).where(BatchClerk.batch_id.in_(batches)))
    work.session.execute(
        update(PaperCorrection).where(PaperCorrection.batch_id.in_(batches)).values(by=None)
    )
    for table in _SHREDDED:
        work.session.execute(delete(table).where(table.round_id == round_id))
    forget_words(work, VoteClaim.round_id == round_id)
    row.status = status.value
    work.session.add(RoundIncident(round_id=round_id, kind="shred", note="", by=account_id, at=at))
    work.publish(RoundShredded(round_id=round_id, at=at, by=account_id))


def destroy_remains(database: Database, *, round_id: UUID, at: datetime) -> None:
    """Rewrite the database files without what was deleted, then destroy the server's keys.

    Each step may be repeated; only when all are done the round says so.
    """
    _rewrite(database)
    with database.writing() as work:
        row = lock_round(work, round_id)
        if not is_shredded(work.session, round_id):
            raise Conflict("not_shredded")
        _overwrite(work.instance / "rounds" / f"{round_id}.json")
        row.destroyed_at = row.destroyed_at or at


def _rewrite(database: Database) -> None:
    """VACUUM rewrites every page; on SQLite the journal is emptied as well."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            raw = connection.connection.cursor()
            raw.execute("PRAGMA secure_delete=ON")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
            return
        for table in (*_FORGOTTEN, *_SHREDDED):
            connection.execute(text(f'VACUUM FULL "{table.__tablename__}"'))


def _overwrite(path: Path) -> None:
    """Write zeros over a file, then remove it; a file that is gone already is no trouble."""
    if not path.exists():
        return
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _tell_hold(work: Work, round_id: UUID, kind: str, reason: str, by: UUID, at: datetime) -> None:
    note = reason.strip()
    work.session.add(RoundIncident(round_id=round_id, kind=kind, note=note, by=by, at=at))
    work.publish(LegalHoldChanged(round_id=round_id, is_held=kind == "hold", at=at, by=by))
