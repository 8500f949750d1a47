"""The frozen list: what is voted on, under which rules, fixed and hashed before the first vote.

One canonical file, `list.json`; its SHA-256 is the list hash that is published, shown to the
commission and fed into a draw. Knows neither votes nor voters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from civic_budget.voting.choice import (
    BallotForm,
    BallotRule,
    Level,
    ScopeForm,
    rule_as_data,
    rule_from_data,
)

FORMAT = "civic-budget frozen list 1"
REMEMBERED = 8


@dataclass(frozen=True)
class FrozenProject:
    """A project as it stands on the ballot; `cost` in grosze, `groups` it excludes others in."""

    id: str
    name: str
    cost: int
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrozenScope:
    """A pool: its money in grosze, how it is marked, how its winners are chosen, its projects.

    `selection` is the winner rule as plain data; this room carries it without reading it.
    """

    code: str
    name: str
    budget: int
    ballot: BallotRule
    selection: Mapping[str, Any]
    projects: tuple[FrozenProject, ...]


@dataclass(frozen=True)
class FrozenLevel:
    """A part of the ballot; see `choice.Level`."""

    code: str
    scopes: tuple[FrozenScope, ...]
    required: bool = True


@dataclass(frozen=True)
class FrozenList:
    """Everything that must not change once voting begins; the order gives the indices."""

    round_id: UUID
    title: str
    levels: tuple[FrozenLevel, ...]

    @cached_property
    def form(self) -> BallotForm:
        """The ballot that voters fill."""
        return BallotForm(
            tuple(
                Level(
                    level.code,
                    tuple(
                        ScopeForm(s.code, tuple(p.id for p in s.projects), s.ballot)
                        for s in level.scopes
                    ),
                    level.required,
                )
                for level in self.levels
            )
        )

    @cached_property
    def scopes(self) -> tuple[FrozenScope, ...]:
        """Every pool, level by level."""
        return tuple(scope for level in self.levels for scope in level.scopes)

    @property
    def content(self) -> bytes:
        """The bytes of `list.json`: canonical JSON, and one end of line."""
        return canonical_json(_as_data(self))

    @property
    def hash(self) -> bytes:
        """The list hash: SHA-256 of `content`, so that `sha256sum list.json` shows it."""
        return hashlib.sha256(self.content).digest()


def canonical_json(data: object) -> bytes:
    """JSON in UTF-8 with sorted keys, no spaces, no escapes but the needed ones, one newline."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def _as_data(frozen: FrozenList) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "round": str(frozen.round_id),
        "title": frozen.title,
        "levels": [
            {
                "code": level.code,
                "required": level.required,
                "scopes": [_scope_as_data(scope) for scope in level.scopes],
            }
            for level in frozen.levels
        ],
    }


def _scope_as_data(scope: FrozenScope) -> dict[str, Any]:
    return {
        "code": scope.code,
        "name": scope.name,
        "budget": scope.budget,
        "ballot": rule_as_data(scope.ballot),
        "selection": dict(scope.selection),
        "projects": [
            {"id": p.id, "name": p.name, "cost": p.cost, "groups": sorted(p.groups)}
            for p in scope.projects
        ],
    }


_remembered: dict[bytes, FrozenList] = {}


@lru_cache(maxsize=8)
def known_list(content: bytes) -> FrozenList:
    """The list in bytes that were checked before: each cast reads the same ones again."""
    return read_frozen_list(content)


def list_by_hash(list_hash: bytes, load: Callable[[], bytes]) -> FrozenList:
    """The list of a hash; its bytes are loaded and checked once, then remembered.

    Raises ValueError when the bytes are not those that the hash was published for.
    """
    found = _remembered.get(list_hash)
    if found is None:
        found = known_list(load())
        if found.hash != list_hash:
            raise ValueError("not the list of this hash")
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        _remembered[list_hash] = found
    return found


def read_frozen_list(content: bytes) -> FrozenList:
    """The list in `list.json`; raises ValueError unless the bytes are exactly canonical."""
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        levels = tuple(
            FrozenLevel(
                level["code"],
                tuple(_scope_from_data(scope) for scope in level["scopes"]),
                level["required"],
            )
            for level in data["levels"]
        )
        frozen = FrozenList(UUID(data["round"]), data["title"], levels)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError("not a frozen list") from wrong
    if frozen.content != content:
        raise ValueError("not canonical")
    return frozen


def _scope_from_data(data: Mapping[str, Any]) -> FrozenScope:
    return FrozenScope(
        data["code"],
        data["name"],
        data["budget"],
        rule_from_data(data["ballot"]),
        data["selection"],
        tuple(
            FrozenProject(p["id"], p["name"], p["cost"], tuple(p["groups"]))
            for p in data["projects"]
        ),
    )
