"""The unfinished ballot: what a voter has marked so far, and the secret of their vote, as few bytes.

It lives in an encrypted cookie on the voter's device and nowhere else. The bytes have one length per
round, whatever is marked. Pure: knows no cookie and no person.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from civic_budget.kernel.errors import Conflict
from civic_budget.voting.choice import (
    BLANK,
    SECRET_BYTES,
    BallotForm,
    Choice,
    Kind,
    Level,
    ScopeForm,
    Section,
)

VERSION = 1
HEAD = struct.Struct(f">BBI{SECRET_BYTES}s")
MARK = struct.Struct(">HH")
OWN_SECRET, PRESSED_AGAIN, SHARED_DEVICE = 1, 2, 4
CODES_SHOWN_FOR = timedelta(minutes=15)
CODES_SHOWN_FOR_OTHERS = timedelta(minutes=3)
SHARED_DRAFT_LIVES = timedelta(minutes=20)


@dataclass(frozen=True)
class Draft:
    """Marks by level and the nonce; `cast_at` is set once the vote is in the box.

    `is_own_secret` says that the voter's browser drew the nonce, not the server; `is_shared_device`
    that others use this device too, so that nothing may stay on it.
    """

    nonce: bytes
    is_own_secret: bool
    marks: Mapping[str, Section] = field(default_factory=dict)
    cast_at: datetime | None = None
    was_pressed_again: bool = False
    is_shared_device: bool = False

    def section(self, level: str, scope: str) -> Section:
        """What is marked on a level's list; nothing when the marks were made on another list."""
        found = self.marks.get(level)
        return found if found is not None and found.scope == scope else Section(scope, ())

    def with_section(self, level: str, section: Section) -> Draft:
        """The same draft with another choice on one level."""
        return replace(self, marks={**self.marks, level: section})

    def choice(self) -> Choice:
        """The choice as it would be cast."""
        return {level: section for level, section in self.marks.items() if section.picks}

    def shows_codes(self, at: datetime) -> bool:
        """Whether the control codes may still be shown."""
        return self.cast_at is not None and at < self.cast_at + self.codes_shown_for

    @property
    def codes_shown_for(self) -> timedelta:
        """How long the codes stay on the device: shorter where others sit down after the voter."""
        return CODES_SHOWN_FOR_OTHERS if self.is_shared_device else CODES_SHOWN_FOR


def draft_to_bytes(form: BallotForm, draft: Draft) -> bytes:
    """The draft in the round's one length."""
    flags = OWN_SECRET * draft.is_own_secret + PRESSED_AGAIN * draft.was_pressed_again
    flags += SHARED_DEVICE * draft.is_shared_device
    cast_at = int(draft.cast_at.timestamp()) if draft.cast_at else 0
    head = HEAD.pack(VERSION, flags, cast_at, draft.nonce)
    return head + b"".join(_section_bytes(lv, draft.marks.get(lv.code)) for lv in form.levels)


def draft_from_bytes(form: BallotForm, content: bytes) -> Draft:
    """The draft in these bytes; raises ValueError when they are not of this round's ballot."""
    size = HEAD.size + sum(MARK.size * (1 + level.capacity) for level in form.levels)
    if len(content) != size:
        raise ValueError("length")
    version, flags, cast_at, nonce = HEAD.unpack_from(content)
    if version != VERSION:
        raise ValueError("version")
    marks: dict[str, Section] = {}
    offset = HEAD.size
    for level in form.levels:
        section = _section_from(level, content, offset)
        if section is not None:
            marks[level.code] = section
        offset += MARK.size * (1 + level.capacity)
    return Draft(
        nonce,
        bool(flags & OWN_SECRET),
        marks,
        datetime.fromtimestamp(cast_at, UTC) if cast_at else None,
        bool(flags & PRESSED_AGAIN),
        bool(flags & SHARED_DEVICE),
    )


def _section_bytes(level: Level, section: Section | None) -> bytes:
    scope = level.scope(section.scope) if section else None
    if section is None or scope is None:
        return MARK.pack(BLANK, 0) + bytes(MARK.size * level.capacity)
    own = section.points or (0,) * len(section.picks)
    marks = [
        MARK.pack(scope.projects.index(pick), points)
        for pick, points in zip(section.picks, own, strict=True)
    ]
    padding = bytes(MARK.size * (level.capacity - len(marks)))
    return MARK.pack(level.places[scope.code], len(marks)) + b"".join(marks) + padding


def _section_from(level: Level, content: bytes, offset: int) -> Section | None:
    index, count = MARK.unpack_from(content, offset)
    if index == BLANK:
        return None
    if index >= len(level.scopes) or count > level.capacity:
        raise ValueError("scope or count")
    scope = level.scopes[index]
    marks = [MARK.unpack_from(content, offset + MARK.size * (1 + i)) for i in range(count)]
    if any(project >= len(scope.projects) for project, _ in marks):
        raise ValueError("project")
    picks = tuple(scope.projects[project] for project, _ in marks)
    own = tuple(points for _, points in marks) if scope.rule.kind is Kind.CUMULATIVE else ()
    return Section(scope.code, picks, own)


def add_mark(scope: ScopeForm, section: Section, project: str) -> Section:
    """Put a project on the next free place; raises Conflict when it may not stand there."""
    if project not in scope.projects:
        raise Conflict("project_not_on_this_list")
    if project in section.picks:
        raise Conflict("project_already_chosen")
    if scope.rule.kind is Kind.ONE:
        return Section(scope.code, (project,))
    _, most = scope.bounds
    if len(section.picks) >= most:
        raise Conflict("ballot_full", most=most)
    if scope.rule.kind is not Kind.CUMULATIVE:
        return Section(scope.code, (*section.picks, project))
    _require_points_left(scope, section)
    return Section(scope.code, (*section.picks, project), (*section.points, 1))


def give_points(scope: ScopeForm, section: Section, project: str, by: int) -> Section:
    """Give a marked project one point more (by = 1) or less (-1); the last point takes it off.

    Raises Conflict when there is no point left to give.
    """
    if project not in section.picks or scope.rule.kind is not Kind.CUMULATIVE:
        return section
    if by > 0:
        _require_points_left(scope, section)
    place = section.picks.index(project)
    given = section.points[place] + by
    if given < 1:
        return remove_mark(section, project)
    own = (*section.points[:place], given, *section.points[place + 1 :])
    return Section(section.scope, section.picks, own)


def _require_points_left(scope: ScopeForm, section: Section) -> None:
    if sum(section.points) >= scope.rule.max_points:
        raise Conflict("points_spent", most=scope.rule.max_points)


def remove_mark(section: Section, project: str) -> Section:
    """Take a project off; those behind it move up. Taking off twice changes nothing."""
    kept = [i for i, pick in enumerate(section.picks) if pick != project]
    own = tuple(section.points[i] for i in kept) if section.points else ()
    return Section(section.scope, tuple(section.picks[i] for i in kept), own)


def move_mark(section: Section, project: str, by: int) -> Section:
    """Move a project up (by = -1) or down (+1); at the end of the list nothing changes."""
    if project not in section.picks:
        return section
    here = section.picks.index(project)
    there = min(max(here + by, 0), len(section.picks) - 1)
    order = list(range(len(section.picks)))
    order.insert(there, order.pop(here))
    own = tuple(section.points[i] for i in order) if section.points else ()
    return Section(section.scope, tuple(section.picks[i] for i in order), own)
