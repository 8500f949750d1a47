"""One door: projects, ballots and a declared rule in, the protocol of one pool out.

It must not know where ballots came from.
"""

from collections.abc import Sequence

from civic_budget.selection.draw import Draw, Lots
from civic_budget.selection.greedy import Purse, descend
from civic_budget.selection.model import Ballots, Project, check_input
from civic_budget.selection.protocol import Protocol
from civic_budget.selection.rules import Rule
from civic_budget.selection.tally import count


def select(
    projects: Sequence[Project],
    ballots: Ballots,
    rule: Rule,
    budget: int,
    *,
    draw: Draw | None = None,
) -> Protocol:
    """Choose the winners of one pool of money; `budget` in grosze.

    The result never depends on the order of projects or ballots. When equal projects would win
    or lose by their order alone and no draw is given, the protocol records the draw that is
    needed and leaves the rest undecided. Raises `SelectionError` for impossible input.
    """
    check_input(projects, ballots, budget)
    tally = count(projects, ballots, rule)
    lots = Lots(projects, rule=rule.name, event=rule.draw_event, budget=budget, draw=draw)
    rows = descend(projects, tally, rule, Purse(budget), lots)
    return Protocol(
        rule=rule.name,
        budget=budget,
        voters=tally.voters,
        decisions=tuple(rows),
        draws=tuple(lots.records),
    )
