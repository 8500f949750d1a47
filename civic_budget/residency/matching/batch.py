"""The whole register at once: block by seven keys, score what meets, on several processes.

For files of people. The blocking key lives for one run. It must not know where
records come from; it keeps no record and decides nothing.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from civic_budget.residency.matching.blocking import Blocks
from civic_budget.residency.matching.keys import prepare, run_keys
from civic_budget.residency.matching.records import IdentityRecord
from civic_budget.residency.matching.score import SUSPECT_AT, Comparison, compare

_CHUNK = 2_000
_WORTH_A_PROCESS = 5_000

Progress = Callable[[str, int, int], None]
"""Called with a stage (`keys`, `pairs`), how many are done, and how many there are."""

PairOfRecords = tuple[IdentityRecord, IdentityRecord]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SuspectPair:
    """Two ids that may be one human, in the order of the input, with the comparison."""

    id_a: str
    id_b: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class MatchRun:
    """Suspect pairs, most points first; how many were compared; crowds that were passed over."""

    pairs: tuple[SuspectPair, ...]
    compared: int
    crowds: int


def match_people(
    people: Sequence[tuple[str, IdentityRecord]],
    *,
    processes: int = 1,
    progress: Progress = lambda stage, done, total: None,
    suspect_at: int = SUSPECT_AT,
) -> MatchRun:
    """Find the pairs of records with at least `suspect_at` points among those that share a key.

    The result is the same for any number of processes; few people are done in this one.
    """
    records = [record for _, record in people]
    with _pool(processes if len(people) >= _WORTH_A_PROCESS else 1) as pool:
        keys_of = partial(_keys_of, secrets.token_bytes(32))
        keys = _spread(pool, keys_of, records, partial(progress, "keys"))
        candidates, crowds = candidate_pairs(keys)
        meetings = [(records[a], records[b]) for a, b in candidates]
        scores = _spread(pool, _compare_all, meetings, partial(progress, "pairs"))
    pairs = [
        SuspectPair(people[a][0], people[b][0], comparison)
        for (a, b), comparison in zip(candidates, scores, strict=True)
        if comparison.score >= suspect_at
    ]
    pairs.sort(key=lambda pair: -pair.comparison.score)
    return MatchRun(tuple(pairs), len(candidates), crowds)


def candidate_pairs(keys: Sequence[Iterable[bytes]]) -> tuple[list[tuple[int, int]], int]:
    """Positions that share a key, each pair once, in order; and the number of crowds left out."""
    blocks = Blocks()
    for position, keys_of_one in enumerate(keys):
        blocks.add(position, keys_of_one)
    met = blocks.meetings()
    return list(met), met.crowds


def _pool(processes: int) -> Executor | nullcontext[None]:
    if processes == 1:
        return nullcontext()
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def _spread(
    pool: Executor | None,
    work: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    progress: Callable[[int, int], None],
) -> list[Result]:
    """The results of `work` on chunks of the items, in the items' order."""
    chunks = [items[i : i + _CHUNK] for i in range(0, len(items), _CHUNK)]
    results: list[Result] = []
    for part in pool.map(work, chunks) if pool else map(work, chunks):
        results += part
        progress(len(results), len(items))
    return results


def _keys_of(k_match: bytes, records: Sequence[IdentityRecord]) -> list[tuple[bytes, ...]]:
    return [run_keys(k_match, prepare(record)) for record in records]


def _compare_all(meetings: Sequence[PairOfRecords]) -> list[Comparison]:
    return [compare(a, b) for a, b in meetings]
