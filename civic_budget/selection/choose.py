"""One door: projects, ballots and a declared rule in, the protocol of one pool out.

It must not know where ballots came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from civic_budget.selection.draw import Draw, Lots
from civic_budget.selection.greedy import Purse, barred, descend
from civic_budget.selection.model import Ballots, Project, check_input
from civic_budget.selection.protocol import Decision, Outcome, Protocol, Tie
from civic_budget.selection.rules import Method, Rule
from civic_budget.selection.shares import below_floor, equal_shares, preferences
from civic_budget.selection.tally import Tally, count
from civic_budget.selection.ties import natural
from civic_budget.selection.wallets import Shares


def select(
    projects: Sequence[Project],
    ballots: Ballots,
    rule: Rule,
    budget: int,
    *,
    draw: Draw | None = None,
    taken: Mapping[str, str] | None = None,
) -> Protocol:
    """Choose the winners of one pool of money; `budget` in grosze.

    The result never depends on the order of projects or ballots. When equal projects would win
    or lose by their order alone and no draw is given, the protocol records the draw that is
    needed and leaves the rest undecided. `taken` maps exclusive groups already served elsewhere
    to the winner there. Raises `SelectionError` for impossible input.
    """
    check_input(projects, ballots, budget)
    tally = count(projects, ballots, rule)
    pool = _Pool(projects, ballots, rule, budget, tally, draw, taken or {})
    found = _greedy(pool) if rule.method is Method.GREEDY else _equal_shares(pool)
    return replace(found, drawn=pool.drawn() if found.draws else (), taken=dict(pool.taken))


def walk_down(
    projects: Sequence[Project],
    tally: Tally,
    rule: Rule,
    budget: int,
    *,
    draw: Draw | None = None,
) -> Protocol:
    """The greedy part of `select` for ballots already counted, whatever the rule's method."""
    return _greedy(_Pool(projects, {}, rule, budget, tally, draw, {}))


@dataclass(frozen=True)
class _Pool:
    projects: Sequence[Project]
    ballots: Ballots
    rule: Rule
    budget: int
    tally: Tally
    draw: Draw | None
    taken: Mapping[str, str]

    def lots(self) -> Lots:
        return Lots(
            self.projects,
            rule=self.rule.name,
            event=self.rule.draw_event,
            budget=self.budget,
            draw=self.draw,
        )

    def protocol(self, rows: Sequence[Decision], lots: Lots, adopted: Method) -> Protocol:
        return Protocol(
            rule=self.rule.name,
            budget=self.budget,
            voters=self.tally.voters,
            decisions=tuple(rows),
            draws=tuple(lots.records),
            adopted=adopted.value,
        )

    def drawn(self) -> tuple[str, ...]:
        """What was drawn before witnesses of this pool, in the order of the draw."""
        own = {project.id for project in self.projects}
        return tuple(one for one in self.draw.order if one in own) if self.draw else ()


def _greedy(pool: _Pool) -> Protocol:
    lots = pool.lots()
    rows = descend(pool.projects, pool.tally, pool.rule, Purse(pool.budget, dict(pool.taken)), lots)
    return pool.protocol(rows, lots, Method.GREEDY)


def _equal_shares(pool: _Pool) -> Protocol:
    """Equal Shares, and where the rule says so the greedy result if more voters prefer it."""
    outcomes = {project.id: _barred(project, pool) for project in pool.projects}
    running = [project for project in pool.projects if outcomes[project.id] is None]
    lots = pool.lots()
    found = equal_shares(running, pool.ballots, pool.rule, pool.budget, pool.tally, lots.order)
    for tied in found.ties:
        lots.record(tied)
    rows = _rows(pool, found.shares, outcomes, found.ties)
    shared = pool.protocol(rows, lots, Method.EQUAL_SHARES)
    if found.shares is None:
        return shared
    shared = replace(shared, endowment=found.shares.endowment)
    return _compared(pool, shared) if pool.rule.equal_shares.comparison else shared


def _barred(project: Project, pool: _Pool) -> Outcome | None:
    outcome = barred(project, pool.tally, pool.rule)
    if outcome is None and not project.groups.isdisjoint(pool.taken):
        return Outcome.EXCLUDED
    if outcome is None and below_floor(project, pool.tally, pool.rule, pool.budget):
        return Outcome.BELOW_THRESHOLD
    return outcome


def _compared(pool: _Pool, shared: Protocol) -> Protocol:
    """The greedy protocol when strictly more voters prefer its winners, else the given one.

    Only projects that may win under Equal Shares (the floor too) take part in both. While the
    greedy result waits for lots, voters count as if all its undecided projects won: lots are
    asked for only when greedy could then be adopted. Lots drawn for either stand in the protocol:
    whoever recounts needs them to compare.
    """
    barred_here = {
        row.project for row in shared.decisions if row.outcome is Outcome.BELOW_THRESHOLD
    }
    running = [project for project in pool.projects if project.id not in barred_here]
    greedy = _greedy(replace(pool, projects=running))
    hoped = frozenset(
        row.project for row in greedy.decisions if row.won or row.outcome is Outcome.UNDECIDED
    )
    costs = {project.id: project.cost for project in pool.projects}
    for_shares, for_greedy = preferences(
        pool.ballots, pool.rule, costs, frozenset(shared.winners), hoped
    )
    notes = {"prefer_equal_shares": for_shares, "prefer_greedy": for_greedy}
    draws = tuple(dict.fromkeys((*shared.draws, *greedy.draws)))
    if for_greedy <= for_shares:
        return replace(shared, notes=notes, draws=draws if greedy.is_complete else shared.draws)
    barred_rows = [row for row in shared.decisions if row.project in barred_here]
    start = len(greedy.decisions)
    ranked = [replace(row, rank=start + n) for n, row in enumerate(barred_rows, start=1)]
    left = [replace(row, left_before=greedy.left, left_after=greedy.left) for row in ranked]
    return replace(greedy, decisions=(*greedy.decisions, *left), draws=draws, notes=notes)


def _rows(
    pool: _Pool,
    shares: Shares | None,
    outcomes: dict[str, Outcome | None],
    ties: Sequence[tuple[str, ...]],
) -> list[Decision]:
    """Winners in the order bought, then the others by points or votes."""
    listed = {project.id: project for project in pool.projects}
    bought = shares.bought if shares else []
    others = sorted(
        sorted((p for p in pool.projects if p.id not in bought), key=natural),
        key=lambda project: pool.tally.standing(project, pool.rule.order),
        reverse=True,
    )
    tie_of = {project: tied for tied in ties for project in tied}
    rows: list[Decision] = []
    left = pool.budget
    for project in [listed[key] for key in bought] + others:
        outcome = outcomes[project.id] or _outcome(project, shares)
        before = left
        left -= project.cost if outcome is Outcome.SELECTED else 0
        tied = tie_of.get(project.id)
        received = pool.tally[project.id]
        rows.append(
            Decision(
                rank=len(rows) + 1,
                project=project.id,
                points=received.points,
                votes=received.votes,
                cost=project.cost,
                left_before=before,
                outcome=outcome,
                left_after=left,
                tie=Tie(tied, "draw" if shares else "") if tied else None,
                excluded_by=_excluder(project, pool, shares),
                price=shares.prices.get(project.id) if shares else None,
                scope=project.scope,
            )
        )
    return rows


def _excluder(project: Project, pool: _Pool, shares: Shares | None) -> str | None:
    before = [pool.taken[group] for group in sorted(project.groups) if group in pool.taken]
    if before:
        return before[0]
    return shares.excluders.get(project.id) if shares else None


def _outcome(project: Project, shares: Shares | None) -> Outcome:
    if shares is None:
        return Outcome.UNDECIDED
    if project.id in shares.prices:
        return Outcome.SELECTED
    return Outcome.EXCLUDED if project.id in shares.excluders else Outcome.NO_MONEY
