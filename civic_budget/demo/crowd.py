"""Generated residents beside the named ones, so that counts and estimates mean something.

Pure: the same seed gives the same crowd. Nobody in it is real.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from civic_budget.demo import content
from civic_budget.demo.content.records import Street

# Nationality → weight, language of the person's messages, given names (women, men), family names.
_PEOPLES: tuple[tuple[str, int, str, str, str, str], ...] = (
    (
        "PL",
        620,
        "pl",
        "ANNA KATARZYNA MARTA EWA JOANNA ALICJA HALINA URSZULA OLGA NATALIA",
        "PIOTR TOMASZ MICHAL JAN KRZYSZTOF ADAM STANISLAW MARCIN LESZEK KACPER",
        "NOWICKA:NOWICKI ZAJAC:ZAJAC WROBEL:WROBEL MAZUR:MAZUR KUBICKA:KUBICKI SOWA:SOWA "
        "KOZIOL:KOZIOL GORSKA:GORSKI LIS:LIS DUDEK:DUDEK",
    ),
    (
        "UA",
        190,
        "uk",
        "OLENA IRYNA NATALIIA KATERYNA SOFIIA HALYNA",
        "ANDRII SERHII OLEKSANDR MYKOLA VOLODYMYR YURII",
        "KOVALCHUK:KOVALCHUK MELNYCHENKO:MELNYCHENKO SHEVCHUK:SHEVCHUK POLISHCHUK:POLISHCHUK "
        "ROMANIUK:ROMANIUK LYSENKO:LYSENKO",
    ),
    (
        "BY",
        55,
        "ru",
        "ALENA DARYA VOLHA HANNA",
        "SIARHEI DZMITRY ALIAKSANDR PAVEL",
        "IVANOVA:IVANOU KAZLOVA:KAZLOU NAVITSKAYA:NAVITSKI",
    ),
    ("IN", 25, "en", "PRIYA ANJALI MEERA", "ARJUN RAHUL VIKRAM", "SHARMA:SHARMA PATEL:PATEL"),
    (
        "GE",
        22,
        "ru",
        "NINO TAMAR ANA",
        "GIORGI LEVAN DAVIT",
        "BERIDZE:BERIDZE MAISURADZE:MAISURADZE",
    ),
    ("TR", 15, "en", "ELIF ZEYNEP MERVE", "MEHMET EMRE CAN", "YILMAZ:YILMAZ KAYA:KAYA"),
    ("VN", 15, "pl", "THI HUONG", "VAN MINH", "NGUYEN:NGUYEN TRAN:TRAN"),
    ("IT", 12, "en", "GIULIA CHIARA", "MARCO LUCA", "ROSSI:ROSSI BIANCHI:BIANCHI"),
    ("KZ", 12, "ru", "AIGERIM DANA", "NURLAN TIMUR", "AKHMETOVA:AKHMETOV OMAROVA:OMAROV"),
    ("GB", 10, "en", "EMILY SARAH", "JAMES OLIVER", "CLARKE:CLARKE WARD:WARD"),
    ("DE", 10, "en", "LENA HANNAH", "JONAS FELIX", "BAUER:BAUER VOGEL:VOGEL"),
    ("CO", 8, "en", "CAMILA VALENTINA", "SANTIAGO ANDRES", "RAMIREZ:RAMIREZ ROJAS:ROJAS"),
    ("NG", 6, "en", "NGOZI AMARA", "CHIDI EMEKA", "OKAFOR:OKAFOR ADEYEMI:ADEYEMI"),
)
SILENT = 0.12
SECOND_CITIZENSHIP = 0.04
# Share of women in the register, as in Kraków's vote of 2024; a hundredth tells nothing.
WOMEN, UNTOLD = 0.56, 0.01
# Ages (youngest, oldest, weight) as in Kraków's vote of 2024.
_AGES = (
    (5, 12, 9),
    (13, 17, 6),
    (18, 24, 6),
    (25, 34, 19),
    (35, 44, 29),
    (45, 54, 13),
    (55, 64, 7),
    (65, 88, 11),
)


@dataclass(frozen=True)
class CrowdPerson:
    """A generated resident; `citizenships` empty means that the question was left unanswered."""

    given_names: str
    family_name: str
    sex: str | None
    born_on: date
    language: str
    citizenships: tuple[str, ...]
    district: int
    street: str
    house: str
    flat: str


def crowd(size: int, today: date, seed: int = 2026) -> Iterator[CrowdPerson]:
    """So many people, spread over the districts roughly as the city's residents are."""
    draw = random.Random(seed)  # noqa: S311 - an invented crowd, not a secret
    districts = [district.number for district in content.districts()]
    weights = [district.residents or 45_000 for district in content.districts()]
    streets = {number: _streets_of(number) for number in districts}
    for district in draw.choices(districts, weights, k=size):
        yield _person(draw, district, streets[district], today)


def _person(draw: random.Random, district: int, streets: list[Street], today: date) -> CrowdPerson:
    (nation, _, language, women, men, families) = draw.choices(
        _PEOPLES, [people[1] for people in _PEOPLES]
    )[0]
    is_woman = draw.random() < WOMEN
    family = draw.choice(families.split()).split(":")[0 if is_woman else 1]
    youngest, oldest, _ = draw.choices(_AGES, [age[2] for age in _AGES])[0]
    street = draw.choice(streets)
    return CrowdPerson(
        given_names=draw.choice((women if is_woman else men).split()),
        family_name=family,
        sex=None if draw.random() < UNTOLD else ("F" if is_woman else "M"),
        born_on=today - timedelta(days=draw.randint(youngest * 366, oldest * 365 + 364)),
        language=language,
        citizenships=_citizenships(draw, nation),
        district=district,
        street=street.name,
        house=str(_house(draw, street)),
        flat=str(draw.randint(1, 60)),
    )


def _citizenships(draw: random.Random, nation: str) -> tuple[str, ...]:
    if draw.random() < SILENT:
        return ()
    if nation != "PL" and draw.random() < SECOND_CITIZENSHIP:
        return (nation, "PL")
    return (nation,)


def _house(draw: random.Random, street: Street) -> int:
    first, last = street.numbers_from or 1, street.numbers_to or (street.numbers_from or 1) + 60
    return draw.choice([number for number in range(first, last + 1) if street.holds(number)])


def _streets_of(district: int) -> list[Street]:
    return [street for street in content.streets() if street.district == district]
