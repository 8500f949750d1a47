"""What a street list from a file would change of the list in use, line by line. Plain Python."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic_budget.city.addresses import Stretch, fold_street
from civic_budget.city.street_list import ListedStreet, Problem, StreetList


class Change(StrEnum):
    """What happens with a line of the file, or with a street that the file does not name."""

    WRONG = "wrong"
    VANISHES = "vanishes"
    CHANGED = "changed"
    NEW = "new"
    SAME = "same"


@dataclass(frozen=True)
class ReportLine:
    """A line of the report. `line` None: the street stands in the list in use only."""

    line: int | None
    name: str
    change: Change
    stretch: Stretch | None = None
    before: ListedStreet | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class StreetPlan:
    """What taking a file over would do; with problems nothing may be done."""

    added: tuple[ListedStreet, ...]
    changed: tuple[ListedStreet, ...]
    unchanged: tuple[ListedStreet, ...]
    removed: tuple[ListedStreet, ...]
    kept: int
    """Streets in use that the file does not name and that stay."""
    problems: tuple[Problem, ...]
    report: tuple[ReportLine, ...]

    @property
    def changes_something(self) -> bool:
        """Whether taking the file over would change the list at all."""
        return bool(self.added or self.changed or self.removed)

    @property
    def removes_most(self) -> bool:
        """Whether more of the list in use would go than stay: a file of a few streets sent as the whole."""
        return len(self.removed) > len(self.unchanged) + len(self.changed)

    def counts(self) -> Mapping[Change, int]:
        """How many lines of the report there are of each kind."""
        return Counter(line.change for line in self.report)


def compare(
    known: Iterable[ListedStreet], found: StreetList, *, only_these: bool = False
) -> StreetPlan:
    """Compare a file with the list in use. Streets are the same when their folded names are.

    `only_these`: streets that the file does not name are removed. With problems nobody can tell which
    streets the file meant to name, so that none is reported as removed.
    """
    in_use = {fold_street(street.name): street for street in known}
    named = {fold_street(street.name): street for street in found.streets}
    left_out = [street for key, street in in_use.items() if key not in named]
    removes = only_these and not found.problems
    removed = tuple(left_out) if removes else ()
    added: list[ListedStreet] = []
    changed: list[ListedStreet] = []
    unchanged: list[ListedStreet] = []
    for key, street in named.items():
        before = in_use.get(key)
        if before is None:
            added.append(street)
        else:
            (unchanged if _is_same(before, street) else changed).append(street)
    return StreetPlan(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        removed=removed,
        kept=0 if removes else len(left_out),
        problems=found.problems,
        report=tuple(_report(in_use, named, removed, found.problems)),
    )


def fingerprint(known: Iterable[ListedStreet]) -> str:
    """A mark of the list as somebody saw it: another list has another mark."""
    lines = sorted(
        f"{street.name}|{street.is_place}|{sorted(map(_words, street.stretches))}"
        for street in known
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _report(
    in_use: Mapping[str, ListedStreet],
    named: Mapping[str, ListedStreet],
    removed: Iterable[ListedStreet],
    problems: Iterable[Problem],
) -> Iterator[ReportLine]:
    wrong = {problem.line: problem for problem in problems}
    lines = [ReportLine(p.line, p.street, Change.WRONG, problem=p) for p in wrong.values()]
    for key, street in named.items():
        before = in_use.get(key)
        for number, stretch in zip(street.lines, street.stretches, strict=True):
            if number not in wrong:
                change = _change(before, street, stretch)
                lines.append(ReportLine(number, street.name, change, stretch, before))
    yield from sorted(lines, key=lambda line: line.line or 0)
    for street in sorted(removed, key=lambda street: fold_street(street.name)):
        yield ReportLine(None, street.name, Change.VANISHES, before=street)


def _change(before: ListedStreet | None, street: ListedStreet, stretch: Stretch) -> Change:
    if before is None:
        return Change.NEW
    if _is_same(before, street):
        return Change.SAME
    # A line that stands as before in a street of which other lines change is not reported as changed.
    is_renamed = (before.name, before.is_place) != (street.name, street.is_place)
    is_shorter = len(before.stretches) > len(street.stretches)
    is_known = stretch in before.stretches and not is_renamed and not is_shorter
    return Change.SAME if is_known else Change.CHANGED


def _is_same(one: ListedStreet, other: ListedStreet) -> bool:
    return (one.name, one.is_place, set(one.stretches)) == (
        other.name,
        other.is_place,
        set(other.stretches),
    )


def _words(stretch: Stretch) -> str:
    return f"{stretch.district}:{stretch.first}-{stretch.last or ''}{stretch.parity.value}"
