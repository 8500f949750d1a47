"""Replaying a published `.pb` file: the same ballots, a declared rule, and does it agree?

Plain Python between the codec and the winner rules. It must not print, nor know Flask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from civic_budget.pabulib import PbCounted, PbElection, PbFile, VoteType, read_counted
from civic_budget.selection import (
    Ballot,
    BallotKind,
    Completion,
    Draw,
    EqualShares,
    Method,
    Misfit,
    Project,
    Protocol,
    Rule,
    Threshold,
    load_preset,
    preset_for,
    select,
)

_KINDS: Mapping[VoteType, frozenset[BallotKind]] = {
    VoteType.ORDINAL: frozenset({BallotKind.ORDINAL}),
    VoteType.APPROVAL: frozenset({BallotKind.APPROVAL, BallotKind.CHOOSE_ONE}),
    VoteType.CHOOSE_ONE: frozenset({BallotKind.CHOOSE_ONE, BallotKind.APPROVAL}),
    VoteType.CUMULATIVE: frozenset({BallotKind.CUMULATIVE, BallotKind.POINTS}),
    VoteType.SCORING: frozenset({BallotKind.POINTS, BallotKind.CUMULATIVE}),
}


_PLAIN_KINDS: Mapping[VoteType, BallotKind] = {
    VoteType.ORDINAL: BallotKind.ORDINAL,
    VoteType.APPROVAL: BallotKind.APPROVAL,
    VoteType.CHOOSE_ONE: BallotKind.CHOOSE_ONE,
    VoteType.CUMULATIVE: BallotKind.CUMULATIVE,
    VoteType.SCORING: BallotKind.POINTS,
}


#: A published election: read whole, or with its ballots counted by kind.
Published = PbFile | PbCounted[Ballot]


class RuleMismatchError(ValueError):
    """A rule that counts another kind of ballot than the file holds."""

    def __init__(self, rule: str, expected: str, found: str) -> None:
        self.rule, self.expected, self.found = rule, expected, found
        super().__init__(
            f"the rule {rule} counts {expected} ballots, the file holds {found} ballots"
        )


class Verdict(StrEnum):
    """Whether our winners are those the file states."""

    EQUAL = "equal"
    DIFFER = "differ"
    UNSTATED = "unstated"


@dataclass(frozen=True)
class Contest:
    """One pool of money as the winner rules want it; `budget` in grosze."""

    projects: tuple[Project, ...]
    ballots: Mapping[Ballot, int]
    budget: int


@dataclass(frozen=True)
class Replay:
    """What came out, and where it departs from the file (ids in the file's order).

    `funded_otherwise` are those winners of the file that it marks 2 or 3: paid from other money
    than the pool's, so that the pool's rule cannot find them.
    """

    protocol: Protocol
    verdict: Verdict
    names: Mapping[str, str]
    only_in_file: tuple[str, ...]
    funded_otherwise: tuple[str, ...]
    only_here: tuple[str, ...]
    points_differ: tuple[str, ...]
    votes_differ: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing that the file states is contradicted."""
        return self.verdict is not Verdict.DIFFER and not (self.points_differ or self.votes_differ)


def read_election(path: Path) -> PbCounted[Ballot]:
    """A `.pb` file with its ballots counted by kind, in little memory; raises `PbError`."""
    return read_counted(path, Ballot)


def contest_from(file: Published) -> Contest:
    """The file's projects and ballots; the mark price of withdrawn projects is understood."""
    projects = tuple(
        Project(id=row.id, cost=row.cost, withdrawn=row.is_withdrawn) for row in file.projects
    )
    return Contest(projects, _ballots(file), file.budget)


def _ballots(file: Published) -> Mapping[Ballot, int]:
    return file.ballots if isinstance(file, PbCounted) else file.count(Ballot)


def level_of(file: PbElection) -> str:
    """Whether the file is about a district or the whole city; thresholds may differ."""
    return "district" if file.meta.get("district", "").strip() else "city"


def rule_for(file: Published) -> Rule:
    """The rule of the file's city where it is known, otherwise what the file's head says.

    Then ordinal ballots give as many points for the first place as the longest ballot has
    places, and one less for each further one.
    """
    preset = preset_for(file.meta.get("unit", "").strip())
    if preset is not None:
        rule = load_preset(preset, level=level_of(file))
        if rule.ballot in _KINDS[file.vote_type]:
            return rule
    return _rule_of_head(file)


def _rule_of_head(file: Published) -> Rule:
    """Pabulib's names: greedy, greedy-no-skip, equalshares, equalshares/add1-comparison …"""
    longest = max((len(ballot.picks) for ballot in _ballots(file)), default=1)
    named = file.meta.get("rule", "").strip().lower()
    bar = file.meta.get("min_project_score_threshold", "").strip()
    return Rule(
        name="plain",
        ballot=_PLAIN_KINDS[file.vote_type],
        points=tuple(range(max(longest, 1), 0, -1)),
        method=Method.EQUAL_SHARES if named.startswith("equalshares") else Method.GREEDY,
        misfit=Misfit.STOP if "no-skip" in named else Misfit.SKIP,
        threshold=Threshold(number=int(bar) if bar.isascii() and bar.isdigit() else 0),
        equal_shares=EqualShares(
            completion=Completion.ADD1 if "add1" in named else Completion.NONE,
            comparison="comparison" in named,
        ),
    )


def choose_winners(file: Published, rule: Rule, draw: Draw | None = None) -> Protocol:
    """The winners that a rule gives for the file's ballots; `RuleMismatchError`, `SelectionError`."""
    if rule.ballot not in _KINDS[file.vote_type]:
        raise RuleMismatchError(rule.name, rule.ballot.value, file.vote_type.value)
    contest = contest_from(file)
    return select(contest.projects, contest.ballots, rule, contest.budget, draw=draw)


def replay(file: Published, rule: Rule, draw: Draw | None = None) -> Replay:
    """Choose again and compare with what the file states; `RuleMismatchError`, `SelectionError`."""
    protocol = choose_winners(file, rule, draw)
    ours, theirs = frozenset(protocol.winners), file.winners
    points = {row.project: row.points for row in protocol.decisions}
    votes = {row.project: row.votes for row in protocol.decisions}
    only_in_file = _in_file_order(file, theirs - ours)
    only_here = _in_file_order(file, ours - theirs)
    agreed = Verdict.DIFFER if only_in_file or only_here else Verdict.EQUAL
    return Replay(
        protocol=protocol,
        verdict=agreed if file.states_winners else Verdict.UNSTATED,
        names={row.id: row.name for row in file.projects},
        funded_otherwise=tuple(
            row.id for row in file.projects if row.id in only_in_file and row.selected != 1
        ),
        only_in_file=only_in_file if file.states_winners else (),
        only_here=only_here if file.states_winners else (),
        points_differ=tuple(
            row.id for row in file.projects if row.score is not None and row.score != points[row.id]
        ),
        votes_differ=tuple(
            row.id for row in file.projects if row.votes is not None and row.votes != votes[row.id]
        ),
    )


def _in_file_order(file: PbElection, ids: frozenset[str]) -> tuple[str, ...]:
    return tuple(row.id for row in file.projects if row.id in ids)
