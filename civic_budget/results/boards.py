"""The board's files: written from what is committed, never before.

An opening that fails, at any step, must leave nothing from which its result could be read: whoever still
decides on voids and returns would know it. So the files follow the commit, and the worker writes what a
process that died in between has left.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.clock import city_day
from civic_budget.results.deciding import outcomes_of
from civic_budget.results.models import ScopeResult
from civic_budget.storage.db import Database, instance_of
from civic_budget.voting import queries as voting
from civic_budget.voting.board import (
    BoardFacts,
    Draw,
    NightlyCount,
    build_board,
    write_board,
)
from civic_budget.voting.commission_queries import (
    list_annulments,
    list_batches,
    list_partly_annulled,
)
from civic_budget.voting.paper_sums import add_up
from civic_budget.voting.queries import RoundFacts

log = logging.getLogger(__name__)


def board_folder(instance: Path, round_id: UUID) -> Path:
    """Where a round's public files are."""
    return instance / "boards" / str(round_id)


def keep_board(session: Session, round_id: UUID) -> None:
    """Write the board of an opened round from its committed rows; to write it again is no harm."""
    rows = _results_of(session, round_id)
    opened_round = voting.get_round(session, round_id)
    facts = BoardFacts(
        frozen=opened_round.frozen,
        opened=voting.read_opened(session, round_id),
        opens_on=city_day(opened_round.opens_at),
        closes_on=city_day(opened_round.closes_at),
        sealed=_sealed(opened_round),
        verify_key=opened_round.verify_key,
        nightly=_nights(session, round_id),
        outcomes=outcomes_of(opened_round.frozen, {row.scope: row.protocol for row in rows}),
        paper=add_up(list_batches(session, round_id)),
        draw=next((Draw(row.seed, row.seed_source or "") for row in rows if row.seed), None),
        annulled=_annulled(session, round_id),
    )
    write_board(board_folder(instance_of(session), round_id), build_board(facts))


def try_to_keep_board(session: Session, round_id: UUID) -> None:
    """Write the board after a commit; what the disk refuses now, the worker writes later."""
    try:
        keep_board(session, round_id)
    except OSError:
        log.exception("the board of round %s is not written yet", round_id)


def keep_due_boards(database: Database, at: datetime) -> None:
    """Write the boards that a process which died after its commit has left unwritten, or old."""
    with database.reading() as session:
        decided = select(ScopeResult.round_id).where(ScopeResult.round_id.is_not(None)).distinct()
        due = {*session.scalars(decided), *list_partly_annulled(session)} - {None}
        for round_id in sorted(due):
            if not is_board_whole(session, round_id):
                try_to_keep_board(session, round_id)


def is_board_whole(session: Session, round_id: UUID) -> bool:
    """Whether the files are there and declare exactly what is decided, and annulled, by now."""
    try:
        path = board_folder(instance_of(session), round_id) / "manifest.json"
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    root = voting.get_round(session, round_id).board_root
    decided = {row.scope for row in _results_of(session, round_id) if row.is_complete}
    return (
        root is not None
        and manifest["board_root"] == root.hex()
        and manifest["outcomes"].keys() == decided
        and manifest.get("annulled", {}) == _annulled(session, round_id)
    )


def _annulled(session: Session, round_id: UUID) -> dict[str, str]:
    """The pools whose vote does not count, with the act that says so."""
    return {one.scope: one.act for one in list_annulments(session, round_id)}


def _results_of(session: Session, round_id: UUID) -> Sequence[ScopeResult]:
    return session.scalars(
        select(ScopeResult).where(ScopeResult.round_id == round_id).order_by(ScopeResult.scope)
    ).all()


def _sealed(opened: RoundFacts) -> NightlyCount:
    assert opened.closed_at is not None
    assert opened.sealed_root is not None
    return NightlyCount(city_day(opened.closed_at), opened.sealed_count or 0, opened.sealed_root)


def _nights(session: Session, round_id: UUID) -> tuple[NightlyCount, ...]:
    rows = voting.list_nightly_counts(session, round_id)
    return tuple(NightlyCount(row.counted_on, row.count, row.root) for row in rows)
