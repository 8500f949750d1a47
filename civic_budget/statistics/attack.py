"""Trying to learn one person's nationality from a release, as an outsider with time would.

Without the truth only rules run that look at published numbers: publishing only what passes a look
at the truth would itself break the guarantee. With it, by hand or in a test, all rules run. A
finding is a bug to repair, never a reason to draw again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from . import attack_lp, files, noise
from .classes import class_map
from .errors import BadCatalogue, StatisticsError
from .ledger import GENESIS, Sealed, broken_links
from .reconcile import reconcile
from .release import FIRST, Release
from .tabulate import Frozen, Key

NATIONAL_COLUMNS = frozenset({"nat", "class", "nationality", "citizenship"})
_SHARED = 5.5
"""With the truth: a correlation r over m cells is a finding when |r| * sqrt(m) is above this.

Chance passes it once in 26 million pairs of tables.
"""
_SHARED_UNSEEN = 4.5
"""Without the truth the same fault leaves a fainter trace, so the limit is lower (see `_trace`)."""


@dataclass(frozen=True)
class Finding:
    """One weakness: the rule that saw it, the table, the cell when there is one, and what it saw."""

    rule: str
    table: str
    cell: Key | None
    detail: str


Residuals = dict[str, dict[Key, float]]


def attack(release: Release, truth: Frozen | None = None) -> list[Finding]:
    """Everything that the rules find in one release; an empty list is the only good answer.

    S1-S4 its structure, A1 single cells, A2 linked tables and editions, A5 shared noise; with
    `truth` also A3 (linear programming, needs highspy) and A4 (is the noise as large as declared).
    """
    found = list(structure(release))
    if not _classes_follow(release):
        # Nothing can be added up by classes that the seals do not have.
        return found
    found += [*single_cells(release), *linked(release)]
    known = {table.name for table in release.catalogue.tables}
    drawn = [seal for seal in release.seals if seal.table in known]
    if truth is None:
        return found + list(_shared(_guessed(release), drawn, same_axes=False))
    exact = {seal.table: truth.exact(seal.table, seal.axes, release.classes.of) for seal in drawn}
    found += attack_lp_findings(release, exact)
    for seal in drawn:
        found += noise_as_declared(seal, exact[seal.table])
    residuals = {
        _label(seal, drawn): {
            key: float(value - true)
            for (key, value), true in zip(seal.cells(), exact[seal.table], strict=True)
        }
        for seal in drawn
    }
    return found + list(_shared(residuals, drawn, same_axes=True))


def attack_folder(folder: Path, truth: Frozen | None = None) -> list[Finding]:
    """Attack a published folder: S5, its files against its seals, then `attack`."""
    found = check_files(folder)
    if any(finding.table == "" for finding in found):
        return found
    return found + attack(files.read(folder), truth)


STRUCTURE = ("S1", "S2", "S3", "S4", "S5")
TRUTH_FREE = ("A1", "A2", "A5")
WITH_TRUTH = ("A3", "A4")


@dataclass(frozen=True)
class Asked:
    """Which rules ran on a folder and which did not; `is_broken`: they could not be asked of it."""

    ran: tuple[str, ...]
    left: tuple[str, ...]
    is_broken: bool


def rules_asked(folder: Path, *, with_truth: bool) -> Asked:
    """The rules that `attack_folder` asks: a broken release leaves nothing to ask the later ones of."""
    rules = (*STRUCTURE, *TRUTH_FREE, *WITH_TRUTH)
    ran: tuple[str, ...] = rules if with_truth else (*STRUCTURE, *TRUTH_FREE)
    if any(finding.table == "" for finding in check_files(folder)):
        ran = ("S5",)
    elif not _classes_follow(files.read(folder)):
        ran = STRUCTURE
    left = tuple(rule for rule in rules if rule not in ran)
    return Asked(ran, left, is_broken="A1" not in ran)


def verify_folder(folder: Path) -> list[Finding]:
    """Check that a folder is what was sealed: the S rules alone, no attack."""
    found = check_files(folder)
    if any(finding.table == "" for finding in found):
        return found
    return found + list(structure(files.read(folder)))


def check_files(folder: Path) -> list[Finding]:
    """S5: every file follows from the seals, byte by byte, and no other has nationalities.

    A finding without a table means that the folder cannot be read as a release at all.
    """
    try:
        release = files.read(folder)
        expected = files.rendered(release)
    except StatisticsError as error:
        return [Finding("S5", "", None, str(error))]
    except (KeyError, ValueError) as error:
        return [Finding("S5", "", None, f"the tables cannot be rebuilt: {error!r}")]
    found = [
        Finding("S5", name, None, "differs from what the seals give")
        for name, text in expected.items()
        if not _holds(folder / name, text)
    ]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in expected and _national(path):
            found.append(Finding("S5", name, None, "a table by nationality outside the catalogue"))
    return found


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _national(path: Path) -> bool:
    """Whether a stray file seems to hold nationalities, by its first line."""
    with path.open(encoding="utf-8", errors="replace") as file:
        words = file.readline().lower().replace(";", ",").replace('"', "").split(",")
    return any(word.strip() in NATIONAL_COLUMNS for word in words) or path.suffix == ".json"


# -- S: structure --------------------------------------------------------------------------------


def structure(release: Release) -> Iterator[Finding]:
    """S1 only tables of the catalogue, S2 each once, S3 epsilon within limits, S4 seals hold."""
    catalogue = release.catalogue
    prices = {table.name: table for table in catalogue.tables}
    keys: set[tuple[str, str, str]] = set()
    for seal in release.seals:
        table = prices.get(seal.table)
        if table is None:
            yield Finding("S1", seal.table, None, "is not in the catalogue")
        elif seal.dims != table.dims or (seal.epoch == FIRST and seal.eps != table.eps):
            yield Finding("S1", seal.table, None, "is not the table of the catalogue")
        if seal.key in keys or seal.edition != release.edition:
            yield Finding("S2", seal.table, None, "is published more than once")
        keys.add(seal.key)
        if seal.catalogue != catalogue.digest():
            yield Finding("S4", seal.table, None, "was sealed under another catalogue")
    spent = sum((seal.eps for seal in release.seals), Fraction(0))
    later = sum((seal.eps for seal in release.seals if seal.epoch != FIRST), Fraction(0))
    if spent > catalogue.eps_edition or later > catalogue.reserve:
        yield Finding("S3", "", None, f"epsilon {float(spent):.3g} is more than declared")
    start = release.seals[0].prev if release.seals else GENESIS
    for problem in broken_links(release.seals, start):
        yield Finding("S4", "", None, problem)
    if not _classes_follow(release):
        yield Finding("S4", "", None, "the classes do not follow from their source")


def _classes_follow(release: Release) -> bool:
    """Own classes between the two limits depend on the edition before, so they may stand."""
    source = release.residents or next(
        (seal for seal in release.seals if seal.dims == ("nat",) and seal.epoch == FIRST), None
    )
    if source is None:
        return False
    try:
        again = class_map(source, release.catalogue, release.classes)
    except (KeyError, BadCatalogue):
        return False
    return (again.of, again.order) == (release.classes.of, release.classes.order)


# -- A1, A2: how narrow an estimate can get --------------------------------------------------------


def single_cells(release: Release) -> Iterator[Finding]:
    """A1: the narrowest 95 % interval of a count of which one noisy number is known."""
    for table in release.catalogue.tables:
        width = noise.bound_of_negative(table.eps)
        if width < release.catalogue.p:
            detail = f"one cell is known within {width}, less than {release.catalogue.p}"
            yield Finding("A1", table.name, None, detail)


def linked(release: Release) -> Iterator[Finding]:
    """A2: the same cell seen in every linked table, in every edition of the horizon."""
    catalogue = release.catalogue
    for measure in dict.fromkeys(t.measure for t in catalogue.tables):
        agreed = reconcile(release, measure)
        for table in agreed.cells:
            draws = sum(seal.table == table for seal in release.seals) * catalogue.horizon
            width, cls = agreed.narrowest(table, draws)
            if width < catalogue.p:
                detail = f"{cls}: with linked tables and {catalogue.horizon} editions {width:.1f}"
                yield Finding("A2", table, None, detail)


# -- A3, A4: with the truth ------------------------------------------------------------------------


def attack_lp_findings(release: Release, exact: Mapping[str, Sequence[int]]) -> list[Finding]:
    """A3: the smallest interval that all published numbers together leave to a small count."""
    found = []
    for measure in dict.fromkeys(t.measure for t in release.catalogue.tables):
        try:
            narrow = attack_lp.narrow_cells(release, measure, exact)
        except attack_lp.Infeasible as error:
            found.append(Finding("A3", "", None, f"{measure}: {error}"))
            continue
        if narrow:
            (table, key), width = min(narrow.items(), key=lambda item: (item[1], item[0]))
            detail = f"{len(narrow)} small counts are known within {width:.1f}"
            found.append(Finding("A3", table, key, detail))
    return found


def noise_as_declared(seal: Sealed, exact: Sequence[int]) -> Iterator[Finding]:
    """A4: is the noise there, large enough, and on the empty cells too."""
    off = [value - true for value, true in zip(seal.values, exact, strict=True)]
    q = math.exp(-float(seal.eps))
    size = 2 * q / (1 - q * q)
    spread = math.sqrt(float(noise.variance(seal.eps)) - size * size)
    at_zero = (1 - q) / (1 + q)
    z = (sum(abs(x) for x in off) - len(off) * size) / (math.sqrt(len(off)) * spread)
    if z < -4.5:
        yield Finding("A4", seal.table, None, f"the noise is too small (z = {z:.1f})")
    if _too_often(sum(x == 0 for x in off), len(off), at_zero):
        yield Finding("A4", seal.table, None, "too many cells are exact")
    empty = [x for x, true in zip(off, exact, strict=True) if true == 0]
    if len(empty) >= 20 and _too_often(sum(x == 0 for x in empty), len(empty), at_zero):
        yield Finding("A4", seal.table, None, "true zeros can be recognised")


def _too_often(hits: int, trials: int, chance: float) -> bool:
    return hits > trials * chance + 6 * math.sqrt(trials * chance * (1 - chance))


# -- A5: is any noise used twice -------------------------------------------------------------------


def _guessed(release: Release) -> Residuals:
    """What the numbers differ by from a guess that uses no truth: class total times column share.

    In units of how far a cell may lie off with nothing shared: by the noise, by chance, and by a
    quarter of the guess, as nationalities do differ in where they live and how old they are. Beyond
    two units cut, and counting for less where the noise is the smaller part.
    """
    residuals: Residuals = {}
    for measure in dict.fromkeys(t.measure for t in release.catalogue.tables):
        agreed = reconcile(release, measure)
        for seal in release.seals:
            if seal.table not in agreed.cells or seal.dims[0] != "class" or seal.epoch != FIRST:
                continue
            columns: dict[Key, int] = {}
            for key, value in seal.cells():
                columns[key[1:]] = columns.get(key[1:], 0) + value
            whole = sum(columns.values()) or 1
            spread = float(agreed.spread[seal.table])
            residuals[seal.table] = {
                key: _noisy_part(value, agreed.totals[key[0]] * columns[key[1:]] / whole, spread)
                for key, value in seal.cells()
            }
    return residuals


def _noisy_part(value: int, guess: float, spread: float) -> float:
    variance = spread + max(0.0, guess) + (guess / 4) ** 2
    off = (value - guess) / math.sqrt(variance)
    return max(-2.0, min(2.0, off)) * math.sqrt(spread / variance)


def _label(seal: Sealed, drawn: Sequence[Sealed]) -> str:
    """A name for one publication of a table, the table's own when there is only one."""
    same = [other for other in drawn if other.table == seal.table]
    place = next(n for n, other in enumerate(same) if other is seal)
    return seal.table if place == 0 else f"{seal.table} ({place + 1})"


def _shared(residuals: Residuals, drawn: Sequence[Sealed], *, same_axes: bool) -> Iterator[Finding]:
    """A5: residuals of two tables, or of neighbouring columns, that move together.

    `same_axes` False leaves out tables with the same columns: people who register somewhere vote
    there, so without the truth these move together innocently.
    """
    strength = _correlation if same_axes else _trace
    seals = {_label(seal, drawn): seal for seal in drawn}
    numbered = {name: _numbered(residuals[name], seals[name]) for name in residuals}
    pairs = []
    for one, other in combinations(residuals, 2):
        if same_axes or seals[one].dims != seals[other].dims:
            pairs.append((one, f"noise with {other}", numbered[one], numbered[other]))
    for name, cells in numbered.items():
        if "day" in seals[name].dims:
            next_day = {(row, place - 1): value for (row, place), value in cells.items()}
            pairs.append((name, "noise with the day before", cells, next_day))
    limit = _SHARED if same_axes else _SHARED_UNSEEN
    for name, what, cells, others in pairs:
        common = [(cells[key], others[key]) for key in cells if key in others]
        if len(common) > 30 and (found := strength(common)) > limit:
            yield Finding("A5", name, None, f"shares {what} ({found:.1f} over {len(common)} cells)")


def _numbered(cells: Mapping[Key, float], seal: Sealed) -> dict[tuple[str, int], float]:
    """Cells by their row and the place of their column, so that unlike tables can be laid over."""
    places = {key: n for n, key in enumerate(dict.fromkeys(key[1:] for key, _ in seal.cells()))}
    return {(key[0], places[key[1:]]): value for key, value in cells.items()}


def _correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """The strength of a correlation: |r| * sqrt(m)."""
    mean_x = math.fsum(x for x, _ in pairs) / len(pairs)
    mean_y = math.fsum(y for _, y in pairs) / len(pairs)
    over = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    under = math.sqrt(
        math.fsum((x - mean_x) ** 2 for x, _ in pairs)
        * math.fsum((y - mean_y) ** 2 for _, y in pairs)
    )
    return abs(over) / under * math.sqrt(len(pairs)) if under else 0.0


def _trace(pairs: Sequence[tuple[float, float]]) -> float:
    """The strength of a common trace when cells differ in how much they may lie off.

    A sum of products over the root of their squares: noise is symmetric, so with nothing shared
    chance passes t at most 2 * exp(-t * t / 2) of the time, whatever the sizes of the cells.
    """
    products = [x * y for x, y in pairs]
    under = math.sqrt(math.fsum(product * product for product in products))
    return abs(math.fsum(products)) / under if under else 0.0
