"""Equal projects: a declared chain of steps, and whether their order matters at all.

It must not draw lots; it says when lots are needed.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from civic_budget.selection.model import Project
from civic_budget.selection.rules import TieStep
from civic_budget.selection.tally import Count, Tally

_KEYS: dict[TieStep, Callable[[Project, Count], int]] = {
    TieStep.MORE_VOTES: lambda project, count: -count.votes,
    TieStep.MORE_POINTS: lambda project, count: -count.points,
    TieStep.MORE_FIRST_CHOICES: lambda project, count: -count.first_choices,
    TieStep.FEWER_VOTES: lambda project, count: count.votes,
    TieStep.LOWER_COST: lambda project, count: project.cost,
    TieStep.HIGHER_COST: lambda project, count: -project.cost,
}


def natural(project: Project) -> tuple[int, str]:
    """A fixed order for showing equal projects: shorter numbers first. It never decides."""
    return len(project.id), project.id


def chain_groups(
    tied: Iterable[Project], tally: Tally, steps: Sequence[TieStep]
) -> list[list[Project]]:
    """Equal projects put in order by the chain; those still equal share a group."""

    def key(project: Project) -> tuple[int, ...]:
        return tuple(_KEYS[step](project, tally[project.id]) for step in steps)

    ordered = sorted(tied, key=lambda project: (key(project), natural(project)))
    return [list(group) for _, group in groupby(ordered, key=key)]


def deciding_step(
    tied: Sequence[Project], tally: Tally, steps: Sequence[TieStep]
) -> TieStep | None:
    """The first step of the chain that tells any of these projects apart."""
    for step in steps:
        if len({_KEYS[step](project, tally[project.id]) for project in tied}) > 1:
            return step
    return None
