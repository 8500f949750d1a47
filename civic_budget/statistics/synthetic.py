"""Invented cities for tests, benchmarks and rehearsals: plausible crowds, nobody real.

Nationalities follow a Zipf law, each clusters in one district, the young vote on the web.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from .nationality import CODES, POLISH, UNKNOWN
from .tabulate import Person

_LARGEST_TEXT = (
    "UA BY RU GE IN TR VN DE KZ UZ AZ MD IT CN NP BD ES FR GB US PH CO TJ ZW KG AM ID RO BG PT EG PK"
    " NG TN DZ MA LT LV CZ SK HU GR IR SY IQ SA BR MX AR VE PE TH KR JP MY LK GH ET KE CM RW ZA NL"
    " BE SE NO DK FI IE AT CH HR RS BA MK AL ME IL JO LB CA AU NZ UG TZ SN CI CD AO MZ MN AF LY YE"
    " SD SO CU EC BO CL UY PY GT HN NI CR DO JM XX"
)
_LARGEST = tuple(_LARGEST_TEXT.split())
_BANDS = ((0, 15), (16, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 90))
_POLES = (0.02, 0.14, 0.22, 0.22, 0.15, 0.13, 0.12)
_FOREIGN = (0.03, 0.24, 0.34, 0.22, 0.11, 0.04, 0.02)
_ON_PAPER = (0.4, 0.02, 0.03, 0.08, 0.15, 0.35, 0.6)


@dataclass(frozen=True)
class City:
    """How large an invented city is; `zipf` steepens the shares of the nationalities."""

    people: int = 90_000
    foreign: float = 0.12
    silent: float = 0.04
    zipf: float = 1.5
    turnout: float = 2 / 3
    authors: float = 0.028
    districts: int = 18
    days: int = 14
    first_day: date = date(2026, 10, 1)

    def district_codes(self) -> tuple[str, ...]:
        """D01, D02 and so on."""
        return tuple(f"D{n + 1:02d}" for n in range(self.districts))


def foreign_codes() -> list[str]:
    """The foreign nationalities from the most to the least numerous."""
    rest = [c for c in CODES if c not in {*_LARGEST, POLISH, UNKNOWN}]
    return [*_LARGEST, *rest][:120]


def people(city: City, seed: int) -> Iterator[Person]:
    """The people of a city, the same ones for the same seed. About one in fifty has no account."""
    draw = random.Random(seed)  # noqa: S311 - an invented crowd, not a secret
    nationalities = foreign_codes()
    by_nationality = _steps([(n + 1) ** -city.zipf for n in range(len(nationalities))])
    districts = city.district_codes()
    by_district = _steps([draw.gammavariate(6, 1) for _ in districts])
    home = {code: draw.choice(districts) for code in nationalities}
    by_age = {True: _steps(_POLES), False: _steps(_FOREIGN)}
    for pid in range(city.people):
        nat, district = POLISH, draw.choices(districts, cum_weights=by_district)[0]
        kind = draw.random()
        if kind < city.silent:
            nat = UNKNOWN
        elif kind < city.silent + city.foreign:
            nat = draw.choices(nationalities, cum_weights=by_nationality)[0]
            district = home[nat] if draw.random() < 0.25 else district
        band = draw.choices(range(7), cum_weights=by_age[nat in (POLISH, UNKNOWN)])[0]
        yield _person(draw, city, pid=pid, nat=nat, district=district, band=band)


def _person(
    draw: random.Random, city: City, *, pid: int, nat: str, district: str, band: int
) -> Person:
    voted = draw.random() < city.turnout
    paper = draw.random() < _ON_PAPER[band]
    day = min(int(draw.expovariate(0.12)), city.days - 1)
    return Person(
        pid=pid,
        nationality=nat,
        district=district,
        age=draw.randint(*_BANDS[band]),
        sex="" if draw.random() < 0.01 else draw.choice("FFM"),
        registered=not (voted and paper and draw.random() < 0.1),
        author=draw.random() < city.authors,
        channel=("paper" if paper else "web") if voted else None,
        counted_on=city.first_day + timedelta(days=day) if voted else None,
    )


def _steps(weights: Sequence[float]) -> list[float]:
    return list(accumulate(weights))
