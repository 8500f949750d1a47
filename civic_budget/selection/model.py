"""What a choice of winners is made from: projects with costs, ballots grouped by identical choice.

Plain values, exact numbers. It must not know any rule, nor who cast which ballot.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class SelectionError(ValueError):
    """Input that no rule can work on; `code` and `values` let the words be translated."""

    MESSAGES: Mapping[str, str] = {
        "project_twice": "the project {project} is listed twice",
        "cost_negative": "the project {project} has a negative cost",
        "budget_negative": "the budget is negative",
        "unknown_project": "a ballot names the project {project}, which is not listed",
        "pick_twice": "a ballot names the project {project} twice",
        "too_many_picks": "a ballot names {found} projects where the rule allows {allowed}",
        "points_missing": "a ballot lacks the points that the rule counts",
        "points_negative": "a ballot gives the project {project} negative points",
        "count_negative": "a group of ballots has a negative size",
        "draw_incomplete": "the drawn order lacks the project {project}",
        "rule_key_unknown": "the rule names “{key}”, which means nothing here",
        "rule_value": "the rule's “{key}” cannot be “{value}”",
        "rule_key_missing": "the rule lacks “{key}”",
        "preset_unknown": "there is no preset named {name}",
        "turnout_equal": "the scopes {first} and {second} have the same turnout",
        "flow_scope_unknown": "money should flow to the scope {scope}, which is not listed",
        "scope_twice": "the scope {scope} is listed twice",
    }

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values = dict(values)
        super().__init__(self.MESSAGES[code].format(**self.values))


@dataclass(frozen=True, slots=True)
class Project:
    """One project on the ballot; `cost` in grosze.

    At most one project of each exclusive group can win. A withdrawn project keeps its votes but
    cannot win.
    """

    id: str
    cost: int
    scope: str = ""
    groups: frozenset[str] = frozenset()
    withdrawn: bool = False


class Ballot(NamedTuple):
    """One choice: project ids (best first where order counts), points where the voter gave them."""

    picks: tuple[str, ...]
    points: tuple[int, ...] | None = None


Ballots = Mapping[Ballot, int]


def group_ballots(choices: Iterable[Sequence[str] | Ballot]) -> Counter[Ballot]:
    """Ballots grouped by identical choice; a plain sequence of ids is a ballot without points."""
    return Counter(
        choice if isinstance(choice, Ballot) else Ballot(tuple(choice)) for choice in choices
    )


def check_input(projects: Sequence[Project], ballots: Ballots, budget: int) -> None:
    """Raise `SelectionError` unless ids are unique, amounts sensible and picks listed."""
    if budget < 0:
        raise SelectionError("budget_negative")
    known: set[str] = set()
    for project in projects:
        if project.id in known:
            raise SelectionError("project_twice", project=project.id)
        if project.cost < 0:
            raise SelectionError("cost_negative", project=project.id)
        known.add(project.id)
    for ballot, count in ballots.items():
        if count < 0:
            raise SelectionError("count_negative")
        if not known.issuperset(ballot.picks):
            wrong = next(pick for pick in ballot.picks if pick not in known)
            raise SelectionError("unknown_project", project=wrong)
        if len(set(ballot.picks)) != len(ballot.picks):
            wrong = next(pick for pick in ballot.picks if ballot.picks.count(pick) > 1)
            raise SelectionError("pick_twice", project=wrong)
