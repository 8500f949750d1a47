"""Several pools of one edition: who is decided first, and where money left over goes.

It must not know how one pool is decided, only what it leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from civic_budget.selection.choose import select
from civic_budget.selection.draw import Draw, DrawRecord, Lots
from civic_budget.selection.greedy import Purse, descend
from civic_budget.selection.model import Ballots, Project, SelectionError
from civic_budget.selection.protocol import Decision, Outcome, Protocol
from civic_budget.selection.rules import Rule, Threshold
from civic_budget.selection.tally import Tally, count

_AGAIN = frozenset({Outcome.NO_MONEY, Outcome.NOT_REACHED})


class FlowKind(StrEnum):
    """Where leftovers go: nowhere, into a pool decided later, to the busiest scope, together."""

    STAY = "stay"
    TO_SCOPE = "to-scope"
    TO_HIGHEST_TURNOUT = "to-highest-turnout"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Flow:
    """What happens to leftovers; `target` is the scope that receives them with `TO_SCOPE`."""

    kind: FlowKind = FlowKind.STAY
    target: str = ""


@dataclass(frozen=True)
class Pool:
    """The money of one scope (grosze); `entitled` residents are needed only for turnout."""

    scope: str
    projects: tuple[Project, ...]
    ballots: Ballots
    rule: Rule
    budget: int
    entitled: int = 0


def select_pools(
    pools: Sequence[Pool], flow: Flow | None = None, *, draws: Mapping[str, Draw] | None = None
) -> dict[str, Protocol]:
    """Decide all pools in the given order and let leftovers flow; protocols by scope.

    A winner excludes rivals of its exclusive groups in all later pools (so put districts before
    the city where they have priority). `draws` are by scope,
    that of the common pass of `TOGETHER` under "". Money flows only once every giving
    pool is complete. Notes of a protocol say `inflow` and `outflow` in grosze.
    """
    flow = flow or Flow()
    scopes = [pool.scope for pool in pools]
    for scope in scopes:
        if scopes.count(scope) > 1:
            raise SelectionError("scope_twice", scope=scope)
    if flow.kind is FlowKind.TO_SCOPE:
        return _into_later_pool(pools, flow.target, draws or {})
    protocols = _in_turn(pools, draws or {}, {})
    if flow.kind is FlowKind.STAY or not all(p.is_complete for p in protocols.values()):
        return protocols
    if flow.kind is FlowKind.TO_HIGHEST_TURNOUT:
        return _to_one(pools, protocols, _busiest(pools, protocols), draws or {})
    return _together(pools, protocols, draws or {})


def _in_turn(
    pools: Sequence[Pool], draws: Mapping[str, Draw], taken: dict[str, str]
) -> dict[str, Protocol]:
    """Every pool after the other; `taken` collects the exclusive groups already served."""
    protocols = {}
    for pool in pools:
        protocol = select(
            pool.projects,
            pool.ballots,
            pool.rule,
            pool.budget,
            draw=draws.get(pool.scope),
            taken=taken,
        )
        taken.update(_groups_won(pool.projects, protocol))
        protocols[pool.scope] = replace(protocol, scope=pool.scope)
    return protocols


def _groups_won(projects: Sequence[Project], protocol: Protocol) -> dict[str, str]:
    won = frozenset(protocol.winners)
    return {group: p.id for p in projects if p.id in won for group in p.groups}


def _into_later_pool(
    pools: Sequence[Pool], target: str, draws: Mapping[str, Draw]
) -> dict[str, Protocol]:
    """Leftovers of all others enlarge the target's budget before it is decided, as in Łódź."""
    receiver = next((pool for pool in pools if pool.scope == target), None)
    if receiver is None:
        raise SelectionError("flow_scope_unknown", scope=target)
    taken: dict[str, str] = {}
    givers = _in_turn([pool for pool in pools if pool is not receiver], draws, taken)
    if not all(protocol.is_complete for protocol in givers.values()):
        return givers
    inflow = sum(protocol.left for protocol in givers.values())
    richer = replace(receiver, budget=receiver.budget + inflow)
    protocol = _in_turn([richer], draws, taken)[target]
    given = {scope: _with_note(p, "outflow", p.left) for scope, p in givers.items()}
    return {**given, target: _with_note(protocol, "inflow", inflow)}


def _with_note(protocol: Protocol, key: str, amount: int) -> Protocol:
    return replace(protocol, notes={**protocol.notes, key: amount})


def _busiest(pools: Sequence[Pool], protocols: Mapping[str, Protocol]) -> str:
    """The scope with the highest turnout, then with more voters; raises when still equal."""

    def turnout(pool: Pool) -> tuple[Fraction, int]:
        voters = protocols[pool.scope].voters
        return Fraction(voters, pool.entitled) if pool.entitled else Fraction(0), voters

    ranked = sorted(pools, key=turnout, reverse=True)
    if len(ranked) > 1 and turnout(ranked[0]) == turnout(ranked[1]):
        raise SelectionError("turnout_equal", first=ranked[0].scope, second=ranked[1].scope)
    return ranked[0].scope


def _to_one(
    pools: Sequence[Pool],
    protocols: Mapping[str, Protocol],
    target: str,
    draws: Mapping[str, Draw],
) -> dict[str, Protocol]:
    """All leftovers go to one scope, whose unfunded projects get another chance."""
    receiver = next(pool for pool in pools if pool.scope == target)
    inflow = sum(p.left for scope, p in protocols.items() if scope != target)
    result = {
        scope: _with_note(p, "outflow", p.left) if scope != target else p
        for scope, p in protocols.items()
    }
    taken = _all_taken(pools, protocols)
    money = protocols[target].left + inflow
    rows, records = _again([receiver], protocols, money, taken, draws.get(target))
    grown = replace(result[target], budget=receiver.budget + inflow)
    result[target] = _with_note(_extended(grown, rows, records), "inflow", inflow)
    return result


def _together(
    pools: Sequence[Pool], protocols: Mapping[str, Protocol], draws: Mapping[str, Draw]
) -> dict[str, Protocol]:
    """All leftovers in one pot for the best unfunded projects of any scope, as in Radom.

    The common pass follows the first pool's rule; a scope's `inflow` is what its projects took
    from the pot, its `outflow` what it gave.
    """
    pot = sum(protocol.left for protocol in protocols.values())
    first = pools[0].scope
    taken = _all_taken(pools, protocols)
    rows, records = _again(pools, protocols, pot, taken, draws.get(""))
    owner = {project.id: pool.scope for pool in pools for project in pool.projects}
    result: dict[str, Protocol] = {}
    for scope, protocol in protocols.items():
        own = [row for row in rows if owner[row.project] == scope]
        drawn = records if scope == first else []
        gained = sum(row.cost - row.reserve for row in own if row.won)
        budget = protocol.budget - protocol.left + gained
        grown = _extended(replace(protocol, budget=budget), own, drawn)
        grown = _with_note(grown, "outflow", protocol.left)
        result[scope] = _with_note(grown, "inflow", gained)
    return result


def _all_taken(pools: Sequence[Pool], protocols: Mapping[str, Protocol]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for pool in pools:
        taken.update(_groups_won(pool.projects, protocols[pool.scope]))
    return taken


def _again(
    pools: Sequence[Pool],
    protocols: Mapping[str, Protocol],
    money: int,
    taken: dict[str, str],
    draw: Draw | None,
) -> tuple[list[Decision], list[DrawRecord]]:
    """A second walk over what had no money; what wins now is `restored`."""
    rule = pools[0].rule
    waiting: list[Project] = []
    counts = {}
    for pool in pools:
        tally = count(pool.projects, pool.ballots, pool.rule)
        counts.update(tally.counts)
        outcomes = {row.project: row.outcome for row in protocols[pool.scope].decisions}
        waiting += [project for project in pool.projects if outcomes[project.id] in _AGAIN]
    voters = sum(protocols[pool.scope].voters for pool in pools)
    lots = Lots(waiting, rule=rule.name, event=rule.draw_event, budget=money, draw=draw)
    # Thresholds were checked in the first pass; a share of all voters would be another bar.
    unbarred = replace(rule, threshold=Threshold())
    rows = descend(waiting, Tally(counts, voters), unbarred, Purse(money, taken), lots)
    restored = [
        replace(row, outcome=Outcome.RESTORED) if row.outcome is Outcome.SELECTED else row
        for row in rows
    ]
    return restored, lots.records


def _extended(
    protocol: Protocol, rows: Sequence[Decision], records: Sequence[DrawRecord]
) -> Protocol:
    """The protocol with a second pass below the first; ranks go on counting."""
    start = len(protocol.decisions)
    numbered = tuple(replace(row, rank=start + n) for n, row in enumerate(rows, start=1))
    return replace(
        protocol,
        decisions=protocol.decisions + numbered,
        draws=protocol.draws + tuple(records),
    )
