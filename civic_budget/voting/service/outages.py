"""Suspend, resume, extend: what an outage asks for. The public protocol tells each of them."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from civic_budget.editions.rules import BadCalendar, Milestone
from civic_budget.editions.service import move_milestone
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import RoundLineage
from civic_budget.voting.events import RoundExtended, RoundResumed, RoundSuspended
from civic_budget.voting.models import Round, RoundIncident
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus, may_extend
from civic_budget.voting.service.access import lock_round, require_member
from civic_budget.voting.service.sampling import drop_sample


def suspend_round(work: Work, actor: Actor, *, round_id: UUID, note: str, at: datetime) -> None:
    """Take no votes for the moment; the note goes into the public protocol."""
    _step(work, actor, round_id, RoundAction.SUSPEND, note, at)
    work.publish(RoundSuspended(round_id=round_id, at=at, by=actor.account_id))


def resume_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> None:
    """Take votes again, until the same closing time."""
    _step(work, actor, round_id, RoundAction.RESUME, "", at)
    work.publish(RoundResumed(round_id=round_id, at=at, by=actor.account_id))


def extend_round(
    work: Work, actor: Actor, *, round_id: UUID, closes_at: datetime, note: str, at: datetime
) -> None:
    """Move the closing time because of an outage, which the note describes in public.

    Before the closing time, or within a day after it while nothing is opened; a round that was closed
    takes votes again. The round's version rises, so no cast crosses it. Raises Conflict at `closes_at`.
    """
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    status = RoundStatus(row.status)
    decision = may_extend(status, closes_at=row.closes_at, to=closes_at, at=at)
    if isinstance(decision, Denied):
        raise Conflict(decision.reason, field="closes_at")
    if not note.strip():
        raise Conflict("outage_missing", field="note")
    if status is RoundStatus.VERIFICATION:
        row.status = LIFECYCLE.next(status, RoundAction.REOPEN).value
        row.closed_at = row.sealed_root = row.sealed_count = None
        drop_sample(work, round_id=round_id, by=account_id, at=at)
    _move(work, actor, row, closes_at, at)
    said = {"why": note.strip(), "until": closes_at.isoformat()}
    _note(work, round_id, "extend", json.dumps(said, ensure_ascii=False), account_id, at)
    work.publish(RoundExtended(round_id=round_id, at=at, by=account_id))


def _move(work: Work, actor: Actor, row: Round, closes_at: datetime, at: datetime) -> None:
    """The paper deadline keeps its distance; the calendar follows, but for a round beside it."""
    if row.paper_until is not None:
        row.paper_until += closes_at - row.closes_at
    row.closes_at = closes_at
    if work.session.get(RoundLineage, row.id) is not None:
        return
    try:
        move_milestone(
            work,
            actor,
            edition_id=row.edition_id,
            milestone=Milestone.VOTING_CLOSES,
            to=closes_at,
            at=at,
        )
    except BadCalendar:
        raise Conflict("extension_after_results", field="closes_at") from None


def _step(
    work: Work, actor: Actor, round_id: UUID, action: RoundAction, note: str, at: datetime
) -> None:
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    row.status = LIFECYCLE.next(RoundStatus(row.status), action).value
    _note(work, round_id, action.value, note, account_id, at)


def _note(work: Work, round_id: UUID, kind: str, note: str, by: UUID, at: datetime) -> None:
    incident = RoundIncident(round_id=round_id, kind=kind, note=note.strip(), by=by, at=at)
    work.session.add(incident)
