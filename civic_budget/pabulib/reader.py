"""From the bytes of a `.pb` file to what it says, or a `PbError` naming line and reason.

Every promise the file makes about itself (columns, counts, ids) is checked, so that a cut-off
file never passes for a whole one. Records are understood as they come: `parse` keeps every cell,
`read_counted` only how many ballots there are of each kind. It must not know any rule that
chooses winners.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from civic_budget.pabulib.errors import PbError
from civic_budget.pabulib.lines import SECTIONS, Record, Seen, decode, records, section_of
from civic_budget.pabulib.model import (
    Kind,
    KindOf,
    PbCounted,
    PbFile,
    ProjectRow,
    VoteRow,
    VoteType,
)
from civic_budget.pabulib.money import parse_money

_SYNONYMS = {"choose-one": "choose-1", "choose1": "choose-1", "points": "scoring"}
Picks = tuple[str, ...]
Points = tuple[int, ...] | None


def read(path: Path | str) -> PbFile:
    """Read a `.pb` file from disk; raises `PbError` (also when it cannot be opened)."""
    return parse(_bytes_of(path))


def read_counted(path: Path | str, kind: KindOf[Kind]) -> PbCounted[Kind]:
    """Read a `.pb` file line by line, keeping only how many ballots there are of each kind.

    `kind` makes what is counted from a ballot's picks and points (None unless voters give points
    of their own). Raises `PbError` for whatever `read` would refuse.
    """
    ballots: Counter[Kind] = Counter()
    file = _Reading(lambda record, picks, points: ballots.update((kind(picks, points),)))
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            file.take_all(lines)
    except UnicodeDecodeError:
        decode(_bytes_of(path))
        raise
    except OSError as wrong:
        raise PbError("unreadable", 0, detail=wrong.strerror or str(wrong)) from None
    return PbCounted(
        meta=file.meta,
        vote_type=file.vote_type,
        budget=file.budget,
        project_columns=file.project_columns,
        projects=tuple(file.projects.values()),
        ballots=ballots,
    )


def _bytes_of(path: Path | str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        raise PbError("unreadable", 0, detail=wrong.strerror or str(wrong)) from None


def parse(data: bytes) -> PbFile:
    """Understand the bytes of a `.pb` file; raises `PbError`."""
    text = decode(data)
    seen = Seen(data, text)
    votes: list[VoteRow] = []
    file = _Reading(
        lambda record, picks, points: votes.append(
            VoteRow(record.line, record.cells, picks, points)
        ),
        seen.note,
        keeps_points=True,
    )
    file.take_all(io.StringIO(text, newline=""))
    return PbFile(
        meta=file.meta,
        vote_type=file.vote_type,
        budget=file.budget,
        project_columns=file.project_columns,
        projects=tuple(file.projects.values()),
        vote_columns=file.vote_columns,
        votes=tuple(votes),
        meta_columns=file.meta_columns,
        layout=seen.layout(),
    )


class _Reading:
    """One file on its way in.

    `on_vote` gets every ballot, `on_record` the cells and the text of every record. Points are
    understood always, and handed on when voters give them (or with `keeps_points`).
    """

    def __init__(
        self,
        on_vote: Callable[[Record, Picks, Points], None],
        on_record: Callable[[tuple[str, ...], str], None] | None = None,
        *,
        keeps_points: bool = False,
    ) -> None:
        self.on_vote = on_vote
        self.on_record = on_record
        self.keeps_points = keeps_points
        self.section = -1
        self.has_header = False
        self.last_line = 1
        self.head: dict[str, Record] = {}
        self.meta: dict[str, str] = {}
        self.meta_columns: tuple[str, ...] = ()
        self.project_columns: tuple[str, ...] = ()
        self.projects: dict[str, ProjectRow] = {}
        self.vote_columns: tuple[str, ...] = ()
        self.voters: set[str] = set()
        self.known: dict[str, str] = {}
        self.points_of: dict[str, tuple[int, ...]] = {}

    def take_all(self, lines: Iterable[str]) -> None:
        """Read to the end; raises `PbError`."""
        for record in records(lines):
            cells = self._take(record) if record.cells else ()
            if self.on_record is not None:
                self.on_record(cells, record.raw)
        self._close_section()
        if self.section + 1 < len(SECTIONS):
            raise PbError("section_missing", self.last_line, section=SECTIONS[self.section + 1])
        self._expect_count("num_projects", len(self.projects))
        self._expect_count("num_votes", len(self.voters))

    def _take(self, record: Record) -> tuple[str, ...]:
        """Understand one record; what a writer must be given to write it again."""
        name = section_of(record)
        if name is not None:
            self._open_section(record, name)
        elif self.section < 0:
            raise PbError("text_before_section", record.line, found=record.cells[0][:40])
        elif not self.has_header:
            (self._meta_header, self._project_header, self._vote_header)[self.section](record)
            self.has_header = True
        elif self.section == 0:
            self._meta(record)
            self.last_line = record.line
            return record.cells[0], ";".join(record.cells[1:])
        else:
            (self._project, self._vote)[self.section - 1](record)
        self.last_line = record.line
        return record.cells

    def _open_section(self, record: Record, name: str) -> None:
        expected = self.section + 1
        if expected == len(SECTIONS) or SECTIONS[expected] != name:
            raise PbError("unknown_section_order", record.line, section=name)
        self._close_section()
        self.section, self.has_header = expected, False

    def _close_section(self) -> None:
        if self.section < 0:
            return
        if not self.has_header:
            raise PbError("header_missing", self.last_line, section=SECTIONS[self.section])
        if self.section == 0:
            self._understand_head()
        elif self.section == 1:
            self.known = {key: key for key in self.projects}

    def _meta_header(self, record: Record) -> None:
        self.meta_columns = record.cells

    def _meta(self, record: Record) -> None:
        key = record.cells[0]
        if len(record.cells) < 2:
            raise PbError("meta_value_missing", record.line, key=key)
        if key in self.meta:
            raise PbError("meta_key_twice", record.line, key=key)
        self.meta[key] = ";".join(record.cells[1:])
        self.head[key] = record

    def _understand_head(self) -> None:
        for key in ("budget", "vote_type"):
            if key not in self.meta:
                raise PbError("meta_key_missing", self.last_line, key=key)
        self.budget = _money(self.meta["budget"], "budget", self.head["budget"].line)
        value = self.meta["vote_type"].strip().lower()
        try:
            self.vote_type = VoteType(_SYNONYMS.get(value, value))
        except ValueError:
            line = self.head["vote_type"].line
            raise PbError("bad_vote_type", line, value=self.meta["vote_type"]) from None

    def _project_header(self, record: Record) -> None:
        self.project_columns = _header(record, "PROJECTS", "project_id", "cost")

    def _project(self, record: Record) -> None:
        _same_width(record, self.project_columns)
        row = _project(record, dict(zip(self.project_columns, record.cells, strict=True)))
        if row.id in self.projects:
            raise PbError("project_twice", record.line, project=row.id)
        self.projects[row.id] = row

    def _vote_header(self, record: Record) -> None:
        columns = self.vote_columns = _header(record, "VOTES", "voter_id", "vote")
        self.voter_at, self.vote_at = columns.index("voter_id"), columns.index("vote")
        self.points_at = columns.index("points") if "points" in columns else None
        self.keeps_points = self.keeps_points or self.vote_type.carries_points

    def _vote(self, record: Record) -> None:
        _same_width(record, self.vote_columns)
        voter = record.cells[self.voter_at]
        if voter in self.voters:
            raise PbError("voter_twice", record.line, voter=voter)
        self.voters.add(voter)
        picks = self._picks(record, record.cells[self.vote_at])
        points = None
        if self.points_at is not None:
            points = self._points(record, record.cells[self.points_at], len(picks))
        self.on_vote(record, picks, points if self.keeps_points else None)

    def _picks(self, record: Record, cell: str) -> Picks:
        """The projects named, as the very texts that the list holds."""
        if not cell.strip():
            return ()
        signs = [sign.strip() for sign in cell.split(",")]
        try:
            picks = tuple([self.known[sign] for sign in signs])
        except KeyError as wrong:
            raise PbError("unknown_project", record.line, project=wrong.args[0]) from None
        if len(set(picks)) != len(picks):
            twice = next(pick for pick in picks if picks.count(pick) > 1)
            raise PbError("project_twice_in_vote", record.line, project=twice)
        return picks

    def _points(self, record: Record, cell: str, expected: int) -> tuple[int, ...]:
        points = self.points_of.get(cell)
        if points is None:
            parts = cell.split(",") if cell.strip() else []
            points = tuple(_number(part, "points", record.line) for part in parts)
            self.points_of[cell] = points
        if len(points) != expected:
            raise PbError("points_count", record.line, picks=expected, points=len(points))
        return points

    def _expect_count(self, key: str, found: int) -> None:
        """Compare a promised number of rows with what was found; the place is the file's end."""
        stated = self.head.get(key)
        if stated is None:
            return
        expected = _number(stated.cells[1], key, stated.line)
        if expected != found:
            code = "projects_count" if key == "num_projects" else "votes_count"
            raise PbError(code, self.last_line, expected=expected, found=found)


def _header(record: Record, name: str, *required: str) -> tuple[str, ...]:
    """The column names of a section, each once, with those that it cannot do without."""
    columns = record.cells
    for position, column in enumerate(columns):
        if column in columns[:position]:
            raise PbError("column_twice", record.line, column=column)
    for column in required:
        if column not in columns:
            raise PbError("column_missing", record.line, section=name, column=column)
    return columns


def _same_width(record: Record, columns: Sequence[str]) -> None:
    if len(record.cells) != len(columns):
        raise PbError("cell_count", record.line, found=len(record.cells), expected=len(columns))


def _project(record: Record, cells: Mapping[str, str]) -> ProjectRow:
    project_id = cells["project_id"].strip()
    if not project_id:
        raise PbError("project_id_empty", record.line)
    cost = _money(cells["cost"], "cost", record.line)
    if cost < 0:
        raise PbError("bad_money", record.line, value=cells["cost"], column="cost")
    return ProjectRow(
        line=record.line,
        cells=record.cells,
        id=project_id,
        cost=cost,
        name=cells.get("name", ""),
        votes=_optional_number(cells, "votes", record.line),
        score=_optional_number(cells, "score", record.line),
        selected=_optional_number(cells, "selected", record.line),
    )


def _number(text: str, column: str, line: int) -> int:
    """A whole number; `12.0` counts as one, `12.5` doesn't."""
    whole, _, part = text.strip().partition(".")
    digits = whole.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or part.strip("0"):
        raise PbError("bad_number", line, value=text, column=column)
    return int(whole)


def _optional_number(cells: Mapping[str, str], column: str, line: int) -> int | None:
    text = cells.get(column, "").strip()
    return _number(text, column, line) if text else None


def _money(text: str, column: str, line: int) -> int:
    try:
        return parse_money(text)
    except ValueError:
        raise PbError("bad_money", line, value=text, column=column) from None
