"""Synthetic cities for the matcher: humans, households, and every register entry of each human.

The truth (`human`) stays here: the matcher sees the same columns as from a city. Reproducible by
seed. Hold-out cities use family-name stems and spelling habits that tuning cities never show.
It must not import the matcher.
"""

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from bench import name_stock as stock
from bench import slips, spellings
from bench.spellings import Speller

COLUMNS = (
    *("id", "given_names", "family_name", "birth_date", "document_kind", "document_country"),
    *("document_number", "street", "house", "flat", "postcode"),
)
TODAY = slips.LATEST
ORIGINS = {"UKR": 62, "BLR": 12, "RUS": 6, "POL": 4, "ELSEWHERE": 16}
SECOND_ENTRIES = 0.015
"""Share of humans who stand in the register twice."""
TWIN_BIRTHS = 0.03


@dataclass
class Human:
    """Who somebody is: names in original scripts, and the home and papers of the moment."""

    number: int
    origin: str
    woman: bool
    given: tuple[str, ...]
    family: tuple[str, ...]
    born: date
    home: tuple[str, str, str, str]
    paper: tuple[str, str, str]
    double_family: str = ""


@dataclass
class Entry:
    """One row of the register, with the human it stands for and what happened to it."""

    human: int
    row: dict[str, str]
    changes: set[str] = field(default_factory=set)


class City:
    """A city's register of about `size` humans, by seed; deterministic."""

    def __init__(
        self, seed: int, size: int, *, hold_out: bool, second_entries: float = SECOND_ENTRIES
    ) -> None:
        self.random = random.Random(seed)
        self.hold_out = hold_out
        kept = len(stock.STEMS) if hold_out else len(stock.STEMS) * 2 // 3
        self.stems = [*stock.STEMS[:kept], *self._invented_stems()]
        self.men = stock.MEN + (stock.HELD_OUT_MEN if hold_out else [])
        self.women = stock.WOMEN + (stock.HELD_OUT_WOMEN if hold_out else [])
        self.size = size
        self.second_entries = second_entries
        self.numbers = 0
        self.used_numbers: set[str] = set()
        self.humans: list[Human] = []

    def _invented_stems(self) -> list[str]:
        pick = self.random.choice
        return [
            pick(stock.ONSETS) + pick(stock.MIDDLES) + pick(stock.CODAS)
            for _ in range(len(stock.STEMS))
        ] + [
            pick(stock.ONSETS) + pick(stock.MIDDLES) + pick(stock.ONSETS[:17]) + pick("ауо") + "р"
            for _ in range(len(stock.STEMS))
        ]

    def entries(self) -> list[Entry]:
        """All rows in random order, ids from 1."""
        while len(self.humans) < self.size:
            self._household()
        entries: list[Entry] = []
        for human in self.humans:
            entries.append(self._first_entry(human))
            while self.random.random() < self.second_entries:
                entries.append(self._later_entry(human))
        self.random.shuffle(entries)
        for i, entry in enumerate(entries, start=1):
            entry.row["id"] = str(i)
        return entries

    # -- humans ---------------------------------------------------------------------------------

    def _household(self) -> None:
        """A family with children (sometimes twins), a couple, flatmates, or a dormitory's wing."""
        rnd = self.random
        origin = rnd.choices(list(ORIGINS), weights=list(ORIGINS.values()))[0]
        home = self._home()
        kind = rnd.random()
        if kind < 0.004:
            for _ in range(rnd.randint(30, 120)):
                born = TODAY - timedelta(days=rnd.randint(19 * 365, 25 * 365))
                room = (*home[:2], str(rnd.randint(1, 300)), home[3])
                self._human(rnd.choice(list(ORIGINS)), rnd.random() < 0.5, None, born, room)
        elif kind < 0.45:
            self._family(origin, home)
        else:
            for _ in range(rnd.randint(1, 4)):
                self._human(origin, rnd.random() < 0.52, None, self._birth(18, 75), home)

    def _family(self, origin: str, home: tuple[str, str, str, str]) -> None:
        rnd = self.random
        father = self._human(origin, False, None, self._birth(25, 60), home)
        mother = self._human(origin, True, father, self._birth(23, 58), home)
        mother.double_family = mother.double_family if rnd.random() < 0.05 else ""
        born = self._birth(0, 20)
        taken = {father.given[0], mother.given[0]}
        for _ in range(rnd.randint(0, 3)):
            child = self._child(father, born, home, taken)
            if not child.woman and rnd.random() < 0.02:
                child.given = father.given
            if rnd.random() < TWIN_BIRTHS:
                self._child(child, born, home, taken)
            born = born + timedelta(days=rnd.randint(330, 2500))
            if born >= TODAY:
                break

    def _child(
        self, kin: Human, born: date, home: tuple[str, str, str, str], taken: set[str]
    ) -> Human:
        """A child, or the twin of one, whose given name nobody in the family has."""
        while True:
            child = self._human(kin.origin, self.random.random() < 0.5, kin, born, home)
            if child.given[0] not in taken:
                taken.add(child.given[0])
                return child
            self.humans.pop()

    def _human(
        self,
        origin: str,
        woman: bool,
        kin: Human | None,
        born: date,
        home: tuple[str, str, str, str],
    ) -> Human:
        self.numbers += 1
        country, given, family = self._names(kin.origin if kin else origin, woman)
        human = Human(self.numbers, country, woman, given, family, born, home, self._paper(country))
        if kin is not None:
            human.family = kin.family
            if self.random.random() < 0.3:
                human.paper = self._printed_next(kin.paper)
        if self.random.random() < 0.02 and country == "UKR":
            human.double_family = self._names("UKR", woman)[2][0]
        self.humans.append(human)
        return human

    def _printed_next(self, paper: tuple[str, str, str]) -> tuple[str, str, str]:
        """A relative's paper, printed in the same run: the last two digits differ."""
        kind, country, number = paper
        for step in range(1, 100):
            following = number[:-2] + f"{(int(number[-2:]) + step) % 100:02d}"
            if following not in self.used_numbers:
                break
        self.used_numbers.add(following)
        return kind, country, following

    def _names(self, origin: str, woman: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        rnd = self.random
        if origin == "POL":
            given = rnd.choice(stock.POLISH_WOMEN if woman else stock.POLISH_MEN)
            if rnd.random() < 0.3:
                given += " " + rnd.choice(stock.POLISH_WOMEN if woman else stock.POLISH_MEN)
            return "POL", (given,), (rnd.choice(stock.POLISH_FAMILIES),)
        if origin in {"UKR", "BLR", "RUS"}:
            lines = self.women if woman else self.men
            weights = [1 / (i + 6) for i in range(len(lines))]
            given = tuple(rnd.choices(lines, weights=weights)[0].split())
            stem = rnd.choice(self.stems)
            suffix = rnd.choices(stock.SUFFIXES, weights=stock.SUFFIX_WEIGHTS)[0]
            return origin, given, (_joined(stem, suffix),)
        country = origin if origin in stock.ELSEWHERE else rnd.choice(list(stock.ELSEWHERE))
        men, women, families = stock.ELSEWHERE[country]
        given_list = women if woman else men
        choices = given_list.split("," if "," in given_list else " ")
        family = rnd.choice(families.split())
        if country == "ESP":
            family += " " + rnd.choice(families.split())
        return country, (rnd.choice(choices),), (family,)

    def _birth(self, youngest: int, oldest: int) -> date:
        days = self.random.triangular(
            youngest * 365.25, oldest * 365.25 + 300, youngest * 365 + 5000
        )
        born = TODAY - timedelta(days=int(days) + 1)
        # Papers from places without civil registers carry the first of January.
        return born.replace(month=1, day=1) if self.random.random() < 0.004 else born

    def _home(self) -> tuple[str, str, str, str]:
        rnd = self.random
        house = str(rnd.randint(1, 140)) + (rnd.choice("abc") if rnd.random() < 0.15 else "")
        flat = str(rnd.randint(1, 60)) if rnd.random() < 0.85 else ""
        return (
            rnd.choice(stock.STREETS),
            house,
            flat,
            f"3{rnd.randint(0, 1)}-{rnd.randint(0, 999):03d}",
        )

    def _paper(self, country: str) -> tuple[str, str, str]:
        """A paper whose number nobody else has, as passports are."""
        while (paper := self._any_paper(country))[2] in self.used_numbers:
            pass
        self.used_numbers.add(paper[2])
        return paper

    def _any_paper(self, country: str) -> tuple[str, str, str]:
        rnd = self.random
        digits = f"{rnd.randint(0, 999_999):06d}"
        if country == "UKR" and rnd.random() < 0.25:
            return "identity_card", "UKR", f"00{rnd.randint(0, 9_999_999):07d}"
        series = {
            "UKR": rnd.choice(("FA", "FB", "GA", "ЕК", "AA")),
            "BLR": rnd.choice(("MP", "AB")),
        }
        if country == "RUS":
            return "passport", "RUS", f"{rnd.randint(50, 77)}{rnd.randint(0, 9_999_999):07d}"
        series_of = series.get(country, rnd.choice("CDEKLP") + rnd.choice("ABC0123"))
        return "passport", country, series_of + digits + ("7" if country == "BLR" else "")

    # -- rows -----------------------------------------------------------------------------------

    def _first_entry(self, human: Human) -> Entry:
        return self._entry(human, set())

    def _later_entry(self, human: Human) -> Entry:
        """A second registration: other spellings, papers, homes, and slips, in known shares."""
        rnd, changes = self.random, {"again"}
        again = replace(human)
        if rnd.random() < 0.40:
            again.home = self._home()
            changes.add("moved")
        paper = rnd.random()
        if paper < 0.45:
            again.paper = self._paper(human.origin)
            if rnd.random() < 0.25:
                again.paper = ("residence_card", "POL", f"RR{rnd.randint(0, 9_999_999):07d}")
            changes.add("second document")
        elif paper < 0.55:
            again.paper = ("", "", "")
            changes.add("no document")
        if rnd.random() < (0.05 if human.woman else 0.005):
            again.family = self._names(human.origin, human.woman)[2]
            changes.add("new family name")
        entry = self._entry(again, changes)
        for share, change, slip in (
            (0.06, "typo in given", slips.typo_in_given),
            (0.08, "typo in family", slips.typo_in_family),
            (0.03, "birth slip", slips.birth_slip),
            (0.03, "number slip", slips.number_slip),
            (0.05, "swapped", slips.swapped),
            (0.10, "address otherwise", slips.address_otherwise),
        ):
            if rnd.random() < share:
                slip(entry.row, rnd)
                changes.add(change)
        return entry

    def _entry(self, human: Human, changes: set[str]) -> Entry:
        given, family = self._written(human, changes)
        kind, country, number = human.paper
        values = ("", given, family, human.born.isoformat(), kind, country, number, *human.home)
        row = dict(zip(COLUMNS, values, strict=True))
        return Entry(human.number, row, changes)

    def _written(self, human: Human, changes: set[str]) -> tuple[str, str]:
        if len(human.given) == 1:
            return self._latin(human, changes)
        rnd = self.random
        habit = self._habit(human.origin)
        uk_or_ru = {spellings.kmu_55: 0, spellings.polish_uk: 0, spellings.belarus: 2}
        form = uk_or_ru.get(habit, 1)
        if habit is spellings.as_cyrillic:
            form = {"UKR": 0, "RUS": 1, "BLR": 2}[human.origin]
        given = habit(human.given[form].lower())
        if "again" in changes and rnd.random() < 0.12:
            given = human.given[3].lower()
            changes.add("Polish given name")
        families = [human.family[0], *([human.double_family] if human.double_family else [])]
        written = [habit(_family_form(f, form, human.woman)) for f in families]
        if "again" in changes and len(written) > 1 and rnd.random() < 0.5:
            written = [rnd.choice(written)]
        changes.add(habit.__name__)
        return slips.cased(given, rnd), slips.cased("-".join(written), rnd)

    def _habit(self, origin: str) -> Speller:
        habits = list(
            {
                "UKR": (*spellings.UKRAINIAN, *((s, w // 6) for s, w in spellings.RUSSIAN)),
                "RUS": spellings.RUSSIAN,
                "BLR": (*spellings.BELARUSIAN, *((s, w // 3) for s, w in spellings.RUSSIAN)),
            }[origin]
        )
        if self.hold_out:
            share = 1 if origin == "RUS" else 0.2
            habits += [(s, w * share) for s, w in spellings.HELD_OUT]
        return self.random.choices([s for s, _ in habits], weights=[w for _, w in habits])[0]

    def _latin(self, human: Human, changes: set[str]) -> tuple[str, str]:
        rnd, given, family = self.random, human.given[0], human.family[0]
        if human.origin == "POL" and human.woman:
            family = family.removesuffix("ki") + "ka" if family.endswith(("ski", "cki")) else family
        if human.origin == "UZB" and human.woman:
            family += "a"
        if rnd.random() < 0.7:
            given, family = slips.unmarked(given), slips.unmarked(family)
        if "again" in changes and " " in given and rnd.random() < 0.3:
            given = given.split()[0]
            changes.add("fewer given names")
        return slips.cased(given, rnd), slips.cased(family, rnd)


def _joined(stem: str, suffix: str) -> str:
    """A stem and a suffix, with a link where consonants would crowd."""
    if suffix[0] not in "чск":
        return stem + suffix
    link = {"л": "ь", "н": "ь"}.get(stem[-1], "и")
    return stem + ("ів" if suffix == "ський" else link) + suffix


def _family_form(ukrainian: str, form: int, woman: bool) -> str:
    """The family name in the form's language and gender; indeclinable endings stay."""
    name = ukrainian
    if woman:
        name = name[:-2] + "а" if name.endswith("кий") else name
        name = name + "а" if name.endswith(("ов", "ин")) else name
        name = name[:-2] + "ева" if name.endswith("ьв") else name
    if form == 0:
        return name
    russian = spellings.russian_surname(name)
    return russian if form == 1 else spellings.belarusian_surname(russian)


def true_pairs(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    """Every pair of rows that stand for one human, the smaller number first."""
    rows_of: dict[int, list[int]] = {}
    for entry in entries:
        rows_of.setdefault(entry.human, []).append(int(entry.row["id"]))
    pairs: set[tuple[str, str]] = set()
    for ids in rows_of.values():
        ids.sort()
        pairs.update((str(a), str(b)) for i, a in enumerate(ids) for b in ids[i + 1 :])
    return pairs


def write_csv(entries: Iterable[Entry], path: Path) -> None:
    """The register as a city would hand it over."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(entry.row for entry in entries)
