"""What a `.pb` file holds: a head of keys and values, listed projects, ballots.

Cells stay text exactly as written; readings (money in grosze, picks) stand beside them.
It must not know any rule that chooses winners.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

#: Pabulib marks a withdrawn project by this price in whole units of money.
WITHDRAWN_COST = 999_999_999_00


class VoteType(StrEnum):
    """The kinds of ballots that Pabulib defines."""

    APPROVAL = "approval"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    CHOOSE_ONE = "choose-1"

    @property
    def carries_points(self) -> bool:
        """Whether voters give points of their own, so that they are part of the choice."""
        return self in (VoteType.CUMULATIVE, VoteType.SCORING)


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


#: What a ballot is counted as: made from its picks and, where voters give them, their points.
Kind = TypeVar("Kind")
KindOf = Callable[[tuple[str, ...], tuple[int, ...] | None], Kind]


@dataclass(frozen=True)
class Layout:
    """How the bytes looked, so that an unchanged file is written back byte for byte.

    `verbatim` keeps the raw text (line end and blank lines before it included) of records that a
    plain writer would put otherwise, `tail` the blank lines after the last record.
    """

    bom: bool = False
    newline: str = "\n"
    final_newline: bool = True
    verbatim: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    tail: str = ""


@dataclass(frozen=True)
class PbElection:
    """What a `.pb` file says besides its ballots; `budget` in grosze."""

    meta: Mapping[str, str]
    vote_type: VoteType
    budget: int
    project_columns: tuple[str, ...]
    projects: tuple[ProjectRow, ...]

    @property
    def states_winners(self) -> bool:
        """Whether the file says which projects won."""
        return any(project.selected is not None for project in self.projects)

    @property
    def winners(self) -> frozenset[str]:
        """The ids that the file marks as won, in whatever way (`selected` 1, 2 or 3)."""
        return frozenset(project.id for project in self.projects if project.selected)


@dataclass(frozen=True)
class PbFile(PbElection):
    """A whole `.pb` file with every ballot's own cells, which can be written back."""

    vote_columns: tuple[str, ...]
    votes: tuple[VoteRow, ...]
    meta_columns: tuple[str, ...] = ("key", "value")
    layout: Layout = field(default_factory=Layout)

    def count(self, kind: KindOf[Kind]) -> Counter[Kind]:
        """The ballots by kind, as `read_counted` counts them."""
        carries_points = self.vote_type.carries_points
        return Counter(
            kind(vote.picks, vote.points if carries_points else None) for vote in self.votes
        )


@dataclass(frozen=True)
class PbCounted(PbElection, Generic[Kind]):
    """A `.pb` file of which only kinds of ballots were kept, each with its number.

    It takes a fraction of a `PbFile`'s memory and cannot be written back.
    """

    ballots: Mapping[Kind, int]
