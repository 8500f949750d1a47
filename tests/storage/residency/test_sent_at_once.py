"""Two doubles, or a whole family, sent in the very same instant: who comes second meets who came first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from civic_budget.kernel.actor import SYSTEM
from civic_budget.residency import service
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.matching import Document
from civic_budget.residency.models import ResidenceCase
from civic_budget.residency.queries.pairs import PairFilter, list_pairs
from civic_budget.residency.rules import Flag
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.builders_residency import make_identity
from tests.conftest import NOW

SPELLINGS = (("OLENA", "KOVALENKO"), ("Олена", "Коваленко"), ("HELENA", "KOWALENKO"))


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0, "statement_confirms": True})
    return database


def send_at_once(database: Database, number: int, how_many: int = 2) -> list[list[str]]:
    """Doubles of one human sent by threads that start together; the flags of each case, sorted."""
    born = date(1960, 1, 1) + timedelta(days=97 * number)
    start = threading.Barrier(how_many)

    def send(which: int) -> list[str]:
        # Names, document, home: each pair shares another set of keys, in one instant.
        given, family = SPELLINGS[which]
        start.wait(10)
        with database.writing() as work:
            case_id = service.register_person(
                work,
                SYSTEM,
                account_id=None,
                identity=make_identity(given, family, born),
                address=HomeAddress("Zachodnia", str(1 + number), str(which)),
                document=Document("passport", "UKR", f"FA{number:06}") if which != 1 else None,
                at=NOW,
            )
            return list(work.session.get_one(ResidenceCase, case_id).flags)

    with ThreadPoolExecutor(how_many) as pool:
        return sorted(pool.map(send, range(how_many)))


def test_the_second_of_two_that_are_sent_at_once_is_flagged(city: Database) -> None:
    for number in range(6):
        assert send_at_once(city, number) == [[], [Flag.DUPLICATE]]
    with city.reading() as session:
        assert len(list_pairs(session, PairFilter(state=None))) == 6


@pytest.mark.proof
def test_of_three_that_are_sent_at_once_at_most_one_is_not_flagged(city: Database) -> None:
    for number in range(60):
        flags = send_at_once(city, number, how_many=3)
        assert flags == [[], [Flag.DUPLICATE], [Flag.DUPLICATE]]
