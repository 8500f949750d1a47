"""What a published `.pb` file becomes here: new numbers, ballots without persons, winners. Pure.

It must not know the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from civic_budget.config import LANGUAGES
from civic_budget.editions.rules import district_of
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.pabulib import PbFile, ProjectRow, VoteRow, VoteType, parse, render
from civic_budget.proposals.service import PastProposal
from civic_budget.results.replay import Replay, RuleMismatchError, replay
from civic_budget.selection import Draw, Outcome, Rule, SelectionError

PUBLISHED = "the published result of the election"
_PROJECT_COLUMNS = (
    "project_id",
    "cost",
    "votes",
    "score",
    "name",
    "category",
    "selected",
    "latitude",
    "longitude",
)


class ImportRefusedError(ValueError):
    """Files that cannot become an edition; the message names the file and the reason."""


def plain(text: str) -> str:
    """Lower case without marks, other signs as one space: for comparing names and for addresses."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", " ", bare.encode("ascii", "ignore").decode()).strip()


def references_of(file: PbFile, scope: str) -> dict[str, str]:
    """The file's project id → our reference, `BO.D8.12/19` as Kraków writes it, unique per scope."""
    district = district_of(scope)
    where = "OM" if district is None else f"D{district}"
    year = days_of(file.meta)[0] % 100
    found: dict[str, str] = {}
    for row in file.projects:
        sign = re.sub(r"[\s,;\"|]+", "-", row.id.strip())
        found[row.id] = f"BO.{where}.{sign}/{year:02d}"
    if len(set(found.values())) < len(found):
        raise ImportRefusedError("two projects have numbers that cannot be told apart")
    return found


def anonymous(file: PbFile, references: Mapping[str, str]) -> PbFile:
    """The same election under our references, ballots sorted by choice and numbered anew.

    Nothing of a ballot but its choice remains: neither the voter's number nor the order tells who
    cast it. A file that comes out differently than it went in would be refused by the codec.
    """
    columns = tuple(c for c in _PROJECT_COLUMNS if c in file.project_columns)
    has_points = file.vote_type in (VoteType.CUMULATIVE, VoteType.SCORING)
    choices = sorted(
        (
            ",".join(references[pick] for pick in vote.picks),
            ",".join(map(str, vote.points or ())),
        )
        for vote in file.votes
    )
    votes = []
    for number, (picks, points) in enumerate(choices, 1):
        cells = (str(number), picks, points) if has_points else (str(number), picks)
        votes.append(VoteRow(0, cells, (), None))
    board = PbFile(
        meta={key: value for key, value in file.meta.items() if key != "comment"},
        vote_type=file.vote_type,
        budget=file.budget,
        project_columns=columns,
        projects=tuple(_project(file, row, columns, references) for row in file.projects),
        vote_columns=("voter_id", "vote", "points") if has_points else ("voter_id", "vote"),
        votes=tuple(votes),
    )
    return parse(render(board))


def _project(
    file: PbFile, row: ProjectRow, columns: Sequence[str], references: Mapping[str, str]
) -> ProjectRow:
    said = dict(zip(file.project_columns, row.cells, strict=True))
    said["project_id"] = references[row.id]
    cells = tuple(said[column] for column in columns)
    return ProjectRow(0, cells, references[row.id], row.cost)


def decide(file_name: str, board: PbFile, rule: Rule) -> tuple[Replay, str | None]:
    """The winners by the rule, and what broke a tie when the published result had to.

    Raises ImportRefusedError when the rule cannot read the file's ballots.
    """
    try:
        outcome = replay(board, rule)
        source = None
        if not outcome.protocol.is_complete and board.states_winners:
            ordered = sorted(board.projects, key=lambda row: (not row.selected, row.id))
            outcome = replay(board, rule, Draw(order=tuple(row.id for row in ordered)))
            source = PUBLISHED
    except (RuleMismatchError, SelectionError) as wrong:
        raise ImportRefusedError(f"{file_name}: {wrong}") from None
    return _without_marks(outcome), source


def _without_marks(outcome: Replay) -> Replay:
    """The price that marks a withdrawn project is no price: it becomes nothing."""
    decisions = tuple(
        replace(row, cost=0) if row.outcome is Outcome.WITHDRAWN else row
        for row in outcome.protocol.decisions
    )
    return replace(outcome, protocol=replace(outcome.protocol, decisions=decisions))


def past_proposals(board: PbFile, scope: str, categories: Mapping[str, str]) -> list[PastProposal]:
    """The projects of a pool; `categories` maps an English name to the city's own code for it."""
    language = board.meta.get("language", "pl").strip()
    numbers = _ballot_numbers(board)
    found = []
    for row in board.projects:
        said = dict(zip(board.project_columns, row.cells, strict=True))
        named = plain(said.get("category", "").partition(",")[0])
        found.append(
            PastProposal(
                reference=row.id,
                scope=scope,
                ballot_number=numbers[row.id],
                title=row.name or row.id,
                language=language if language in LANGUAGES else "pl",
                cost=0 if row.is_withdrawn else row.cost,
                category=categories.get(named, ""),
                latitude=_degree(said.get("latitude", "")),
                longitude=_degree(said.get("longitude", "")),
                is_withdrawn=row.is_withdrawn,
            )
        )
    return found


def _ballot_numbers(board: PbFile) -> dict[str, int]:
    """The number on the ballot: the file's own when all are plain numbers, else the position."""
    signs = {row.id: row.id.split(".", 2)[2].rpartition("/")[0] for row in board.projects}
    if all(re.fullmatch(r"[0-9]{1,6}", sign) for sign in signs.values()):
        own = {key: int(sign) for key, sign in signs.items()}
        if len(set(own.values())) == len(own):
            return own
    return {key: position for position, key in enumerate(sorted(signs), 1)}


def _degree(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def days_of(meta: Mapping[str, str]) -> tuple[int, datetime, datetime]:
    """The election's year, and when its vote began and ended (city time, whole days) in UTC.

    Raises ImportRefusedError when the file names neither days nor a year.
    """
    first, last = _day(meta.get("date_begin", "")), _day(meta.get("date_end", ""))
    said = re.search(r"\d{4}", meta.get("instance", "")) or re.search(
        r"\d{4}", meta.get("date_end", "")
    )
    if said is None:
        raise ImportRefusedError("the file does not say in which year the vote was")
    year = int(said[0])
    opens = _at(first or date(year, 1, 1), time(0, 0))
    closes = _at(last or first or date(year, 12, 31), time(23, 59, 59))
    if closes < opens:
        raise ImportRefusedError("the file says that the vote ended before it began")
    return year, opens, closes


def _day(text: str) -> date | None:
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CITY_ZONE).astimezone(UTC)
