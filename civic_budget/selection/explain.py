"""What people ask under a protocol: what was missing, who took the money, how near it was.

It reads protocols of a walk down the list and must not decide anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from civic_budget.selection.model import Project
from civic_budget.selection.protocol import Decision, Outcome, Protocol
from civic_budget.selection.rules import Measure, Misfit, Order, Rule


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A project without money and the least that was missing, in the rule's measure."""

    project: str
    missing: int


def money_takers(protocol: Protocol, project: str) -> tuple[Decision, ...]:
    """The winners decided before this project: where the money had gone."""
    row = protocol.row_of(project)
    return tuple(before for before in protocol.decisions if before.won and before.rank < row.rank)


def winning_cost(protocol: Protocol, project: str) -> int | None:
    """The highest cost (grosze) at which the project would have won at its place.

    None unless money alone was missing on a walk down the list.
    """
    row = protocol.row_of(project)
    if row.outcome is not Outcome.NO_MONEY or protocol.adopted == "equal-shares":
        return None
    return row.left_before


def support_missing(
    protocol: Protocol, project: Project, rule: Rule, rivals: Sequence[Project] = ()
) -> int | None:
    """How many more points (or votes, as the rule counts) would surely have won.

    The project is tried at every higher place, lowest first; with that much more it stands above
    the project now there without needing a tie-break. `rivals` are the others of its exclusive
    groups. None when no amount helps, or the rule doesn't walk down a list by points or votes.
    """
    if rule.order is Order.POINTS_PER_COST or protocol.adopted == "equal-shares":
        return None
    row = protocol.row_of(project.id)
    if row.won or row.outcome in (Outcome.WITHDRAWN, Outcome.UNDECIDED):
        return None
    own = _support(row, rule)
    bar = _threshold(protocol, rule)
    if bar is None or _served_elsewhere(protocol, row):
        return None
    groups = {other.id for other in rivals if other.groups & project.groups}
    walked = _walked(protocol, row)
    if row.outcome is Outcome.BELOW_THRESHOLD and _fits_at_the_end(protocol, project, groups):
        return bar - own
    for above in reversed(walked):
        taken = any(
            before.won and before.project in groups and before.rank < above.rank
            for before in protocol.decisions
        )
        if not taken and _would_fit(project, above, rule):
            return max(_support(above, rule) + 1, bar) - own
    return None


def _served_elsewhere(protocol: Protocol, row: Decision) -> bool:
    """Whether a winner of another pool shuts the project out: then no support here helps."""
    rival = row.excluded_by
    return rival is not None and all(other.project != rival for other in protocol.decisions)


def _walked(protocol: Protocol, row: Decision) -> list[Decision]:
    """The places above a project; for one under the threshold every place counts."""
    below = row.outcome is Outcome.BELOW_THRESHOLD
    return [
        other
        for other in protocol.decisions
        if other.project != row.project
        and (other.rank < row.rank or below)
        and other.outcome not in (Outcome.WITHDRAWN, Outcome.BELOW_THRESHOLD)
    ]


def _fits_at_the_end(protocol: Protocol, project: Project, groups: set[str]) -> bool:
    """Whether the last place on the list would do: no walk stopped, money left, no rival won."""
    stopped = any(
        row.outcome in (Outcome.NOT_REACHED, Outcome.TOPPED_UP) for row in protocol.decisions
    )
    return not stopped and project.cost <= protocol.left and groups.isdisjoint(protocol.winners)


def _would_fit(project: Project, place: Decision, rule: Rule) -> bool:
    if place.outcome is Outcome.NOT_REACHED:
        return False
    if rule.misfit is Misfit.TOP_UP and place.left_before >= rule.top_up_share * project.cost:
        return True
    return project.cost <= place.left_before


def _support(row: Decision, rule: Rule) -> int:
    return row.votes if rule.order is Order.VOTES else row.points


def _threshold(protocol: Protocol, rule: Rule) -> int | None:
    """The threshold in the measure that the rule orders by; None when it is in another one."""
    threshold = rule.threshold
    if not threshold.number and threshold.share is None:
        return 0
    by_votes = rule.order is Order.VOTES
    if by_votes != (threshold.measure is Measure.VOTES):
        return None
    share = 0 if threshold.share is None else -(-threshold.share * protocol.voters // 1)
    return max(threshold.number, int(share))


def near_misses(
    protocol: Protocol, projects: Sequence[Project], rule: Rule, *, limit: int = 5
) -> list[NearMiss]:
    """The projects that missed by least, nearest first."""
    found = []
    for project in projects:
        missing = support_missing(protocol, project, rule, projects)
        if missing is not None:
            found.append(NearMiss(project.id, missing))
    return sorted(found, key=lambda miss: (miss.missing, len(miss.project), miss.project))[:limit]
