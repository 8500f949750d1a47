"""What a `.pb` file holds: a head of keys and values, listed projects, ballots.

Cells stay text exactly as written; readings (money in grosze, picks) stand beside them.
It must not know any rule that chooses winners.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

#: Pabulib marks a withdrawn project by this price in whole units of money.
WITHDRAWN_COST = 999_999_999_00


class VoteType(StrEnum):
    """The kinds of ballots that Pabulib defines."""

    APPROVAL = "approval"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    CHOOSE_ONE = "choose-1"


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One listed project; `cost` in grosze, `selected` 0 to 3 (how it won), None if unsaid."""

    line: int
    cells: tuple[str, ...]
    id: str
    cost: int
    name: str = ""
    votes: int | None = None
    score: int | None = None
    selected: int | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the price is the mark for a project that was withdrawn from the vote."""
        return self.cost >= WITHDRAWN_COST


class VoteRow(NamedTuple):
    """One ballot: project ids in the written order, with points when the file gives them."""

    line: int
    cells: tuple[str, ...]
    picks: tuple[str, ...]
    points: tuple[int, ...] | None


@dataclass(frozen=True)
class Layout:
    """How the bytes looked, so that an unchanged file is written back byte for byte.

    `verbatim` keeps the raw text, line end included, of records that a plain writer would put
    with other quotes or another line end.
    """

    bom: bool = False
    newline: str = "\n"
    final_newline: bool = True
    verbatim: Mapping[tuple[str, ...], str] = field(default_factory=dict)


@dataclass(frozen=True)
class PbFile:
    """A whole `.pb` file; `budget` in grosze."""

    meta: Mapping[str, str]
    vote_type: VoteType
    budget: int
    project_columns: tuple[str, ...]
    projects: tuple[ProjectRow, ...]
    vote_columns: tuple[str, ...]
    votes: tuple[VoteRow, ...]
    meta_columns: tuple[str, ...] = ("key", "value")
    layout: Layout = field(default_factory=Layout)

    @property
    def states_winners(self) -> bool:
        """Whether the file says which projects won."""
        return any(project.selected is not None for project in self.projects)

    @property
    def winners(self) -> frozenset[str]:
        """The ids that the file marks as won, in whatever way (`selected` 1, 2 or 3)."""
        return frozenset(project.id for project in self.projects if project.selected)
