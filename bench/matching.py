"""Precision and recall of the matcher on synthetic cities, and its speed on two cores.

    python -m bench.matching tune            small cities of the tuning kind, with the misses
    python -m bench.matching hold-out        the figures of bench/matching.md

Hold-out seeds, family names and spelling habits are never looked at while weights are set.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from bench.people import City, Entry, true_pairs
from civic_budget.residency.matching.batch import match_people
from civic_budget.residency.matching.keys import blind_keys
from civic_budget.residency.matching.records import Address, Document, IdentityRecord
from civic_budget.residency.matching.score import compare

TUNING_SEEDS = (11, 12, 13)
HOLD_OUT_SEEDS = (7101, 7102, 7103)
HUMANS = 100_000
IdPair = tuple[str, str]


def record(entry: Entry) -> IdentityRecord:
    """A row as the matcher takes it."""
    row = entry.row
    document = address = None
    if row["document_number"]:
        document = Document(row["document_kind"], row["document_country"], row["document_number"])
    if row["street"]:
        address = Address(row["street"], row["house"], row["flat"], row["postcode"])
    born = date.fromisoformat(row["birth_date"])
    return IdentityRecord(row["given_names"], row["family_name"], born, document, address)


def three_keys(people: Sequence[tuple[str, IdentityRecord]]) -> set[IdPair]:
    """Pairs that share any of the registration-time keys; nothing is scored."""
    blocks: dict[bytes, list[int]] = defaultdict(list)
    for number, r in people:
        keys = blind_keys(
            b"a bench key, not a secret",
            given_names=r.given_names,
            family_name=r.family_name,
            birth_on=r.birth_on,
            document=r.document,
            address=r.address,
        )
        for key in keys:
            if key is not None:
                blocks[key].append(int(number))
    found: set[IdPair] = set()
    for block in blocks.values():
        for a, b in combinations(sorted(block), 2):
            found.add((str(a), str(b)))
    return found


def exact_names(people: Sequence[tuple[str, IdentityRecord]]) -> set[IdPair]:
    """The usual practice, for comparison: names in lower case and birth date are equal."""
    blocks: dict[tuple[str, str, date], list[int]] = defaultdict(list)
    for number, r in people:
        blocks[r.given_names.lower(), r.family_name.lower(), r.birth_on].append(int(number))
    return {
        (str(a), str(b)) for block in blocks.values() for a, b in combinations(sorted(block), 2)
    }


def ordered(pairs: Iterable[IdPair]) -> set[IdPair]:
    """Each pair with the smaller number first."""
    return {(a, b) if int(a) < int(b) else (b, a) for a, b in pairs}


def line(name: str, found: set[IdPair], truth: set[IdPair]) -> str:
    """One row of the report: flagged pairs, precision, recall."""
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    return f"| {name} | {len(found)} | {precision:.4f} | {recall:.4f} |"


def measure(seed: int, size: int, *, hold_out: bool, misses: int = 0) -> None:
    """Print the figures of one city; with `misses`, so many wrong and missing pairs."""
    entries = City(seed, size, hold_out=hold_out).entries()
    truth = true_pairs(entries)
    people = [(e.row["id"], record(e)) for e in entries]
    started = time.perf_counter()
    run = match_people(people, processes=2)
    seconds = time.perf_counter() - started
    found = ordered((p.id_a, p.id_b) for p in run.pairs)
    print(f"seed {seed}: {len(entries)} rows, {len(truth)} true pairs, {run.compared} compared,")
    print(f"seven keys and score in {seconds:.1f} s; crowds passed over: {run.crowds}")
    blind = three_keys(people)
    records = dict(people)
    scored = {(a, b) for a, b in blind if compare(records[a], records[b]).is_suspect}
    print(line("exact names and birth date", exact_names(people), truth))
    print(line("three blind keys", blind, truth))
    print(line("three blind keys, then the score", scored, truth))
    print(line("seven keys, then a score", found, truth))
    if misses:
        by_id = {e.row["id"]: e for e in entries}
        _explain("wrong of the three keys", blind - truth, by_id, misses)
        _explain("wrong", found - truth, by_id, misses)
        _explain("missing", truth - found, by_id, misses)


def _explain(title: str, pairs: set[IdPair], by_id: dict[str, Entry], most: int) -> None:
    changes = Counter(
        change for pair in pairs for i in pair for change in by_id[i].changes if change != "again"
    )
    print(f"{title}: {len(pairs)}; {changes.most_common(12)}")
    for pair in sorted(pairs)[:most]:
        for i in pair:
            entry = by_id[i]
            print("   ", list(entry.row.values()), sorted(entry.changes))
        print()


def main(arguments: Sequence[str]) -> None:
    """Run the asked-for measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("tune", "hold-out"))
    parser.add_argument("--humans", type=int, default=None)
    parser.add_argument("--misses", type=int, default=15)
    chosen = parser.parse_args(arguments)
    if chosen.kind == "tune":
        for seed in TUNING_SEEDS:
            measure(seed, chosen.humans or 30_000, hold_out=False, misses=chosen.misses)
    else:
        for seed in HOLD_OUT_SEEDS:
            measure(seed, chosen.humans or HUMANS, hold_out=True)


if __name__ == "__main__":
    main(sys.argv[1:])
