"""Merkle trees of RFC 9162, section 2.1: one hash that commits to a list, and proofs about it.

Leaves are arbitrary bytes; SHA-256 throughout. Knows nothing of ballots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf): a leaf can never pass for an inner node."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """The tree over an ordered list of leaves.

    Built row by row from the leaves up: pairs are hashed, an odd last node rises unchanged. That
    gives the same tree as the RFC's recursive definition.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self.rows: list[list[bytes]] = [[leaf_hash(leaf) for leaf in leaves]]
        while len(self.rows[-1]) > 1:
            self.rows.append(_parents(self.rows[-1]))

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.rows[0])

    @property
    def root(self) -> bytes:
        """The hash of the whole list; SHA-256 of nothing for an empty one."""
        return self.rows[-1][0] if self.size else hashlib.sha256().digest()

    def inclusion_proof(self, index: int) -> list[bytes]:
        """PATH(index, list): the sibling hashes from the leaf up (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        proof = []
        for row in self.rows[:-1]:
            if (sibling := index ^ 1) < len(row):
                proof.append(row[sibling])
            index >>= 1
        return proof

    def consistency_proof(self, earlier: int) -> list[bytes]:
        """PROOF(earlier, list): that the first `earlier` leaves are unchanged (2.1.4.1)."""
        if not 0 < earlier <= self.size:
            raise IndexError(earlier)
        return self._subproof(earlier, 0, self.size, whole=True)

    def _subproof(self, earlier: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if earlier == end - start:
            return [] if whole else [self._subroot(start, end)]
        split = _split(end - start)
        if earlier <= split:
            inner = self._subproof(earlier, start, start + split, whole=whole)
            return [*inner, self._subroot(start + split, end)]
        inner = self._subproof(earlier - split, start + split, end, whole=False)
        return [*inner, self._subroot(start, start + split)]

    def _subroot(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self.rows[height][start >> height]
        split = _split(size)
        return node_hash(self._subroot(start, start + split), self._subroot(start + split, end))

    def range_nodes(self, start: int, end: int) -> dict[str, str]:
        """The hashes that somebody with the leaves start..end-1 lacks for the root.

        Keys are "row:index", values hexadecimal. One small set proves a whole run of lines.
        """
        if not 0 <= start < end <= self.size:
            raise IndexError((start, end))
        nodes = {}
        for height, row in enumerate(self.rows[:-1]):
            if start & 1:
                start -= 1
                nodes[f"{height}:{start}"] = row[start].hex()
            if end & 1 and end < len(row):
                nodes[f"{height}:{end}"] = row[end].hex()
                end += 1
            start, end = start >> 1, (end + 1) >> 1
        return nodes


def _parents(row: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
    return [*pairs, row[-1]] if len(row) & 1 else pairs


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); ValueError if malformed."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    position, last, found = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            raise ValueError("the proof is too long")
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ValueError("the proof is too short")
    return found


def is_consistent(
    earlier: int, later: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]
) -> bool:
    """Does the later list begin with the whole earlier one (RFC 9162, 2.1.4.2)?

    `roots` are the roots of the earlier and the later tree, in that order.
    """
    if earlier == later:
        return not proof and roots[0] == roots[1]
    if not 0 < earlier < later or not proof:
        return False
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, roots[0])
    position, last = earlier - 1, later - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and (old, new) == roots


def root_from_range(
    leaves: Sequence[bytes], start: int, size: int, nodes: Mapping[str, str]
) -> bytes:
    """The root that a run of leaves and its `range_nodes` lead to; ValueError if one is missing."""
    known = [leaf_hash(leaf) for leaf in leaves]
    height = 0
    while size > 1:
        if start & 1:
            start -= 1
            known.insert(0, _node(nodes, height, start))
        if len(known) & 1 and start + len(known) < size:
            known.append(_node(nodes, height, start + len(known)))
        known = _parents(known)
        start, size, height = start >> 1, (size + 1) >> 1, height + 1
    if len(known) != 1:
        raise ValueError("not a run of this tree")
    return known[0]


def _node(nodes: Mapping[str, str], height: int, index: int) -> bytes:
    try:
        return bytes.fromhex(nodes[f"{height}:{index}"])
    except KeyError:
        raise ValueError(f"node {height}:{index} is missing") from None
