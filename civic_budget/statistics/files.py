"""Files in and out: the people to be counted, and the folder that a release publishes.

Must not draw noise. The folder alone is enough to rebuild every published number.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from . import catalogue as catalogues
from . import classes as classed
from . import ledger
from .classes import ClassMap
from .errors import BadCatalogue, BadFile, BrokenChain
from .estimate import Estimate
from .publish import Publication
from .release import FIRST, Release
from .tabulate import Frame, Key, Person, PublicTotals

PEOPLE = (
    "person_id",
    "nationality",
    "district",
    "age",
    "sex",
    "registered",
    "author",
    "voted",
    "channel",
    "counted_on",
)
TOTAL_DIMS = ("district", "age", "sex", "channel", "day")
RELEASE = "release.json"
TOTALS = "totals.csv"
FORMAT = 1
OLDEST = 130


class PeopleFile:
    """The people of a CSV file, read one by one; `line` is the line of the last one read.

    Columns as in PEOPLE, in any order; UTF-8. Age in whole years, sex F, M, X or empty, registered,
    author and voted 0 or 1, channel and counted_on (YYYY-MM-DD) empty exactly when voted is 0.
    Raises BadFile with the line and the reason.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.line = 0
        self._dates: dict[str, date] = {}

    def __iter__(self) -> Iterator[Person]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            try:
                places = self._places(next(rows, []))
                for row in rows:
                    self.line = rows.line_num
                    if row:
                        yield self._person(row, places)
            except UnicodeDecodeError as error:
                self.line = _first_unreadable(self.path)
                raise self.bad("the file is not in UTF-8") from error
            except csv.Error as error:
                self.line = rows.line_num
                raise self.bad(str(error)) from error

    def bad(self, reason: str) -> BadFile:
        """The refusal of the line read last."""
        return BadFile(self.path.name, self.line, reason)

    def _places(self, header: list[str]) -> tuple[int, ...]:
        self.line = 1
        if missing := [name for name in PEOPLE if name not in header]:
            raise self.bad(f"the column {missing[0]} is missing")
        if unknown := [name for name in header if name not in PEOPLE]:
            raise self.bad(f"the column {unknown[0]!r} is not expected")
        if len(header) != len(PEOPLE):
            raise self.bad("a column comes twice")
        return tuple(header.index(name) for name in PEOPLE)

    def _person(self, row: list[str], places: tuple[int, ...]) -> Person:
        if len(row) != len(places):
            raise self.bad(f"{len(row)} values instead of {len(places)}")
        pid, nat, district, age, sex, registered, author, voted, channel, day = (
            row[place] for place in places
        )
        if not pid:
            raise self.bad("person_id is empty")
        if pid != pid.strip():
            raise self.bad(
                f"person_id {pid!r} has blanks around it: the same person could come twice"
            )
        if not (age.isascii() and age.isdigit() and len(age) <= 3 and int(age) <= OLDEST):
            raise self.bad(f"age {age[:20]!r} is not a whole number of years up to {OLDEST}")
        has_voted = self._flag("voted", voted)
        if not has_voted and (channel or day):
            raise self.bad("channel and counted_on must be empty without a vote")
        if has_voted and not (channel and day):
            raise self.bad("a vote needs channel and counted_on")
        return Person(
            pid,
            nat,
            district,
            int(age),
            sex,
            self._flag("registered", registered),
            self._flag("author", author),
            channel or None,
            self._date(day) if day else None,
        )

    def _flag(self, name: str, text: str) -> bool:
        if text not in ("0", "1"):
            raise self.bad(f"{name} is {text!r}, not 0 or 1")
        return text == "1"

    def _date(self, text: str) -> date:
        if text not in self._dates:
            try:
                day = date.fromisoformat(text)
                if day.isoformat() != text:
                    raise ValueError
                self._dates[text] = day
            except ValueError:
                raise self.bad(f"counted_on {text!r} is not a date like 2026-10-01") from None
        return self._dates[text]


def _first_unreadable(path: Path) -> int:
    """The line of the first byte that is not UTF-8; text is decoded ahead of the rows, so it is sought anew."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


def write_people(people: Iterable[Person], path: Path) -> None:
    """Write people in the format that `PeopleFile` reads: for invented crowds and rehearsals."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PEOPLE)
        for one in people:
            voted = one.channel is not None
            flags = (int(one.registered), int(one.author), int(voted))
            writer.writerow([*one[:5], *flags, one.channel or "", one.counted_on or ""])


# -- writing -------------------------------------------------------------------------------------


def table_csv(publication: Publication, name: str) -> str:
    """One published table as CSV: its dimensions, then `value,below,margin`.

    `value` is empty exactly where `below` is given: fewer than that.
    """
    dims = publication.catalogue.table(name).dims
    rows = ([*key, *_shown(estimate)] for key, estimate in publication.table(name))
    return _csv([*dims, "value", "below", "margin"], rows)


def measured_csv(sealed: ledger.Sealed) -> str:
    """The sealed numbers as drawn, for statisticians: may be negative, do not add up."""
    return _csv([*sealed.dims, "measured"], ([*key, value] for key, value in sealed.cells()))


def totals_csv(totals: PublicTotals) -> str:
    """The exact public totals; an empty dimension means all, `below` a withheld small total."""
    rows = []
    for (measure, dims, key), value in totals.values.items():
        codes = dict(zip(dims, key, strict=True))
        below = totals.small if value is None else ""
        rows.append(
            [
                measure,
                *(codes.get(d, "") for d in TOTAL_DIMS),
                "" if value is None else value,
                below,
            ]
        )
    return _csv(["measure", *TOTAL_DIMS, "value", "below"], rows)


def _shown(estimate: Estimate) -> list[object]:
    value, below = estimate.value, estimate.below
    return ["" if value is None else value, "" if below is None else below, estimate.margin]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def measured_name(sealed: ledger.Sealed) -> str:
    """The file of a seal: `V2.measured.csv`, `V2.2.measured.csv` for the second epoch."""
    epoch = "" if sealed.epoch == FIRST else f".{sealed.epoch}"
    return f"{sealed.table}{epoch}.measured.csv"


def rendered(release: Release) -> dict[str, str]:
    """Every file of the folder by name; the same release always gives the same bytes."""
    publication = Publication(release)
    files = {f"{t.name}.csv": table_csv(publication, t.name) for t in publication.tables}
    files |= {measured_name(sealed): measured_csv(sealed) for sealed in release.seals}
    files[TOTALS] = totals_csv(release.totals)
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    files[RELEASE] = json.dumps(_about(release, digests), indent=1, ensure_ascii=False) + "\n"
    return files


def _about(release: Release, digests: Mapping[str, str]) -> dict[str, Any]:
    seals = []
    for sealed in release.seals:
        about = sealed.as_json()
        del about["values"]
        seals.append(about)
    return {
        "format": FORMAT,
        "edition": release.edition,
        "catalogue": release.catalogue.as_json(),
        "frame": {
            "districts": list(release.frame.districts),
            "channels": list(release.frame.channels),
            "days": list(release.frame.days),
            "merged": dict(release.frame.merged),
        },
        "classes": {
            "source": release.classes.source,
            "order": list(release.classes.order),
            "of": dict(release.classes.of),
            "sizes": dict(release.classes.sizes),
        },
        "residents": release.residents.as_json() if release.residents else None,
        "seals": seals,
        "files": dict(digests),
    }


def follow(release: Release, head: str) -> Release:
    """The same release with its seals after the seal `head`: same numbers, hashes chained anew.

    Unchanged when it follows already. Raises BrokenChain when its own chain does not hold.
    """
    for problem in ledger.broken_links(release.seals):
        raise BrokenChain(problem)
    chained = []
    for sealed in release.seals:
        chained.append(sealed if sealed.prev == head else sealed.chained(head))
        head = chained[-1].sha256
    return replace(release, seals=tuple(chained))


def write(release: Release, folder: Path) -> None:
    """Write a release to a new folder, all of it or nothing.

    Raises BadFile when the folder holds anything: a release is never overwritten.
    """
    check_empty(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".release-") as temporary:
        ready = Path(temporary) / "ready"
        ready.mkdir()
        for name, text in rendered(release).items():
            (ready / name).write_text(text, encoding="utf-8", newline="")
        if folder.exists():
            folder.rmdir()
        ready.replace(folder)


def check_empty(folder: Path) -> None:
    """Raise BadFile when a release cannot be written to this folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadFile(str(folder), 0, "is not an empty folder; a release is never overwritten")


# -- reading back --------------------------------------------------------------------------------


def read(folder: Path) -> Release:
    """Rebuild a release from its folder: from release.json, totals.csv and the measured tables.

    Raises BadFile or BrokenChain when a part is missing or malformed; whether the seals hold is for
    `ledger.broken_links` and `attack` to say.
    """
    try:
        about = json.loads((folder / RELEASE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(RELEASE, 0, "is missing or cannot be read") from error
    try:
        return _release(about, folder)
    except (KeyError, TypeError, AttributeError, BadCatalogue) as error:
        raise BadFile(RELEASE, 0, f"cannot be read: {error!r}") from error


def _release(about: Mapping[str, Any], folder: Path) -> Release:
    catalogue = catalogues.from_json(about["catalogue"])
    frame, classes = about["frame"], about["classes"]
    residents = about["residents"]
    return Release(
        edition=about["edition"],
        catalogue=catalogue,
        frame=Frame(
            tuple(frame["districts"]),
            tuple(frame["channels"]),
            tuple(frame["days"]),
            dict(frame["merged"]),
        ),
        classes=ClassMap(
            dict(classes["of"]), tuple(classes["order"]), dict(classes["sizes"]), classes["source"]
        ),
        totals=_read_totals(folder / TOTALS, catalogue.small),
        seals=tuple(_read_seal(seal, folder) for seal in about["seals"]),
        residents=classed.residents_from_json(residents) if residents else None,
    )


def _rows(path: Path, header: Sequence[str]) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise BadFile(path.name, 0, "is missing or cannot be read") from error
    if not rows or rows[0] != list(header):
        raise BadFile(path.name, 1, f"the columns must be {','.join(header)}")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise BadFile(path.name, line, f"{len(row)} values instead of {len(header)}")
    return rows[1:]


def _whole(path: Path, line: int, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadFile(path.name, line, f"{text!r} is not a whole number") from None


def _read_totals(path: Path, small: int) -> PublicTotals:
    values: dict[tuple[str, Key, Key], int | None] = {}
    for line, row in enumerate(_rows(path, ["measure", *TOTAL_DIMS, "value", "below"]), start=2):
        codes = dict(zip(TOTAL_DIMS, row[1:6], strict=True))
        dims = tuple(dim for dim in TOTAL_DIMS if codes[dim])
        key = tuple(codes[dim] for dim in dims)
        values[(row[0], dims, key)] = _whole(path, line, row[6]) if row[6] else None
    return PublicTotals(small, values)


def _read_seal(about: Mapping[str, Any], folder: Path) -> ledger.Sealed:
    sealed = ledger.from_json({**about, "values": []})
    path = folder / measured_name(sealed)
    rows = _rows(path, [*sealed.dims, "measured"])
    values = tuple(_whole(path, line, row[-1]) for line, row in enumerate(rows, start=2))
    read_back = ledger.from_json({**about, "values": values})
    try:
        same = all(
            tuple(row[:-1]) == key for row, (key, _) in zip(rows, read_back.cells(), strict=True)
        )
    except ValueError:
        same = False
    if not same:
        raise BrokenChain(f"{path.name}: its cells are not those that were sealed")
    return read_back
