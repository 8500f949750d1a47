"""Homes on real databases: described places, contested districts, renewal, moving while one decides."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.city import queries as city_queries
from civic_budget.city.importing import import_streets
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.rules import CaseState, Purpose, Road
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next
from tests.builders import make_account, make_city, make_staff
from tests.builders_residency import claim, make_case, make_resident
from tests.conftest import NOW

YEARS = timedelta(days=3 * 365 + 1)


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def contest(database: Database, account: Actor, case_id: UUID, wanted: int = 18) -> UUID:
    with database.writing() as work:
        return service.contest_district(
            work, account, case_id=case_id, wanted=wanted, reason="The gate is there", at=NOW
        )


def last_case(database: Database, person: UUID) -> queries.CaseFacts:
    with database.reading() as session:
        case = queries.find_last_case(session, person)
    assert case is not None
    return case


def test_a_street_list_is_taken_over_whole_or_not_at_all(city: Database) -> None:
    good = "district,street,numbers_from,numbers_to,parity\n18,Długa,,,\n8,Nowa,,,\n"
    with city.writing() as work:
        bad = import_streets(work, SYSTEM, content=(good + "99,Zła,,,\n").encode(), at=NOW)
    assert [problem.line for problem in bad.problems] == [4]
    with city.reading() as session:
        assert not city_queries.is_known_street(session, "Nowa")
    for _ in range(2):
        with city.writing() as work:
            import_streets(work, SYSTEM, content=good.encode(), at=NOW)
    with city.reading() as session:
        found = city_queries.find_address(session, "вул. Длуга", "5")
        assert found is not None and (found.street, found.district) == ("Długa", 18)
        assert city_queries.is_known_street(session, "Zachodnia")
    with city.writing() as work:
        import_streets(work, SYSTEM, content=good.encode(), only_these=True, at=NOW)
    with city.reading() as session:
        assert not city_queries.is_known_street(session, "Zachodnia")


def test_streets_are_found_in_other_spellings_and_with_slips(city: Database) -> None:
    with city.reading() as session:
        for typed in ("zachodnia", "Заходня", "заход", "Zahodnja", "Zachdonia"):
            assert city_queries.search_streets(session, typed)[0] == "Zachodnia", typed
        assert city_queries.search_streets(session, "Marszałkowska") == []


def test_a_contested_district_is_decided_by_an_officer(city: Database) -> None:
    account, person = make_resident(city)
    case = last_case(city, person)
    contest_id = contest(city, account, case.id)
    with pytest.raises(Conflict, match="contested_already"):
        contest(city, account, case.id)
    with city.reading() as session:
        assert queries.district_of_person(session, person, at=NOW) == 8
    with pytest.raises(NotAllowed, match="not_an_officer"), city.writing() as work:
        service.decide_contest(work, account, contest_id=contest_id, is_right=True, at=NOW)
    officer = make_staff(city, Role.OFFICER)
    with city.writing() as work:
        service.decide_contest(work, officer, contest_id=contest_id, is_right=True, at=NOW)
    with city.reading() as session:
        assert queries.district_of_person(session, person, at=NOW) == 18
        settled = queries.find_contest(session, case.id)
        assert settled is not None and settled.state is ContestState.UPHELD
    told = []
    while (task := lease_next(city, at=NOW)) is not None:
        told.append(task.payload["message"])
    assert "district_settled" in told


@pytest.mark.parametrize(("wanted", "code"), [(8, "same_district"), (77, "choose_district")])
def test_a_contest_needs_another_district(city: Database, wanted: int, code: str) -> None:
    account, person = make_resident(city)
    with pytest.raises(Conflict, match=code):
        contest(city, account, last_case(city, person).id, wanted)


def test_an_officer_holds_an_open_case_while_deciding_its_contest(city: Database) -> None:
    account = make_account(city)
    case_id = make_case(city, account)
    contest_id = contest(city, account, case_id)
    claim(city, make_staff(city, Role.OFFICER), case_id)
    with pytest.raises(NotAllowed, match="claimed_by_other"), city.writing() as work:
        service.decide_contest(
            work, make_staff(city, Role.OFFICER), contest_id=contest_id, is_right=False, at=NOW
        )
    with city.writing() as work:
        service.withdraw_contest(work, account, contest_id=contest_id, at=NOW)
    contest(city, account, case_id)


def test_a_place_without_a_street_has_the_district_that_was_told(city: Database) -> None:
    account = make_account(city)
    assert account.account_id is not None
    with city.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )
        with pytest.raises(Conflict, match="describe_more"):
            service.describe_home(
                work, account, case_id=case_id, description="tam", district=8, at=NOW
            )
        service.describe_home(
            work, account, case_id=case_id, description="Houseboat at the bend", district=8, at=NOW
        )
        told = queries.get_case(work.session, case_id).answers
    assert told.district == 8 and told.address is not None and told.address.is_described


def test_renewal_by_one_tap_in_its_weeks_only(city: Database) -> None:
    account, person = make_resident(city)
    assert account.account_id is not None
    early, late = NOW + timedelta(days=90), NOW + YEARS - timedelta(days=30)
    for at in (early, NOW + YEARS + timedelta(days=9)):
        with pytest.raises(NotAllowed, match="not_renewable"), city.writing() as work:
            renew(work, account, person, at)
    with city.writing() as work:
        assert service.remind_of_renewal(work, at=early) == 0
        assert service.remind_of_renewal(work, at=late) == 1
        assert service.remind_of_renewal(work, at=late) == 0
    with city.writing() as work:
        case_id = renew(work, account, person, late)
    with pytest.raises(Conflict, match="open_case"), city.writing() as work:
        renew(work, account, person, late)
    with city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=late)
        held = queries.find_confirmation(work.session, person, at=late + timedelta(days=60))
        signed = queries.find_statement(work.session, case_id)
    assert held is not None and held.case_id == case_id
    assert signed is not None and signed.version.endswith("renewal")


def renew(work: object, account: Actor, person: UUID, at: object) -> UUID:
    assert account.account_id is not None
    return service.renew_residence(
        work,  # type: ignore[arg-type]
        account,
        account_id=account.account_id,
        person_id=person,
        language="uk",
        at=at,  # type: ignore[arg-type]
    )


def test_a_correction_always_waits_for_an_officer(city: Database) -> None:
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": False})
    account, person = make_resident(city)
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": True})
    assert account.account_id is not None
    with city.writing() as work:
        case_id = service.start_case(
            work,
            account,
            account_id=account.account_id,
            language="uk",
            purpose=Purpose.CORRECTION,
            at=NOW,
        )
        told = queries.get_case(work.session, case_id).answers
        assert told.address is not None and told.given_names
        service.tell_name(
            work, account, case_id=case_id, given_names="OLENA", family_name="NOWA", at=NOW
        )
        service.sign_statement(
            work, account, case_id=case_id, signature="Olena Nowa", language="uk", at=NOW
        )
        service.submit_case(work, account, case_id=case_id, at=NOW)
        assert queries.get_case(work.session, case_id).state is CaseState.SUBMITTED
        held = queries.identity_of(work.session, person)
        assert held is not None and held.family_name != "NOWA"
    with city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
        held = queries.identity_of(work.session, person)
    assert held is not None and held.family_name == "NOWA"


def test_moving_and_deciding_at_once_leaves_one_truth(city: Database) -> None:
    account, person = make_resident(city)
    assert account.account_id is not None
    with city.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )
        home = HomeAddress("aleja Róż", "3")
        service.tell_address(work, account, case_id=case_id, address=home, at=NOW)
        service.choose_road(work, account, case_id=case_id, road=Road.STATEMENT, at=NOW)
        name = queries.identity_of(work.session, person)
        assert name is not None
        service.sign_statement(
            work, account, case_id=case_id, signature=name.full_name, language="uk", at=NOW
        )
        service.submit_case(work, account, case_id=case_id, at=NOW)
    officer = make_staff(city, Role.OFFICER)
    claim(city, officer, case_id)
    start, outcomes = threading.Barrier(2), []

    def run(confirm: bool) -> None:
        start.wait(10)
        try:
            with city.writing() as work:
                if confirm:
                    service.confirm_case(work, officer, case_id=case_id, at=NOW)
                else:
                    service.withdraw_case(work, account, case_id=case_id, at=NOW)
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run, args=(confirm,)) for confirm in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("done") == 1
    with city.reading() as session:
        state = queries.get_case(session, case_id).state
        district = queries.district_of_person(session, person, at=NOW)
    assert (state, district) in {(CaseState.CONFIRMED, 18), (CaseState.WITHDRAWN, 8)}


def test_what_was_said_of_a_district_is_in_the_copy_and_goes_with_the_person(
    city: Database,
) -> None:
    account, person = make_resident(city)
    case = last_case(city, person)
    contest(city, account, case.id)
    assert account.account_id is not None
    with city.writing() as work:
        copied = service.export_person(work, account, person_id=person, at=NOW)
    assert copied["cases"][0]["district_contested"]["your_reason"] == "The gate is there"
    assert copied["children"] == []
    with city.writing() as work:
        service.erase_person(work, account, account_id=account.account_id, at=NOW)
    with city.reading() as session:
        left = queries.find_contest(session, case.id)
        assert queries.list_open_contests(session) == []
    assert left is not None
    assert (left.reason, left.state) == ("", ContestState.WITHDRAWN)
