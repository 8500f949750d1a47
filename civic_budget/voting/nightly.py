"""The sealed list: which envelopes there are, published each night without saying whose.

Each night's list must contain the last one's, so that later deletions and stuffing show to every
observer; the root at closing is published before any key is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from civic_budget.kernel.keys import length_prefixed
from civic_budget.voting.merkle import Tree


@dataclass(frozen=True)
class SealedList:
    """The hashes of all envelopes, sorted; their count and Merkle root are the public part."""

    hashes: tuple[bytes, ...]

    @property
    def count(self) -> int:
        """How many envelopes there are."""
        return len(self.hashes)

    @property
    def root(self) -> bytes:
        """RFC 9162 root of the sorted hashes."""
        return Tree(self.hashes).root

    @property
    def text(self) -> str:
        """The file that observers keep: one hash a line, hexadecimal."""
        return "".join(f"{found.hex()}\n" for found in self.hashes)


def envelope_hash(tag: bytes, channel: str, sealed: bytes | None, mac: bytes) -> bytes:
    """SHA-256 over tag, channel, sealed choice (empty for paper) and mac, length-prefixed."""
    return hashlib.sha256(length_prefixed(tag, channel.encode(), sealed or b"", mac)).digest()


def sealed_list(hashes: Iterable[bytes]) -> SealedList:
    """The list of these envelope hashes, in the one order that does not tell who came first."""
    return SealedList(tuple(sorted(hashes)))


def read_sealed_list(text: str) -> SealedList:
    """The list in an observer's file; raises ValueError when it is not one."""
    hashes = tuple(bytes.fromhex(line) for line in text.split())
    if any(len(found) != 32 for found in hashes) or list(hashes) != sorted(set(hashes)):
        raise ValueError("not a sealed list")
    return SealedList(hashes)


def missing_since(earlier: SealedList, later: Collection[bytes]) -> tuple[bytes, ...]:
    """Envelopes of an earlier list that are gone; must be empty every night and after a restore."""
    present = frozenset(later)
    return tuple(found for found in earlier.hashes if found not in present)
