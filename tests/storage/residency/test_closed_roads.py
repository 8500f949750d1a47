"""A road that the edition closes can neither be taken nor sent, and confirms nobody by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from civic_budget.editions.models import Edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import queries, service
from civic_budget.residency.city_account import Journey
from civic_budget.residency.models import Confirmation, ResidenceCase
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries.options import offered_codes
from civic_budget.residency.registers import FileRegister
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Database, Work
from tests.builders import make_account, make_city, make_edition, make_staff
from tests.builders_residency import claim, make_case, make_claim, make_guardian, make_identity
from tests.conftest import NOW
from tests.storage.residency.test_city_account_at_once import HOLDER, draft


@pytest.fixture
def city(database: Database) -> Database:
    """Where statements, registers and letters confirm, in an edition that runs."""
    make_city(database)
    make_edition(database, Phase.SUBMISSION, year=2027)
    with database.writing() as work:
        said = {"statement_confirms": True, "register_confirms": True, "letter_confirms": True}
        service.set_limits(work, {"sample_permille": 0, **said})
    return database


def open_only(city: Database, *roads: str) -> None:
    with city.writing() as work:
        work.session.execute(update(Edition).values(accepted_proofs=list(roads)))


def sign(work: Work, account: Actor, case_id: UUID) -> None:
    service.sign_statement(
        work, account, case_id=case_id, signature="Olena Kovalenko", language="en", at=NOW
    )


def check(work: Work, account: Actor, case_id: UUID) -> None:
    service.check_signature(work, account, case_id=case_id, signature="Olena Kovalenko", at=NOW)


def choose(work: Work, account: Actor, case_id: UUID) -> None:
    service.choose_road(work, account, case_id=case_id, road=Road.STATEMENT, at=NOW)


def add(work: Work, account: Actor, case_id: UUID) -> None:
    service.add_evidence(
        work, account, case_id=case_id, vault_id="x", kind="lease", page_count=1, at=NOW
    )


def ask_list(work: Work, account: Actor, case_id: UUID) -> None:
    register = FileRegister(Path("never-opened.keys"))
    service.ask_register(work, account, case_id=case_id, register=register, at=NOW)


def leave(work: Work, account: Actor, case_id: UUID) -> None:
    journey = Journey.fresh()
    service.ask_city_account(work, account, case_id=case_id, journey=journey, language="uk", at=NOW)


def come_back(work: Work, account: Actor, case_id: UUID) -> None:
    service.note_city_account(work, account, case_id=case_id, holder=HOLDER, at=NOW)


def refused(city: Database, deed: Callable[[Work, Actor, UUID], None], *who: object) -> str:
    """The field at which a closed road is refused."""
    with pytest.raises(Conflict, match="road_closed") as told, city.writing() as work:
        deed(work, *who)  # type: ignore[arg-type]
    return told.value.field or ""


def test_a_desk_alone_leaves_no_road_online(city: Database) -> None:
    open_only(city, "desk")
    account, case_id = draft(city)
    with city.reading() as session:
        assert queries.open_roads(session, at=NOW) == ()
    said = {
        deed.__name__: refused(city, deed, account, case_id)
        for deed in (choose, check, sign, add, ask_list, leave, come_back)
    }
    assert said == {
        "choose": "road",
        "check": "signature",
        "sign": "signature",
        "add": "file",
        "ask_list": "register",
        "leave": "",
        "come_back": "",
    }
    # At a desk it goes on: a case seen there is sent whatever else is closed.
    other = make_account(city)
    desk = make_case(city, other, identity=make_identity("JAN", "KOWALSKI"), road=Road.DESK)
    with city.reading() as session:
        assert queries.get_case(session, desk).state == "submitted"


@pytest.mark.parametrize(
    ("road", "deed"), [("statement", sign), ("document", add), ("register", come_back)]
)
def test_a_road_that_closes_before_sending_sends_nothing(
    city: Database, road: str, deed: Callable[[Work, Actor, UUID], None]
) -> None:
    open_only(city, road)
    account, case_id = draft(city)
    with city.writing() as work:
        deed(work, account, case_id)
    open_only(city, "letter", "desk")

    def submit(work: Work, who: Actor, case: UUID) -> None:
        service.submit_case(work, who, case_id=case, at=NOW)

    assert refused(city, submit, account, case_id) == ""
    with city.reading() as session:
        assert queries.get_case(session, case_id).state == "draft"
    open_only(city, road)
    with city.writing() as work:
        submit(work, account, case_id)
        assert queries.get_case(work.session, case_id).state in {"confirmed", "submitted"}


def test_letters_are_sent_only_where_the_edition_sends_them(city: Database) -> None:
    open_only(city, "document", "desk")
    account = make_account(city)
    case_id = make_case(city, account, road=Road.DOCUMENT)

    def ask(work: Work, who: Actor, case: UUID) -> None:
        service.ask_letter(work, who, case_id=case, at=NOW)

    assert refused(city, ask, account, case_id) == ""
    open_only(city, "letter")
    with city.writing() as work:
        ask(work, account, case_id)


def test_what_an_officer_asks_for_and_a_childs_papers_are_no_choice_of_a_road(
    city: Database,
) -> None:
    account = make_account(city)
    case_id = make_case(city, account, road=Road.DOCUMENT)
    open_only(city, "desk")
    officer = make_staff(city, Role.OFFICER)
    claim(city, officer, case_id)
    with city.writing() as work:
        reason = min(offered_codes(work.session, Catalogue.MORE))
        service.ask_for_more(
            work, officer, case_id=case_id, reason=reason, sentence="Please.", at=NOW
        )
    with city.writing() as work:
        add(work, account, case_id)
        service.answer_request(work, account, case_id=case_id, words="", at=NOW)
        assert queries.get_case(work.session, case_id).state == "submitted"
    assert refused(city, sign, *draft(city)) == "signature"
    _tie, childs = make_claim(city, make_guardian(city))
    with city.reading() as session:
        assert queries.get_case(session, childs).state == "submitted"


@pytest.mark.parametrize(
    ("roads", "state"), [(["desk"], "submitted"), (["statement"], "confirmed")]
)
def test_a_renewal_by_a_tap_waits_for_an_officer_where_statements_are_closed(
    city: Database, roads: list[str], state: str
) -> None:
    account = make_account(city)
    first = make_case(city, account)
    with city.writing() as work:
        if queries.get_case(work.session, first).state != "confirmed":
            service.confirm_case(work, SYSTEM, case_id=first, at=NOW)
    open_only(city, *roads)
    with city.writing() as work:
        person_id = work.session.get_one(ResidenceCase, first).person_id
        held = work.session.scalars(select(Confirmation)).one()
        soon = held.valid_until - timedelta(days=3)
        assert account.account_id is not None
        again = service.renew_residence(
            work,
            account,
            account_id=account.account_id,
            person_id=person_id,
            language="en",
            at=soon,
        )
        assert queries.get_case(work.session, again).state == state
