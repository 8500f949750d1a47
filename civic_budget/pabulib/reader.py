"""From the bytes of a `.pb` file to a `PbFile`, or a `PbError` naming line and reason.

Every promise the file makes about itself (columns, counts, ids) is checked, so that a cut-off
file never passes for a whole one. It must not know any rule that chooses winners.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from civic_budget.pabulib.errors import PbError
from civic_budget.pabulib.lines import SECTIONS, Record, decode, layout_of, records, section_of
from civic_budget.pabulib.model import PbFile, ProjectRow, VoteRow, VoteType
from civic_budget.pabulib.money import parse_money

_SYNONYMS = {"choose-one": "choose-1", "choose1": "choose-1", "points": "scoring"}


def read(path: Path | str) -> PbFile:
    """Read a `.pb` file from disk; raises `PbError` (also when it cannot be opened)."""
    try:
        data = Path(path).read_bytes()
    except OSError as wrong:
        raise PbError("unreadable", 0, detail=wrong.strerror or str(wrong)) from None
    return parse(data)


def parse(data: bytes) -> PbFile:
    """Understand the bytes of a `.pb` file; raises `PbError`."""
    text = decode(data)
    found = list(records(text))
    sections, last_line = _sections(found)
    meta_columns, meta = _meta(sections["META"])
    project_columns, projects = _projects(sections["PROJECTS"])
    _expect_count(sections["META"], "num_projects", len(projects), last_line)
    vote_columns, votes = _votes(sections["VOTES"], frozenset(p.id for p in projects))
    _expect_count(sections["META"], "num_votes", len(votes), last_line)
    return PbFile(
        meta=meta,
        vote_type=_vote_type(meta, sections["META"]),
        budget=_money(meta["budget"], "budget", _line_of(sections["META"], "budget")),
        project_columns=project_columns,
        projects=projects,
        vote_columns=vote_columns,
        votes=votes,
        meta_columns=meta_columns,
        layout=layout_of(data, text, found),
    )


def _sections(found: Sequence[Record]) -> tuple[dict[str, list[Record]], int]:
    """Records by section (first the title, then the header line) and the last line's number."""
    sections: dict[str, list[Record]] = {}
    current: list[Record] | None = None
    last_line = 1
    for record in found:
        last_line = record.line
        name = section_of(record)
        if name is not None:
            if len(sections) == len(SECTIONS) or SECTIONS[len(sections)] != name:
                raise PbError("unknown_section_order", record.line, section=name)
            current = sections[name] = []
        elif current is None:
            raise PbError("text_before_section", record.line, found=record.cells[0][:40])
        else:
            current.append(record)
    for name in SECTIONS:
        if name not in sections:
            raise PbError("section_missing", last_line, section=name)
        if not sections[name]:
            raise PbError("header_missing", last_line, section=name)
    return sections, last_line


def _meta(section: Sequence[Record]) -> tuple[tuple[str, ...], dict[str, str]]:
    meta: dict[str, str] = {}
    for record in section[1:]:
        key = record.cells[0]
        if len(record.cells) < 2:
            raise PbError("meta_value_missing", record.line, key=key)
        if key in meta:
            raise PbError("meta_key_twice", record.line, key=key)
        meta[key] = ";".join(record.cells[1:])
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise PbError("meta_key_missing", section[-1].line, key=key)
    return section[0].cells, meta


def _line_of(section: Sequence[Record], key: str) -> int:
    return next(record.line for record in section if record.cells[0] == key)


def _vote_type(meta: Mapping[str, str], section: Sequence[Record]) -> VoteType:
    value = meta["vote_type"].strip().lower()
    try:
        return VoteType(_SYNONYMS.get(value, value))
    except ValueError:
        line = _line_of(section, "vote_type")
        raise PbError("bad_vote_type", line, value=meta["vote_type"]) from None


def _header(section: Sequence[Record], name: str, *required: str) -> tuple[str, ...]:
    """The column names of a section, each once, with those that it cannot do without."""
    columns = section[0].cells
    for position, column in enumerate(columns):
        if column in columns[:position]:
            raise PbError("column_twice", section[0].line, column=column)
    for column in required:
        if column not in columns:
            raise PbError("column_missing", section[0].line, section=name, column=column)
    return columns


def _same_width(record: Record, columns: tuple[str, ...]) -> None:
    if len(record.cells) != len(columns):
        raise PbError("cell_count", record.line, found=len(record.cells), expected=len(columns))


def _projects(section: Sequence[Record]) -> tuple[tuple[str, ...], tuple[ProjectRow, ...]]:
    columns = _header(section, "PROJECTS", "project_id", "cost")
    rows: dict[str, ProjectRow] = {}
    for record in section[1:]:
        _same_width(record, columns)
        row = _project(record, dict(zip(columns, record.cells, strict=True)))
        if row.id in rows:
            raise PbError("project_twice", record.line, project=row.id)
        rows[row.id] = row
    return columns, tuple(rows.values())


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


def _votes(
    section: Sequence[Record], known: frozenset[str]
) -> tuple[tuple[str, ...], tuple[VoteRow, ...]]:
    columns = _header(section, "VOTES", "voter_id", "vote")
    voter_at, vote_at = columns.index("voter_id"), columns.index("vote")
    points_at = columns.index("points") if "points" in columns else None
    voters: set[str] = set()
    rows: list[VoteRow] = []
    for record in section[1:]:
        _same_width(record, columns)
        voter = record.cells[voter_at]
        if voter in voters:
            raise PbError("voter_twice", record.line, voter=voter)
        voters.add(voter)
        picks = _picks(record, record.cells[vote_at], known)
        points = None if points_at is None else _points(record, record.cells[points_at], len(picks))
        rows.append(VoteRow(record.line, record.cells, picks, points))
    return columns, tuple(rows)


def _picks(record: Record, cell: str, known: frozenset[str]) -> tuple[str, ...]:
    if not cell.strip():
        return ()
    picks = tuple(pick.strip() for pick in cell.split(","))
    if not known.issuperset(picks):
        wrong = next(pick for pick in picks if pick not in known)
        raise PbError("unknown_project", record.line, project=wrong)
    if len(set(picks)) != len(picks):
        wrong = next(pick for pick in picks if picks.count(pick) > 1)
        raise PbError("project_twice_in_vote", record.line, project=wrong)
    return picks


def _points(record: Record, cell: str, expected: int) -> tuple[int, ...]:
    parts = cell.split(",") if cell.strip() else []
    points = tuple(_number(part, "points", record.line) for part in parts)
    if len(points) != expected:
        raise PbError("points_count", record.line, picks=expected, points=len(points))
    return points


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


def _expect_count(head: Sequence[Record], key: str, found: int, last_line: int) -> None:
    """Compare a promised number of rows with what was found; the place is where the file ends."""
    stated = next((record for record in head if record.cells[0] == key), None)
    if stated is None:
        return
    expected = _number(stated.cells[1], key, stated.line)
    if expected != found:
        code = "projects_count" if key == "num_projects" else "votes_count"
        raise PbError(code, last_line, expected=expected, found=found)
