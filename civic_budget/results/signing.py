"""Trying a rule on an earlier edition before anybody signs it: the same ballots, are the winners equal?

Reads kept results and public board files. It must not sign: that is the editions' own deed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.editions.declared import preset_rules
from civic_budget.editions.queries import EditionName, get_edition, list_edition_names
from civic_budget.editions.rules import CITY_WIDE
from civic_budget.kernel.errors import Conflict
from civic_budget.pabulib import PbError
from civic_budget.results.boards import board_folder
from civic_budget.results.queries import ScopeFacts, are_published, list_scope_results
from civic_budget.results.replay import RuleMismatchError, choose_winners, read_election
from civic_budget.selection import WINNING, SelectionError


@dataclass(frozen=True)
class PoolTrial:
    """What a rule gives in one pool. `refused`: the rule cannot read these ballots."""

    scope: str
    ballots: int
    same: int
    only_then: tuple[str, ...]
    only_now: tuple[str, ...]
    needs_draw: bool = False
    refused: bool = False

    @property
    def is_equal(self) -> bool:
        """Whether exactly the same projects win, without a draw."""
        return not (self.only_then or self.only_now or self.refused or self.needs_draw)


@dataclass(frozen=True)
class DryRun:
    """A rule tried on all pools of an earlier edition."""

    edition_id: UUID
    preset: str
    pools: tuple[PoolTrial, ...]

    @property
    def equal(self) -> int:
        """In how many pools the winners are equal."""
        return sum(pool.is_equal for pool in self.pools)

    def as_data(self) -> dict[str, Any]:
        """What is kept with a signature: counts, and the pools that differ."""
        return {
            "pools": len(self.pools),
            "equal": self.equal,
            "differ": {
                pool.scope: {"only_then": list(pool.only_then), "only_now": list(pool.only_now)}
                for pool in self.pools
                if not pool.is_equal
            },
        }


def list_trial_editions(session: Session, instance: Path, *, at: datetime) -> list[EditionName]:
    """Public editions whose ballots are here and whose results are out, the latest first."""
    found = []
    for name in list_edition_names(session, at=at):
        kept = list_scope_results(session, name.id)
        has_ballots = any(_board(instance, name.id, row).is_file() for row in kept)
        if has_ballots and are_published(get_edition(session, name.id), at=at):
            found.append(name)
    return found


def try_rule(session: Session, instance: Path, *, edition_id: UUID, preset: str) -> DryRun:
    """Choose the winners of an earlier edition by a preset; raises Conflict when no ballots are here."""
    rules = preset_rules(preset)
    pools = []
    for row in list_scope_results(session, edition_id):
        rule = rules["city" if row.scope == CITY_WIDE else "district"]
        try:
            file = read_election(_board(instance, edition_id, row))
        except PbError:
            continue  # a pool whose ballots were never published here
        then = frozenset(line.reference for line in row.lines if line.outcome in _WON)
        try:
            protocol = choose_winners(file, rule)
        except (RuleMismatchError, SelectionError):
            pools.append(PoolTrial(row.scope, row.voters, 0, (), (), refused=True))
            continue
        pools.append(_compared(row, then, protocol.winners, needs_draw=not protocol.is_complete))
    if not pools:
        raise Conflict("no_dry_run")
    return DryRun(edition_id, preset, tuple(pools))


_WON = frozenset(outcome.value for outcome in WINNING)


def _compared(
    row: ScopeFacts, then: frozenset[str], winners: Sequence[str], *, needs_draw: bool
) -> PoolTrial:
    now = frozenset(winners)
    return PoolTrial(
        scope=row.scope,
        ballots=row.voters,
        same=len(then & now),
        only_then=tuple(sorted(then - now)),
        only_now=tuple(sorted(now - then)),
        needs_draw=needs_draw,
    )


def _board(instance: Path, edition_id: UUID, row: ScopeFacts) -> Path:
    """The pool's file: a round keeps its board under its own id, an import under the edition's."""
    return board_folder(instance, row.round_id or edition_id) / f"{row.scope}.pb"
