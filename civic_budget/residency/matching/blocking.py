"""Which records share a key: compact arrays instead of a dictionary, so that a city fits into memory.

A key is kept as its first 40 bits beside the record's position; two keys that share them by chance cost one
comparison in vain. It must not know what a key stands for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

LARGEST_BLOCK = 500
"""Records that may share a key; a larger crowd (a placeholder date, an office's own address) says
nothing about one human, and is counted instead of compared."""
MOST_MEETINGS = 1_000_000
"""Pairs that are compared in one run; the largest crowds are passed over first."""
MOST_RECORDS = 1 << 24

_KEY_BYTES = 5
_POSITION_BITS = 24
_POSITION = MOST_RECORDS - 1


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of positions that share a key, each once, in order; how many crowds were passed over."""

    packed: array[int]
    crowds: int

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.packed)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """The pairs, the smaller position first."""
        return ((pair >> _POSITION_BITS, pair & _POSITION) for pair in self.packed)


class Blocks:
    """Records under their keys: eight bytes for each key of each record."""

    def __init__(self) -> None:
        self._entries = array("Q")

    def add(self, position: int, keys: Iterable[bytes]) -> None:
        """Note the keys of the record at a position; raises ValueError beyond 16 million records."""
        if position >= MOST_RECORDS:
            raise ValueError(f"at most {MOST_RECORDS} records in one run")
        for key in keys:
            self._entries.append(int.from_bytes(key[:_KEY_BYTES]) << _POSITION_BITS | position)

    def meetings(self, most: int = MOST_MEETINGS) -> Meetings:
        """All pairs that share a key, but for crowds; the entries are spent."""
        entries, self._entries = array("Q", sorted(self._entries)), array("Q")
        blocks = sorted(_blocks(entries), key=lambda block: block[1] - block[0])
        found: array[int] = array("Q")
        crowds = 0
        for start, end in blocks:
            size = end - start
            if size > LARGEST_BLOCK or len(found) + size * (size - 1) // 2 > most:
                crowds += 1
                continue
            positions = sorted({entry & _POSITION for entry in entries[start:end]})
            found.extend(a << _POSITION_BITS | b for a, b in combinations(positions, 2))
        return Meetings(array("Q", sorted(set(found))), crowds)


def _blocks(entries: array[int]) -> Iterator[tuple[int, int]]:
    """From where to where entries of one key stand, where there are two or more."""
    start = 0
    for end in range(1, len(entries) + 1):
        if (
            end < len(entries)
            and entries[end] >> _POSITION_BITS == entries[start] >> _POSITION_BITS
        ):
            continue
        if end - start > 1:
            yield start, end
        start = end
