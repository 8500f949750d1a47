"""Ways of protecting the same tables, measured by the same attacker in one run, on four city shapes.

    python -m bench.statistics_methods

The release at ε 2 and ε 1 beside hiding small numbers, hiding their complements too, the cell-key method
and random rounding. Every method publishes V1, V2 and V3 (voters by nationality and channel; by class and
district; by class, age and sex) of one city; the attacker knows the method, every published number and the
exact public totals, and solves a linear program for each true count from 1 to 9.
The figures stand in bench/statistics.md.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product
from statistics import fmean, median

from bench.statistics import CITIES
from civic_budget.statistics import synthetic
from civic_budget.statistics.attack_lp import System, intervals, known_of
from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.release import Release, seal_edition
from civic_budget.statistics.tabulate import Frozen, freeze

AT = datetime(2026, 10, 20, tzinfo=UTC)
TABLES = ("V1", "V2", "V3")
K = 10
REACH, VARIANCE, NEVER = 5, 3.0, 2
"""The cell-key table: largest change, variance, and the small counts that are never published."""
BASE = 5
Cell = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class City:
    """The truth: counts by table and key, the class of each first key, and one release for the classes."""

    frozen: Frozen
    release: Release
    counts: Mapping[Cell, int]

    def class_of(self, cell: Cell) -> str:
        """The class whose persons a cell counts."""
        return self.release.classes.of.get(cell[1][0], cell[1][0])

    def sums(self) -> dict[tuple[str, ...], tuple[list[Cell], int]]:
        """Every published sum: of a class in a table, of a nationality, of a column of foreigners."""
        found: dict[tuple[str, ...], list[Cell]] = {}
        for cell in self.counts:
            table, key = cell
            found.setdefault(("class", table, self.class_of(cell)), []).append(cell)
            found.setdefault(("column", table, *key[1:]), []).append(cell)
            if table == "V1":
                found.setdefault(("nationality", key[0]), []).append(cell)
        return {
            name: (cells, sum(self.counts[cell] for cell in cells)) for name, cells in found.items()
        }


def make_city(crowd: synthetic.City) -> City:
    """Count an invented city once and seal it once, so that all methods have the same classes."""
    frozen = freeze(synthetic.people(crowd, 7), DEFAULT)
    codes = DEFAULT.foreign_codes()
    register = dict(zip(codes, frozen.exact("R1", (codes,), {}), strict=True))
    residents = Residents("register", AT.date(), "registered residents", "city", register)
    release = _draw(frozen, residents)
    counts: dict[Cell, int] = {}
    for seal in release.seals:
        if seal.table in TABLES:
            exact = frozen.exact(seal.table, seal.axes, release.classes.of)
            keys = product(*seal.axes)
            counts |= {(seal.table, key): n for key, n in zip(keys, exact, strict=True)}
    return City(frozen, release, counts)


def _draw(frozen: Frozen, residents: Residents | None) -> Release:
    return seal_edition(
        frozen,
        edition="bench",
        ledger=MemoryLedger(),
        archive=None,
        at=AT,
        residents=residents,
    )


# -- the methods: what is shown (None: hidden), and what the attacker concludes ----------------------


@dataclass(frozen=True)
class Published:
    """The shown numbers (None: hidden) and everything that follows for the attacker."""

    shown: Mapping[Cell, int | None]
    system: System


def hidden_below(city: City) -> Published:
    """Counts from 1 to 9 are hidden, everything else is exact; hidden means from 1 to 9."""
    shown = {cell: None if 0 < n < K else n for cell, n in city.counts.items()}
    return Published(shown, _system(city, shown, hidden=(1, K - 1)))


def complements_hidden(city: City) -> Published:
    """Further cells are hidden until nobody who knows only n ≥ 0 has a narrow interval.

    The attacker knows more: zeros are shown, so what is hidden is at least 1.
    """
    primary = [cell for cell, n in city.counts.items() if 0 < n < K]
    hidden = set(primary)
    for _ in range(12):
        shown = {cell: None if cell in hidden else n for cell, n in city.counts.items()}
        found = intervals(_system(city, shown, hidden=(0, math.inf)), primary, K - 1)
        narrow = [cell for cell, (low, high) in found.items() if high - low < K - 1 - 1e-6]
        if not narrow:
            break
        hidden |= {new for cell in narrow if (new := _cheapest(city, cell, hidden)) is not None}
    shown = {cell: None if cell in hidden else n for cell, n in city.counts.items()}
    return Published(shown, _system(city, shown, hidden=(1, math.inf)))


def _cheapest(city: City, cell: Cell, hidden: set[Cell]) -> Cell | None:
    """The smallest shown count in the cell's class or column, so that the cell can move."""
    table, key = cell
    near = (
        other
        for other in city.counts
        if other[0] == table
        and other not in hidden
        and city.counts[other] > 0
        and (city.class_of(other) == city.class_of(cell) or other[1][1:] == key[1:])
    )
    return min(near, key=lambda other: city.counts[other], default=None)


def cell_key(city: City) -> Published:
    """Bounded noise that follows from who is in the cell; zeros stay, 1 and 2 are never shown."""
    dice = random.Random(7)
    shown = {cell: _perturbed(n, dice) for cell, n in city.counts.items()}
    sums = {name: _perturbed(n, dice) for name, (_, n) in city.sums().items()}
    return Published(shown, _system(city, shown, sums=sums, reach=REACH))


def _perturbed(count: int, dice: random.Random) -> int:
    steps, weights = _changes(min(count, REACH + NEVER + 1))
    return count + dice.choices(steps, weights)[0] if count else 0


@cache
def _changes(count: int) -> tuple[list[int], list[float]]:
    """The most even changes of a count with mean 0 and the wanted variance (less where none is left)."""
    steps = [s for s in range(-REACH, REACH + 1) if count + s == 0 or count + s > NEVER]
    best: tuple[float, list[float]] = (math.inf, [])
    for slope, bend in product((n / 50 for n in range(-100, 101)), (-n / 100 for n in range(101))):
        raw = [math.exp(slope * s + bend * s * s) for s in steps]
        share = [w / sum(raw) for w in raw]
        mean = sum(s * w for s, w in zip(steps, share, strict=True))
        spread = sum(s * s * w for s, w in zip(steps, share, strict=True))
        off = 10 * abs(mean) + abs(spread - VARIANCE)
        if off < best[0]:
            best = (off, share)
    return steps, best[1]


def rounding(city: City) -> Published:
    """Every number, every sum too, goes up or down to a multiple of five by chance, unbiased."""
    dice = random.Random(7)

    def rounded(n: int) -> int:
        down = n // BASE * BASE
        return down + BASE * (dice.random() * BASE < n - down)

    shown = {cell: rounded(n) for cell, n in city.counts.items()}
    sums = {name: rounded(n) for name, (_, n) in city.sums().items()}
    return Published(shown, _system(city, shown, sums=sums, reach=BASE - 1))


def released(city: City, *, strict: bool) -> Published:
    """The release: every cell with noise drawn once, no exact sum by nationality."""
    catalogue = DEFAULT.strict() if strict else DEFAULT
    counted = city.frozen
    frozen = Frozen(catalogue, counted.frame, counted.totals, counted._counts)
    made = _draw(frozen, city.release.residents)
    book = Publication(made)
    read = {(table, key): one.value for table in ("V2", "V3") for key, one in book.table(table)}
    read |= {
        cell: book.sum("voters", nat=cell[1][0], channel=cell[1][1]).value
        for cell in city.counts
        if cell[0] == "V1"
    }
    shown = {cell: read[cell] for cell in city.counts}
    return Published(shown, known_of(made, "voters"))


def _system(
    city: City,
    shown: Mapping[Cell, int | None],
    *,
    hidden: tuple[float, float] = (0, math.inf),
    sums: Mapping[tuple[str, ...], int] | None = None,
    reach: int = 0,
) -> System:
    system = System()
    for cell, value in shown.items():
        if value is None:
            system.cell(cell, *hidden)
        else:
            system.cell(cell, max(0, value - reach), value + reach)
    for cls in city.release.classes.order:
        system.cell(cls, 0)
    for name, (cells, total) in city.sums().items():
        said = total if sums is None else sums[name]
        system.known_sum(cells, max(0, said - reach), said + reach)
        if name[0] == "class":
            system.known_sum(cells, 0, 0, less=name[2])
    return system


# -- the figures -----------------------------------------------------------------------------------

METHODS: Mapping[str, Callable[[City], Published]] = {
    "hide below 10": hidden_below,
    "and complements": complements_hidden,
    "cell key": cell_key,
    "rounding to 5": rounding,
    "release, ε 2": lambda city: released(city, strict=False),
    "release, ε 1": lambda city: released(city, strict=True),
}


def measure(city: City, publish: Callable[[City], Published]) -> str:
    """One line: how near the attacker comes, and how far the shown numbers are from the truth.

    The error is the mean of ten publications: a seeded method gives the same one each time.
    """
    published = publish(city)
    targets = [cell for cell, n in city.counts.items() if 0 < n < K]
    start = time.perf_counter()
    found = intervals(published.system, targets)
    widths = [high - low for low, high in found.values()]
    inside = all(
        low - 1e-6 <= city.counts[cell] <= high + 1e-6  # type: ignore[index]
        for cell, (low, high) in found.items()
    )
    seconds = time.perf_counter() - start
    off = fmean(_error(city, publish(city)) for _ in range(10))
    foreign = [cell for cell in city.counts if cell[0] == "V2" and city.class_of(cell) != "ZZ"]
    seen = sum(city.counts[cell] for cell in foreign if published.shown[cell] is not None)
    whole = sum(city.counts[cell] for cell in foreign)
    exact = sum(width < 0.5 for width in widths)
    close = sum(width < DEFAULT.p for width in widths)
    return (
        f"{len(targets)} | {exact} ({exact / len(targets):.1%}) | {close / len(targets):.1%}"
        f" | {min(widths):.0f} | {median(widths):.0f} | {off:.1%} | {seen / whole:.0%}"
        f" | {seconds:.1f} s{'' if inside else ' (truth outside)'} |"
    )


def _error(city: City, published: Published) -> float:
    return fmean(
        abs((published.shown[cell] or 0) - n) / n
        for cell, n in city.counts.items()
        if cell[0] == "V2" and n >= 50 and city.class_of(cell) != "ZZ"
    )


QUERIES, VOTERS = 200, 2_000


def one_more_voter(city: City, method: str) -> float:
    """How often one more vote changes a number in V1, V2 or V3: an onlooker knows that somebody came.

    A table whose numbers follow from who is in a cell is published anew each day.
    """
    dice = random.Random(8)
    cells = [(cell, n) for cell, n in city.counts.items() if n]
    by_table = {table: [one for one in cells if one[0][0] == table] for table in TABLES}
    noticed = 0
    for _ in range(VOTERS):
        changed = False
        for table in TABLES:
            among = by_table[table]
            _, n = dice.choices(among, [count for _, count in among])[0]
            changed |= _said(method, n - 1, dice) != _said(method, n, dice)
        noticed += changed
    return noticed / VOTERS


def _said(method: str, n: int, dice: random.Random) -> int | None:
    """What a method says of a count whose members gave it a new key."""
    if method == "hide below 10":
        return None if 0 < n < K else n
    if method == "cell key":
        return _perturbed(n, dice)
    down = n // BASE * BASE
    return down + BASE * (dice.random() * BASE < n - down)


def queried(city: City, method: str) -> float:
    """How many counts from 1 to 9 follow exactly from 200 pairs of sums with and without the cell."""
    dice = random.Random(9)
    targets = [n for n in city.counts.values() if 0 < n < K]
    found = 0
    for n in targets:
        around = [dice.randrange(20, 2_000) for _ in range(QUERIES)]
        differences = [
            (_said(method, one + n, dice) or 0) - (_said(method, one, dice) or 0) for one in around
        ]
        found += round(fmean(differences)) == n
    return found / len(targets)


def queried_release(city: City) -> float:
    """The same of the release: every sum adds up sealed cells, so the pairs give one number back."""
    hits = cells = 0
    for seal in city.release.seals:
        if seal.table in TABLES:
            for key, value in seal.cells():
                if 0 < (n := city.counts[seal.table, key]) < K:
                    hits, cells = hits + (value == n), cells + 1
    return hits / cells


def repeated(name: str, city: City) -> None:
    """What is left of each method when tables come out daily, or when anybody may ask for sums."""
    for method in ("hide below 10", "cell key", "rounding to 5"):
        print(
            f"| {name} | {method} | {one_more_voter(city, method):.1%} | {queried(city, method):.1%} |"
        )
    print(f"| {name} | release, ε 2 | 0 %, drawn once | {queried_release(city):.1%} |", flush=True)


def main() -> None:
    """Every method on every city."""
    cities = {name: make_city(crowd) for name, crowd in CITIES.items()}
    print(
        "| city | method | counts from 1 to 9 | found exactly | known within 5 | narrowest | median width"
        " | mean error of class × district from 50 | foreign voters in shown cells | attack |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, city in cities.items():
        for method, publish in METHODS.items():
            print(f"| {name} | {method} | {measure(city, publish)}", flush=True)
    print("\n| city | method | one more vote is seen | exact after 200 pairs of sums |")
    print("|---|---|---|---|")
    for name, city in cities.items():
        repeated(name, city)


if __name__ == "__main__":
    main()
