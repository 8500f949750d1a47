"""Seals: noisy tables chained by hashes, and where they are kept. Must not know exact counts.

A seal is written once. Two ledgers hold the same chain: the platform's own and an archive outside
its database, so that a restored backup cannot lead to a second draw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Protocol

from .errors import AlreadySealed, BrokenChain

GENESIS = "0" * 64
"""The `prev` of the first seal of a chain."""


@dataclass(frozen=True)
class Sealed:
    """One table as measured: true counts plus noise, for every cell of the product of its axes.

    `values` run over the axes with the last one fastest. `epoch` is "1", later ones for a repeated
    round. `catalogue` is the catalogue's digest, `prev` the hash of the seal before.
    """

    edition: str
    table: str
    epoch: str
    dims: tuple[str, ...]
    axes: tuple[tuple[str, ...], ...]
    values: tuple[int, ...]
    eps: Fraction
    catalogue: str
    sealed_at: datetime
    prev: str = GENESIS
    sha256: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What may be sealed only once."""
        return (self.edition, self.table, self.epoch)

    def cells(self) -> Iterable[tuple[tuple[str, ...], int]]:
        """Every cell's key (one code per axis) and measured number, in order."""
        return zip(product(*self.axes), self.values, strict=True)

    def as_json(self) -> dict[str, Any]:
        """The seal as plain values, readable back by `from_json`."""
        return {
            "edition": self.edition,
            "table": self.table,
            "epoch": self.epoch,
            "dims": list(self.dims),
            "axes": [list(axis) for axis in self.axes],
            "values": list(self.values),
            "eps": str(self.eps),
            "catalogue": self.catalogue,
            "sealed_at": self.sealed_at.isoformat(),
            "prev": self.prev,
            "sha256": self.sha256,
        }

    def fingerprint(self) -> str:
        """SHA-256 over everything but the hash itself, in hex."""
        content = {name: value for name, value in self.as_json().items() if name != "sha256"}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def chained(self, prev: str) -> Sealed:
        """The same seal, put after the seal with hash `prev`."""
        linked = replace(self, prev=prev, sha256="")
        return replace(linked, sha256=linked.fingerprint())


def from_json(data: dict[str, Any]) -> Sealed:
    """Read a seal written by `Sealed.as_json`; raises BrokenChain when it is malformed."""
    try:
        return Sealed(
            edition=data["edition"],
            table=data["table"],
            epoch=data["epoch"],
            dims=tuple(data["dims"]),
            axes=tuple(tuple(axis) for axis in data["axes"]),
            values=tuple(int(value) for value in data["values"]),
            eps=Fraction(data["eps"]),
            catalogue=data["catalogue"],
            sealed_at=datetime.fromisoformat(data["sealed_at"]),
            prev=data["prev"],
            sha256=data["sha256"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenChain(f"a seal cannot be read: {error!r}") from error


def broken_links(seals: Sequence[Sealed], prev: str | None = None) -> list[str]:
    """What is wrong with a chain, in words; empty when it holds.

    `prev` is the hash that the first seal must follow; None accepts any (a part of a longer chain).
    """
    found = []
    for seal in seals:
        if seal.fingerprint() != seal.sha256:
            found.append(f"{seal.table}: the content does not match its seal")
        if prev is not None and seal.prev != prev:
            found.append(f"{seal.table}: does not follow the seal before it")
        prev = seal.sha256
    return found


class Chain(Protocol):
    """A chain of seals to look at, oldest first."""

    def head(self) -> str:
        """The hash of the last seal, GENESIS when there is none."""

    def tables(self, edition: str | None = None) -> tuple[Sealed, ...]:
        """The seals of one edition, or all, oldest first."""


class Ledger(Chain, Protocol):
    """Where seals are kept; what is in is never changed or removed."""

    def append(self, sealed: Sealed) -> None:
        """Add a seal at the end; raises AlreadySealed when its key is there already."""


def _refuse(known: Iterable[Sealed], head: str, sealed: Sealed) -> None:
    if any(seal.key == sealed.key for seal in known):
        raise AlreadySealed(f"{sealed.table} of {sealed.edition} is sealed already")
    if sealed.prev != head or sealed.fingerprint() != sealed.sha256:
        raise BrokenChain(f"{sealed.table} does not follow the last seal")


class MemoryLedger:
    """A ledger for one run: a release made from a file, a test, a draw that is not kept yet.

    It may go on from seals that are kept elsewhere.
    """

    def __init__(self, seals: Iterable[Sealed] = ()) -> None:
        self._seals: list[Sealed] = list(seals)

    def append(self, sealed: Sealed) -> None:
        """Add a seal at the end."""
        _refuse(self._seals, self.head(), sealed)
        self._seals.append(sealed)

    def head(self) -> str:
        """The hash of the last seal."""
        return self._seals[-1].sha256 if self._seals else GENESIS

    def tables(self, edition: str | None = None) -> tuple[Sealed, ...]:
        """The seals of one edition, or all, oldest first."""
        return tuple(s for s in self._seals if edition is None or s.edition == edition)


class DirectoryLedger:
    """An append-only archive: one numbered JSON file per seal, each created and never reopened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, sealed: Sealed) -> None:
        """Add a seal as a new file; two writers at once: the second one fails."""
        known = self.tables()
        _refuse(known, known[-1].sha256 if known else GENESIS, sealed)
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{len(known) + 1:06d}.json"
        with (self._folder / name).open("x", encoding="utf-8") as file:
            json.dump(sealed.as_json(), file, sort_keys=True, indent=1)
        (self._folder / name).chmod(0o444)

    def head(self) -> str:
        """The hash of the last seal; raises BrokenChain when any file was changed."""
        known = self.tables()
        return known[-1].sha256 if known else GENESIS

    def tables(self, edition: str | None = None) -> tuple[Sealed, ...]:
        """The seals of one edition, or all; raises BrokenChain when any file was changed."""
        seals = []
        for path in sorted(self._folder.glob("[0-9]*.json")):
            try:
                seals.append(from_json(json.loads(path.read_text(encoding="utf-8"))))
            except json.JSONDecodeError as error:
                raise BrokenChain(f"{path.name} of the archive cannot be read") from error
        for problem in broken_links(seals, GENESIS):
            raise BrokenChain(f"archive: {problem}")
        return tuple(s for s in seals if edition is None or s.edition == edition)


def restore(ledger: Ledger, archive: Chain) -> int:
    """Bring a ledger that lost its last seals level with the archive; returns how many came back.

    Raises BrokenChain when the ledger is not a beginning of the archive. Nothing is drawn: what was
    sealed once stays the only draw.
    """
    kept, known = archive.tables(), ledger.tables()
    if tuple(s.sha256 for s in kept[: len(known)]) != tuple(s.sha256 for s in known):
        raise BrokenChain("the ledger is not a beginning of the archive")
    for sealed in kept[len(known) :]:
        ledger.append(sealed)
    return len(kept) - len(known)
