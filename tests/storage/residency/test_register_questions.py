"""Registers answer an account so many times in an edition, however quickly and of whomever it asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from civic_budget.editions.models import Edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.models import RegisterQuestion
from civic_budget.residency.queries.roads import count_questions_left
from civic_budget.residency.registers import FileRegister
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition
from tests.builders_residency import ZACHODNIA, make_identity
from tests.conftest import NOW

MOST = 3


@pytest.fixture
def asking(database: Database) -> tuple[Actor, UUID]:
    """An account with a draft that tells everything that a register asks for; three answers are allowed."""
    make_city(database)
    account, who = make_account(database), make_identity()
    with database.writing() as work:
        service.set_limits(work, {"register_questions": MOST})
        assert account.account_id is not None
        case = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        service.tell_name(
            work,
            account,
            case_id=case,
            given_names=who.given_names,
            family_name=who.family_name,
            at=NOW,
        )
        service.tell_birth_date(work, account, case_id=case, born_on=who.born_on, at=NOW)
        service.tell_sex(work, account, case_id=case, sex=None, at=NOW)
        service.tell_address(work, account, case_id=case, address=ZACHODNIA, at=NOW)
    return account, case


@pytest.fixture
def register(tmp_path: Path) -> FileRegister:
    path = tmp_path / "university.keys"
    path.write_text("0" * 64 + "\n", encoding="ascii")
    return FileRegister(path)


def ask(database: Database, asking: tuple[Actor, UUID], register: FileRegister) -> object:
    try:
        with database.writing() as work:
            return service.ask_register(
                work, asking[0], case_id=asking[1], register=register, at=NOW
            )
    except Conflict as error:
        return error.code


def test_an_account_that_asks_in_many_windows_at_once_gets_no_answer_more(
    database: Database, asking: tuple[Actor, UUID], register: FileRegister
) -> None:
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda _: ask(database, asking, register), range(6)))
    assert sorted(map(str, said)) == ["False"] * MOST + ["no_question_left"] * MOST
    account_id = asking[0].account_id
    assert account_id is not None
    with database.reading() as session:
        assert session.scalars(select(RegisterQuestion.number)).all() == [MOST]
        assert count_questions_left(session, account_id, at=NOW) == 0
        answers = session.scalars(select(AuditEntry.deed)).all()
    assert answers.count("ProofNoted") == MOST


def test_an_edition_has_answers_of_its_own_and_counts_are_forgotten(
    database: Database, asking: tuple[Actor, UUID], register: FileRegister
) -> None:
    for _ in range(MOST):
        assert ask(database, asking, register) is False
    assert ask(database, asking, register) == "no_question_left"
    make_edition(database, Phase.SUBMISSION)
    assert ask(database, asking, register) == "road_closed"
    with database.writing() as work:
        work.session.execute(update(Edition).values(accepted_proofs=["register"]))
    assert ask(database, asking, register) is False
    with database.writing() as work:
        service.note_refused_question(work, asking[0], case_id=asking[1], at=NOW)
    with database.writing() as work:
        service.forget_questions(work, at=NOW + timedelta(days=399))
        assert len(work.session.scalars(select(RegisterQuestion)).all()) == 2
        service.forget_questions(work, at=NOW + timedelta(days=401))
        assert work.session.scalars(select(RegisterQuestion)).all() == []
        assert "RegisterQuestionRefused" in work.session.scalars(select(AuditEntry.deed)).all()
