"""An election to rehearse, made of `.pb` files: pools, projects, voters with their marks. Pure.

Everything that is random in a round comes from a list of nonces: the same list gives the same keys,
voters, cards and seals, so that two rehearsals differ in the order of casting only.
"""

from __future__ import annotations

import hashlib
import re
import secrets as random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from civic_budget.city.district_map import krakow_centres
from civic_budget.editions.rules import CITY_WIDE, scope_of
from civic_budget.pabulib import PbFile, VoteType
from civic_budget.selection import load_preset, preset_for
from civic_budget.voting.choice import Choice, Section
from civic_budget.voting.codes import ALPHABET, SERIAL_LENGTH
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.service.preparing import CITY_LEVEL, DISTRICT_LEVEL

NONCE_BYTES = 32
KINDS = {
    VoteType.ORDINAL: "points",
    VoteType.APPROVAL: "approval",
    VoteType.CHOOSE_ONE: "one",
    VoteType.CUMULATIVE: "cumulative",
    VoteType.SCORING: "cumulative",
}


class RehearsalRefusedError(ValueError):
    """Files that cannot be rehearsed as one election; the message names the reason."""


@dataclass(frozen=True)
class RehearsalProject:
    """A project; `cost` in grosze."""

    id: str
    name: str
    cost: int


@dataclass(frozen=True)
class RehearsalPool:
    """A pool of money (grosze) with its projects in the file's order; `district` None: the city."""

    scope: str
    district: int | None
    name: str
    money: int
    projects: tuple[RehearsalProject, ...]


@dataclass(frozen=True)
class Election:
    """What is rehearsed. A voter's scopes are those of their marks."""

    title: str
    pools: tuple[RehearsalPool, ...]
    ballot_rule: Mapping[str, Any]
    preset: str
    voters: tuple[Choice, ...]


def election_from(files: Sequence[PbFile], *, preset: str | None = None) -> Election:
    """The election of these files: one pool each, district and city ballots paired as they come.

    Raises RehearsalRefusedError when the files hold different kinds of ballots or no rule is known.
    """
    kinds = {file.vote_type for file in files}
    if len(kinds) != 1:
        raise RehearsalRefusedError("the files hold different kinds of ballots, or there is none")
    chosen = preset or preset_for(files[0].meta.get("unit", "").strip())
    if chosen is None:
        raise RehearsalRefusedError("no rule is known for this city: name one with --preset")
    scopes = _scopes(files)
    names = _project_names(files, scopes)
    pools = tuple(
        _pool(file, scope, names) for scope, file in sorted(scopes.items(), key=_district_first)
    )
    by_scope = {scope: _marks(file, scope, names) for scope, file in scopes.items()}
    districts = [s for scope in sorted(by_scope) if scope != CITY_WIDE for s in by_scope[scope]]
    voters = tuple(
        {**({DISTRICT_LEVEL: own} if own else {}), **({CITY_LEVEL: whole} if whole else {})}
        for own, whole in zip_longest(districts, by_scope.get(CITY_WIDE, []))
    )
    title = " ".join(filter(None, (files[0].meta.get(k, "") for k in ("unit", "instance"))))
    rule = _ballot_rule(kinds.pop(), chosen, [s for found in by_scope.values() for s in found])
    return Election(title or "Rehearsal", pools, rule, chosen, voters)


def _district_first(item: tuple[str, PbFile]) -> tuple[bool, str]:
    return item[0] == CITY_WIDE, item[0]


def _scopes(files: Sequence[PbFile]) -> dict[str, PbFile]:
    """Scope → file; Kraków's districts keep their numbers, others are numbered by name."""
    named = sorted({file.meta.get("district", "").strip() for file in files} - {""})
    krakow = {_plain(c.name): c.number for c in krakow_centres()}
    numbers = {name: krakow.get(_plain(name)) for name in named}
    free = iter(n for n in range(1, 100) if n not in numbers.values())
    found: dict[str, PbFile] = {}
    for file in files:
        name = file.meta.get("district", "").strip()
        number = None
        if name:
            number = numbers[name] = numbers[name] or next(free)
        scope = scope_of(number)
        if scope in found:
            raise RehearsalRefusedError(f"two files are about the same pool: {name or 'the city'}")
        found[scope] = file
    return found


def _plain(name: str) -> str:
    return re.sub(r"\W+", "", name.casefold())


def _project_names(
    files: Sequence[PbFile], scopes: Mapping[str, PbFile]
) -> dict[tuple[str, str], str]:
    """(scope, id in the file) → id on the ballot: the file's own unless two pools share one."""
    seen: dict[str, int] = {}
    for file in files:
        for row in file.projects:
            seen[_sign(row.id)] = seen.get(_sign(row.id), 0) + 1
    return {
        (scope, row.id): _sign(row.id) if seen[_sign(row.id)] == 1 else f"{scope}-{_sign(row.id)}"
        for scope, file in scopes.items()
        for row in file.projects
    }


def _sign(said: str) -> str:
    return re.sub(r"[\s,;\"|]+", "-", said.strip())


def _pool(file: PbFile, scope: str, names: Mapping[tuple[str, str], str]) -> RehearsalPool:
    district = None if scope == CITY_WIDE else int(scope[1:])
    projects = tuple(
        RehearsalProject(names[scope, row.id], row.name or row.id, row.cost)
        for row in file.projects
    )
    return RehearsalPool(
        scope, district, file.meta.get("district", "").strip() or scope, file.budget, projects
    )


def _marks(file: PbFile, scope: str, names: Mapping[tuple[str, str], str]) -> list[Section]:
    own = file.vote_type in (VoteType.CUMULATIVE, VoteType.SCORING)
    return [
        Section(
            scope,
            tuple(names[scope, pick] for pick in vote.picks),
            tuple(vote.points or ()) if own else (),
        )
        for vote in file.votes
        if vote.picks
    ]


def _ballot_rule(kind: VoteType, preset: str, sections: Sequence[Section]) -> dict[str, Any]:
    """The rule that every ballot of the files obeys; nobody has to fill both lists."""
    counts = [len(section.picks) for section in sections] or [1]
    points = load_preset(preset).points if kind is VoteType.ORDINAL else ()
    return {
        "kind": KINDS[kind],
        "points": list(points or range(max(counts), 0, -1)) if kind is VoteType.ORDINAL else [],
        "minimum": min(counts),
        "maximum": max(counts),
        "sum": max((sum(section.points) for section in sections), default=0),
        "required": False,
    }


@dataclass(frozen=True)
class Randomness:
    """Every random value of a rehearsal, drawn from its nonces."""

    nonces: tuple[bytes, ...]

    def value(self, purpose: str, number: int = 0) -> bytes:
        """Thirty-two bytes for a purpose: SHA-256 over purpose, number and all nonces."""
        seed = hashlib.sha256(b"".join(self.nonces)).digest()
        return hashlib.sha256(f"{purpose}|{number}|".encode() + seed).digest()

    def keys(self) -> tuple[bytes, RoundSecrets]:
        """The round's keys: the private one and what a server holds."""
        private = X25519PrivateKey.from_private_bytes(self.value("private"))
        others = (self.value(name) for name in ("k_tag", "k_mac", "k_retry", "signing"))
        round_id = UUID(bytes=self.value("round")[:16], version=4)
        public = private.public_key().public_bytes_raw()
        return private.private_bytes_raw(), RoundSecrets(round_id, public, *others)

    def person(self, number: int) -> UUID:
        """The invented voter behind a ballot."""
        return UUID(bytes=self._own("person", number)[:16], version=4)

    def serial(self, number: int) -> str:
        """The serial of the card on which a ballot is cast."""
        return "".join(ALPHABET[b & 31] for b in self._own("serial", number)[:SERIAL_LENGTH])

    def ephemeral(self, number: int) -> bytes:
        """The key under which a ballot is sealed."""
        return self._own("seal", number)

    def is_on_paper(self, number: int, share: float) -> bool:
        """Whether this ballot is cast on paper, for a share of all."""
        return int.from_bytes(self._own("paper", number)[:4], "big") < share * 2**32

    def _own(self, purpose: str, number: int) -> bytes:
        return hashlib.sha256(f"{purpose}|".encode() + self.nonces[number]).digest()


def read_randomness(path: Path | None, voters: int) -> Randomness:
    """The nonces in a file (one a line, 64 hexadecimal digits), or fresh ones.

    A file that does not exist is written. Raises RehearsalRefusedError for a file with too few or bad
    lines.
    """
    if path is None or not path.exists():
        fresh = tuple(random.token_bytes(NONCE_BYTES) for _ in range(voters))
        if path is not None:
            path.write_text("".join(f"{nonce.hex()}\n" for nonce in fresh), encoding="ascii")
        return Randomness(fresh)
    return Randomness(_read_nonces(path.read_text(encoding="ascii").split(), voters))


def _read_nonces(lines: Iterable[str], voters: int) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for number, line in enumerate(lines, 1):
        if not re.fullmatch(r"[0-9a-fA-F]{64}", line):
            raise RehearsalRefusedError(f"line {number} of the nonces is not 64 hexadecimal digits")
        found.append(bytes.fromhex(line))
    if len(found) < voters or len(set(found)) < len(found):
        raise RehearsalRefusedError(
            f"{voters} different nonces are needed, the file holds {len(set(found))}"
        )
    return tuple(found[:voters])
