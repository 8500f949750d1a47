"""From opened ballots to protocols: the selection engine applied to each pool of a frozen list. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from civic_budget.editions.rules import CITY_WIDE
from civic_budget.selection import (
    Ballot,
    Draw,
    DrawRecord,
    Project,
    Protocol,
    Rule,
    group_ballots,
    load_preset,
    rule_from,
    select,
)
from civic_budget.selection import Outcome as Verdict
from civic_budget.voting.board import Outcome
from civic_budget.voting.choice import Kind, read_section
from civic_budget.voting.frozen import FrozenList, FrozenScope
from civic_budget.voting.opening import Ballot as BoardLine


def rule_of(data: Mapping[str, Any], *, level: str | None = None) -> Rule:
    """The rule that an edition declares: a preset's name, or the whole rule as data."""
    if "preset" in data:
        return load_preset(str(data["preset"]), level=level)
    return rule_from(data)


@dataclass(frozen=True)
class Decided:
    """The protocol of a pool; `waits_for` are draws of other pools that must come before any decision."""

    protocol: Protocol
    waits_for: tuple[DrawRecord, ...] = ()


def decide_scope(
    scope: FrozenScope,
    lines: Iterable[BoardLine],
    draw: Draw | None = None,
    taken: Mapping[str, str] | None = None,
) -> Protocol:
    """The protocol of one pool; `lines` are the board's lines of this scope.

    `taken` maps exclusive groups to the winner of another pool that serves them.
    """
    projects = [Project(p.id, p.cost, scope.code, frozenset(p.groups)) for p in scope.projects]
    ballots = group_ballots(_ballot(scope, line) for line in lines)
    rule = rule_of(scope.selection)
    return select(projects, ballots, rule, scope.budget, draw=draw, taken=taken)


def decide_all(
    frozen: FrozenList,
    lines: Iterable[BoardLine],
    draw: Draw | None = None,
    *,
    standing: Mapping[str, Protocol] | None = None,
    annulled: Collection[str] = (),
    served: Mapping[str, str] | None = None,
) -> dict[str, Decided]:
    """Scope → what was decided, for every pool that has projects.

    What is `standing` was decided in full before and is not decided anew; an annulled pool has no
    winners and serves no group. `served` are groups that winners of another round of the edition serve.

    Districts come first, the whole city last: a district's winner excludes its rivals on the
    city's list, so that the same thing is never paid for twice. A pool that shares a group with
    an earlier one whose draw is outstanding waits for that draw.
    """
    by_scope: dict[str, list[BoardLine]] = {scope.code: [] for scope in frozen.scopes}
    for line in lines:
        by_scope[line.scope].append(line)
    taken: dict[str, str] = dict(served or {})
    open_groups: dict[str, tuple[DrawRecord, ...]] = {}
    decided: dict[str, Decided] = {}
    for scope in sorted(frozen.scopes, key=lambda one: one.code == CITY_WIDE):
        if not scope.projects or scope.code in annulled:
            continue
        groups = _groups(scope)
        own = {group: taken[group] for group in sorted(groups & taken.keys())}
        known = (standing or {}).get(scope.code)
        waits = [open_groups[group] for group in sorted(groups & open_groups.keys()) if not known]
        protocol = known or decide_scope(scope, by_scope[scope.code], draw, own)
        if waits:
            decided[scope.code] = _waiting(protocol, waits[0])
        else:
            decided[scope.code] = Decided(protocol)
        won = frozenset(protocol.winners)
        taken.update({g: p.id for p in scope.projects if p.id in won for g in p.groups})
        if not protocol.is_complete or waits:
            draws = decided[scope.code].protocol.draws
            open_groups.update(dict.fromkeys(groups, draws))
    return decided


def _groups(scope: FrozenScope) -> set[str]:
    return {group for project in scope.projects for group in project.groups}


def _waiting(protocol: Protocol, draws: tuple[DrawRecord, ...]) -> Decided:
    """The protocol of a pool in which nothing is decided before another pool's draw."""
    budget = protocol.budget
    rows = tuple(
        replace(
            row,
            outcome=Verdict.UNDECIDED,
            left_before=budget,
            left_after=budget,
            tie=None,
            excluded_by=None,
            reserve=0,
            price=None,
        )
        for row in protocol.decisions
    )
    return Decided(replace(protocol, decisions=rows, draws=draws, endowment=None), draws)


def outcomes_of(
    frozen: FrozenList, protocols: Mapping[str, Mapping[str, Any]]
) -> dict[str, Outcome]:
    """What the board declares, from the written protocols: pools in which no draw is outstanding.

    With each the groups that winners elsewhere had served when it was decided, and of an order that was
    drawn before witnesses the whole that belongs to it.
    """
    return {
        scope.code: Outcome(
            tuple(protocol["selected"]),
            taken=protocol.get("taken", {}),
            drawn=tuple(protocol.get("drawn", ())),
        )
        for scope in frozen.scopes
        if (protocol := protocols.get(scope.code)) is not None and protocol["complete"]
    }


def served_by(frozen: FrozenList, winners: Collection[str]) -> dict[str, str]:
    """The exclusive groups that these winners serve, each with the one that does."""
    return {
        group: project.id
        for scope in frozen.scopes
        for project in scope.projects
        if project.id in winners
        for group in project.groups
    }


def _ballot(scope: FrozenScope, line: BoardLine) -> Ballot:
    section = read_section(scope.code, line.choice)
    has_points = scope.ballot.kind is Kind.CUMULATIVE
    return Ballot(section.picks, section.points if has_points else None)
