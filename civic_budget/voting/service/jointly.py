"""Deeds that take two members: one proposes, another confirms. Only `voting.service` uses this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import JointDecision
from civic_budget.voting.rules import JointKind
from civic_budget.voting.service.access import require_member


def propose_jointly(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    kind: JointKind,
    subject: str,
    data: Mapping[str, Any],
    note: str,
    at: datetime,
) -> None:
    """One member proposes; proposing again changes the own proposal. Raises Conflict when decided."""
    account_id = require_member(work, actor, round_id)
    row = _find(work, round_id, kind, subject)
    if row is None:
        row = JointDecision(round_id=round_id, kind=kind.value, subject=subject)
        work.session.add(row)
    elif row.second_by is not None:
        raise Conflict("already_decided")
    elif row.first_by != account_id:
        raise Conflict("already_proposed")
    row.data, row.note, row.first_by, row.first_at = dict(data), note.strip(), account_id, at
    work.session.flush()


def confirm_jointly(
    work: Work, actor: Actor, *, round_id: UUID, kind: JointKind, subject: str, at: datetime
) -> JointDecision:
    """A second member confirms; raises NotFound without a proposal, NotAllowed for the same member."""
    account_id = require_member(work, actor, round_id)
    row = _find(work, round_id, kind, subject)
    if row is None:
        raise NotFound("nothing_proposed")
    if row.second_by is not None:
        raise Conflict("already_decided")
    if row.first_by == account_id:
        raise NotAllowed("second_member_needed")
    row.second_by, row.second_at = account_id, at
    work.session.flush()
    return row


def drop_proposal(
    work: Work, actor: Actor, *, round_id: UUID, kind: JointKind, subject: str
) -> None:
    """Any member takes an unconfirmed proposal back; the audit trail keeps that it was made."""
    require_member(work, actor, round_id)
    row = _find(work, round_id, kind, subject)
    if row is not None and row.second_by is None:
        work.session.delete(row)


def _find(work: Work, round_id: UUID, kind: JointKind, subject: str) -> JointDecision | None:
    return work.session.scalars(
        select(JointDecision)
        .where(
            JointDecision.round_id == round_id,
            JointDecision.kind == kind.value,
            JointDecision.subject == subject,
        )
        .with_for_update()
    ).first()
