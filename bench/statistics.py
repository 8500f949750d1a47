"""Speed and accuracy of the release of participation by nationality, on invented cities.

    python -m bench.statistics speed        people in a file to a published folder, and the attacks
    python -m bench.statistics errors       how far published numbers lie from the truth
    python -m bench.statistics baseline     what hiding small numbers alone would give away

The figures of bench/statistics.md come from all three.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from pathlib import Path
from statistics import fmean

from civic_budget.statistics import attack, files, noise, synthetic
from civic_budget.statistics.attack_lp import System, intervals
from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.release import Release, seal_edition
from civic_budget.statistics.tabulate import Frozen, freeze

AT = datetime(2026, 10, 20, tzinfo=UTC)
RELEASES = 20
CITIES = {
    "base": synthetic.City(),
    "one large nationality (Zipf 2.2)": synthetic.City(zipf=2.2),
    "small, 8 % foreign": synthetic.City(people=22_500, foreign=0.08),
    "large": synthetic.City(people=270_000),
}


def draw(frozen: Frozen) -> Release:
    """One release with real randomness."""
    return seal_edition(frozen, edition="bench", ledger=MemoryLedger(), archive=None, at=AT)


def timed(what: str, deed: Callable[[], object]) -> None:
    """Print how long a deed took."""
    start = time.perf_counter()
    deed()
    print(f"| {what} | {time.perf_counter() - start:.2f} s |")


# -- speed -----------------------------------------------------------------------------------------


def speed() -> None:
    """Whole releases from files, each in a process of its own, and the parts of one."""
    print("| people | release from CSV to folder | peak memory |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for people in (10_000, 100_000, 1_000_000):
            path = Path(folder) / f"{people}.csv"
            files.write_people(synthetic.people(synthetic.City(people=people), 3), path)
            start = time.perf_counter()
            words = ["one", str(path), str(Path(folder) / f"out-{people}")]
            done = subprocess.run(
                [sys.executable, "-m", "bench.statistics", *words], check=True, capture_output=True
            )
            seconds = time.perf_counter() - start
            print(f"| {people:,} | {seconds:.1f} s | {done.stdout.decode().strip()} MB |")
    frozen = freeze(synthetic.people(CITIES["base"], 7), DEFAULT)
    release = draw(frozen)
    cells = sum(len(seal.values) for seal in release.seals)
    price = Fraction(7, 20)
    print(f"\n| part (90,000 people, {cells} cells) | seconds |\n|---|---|")
    timed("2,500 exact draws", lambda: [noise.discrete_laplace(price) for _ in range(2_500)])
    timed("sealing all tables", lambda: draw(frozen))
    timed("reconciling and reading all tables", lambda: files.rendered(release))
    timed("attack without the truth", lambda: attack.attack(release))
    timed("attack with the truth (linear programs)", lambda: attack.attack(release, frozen))


def one(people: str, out: str) -> None:
    """One release in this process; prints its peak memory in megabytes."""
    frozen = freeze(files.PeopleFile(Path(people)), DEFAULT)
    files.write(draw(frozen), Path(out))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


# -- errors ----------------------------------------------------------------------------------------


def errors() -> None:
    """Mean errors over releases of several cities."""
    print(f"{RELEASES} releases of each city, epsilon 1.8\n")
    print(
        "| city | foreign voters | own / rest classes | largest nationality | own classes |"
        " class x district from 50 | class x age x sex from 50 |"
        " foreign voters in displayed district cells | named | margins held |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, crowd in CITIES.items():
        frozen = freeze(synthetic.people(crowd, 7), DEFAULT)
        rows = [_errors(draw(frozen), frozen) for _ in range(RELEASES)]
        mean = {key: fmean(row[key] for row in rows) for key in rows[0]}
        print(
            f"| {name} | {mean['foreign']:,.0f} | {mean['own']:.0f}/{mean['rest']:.0f}"
            f" | +-{mean['largest']:.1f} of {mean['largest true']:,.0f}"
            f" | {mean['totals']:.1%} | {mean['V2']:.1%} | {mean['V3']:.1%}"
            f" | {mean['shown']:.0%} | {mean['named']:.0f} | {mean['held']:.1%} |"
        )


def _errors(release: Release, frozen: Frozen) -> dict[str, float]:
    book = Publication(release)
    own = [cls for cls in release.classes.own() if cls != "ZZ"]
    exact = {
        seal.table: dict(
            zip(
                product(*seal.axes),
                frozen.exact(seal.table, seal.axes, release.classes.of),
                strict=True,
            )
        )
        for seal in release.seals
    }
    true = {cls: sum(n for key, n in exact["V2"].items() if key[0] == cls) for cls in own}
    off = {cls: abs((book.sum("voters", cls=cls).value or 0) - n) for cls, n in true.items()}
    largest = max(own, key=lambda cls: true[cls])
    cells = {name: dict(book.table(name)) for name in ("V2", "V3")}
    foreign = {key: n for key, n in exact["V2"].items() if key[0] != "ZZ"}
    shown = sum(n for key, n in foreign.items() if cells["V2"][key].value is not None)
    held = [
        abs(cell.value - exact[name][key]) <= cell.margin
        for name, table in cells.items()
        for key, cell in table.items()
        if key[0] != "PL" and cell.value is not None
    ]
    return {
        "foreign": sum(foreign.values()),
        "own": len(own),
        "rest": len(release.classes.order) - len(own) - 1,
        "largest": off[largest],
        "largest true": true[largest],
        "totals": fmean(off[cls] / true[cls] for cls in own),
        **{name: _relative(exact[name], cells[name]) for name in cells},
        "shown": shown / sum(foreign.values()),
        "named": len(book.named("V1")) - 1,
        "held": fmean(held),
    }


def _relative(exact: dict, cells: dict) -> float:
    return fmean(
        abs((cells[key].value or 0) - n) / n
        for key, n in exact.items()
        if n >= 50 and key[0] != "ZZ"
    )


# -- baseline --------------------------------------------------------------------------------------


def baseline() -> None:
    """What the linear-programming attacker recovers when counts below k are merely hidden."""
    crowd = synthetic.City(foreign=0.12)
    counts: dict[tuple[str, str], int] = {}
    by_day: dict[tuple[str, str, date], int] = {}
    for person in synthetic.people(crowd, 7):
        if person.channel is None or person.counted_on is None:
            continue
        key = (person.nationality, person.district)
        counts[key] = counts.get(key, 0) + 1
        day = (*key, person.counted_on)
        by_day[day] = by_day.get(day, 0) + 1
    nationalities = sorted({nat for nat, _ in counts})
    districts = crowd.district_codes()
    print("| hidden below | hidden cells | recovered exactly | seconds |\n|---|---|---|---|")
    for k in (5, 10):
        start = time.perf_counter()
        hidden, known = _recovered(counts, nationalities, districts, k)
        seconds = time.perf_counter() - start
        print(f"| {k} | {hidden} | {known} ({known / hidden:.1%}) | {seconds:.1f} |")
    print("\n| hidden below | persons isolated by subtracting yesterday's table |\n|---|---|")
    for k in (5, 10):
        print(f"| {k} | {_isolated(by_day, k)} |")


def _recovered(
    counts: dict[tuple[str, str], int],
    nationalities: Sequence[str],
    districts: Sequence[str],
    k: int,
) -> tuple[int, int]:
    system, hidden = System(), []
    for key in product(nationalities, districts):
        n = counts.get(key, 0)
        if 0 < n < k:
            hidden.append(key)
            system.cell(key, 1, k - 1)
        else:
            system.cell(key, n, n)
    for place, codes in ((0, nationalities), (1, districts)):
        for code in codes:
            names = [key for key in system.bounds if key[place] == code]
            total = sum(counts.get(key, 0) for key in names)
            system.known_sum(names, total, total)
    found = intervals(system, hidden)
    return len(hidden), sum(high - low < 0.5 for low, high in found.values())


def _isolated(by_day: dict[tuple[str, str, date], int], k: int) -> int:
    days = sorted({day for *_, day in by_day})
    single = 0
    for nat, district in {(nat, district) for nat, district, _ in by_day}:
        running = 0
        for day in days:
            new = by_day.get((nat, district, day), 0)
            single += new == 1 and running >= k
            running += new
    return single


COMMANDS: dict[str, Callable[..., None]] = {
    "speed": speed,
    "errors": errors,
    "baseline": baseline,
    "one": one,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
