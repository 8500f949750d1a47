"""Two persons come back with one city account in the same instant: it confirms one, both are compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.residency import service
from civic_budget.residency.city_account import Holder
from civic_budget.residency.models import Confirmation, ProviderIdentity, ResidenceCase
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city
from tests.builders_residency import ZACHODNIA
from tests.conftest import NOW

HOLDER = Holder("https://x|1", "OLENA", "KOVALENKO", date(1990, 4, 2), ZACHODNIA, None)


def draft(database: Database) -> tuple[Actor, UUID]:
    account = make_account(database)
    assert account.account_id is not None
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        names = {"given_names": "Olena", "family_name": "Kovalenko"}
        more = {"original_name": "", "patronymic": ""}
        service.tell_name(work, account, case_id=case_id, **names, **more, at=NOW)
        service.tell_birth_date(work, account, case_id=case_id, born_on=date(1990, 4, 2), at=NOW)
        service.tell_sex(work, account, case_id=case_id, sex=None, at=NOW)
        service.tell_address(work, account, case_id=case_id, address=ZACHODNIA, at=NOW)
    return account, case_id


def test_one_identity_confirms_one_of_two(database: Database) -> None:
    make_city(database)
    drafts = [draft(database), draft(database)]

    def come_back(turn: int) -> None:
        account, case_id = drafts[turn]
        with database.writing() as work:
            service.note_city_account(work, account, case_id=case_id, holder=HOLDER, at=NOW)
        with database.writing() as work:
            service.submit_case(work, account, case_id=case_id, at=NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(come_back, range(2)))
    with database.reading() as session:
        assert len(session.scalars(select(ProviderIdentity)).all()) == 1
        assert len(session.scalars(select(Confirmation)).all()) <= 1
        cases = session.scalars(select(ResidenceCase)).all()
        assert any("duplicate" in case.flags for case in cases)
