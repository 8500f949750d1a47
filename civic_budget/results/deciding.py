"""From opened ballots to protocols: the selection engine applied to each pool of a frozen list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civic_budget.selection import (
    Ballot,
    Draw,
    Project,
    Protocol,
    Rule,
    group_ballots,
    load_preset,
    rule_from,
    select,
)
from civic_budget.voting.board import Outcome
from civic_budget.voting.choice import Kind, read_section
from civic_budget.voting.frozen import FrozenList, FrozenScope
from civic_budget.voting.opening import Ballot as BoardLine


def rule_of(data: Mapping[str, Any], *, level: str | None = None) -> Rule:
    """The rule that an edition declares: a preset's name, or the whole rule as data."""
    if "preset" in data:
        return load_preset(str(data["preset"]), level=level)
    return rule_from(data)


def decide_scope(
    scope: FrozenScope, lines: Iterable[BoardLine], draw: Draw | None = None
) -> Protocol:
    """The protocol of one pool; `lines` are the board's lines of this scope."""
    projects = [Project(p.id, p.cost, scope.code, frozenset(p.groups)) for p in scope.projects]
    ballots = group_ballots(_ballot(scope, line) for line in lines)
    return select(projects, ballots, rule_of(scope.selection), scope.budget, draw=draw)


def decide_all(
    frozen: FrozenList, lines: Iterable[BoardLine], draw: Draw | None = None
) -> dict[str, Protocol]:
    """Scope → protocol, for every pool that has projects."""
    by_scope: dict[str, list[BoardLine]] = {scope.code: [] for scope in frozen.scopes}
    for line in lines:
        by_scope[line.scope].append(line)
    return {
        scope.code: decide_scope(scope, by_scope[scope.code], draw)
        for scope in frozen.scopes
        if scope.projects
    }


def outcomes_of(protocols: Mapping[str, Protocol]) -> dict[str, Outcome]:
    """What the board declares: only pools in which no draw is outstanding."""
    return {
        scope: Outcome(protocol.winners)
        for scope, protocol in protocols.items()
        if protocol.is_complete
    }


def _ballot(scope: FrozenScope, line: BoardLine) -> Ballot:
    section = read_section(scope.code, line.choice)
    has_points = scope.ballot.kind is Kind.CUMULATIVE
    return Ballot(section.picks, section.points if has_points else None)
