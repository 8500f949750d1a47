"""The order on the ballot as anybody can redo it: a published list, a seed, SHA-256. Plain Python.

The list carries the hash of each text that is put to the vote: whoever changes a word changes the list.

The procedure: the list is published with the hash of its text before the seed is known. Each
reference gets the number SHA-256(seed + "|" + list hash + "|" + reference), read as text in
hexadecimal digits; within its scope the smallest stands first and gets number 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ListedProposal:
    """A line of the list that goes to the draw; cost in grosze."""

    scope: str
    reference: str
    cost: int
    title: str
    text_hash: str = ""


def text_to_vote(texts: Mapping[str, object]) -> str:
    """A proposal's text as it is voted on: canonical JSON, keys sorted, UTF-8, no spaces between."""
    return json.dumps(texts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def write_listing(proposals: Iterable[ListedProposal]) -> str:
    """The list as text: one line each, in order, tabs between.

    Scope, reference, grosze, title, SHA-256 of the text that is voted on.
    """
    lines = sorted(
        f"{p.scope}\t{p.reference}\t{p.cost}\t{' '.join(p.title.split())}\t{p.text_hash}"
        for p in proposals
    )
    return "".join(f"{line}\n" for line in lines)


def hash_listing(listing: str) -> str:
    """SHA-256 of the list's text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(listing.encode()).hexdigest()


def lot_of(seed: str, list_hash: str, reference: str) -> str:
    """The lot of a proposal: SHA-256 of seed, list hash and reference, in hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{list_hash}|{reference}".encode()).hexdigest()


def draw_numbers(listing: str, seed: str) -> Mapping[str, int]:
    """Reference → number on the ballot, counted from 1 within each scope."""
    list_hash = hash_listing(listing)
    by_scope: dict[str, list[str]] = {}
    for line in listing.splitlines():
        scope, reference, *_rest = line.split("\t")
        by_scope.setdefault(scope, []).append(reference)
    numbers: dict[str, int] = {}
    for references in by_scope.values():
        ordered = sorted(references, key=lambda r: lot_of(seed, list_hash, r))
        numbers |= {reference: place for place, reference in enumerate(ordered, 1)}
    return numbers
