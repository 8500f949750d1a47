"""What a voter may mark, and the one form of bytes in which a choice is sealed.

Ballot rules are data per scope (the city's pool, a district's pool). Knows nothing of who votes.
The bytes are specified in docs/voting.md, "Plaintext".
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from civic_budget.kernel.errors import DomainError

VERSION = 1
SECRET_BYTES = 32
BLANK = 0xFFFF
HEAD = struct.Struct(f">BB{SECRET_BYTES}s")
SECTION = struct.Struct(">HH")
ENTRY = struct.Struct(">HH")


class Kind(StrEnum):
    """How a scope's ballot is marked."""

    POINTS = "points"
    APPROVAL = "approval"
    ONE = "one"
    CUMULATIVE = "cumulative"


class Reason(StrEnum):
    """Why a choice is not a valid vote; `labels` says it in words."""

    MISSING = "scope_missing"
    WRONG_SCOPE = "wrong_district"
    UNKNOWN = "unknown_project"
    TWICE = "same_project_twice"
    TOO_FEW = "too_few_projects"
    TOO_MANY = "too_many_projects"
    POINTS_MISSING = "points_missing"
    TOO_FEW_POINTS = "too_few_points"
    TOO_MANY_POINTS = "too_many_points"


class Origin(StrEnum):
    """Where the secret of a ballot comes from: a browser's nonce or a card's printed serial."""

    WEB = "web"
    PAPER = "paper"


@dataclass(frozen=True)
class BallotRule:
    """How one scope is marked.

    `points` is the vector of a points ballot, first choice first. `min_picks` and `max_picks` are
    relaxed to the number of projects in a short pool (Kraków's rule for its smallest districts);
    `max_picks=None` is "as many as there are". `min_points`/`max_points` bound a cumulative sum.
    """

    kind: Kind
    points: tuple[int, ...] = ()
    min_picks: int = 1
    max_picks: int | None = None
    min_points: int = 1
    max_points: int = 0

    def bounds(self, projects: int) -> tuple[int, int]:
        """Fewest and most projects that may be marked in a pool of that many."""
        if self.kind is Kind.ONE:
            most = 1
        elif self.kind is Kind.POINTS:
            most = len(self.points)
        else:
            most = projects if self.max_picks is None else self.max_picks
        most = min(most, projects)
        return min(self.min_picks, most), most


@dataclass(frozen=True)
class ScopeForm:
    """One list on the ballot: the projects of a pool in the frozen order, and its rule."""

    code: str
    projects: tuple[str, ...]
    rule: BallotRule

    @property
    def bounds(self) -> tuple[int, int]:
        """Fewest and most projects that may be marked on this list."""
        return self.rule.bounds(len(self.projects))


@dataclass(frozen=True)
class Level:
    """A part of the ballot filled from exactly one of its scopes: the city, or one district.

    `required` says that a voter who has a list here must fill it.
    """

    code: str
    scopes: tuple[ScopeForm, ...]
    required: bool = True

    @cached_property
    def capacity(self) -> int:
        """The most projects that any list of this level lets a voter mark."""
        return max((scope.bounds[1] for scope in self.scopes), default=0)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Code of a list → its place on this level, which stands for it in sealed bytes."""
        return {scope.code: place for place, scope in enumerate(self.scopes)}

    def scope(self, code: str) -> ScopeForm | None:
        """The list of that code on this level, if there is one."""
        place = self.places.get(code)
        return None if place is None else self.scopes[place]


@dataclass(frozen=True)
class BallotForm:
    """The whole ballot of a round; frozen before voting, its order fixes the indices."""

    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        codes = [scope.code for level in self.levels for scope in level.scopes]
        if len(set(codes)) != len(codes):
            raise ValueError("a scope stands twice on the ballot")
        for level in self.levels:
            for scope in level.scopes:
                _check_names(scope)

    @property
    def plaintext_size(self) -> int:
        """Bytes of every plaintext of this round, whatever the choice."""
        sections = (SECTION.size + ENTRY.size * level.capacity for level in self.levels)
        return HEAD.size + sum(sections)

    @property
    def scopes(self) -> tuple[ScopeForm, ...]:
        """Every list of the ballot, level by level."""
        return tuple(scope for level in self.levels for scope in level.scopes)


def _check_names(scope: ScopeForm) -> None:
    """Names must survive the board's text form, where commas, semicolons and lines separate."""
    if len(set(scope.projects)) != len(scope.projects):
        raise ValueError(f"a project stands twice in {scope.code}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", scope.code):
        raise ValueError(f"not a scope code: {scope.code!r}")
    for project in scope.projects:
        if not re.fullmatch(r"[^\s,;\"|]+", project):
            raise ValueError(f"not a project id: {project!r}")


@dataclass(frozen=True)
class Section:
    """The choice on one list: projects in the voter's order, with own points if cumulative."""

    scope: str
    picks: tuple[str, ...]
    points: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The choice as the board shows it: `4,11,14`, with own points `4,11;2,1`."""
        marks = ",".join(self.picks)
        return f"{marks};{','.join(map(str, self.points))}" if self.points else marks


def read_section(scope: str, text: str) -> Section:
    """The choice that `Section.text` wrote."""
    marks, _, points = text.partition(";")
    own = tuple(int(value) for value in points.split(",")) if points else ()
    return Section(scope, tuple(marks.split(",")), own)


Choice = Mapping[str, Section]
"""Level code → what was marked there; a level left blank is absent."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a choice: where, and the limit it breaks (if a number matters)."""

    reason: Reason
    level: str
    limit: int | None = None
    project: str | None = None


class InvalidChoice(DomainError):
    """The marks are no valid vote; `faults` says what and where."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("invalid_choice", faults=faults)
        self.faults = faults


def find_faults(
    form: BallotForm, choice: Choice, *, entitled: Mapping[str, frozenset[str]]
) -> tuple[Fault, ...]:
    """Everything that keeps a choice from being a valid vote, in the order of the ballot.

    `entitled` maps a level to the scopes that this voter may use there (their own district; every
    one where the city lets people choose). A level with no list for the voter is not required.
    """
    faults: list[Fault] = []
    for level in form.levels:
        allowed = entitled.get(level.code, frozenset())
        section = choice.get(level.code)
        if section is None or not section.picks:
            open_to = [s for s in level.scopes if s.code in allowed and s.bounds[0] > 0]
            if level.required and open_to:
                limit = min(s.bounds[0] for s in open_to)
                faults.append(Fault(Reason.MISSING, level.code, limit))
            continue
        scope = level.scope(section.scope)
        if scope is None or section.scope not in allowed:
            faults.append(Fault(Reason.WRONG_SCOPE, level.code))
            continue
        faults.extend(_section_faults(level.code, scope, section))
    if not faults and not any(section.picks for section in choice.values()):
        faults.append(Fault(Reason.MISSING, form.levels[0].code, 1))  # an empty envelope is no vote
    return tuple(faults)


def _section_faults(level: str, scope: ScopeForm, section: Section) -> list[Fault]:
    faults = [
        Fault(Reason.UNKNOWN, level, project=pick)
        for pick in section.picks
        if pick not in scope.projects
    ]
    seen: set[str] = set()
    for pick in section.picks:
        if pick in seen:
            faults.append(Fault(Reason.TWICE, level, project=pick))
        seen.add(pick)
    fewest, most = scope.bounds
    if len(seen) < fewest:
        faults.append(Fault(Reason.TOO_FEW, level, fewest))
    if len(section.picks) > most:
        faults.append(Fault(Reason.TOO_MANY, level, most))
    if scope.rule.kind is Kind.CUMULATIVE:
        faults.extend(_points_faults(level, scope.rule, section))
    return faults


def _points_faults(level: str, rule: BallotRule, section: Section) -> list[Fault]:
    if len(section.points) != len(section.picks) or any(p < 1 for p in section.points):
        return [Fault(Reason.POINTS_MISSING, level)]
    total = sum(section.points)
    if total < rule.min_points:
        return [Fault(Reason.TOO_FEW_POINTS, level, rule.min_points)]
    if total > rule.max_points:
        return [Fault(Reason.TOO_MANY_POINTS, level, rule.max_points)]
    return []


def _entries(scope: ScopeForm, section: Section) -> list[tuple[int, int]]:
    """Index and own points of each pick; sorted unless the order carries the points."""
    indices = [scope.projects.index(pick) for pick in section.picks]
    own = section.points if scope.rule.kind is Kind.CUMULATIVE else (0,) * len(indices)
    pairs = list(zip(indices, own, strict=True))
    return pairs if scope.rule.kind is Kind.POINTS else sorted(pairs)


def encode_choice(form: BallotForm, choice: Choice) -> bytes:
    """The canonical bytes of a valid choice: equal choices give equal bytes, all of one length.

    Raises ValueError for a choice that this ballot cannot hold; call `find_faults` first.
    """
    if set(choice) - {level.code for level in form.levels}:
        raise ValueError("the choice names a level that the ballot does not have")
    return b"".join(_encode_section(level, choice.get(level.code)) for level in form.levels)


def _encode_section(level: Level, section: Section | None) -> bytes:
    if section is None or not section.picks:
        return SECTION.pack(BLANK, 0) + bytes(ENTRY.size * level.capacity)
    scope = level.scope(section.scope)
    if scope is None or len(section.picks) > level.capacity:
        raise ValueError(f"the choice does not fit the ballot's level {level.code}")
    entries = _entries(scope, section)
    body = b"".join(ENTRY.pack(index, points) for index, points in entries)
    padding = bytes(ENTRY.size * (level.capacity - len(entries)))
    return SECTION.pack(level.places[scope.code], len(entries)) + body + padding


def encode_plaintext(form: BallotForm, origin: Origin, secret: bytes, choice: Choice) -> bytes:
    """What is sealed: version, origin, secret (nonce, or serial filled with zeros), choice."""
    return frame_plaintext(origin, secret, encode_choice(form, choice))


def frame_plaintext(origin: Origin, secret: bytes, canonical_choice: bytes) -> bytes:
    """The same of a choice that is encoded already."""
    is_paper = int(origin is Origin.PAPER)
    return HEAD.pack(VERSION, is_paper, _padded(origin, secret)) + canonical_choice


def _padded(origin: Origin, secret: bytes) -> bytes:
    fits = len(secret) == SECRET_BYTES if origin is Origin.WEB else 0 < len(secret) <= SECRET_BYTES
    if not fits:
        raise ValueError("a nonce has 32 bytes, a card's serial 1 to 32")
    return secret.ljust(SECRET_BYTES, b"\0")


def decode_plaintext(form: BallotForm, plaintext: bytes) -> tuple[Origin, bytes, Choice]:
    """Origin, secret and choice of an opened envelope.

    Raises ValueError unless the bytes are exactly what `encode_plaintext` writes for this ballot
    and the marks obey its rules (the voter's district was checked when the vote was cast).
    """
    if len(plaintext) != form.plaintext_size:
        raise ValueError("length")
    version, origin_byte, padded = HEAD.unpack_from(plaintext)
    if version != VERSION or origin_byte not in (0, 1):
        raise ValueError("version or origin")
    origin = Origin.PAPER if origin_byte else Origin.WEB
    secret = padded.rstrip(b"\0") if origin is Origin.PAPER else padded
    choice: dict[str, Section] = {}
    offset = HEAD.size
    for level in form.levels:
        section = _decode_section(level, plaintext, offset)
        if section is not None:
            choice[level.code] = section
        offset += SECTION.size + ENTRY.size * level.capacity
    if encode_plaintext(form, origin, secret, choice) != plaintext:
        raise ValueError("not canonical")
    faults = find_faults(form, choice, entitled=_all_scopes(form))
    if any(fault.reason is not Reason.MISSING for fault in faults):
        raise ValueError(faults[0].reason)
    return origin, secret, choice


def _all_scopes(form: BallotForm) -> dict[str, frozenset[str]]:
    return {level.code: frozenset(s.code for s in level.scopes) for level in form.levels}


def _decode_section(level: Level, plaintext: bytes, offset: int) -> Section | None:
    index, count = SECTION.unpack_from(plaintext, offset)
    if index == BLANK:
        return None
    if index >= len(level.scopes) or count > level.capacity:
        raise ValueError("scope or count")
    scope = level.scopes[index]
    start = offset + SECTION.size
    entries = [ENTRY.unpack_from(plaintext, start + ENTRY.size * i) for i in range(count)]
    if any(project >= len(scope.projects) for project, _ in entries):
        raise ValueError("project")
    points: Sequence[int] = [own for _, own in entries]
    cumulative = scope.rule.kind is Kind.CUMULATIVE
    picks = tuple(scope.projects[project] for project, _ in entries)
    return Section(scope.code, picks, tuple(points) if cumulative else ())


def form_as_data(form: BallotForm) -> dict[str, object]:
    """The ballot as plain data for the round's row and the frozen list; see `form_from_data`."""
    return {"levels": [_level_as_data(level) for level in form.levels]}


def _level_as_data(level: Level) -> dict[str, object]:
    scopes = [
        {"code": s.code, "projects": list(s.projects), "rule": rule_as_data(s.rule)}
        for s in level.scopes
    ]
    return {"code": level.code, "required": level.required, "scopes": scopes}


def rule_as_data(rule: BallotRule) -> dict[str, object]:
    """A ballot rule as plain data."""
    return {**asdict(rule), "kind": rule.kind.value, "points": list(rule.points)}


def rule_from_data(data: Mapping[str, Any]) -> BallotRule:
    """The ballot rule that `rule_as_data` described."""
    return BallotRule(**{**data, "kind": Kind(data["kind"]), "points": tuple(data["points"])})


def form_from_data(data: Mapping[str, Any]) -> BallotForm:
    """The ballot that `form_as_data` described."""
    return BallotForm(tuple(_level_from_data(level) for level in data["levels"]))


def _level_from_data(data: Mapping[str, Any]) -> Level:
    scopes = tuple(
        ScopeForm(s["code"], tuple(s["projects"]), rule_from_data(s["rule"]))
        for s in data["scopes"]
    )
    return Level(data["code"], scopes, data["required"])
