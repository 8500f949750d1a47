"""A round, or the vote of one pool, does not count by act; a new round repeats or supplements it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import ScopeAnnulment
from civic_budget.voting.commission_queries import is_shredded
from civic_budget.voting.events import AnnulledKept, RoundAnnulled, ScopeAnnulled
from civic_budget.voting.frozen import known_list
from civic_budget.voting.models import Round, RoundIncident
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus
from civic_budget.voting.service.access import lock_round, require_member, require_reason
from civic_budget.voting.service.ending import clear_idle_tombstones, forget_voters


def annul_round(
    work: Work, actor: Actor, *, round_id: UUID, act: str, note: str, at: datetime
) -> None:
    """The whole round does not count, in whatever state it is; `act` names who decided it and when."""
    row, account_id = _locked(work, actor, round_id, act, note)
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.ANNUL).value
    row.keep_until = None  # the act may be appealed against too: see `keep_annulled`
    said = f"{act.strip()}: {note.strip()}"
    work.session.add(
        RoundIncident(round_id=round_id, kind="annul", note=said, by=account_id, at=at)
    )
    work.publish(RoundAnnulled(round_id=round_id, at=at, by=account_id))


def keep_annulled(
    work: Work, actor: Actor, *, round_id: UUID, keep_until: datetime, at: datetime
) -> None:
    """Say until when appeals against an annulled round may come; who took part in it is forgotten now.

    The envelopes stay until then, and may be destroyed afterwards. A later moment may be said again.
    Nothing of an annulled vote is counted, so no statistics and no claim need its voters.
    """
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if row.status != RoundStatus.ANNULLED.value:
        raise Conflict("round_not_annulled")
    if is_shredded(work.session, round_id):
        raise Conflict("destroyed_already")
    if keep_until <= at or (row.keep_until is not None and keep_until < row.keep_until):
        raise Conflict("keep_until_must_come", field="keep_until")
    forget_voters(work, round_id)
    row.keep_until = keep_until
    work.session.flush()
    clear_idle_tombstones(work, at=at)
    work.publish(AnnulledKept(round_id=round_id, at=at, by=account_id))


def annul_scope(
    work: Work, actor: Actor, *, round_id: UUID, scope: str, act: str, note: str, at: datetime
) -> None:
    """The vote of one pool does not count; the rest of the round stands. Its lines stay on the board."""
    row, account_id = _locked(work, actor, round_id, act, note)
    if row.status in {RoundStatus.ANNULLED.value, RoundStatus.SETUP.value}:
        raise Conflict("round_not_annullable")
    if scope not in {found.code for found in known_list(row.list_content).scopes}:
        raise Conflict("no_such_scope", field="scope")
    if work.session.get(ScopeAnnulment, (round_id, scope)) is not None:
        raise Conflict("scope_annulled_already", field="scope")
    work.session.add(
        ScopeAnnulment(
            round_id=round_id,
            scope=scope,
            act=act.strip(),
            note=note.strip(),
            by=account_id,
            at=at,
        )
    )
    work.publish(
        ScopeAnnulled(
            round_id=round_id, edition_id=row.edition_id, scope=scope, at=at, by=account_id
        )
    )


def _locked(work: Work, actor: Actor, round_id: UUID, act: str, note: str) -> tuple[Round, UUID]:
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if not act.strip():
        raise Conflict("act_missing", field="act")
    require_reason(note)
    return row, account_id
