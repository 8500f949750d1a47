"""Deeds on residence cases: what residents and officers can do, and what the database never allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.kernel.workflow import WrongState
from civic_budget.residency import queries, service
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.models import PersonIdentity, ResidenceCase
from civic_budget.residency.rules import CaseState, Flag, Road, Standing
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff
from tests.builders_residency import claim, make_case, make_identity, make_resident
from tests.conftest import NOW

OTHER_NAME = make_identity("BORYS", "TKACHUK", date(1985, 1, 1))


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def state_of(database: Database, case_id: UUID) -> CaseState:
    with database.reading() as session:
        return queries.get_case(session, case_id).state


def test_a_draft_is_told_step_by_step_and_resumes(city: Database) -> None:
    account = make_account(city)
    assert account.account_id is not None
    with city.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )
        service.tell_name(
            work, account, case_id=case_id, given_names=" OLENA ", family_name="KOVALENKO", at=NOW
        )
    with city.writing() as work:
        again = service.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )
    assert again == case_id
    with city.reading() as session:
        assert queries.get_case(session, case_id).answers.given_names == "OLENA"


def test_an_incomplete_case_is_not_sent_and_names_the_missing_step(city: Database) -> None:
    account = make_account(city)
    assert account.account_id is not None
    with city.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        service.tell_name(
            work, account, case_id=case_id, given_names="OLENA", family_name="", at=NOW
        )
    with pytest.raises(Conflict) as refused, city.writing() as work:
        service.submit_case(work, account, case_id=case_id, at=NOW)
    assert refused.value.details == {"step": "birth_date"}


@pytest.mark.parametrize(
    ("born_on", "code"),
    [(date(2026, 5, 21), "born_in_future"), (date(1905, 5, 20), "born_too_long_ago")],
)
def test_impossible_birth_dates_are_refused(city: Database, born_on: date, code: str) -> None:
    account = make_account(city)
    with pytest.raises(Conflict) as refused:
        make_case(city, account, identity=make_identity(born_on=born_on))
    assert (refused.value.code, refused.value.field) == (code, "birth_date")


def test_the_district_follows_from_the_house_number(city: Database) -> None:
    low, high = make_account(city), make_account(city)
    first = make_case(city, low, address=HomeAddress("ul. dluga", "3"))
    second = make_case(city, high, identity=OTHER_NAME, address=HomeAddress("Długa", "40"))
    with city.reading() as session:
        assert queries.get_case(session, first).district == 8
        assert queries.get_case(session, second).district == 18


def test_a_sent_case_gives_provisional_standing_and_a_confirmed_one_the_full(
    city: Database,
) -> None:
    account = make_account(city)
    case_id = make_case(city, account)
    assert account.account_id is not None
    with city.reading() as session:
        person = queries.own_person(session, account.account_id)
        assert person is not None
        before = NOW - timedelta(seconds=1)
        assert queries.standing_of(session, person, at=before) is Standing.NONE
        assert queries.standing_of(session, person, at=NOW) is Standing.PROVISIONAL
    with city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
    with city.reading() as session:
        assert queries.standing_of(session, person, at=NOW) is Standing.CONFIRMED
        late = NOW + timedelta(days=366 * 3 + 1)
        assert queries.standing_of(session, person, at=late) is Standing.NONE
        assert queries.district_of_person(session, person, at=NOW) == 8
        listed = queries.list_eligible_persons(session, at=NOW)
    assert [(row.person_id, row.district, row.standing) for row in listed] == [
        (person, 8, Standing.CONFIRMED)
    ]


def test_a_move_keeps_the_old_confirmation_until_it_is_decided(city: Database) -> None:
    account, person = make_resident(city)
    assert account.account_id is not None
    later = NOW + timedelta(days=30)
    with city.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=later
        )
        service.tell_address(
            work, account, case_id=case_id, address=HomeAddress("aleja Róż", "2"), at=later
        )
        told = queries.get_case(work.session, case_id).answers
        name = f"{told.given_names} {told.family_name}"
        service.sign_statement(
            work, account, case_id=case_id, signature=name, language="en", at=later
        )
        service.submit_case(work, account, case_id=case_id, at=later)
    with city.reading() as session:
        assert queries.district_of_person(session, person, at=later) == 8
        known = queries.identity_of(session, person)
        assert known is not None and known.address is not None
        assert known.address.street == "Zachodnia"
    with city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=later)
    with city.reading() as session:
        assert queries.district_of_person(session, person, at=later) == 18


def test_names_lie_sealed_and_bound_to_their_row(city: Database) -> None:
    one, other = make_account(city), make_account(city)
    make_case(city, one)
    make_case(city, other, identity=OTHER_NAME)
    with city.writing() as work:
        rows = work.session.scalars(select(PersonIdentity)).all()
        assert all(
            b"KOVALENKO" not in row.sealed and b"Zachodnia" not in row.sealed for row in rows
        )
        rows[0].sealed, rows[1].sealed = rows[1].sealed, rows[0].sealed
        moved = rows[0].person_id
    with city.reading() as session, pytest.raises(ValueError, match="does not open"):
        queries.identity_of(session, moved)


def test_the_second_officer_who_clicks_is_told_that_the_case_is_taken(city: Database) -> None:
    case_id = make_case(city, make_account(city))
    first, second = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    claim(city, first, case_id)
    with pytest.raises(NotAllowed, match="claimed_by_other"):
        claim(city, second, case_id, at=NOW + timedelta(hours=1))
    with pytest.raises(NotAllowed, match="claimed_by_other"), city.writing() as work:
        service.confirm_case(work, second, case_id=case_id, at=NOW)
    claim(city, second, case_id, at=NOW + timedelta(hours=9))


def test_two_decisions_on_one_case_cannot_both_happen(city: Database) -> None:
    case_id = make_case(city, make_account(city))
    officer = make_staff(city, Role.OFFICER)
    claim(city, officer, case_id)
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    with pytest.raises(NotAllowed), city.writing() as work:
        service.refuse_case(
            work, officer, case_id=case_id, reason="outdated", sentence="Too old.", at=NOW
        )
    assert state_of(city, case_id) is CaseState.CONFIRMED


def test_nobody_decides_their_own_or_a_friends_case(city: Database) -> None:
    officer = make_staff(city, Role.OFFICER)
    own = make_case(city, officer)
    with pytest.raises(NotAllowed, match="own_case"):
        claim(city, officer, own)
    friends = make_case(city, make_account(city), identity=OTHER_NAME)
    claim(city, officer, friends)
    with city.writing() as work:
        service.declare_interest(work, officer, case_id=friends, at=NOW)
    with pytest.raises(NotAllowed, match="declared_interest"):
        claim(city, officer, friends)


def refused_case(city: Database) -> tuple[Actor, Actor, UUID]:
    account, officer = make_account(city), make_staff(city, Role.OFFICER)
    case_id = make_case(city, account, road=Road.DOCUMENT, language="uk")
    claim(city, officer, case_id)
    with city.writing() as work:
        service.refuse_case(
            work,
            officer,
            case_id=case_id,
            reason="other_address",
            sentence="Адреса в документі інша.",
            at=NOW,
        )
    return account, officer, case_id


def test_a_refusal_is_appealed_and_decided_by_another_officer(city: Database) -> None:
    account, officer, case_id = refused_case(city)
    with city.writing() as work:
        service.appeal(work, account, case_id=case_id, words="It is my flat.", at=NOW)
    with pytest.raises(NotAllowed, match="second_officer"):
        claim(city, officer, case_id)
    second = make_staff(city, Role.OFFICER)
    claim(city, second, case_id)
    with city.writing() as work:
        service.confirm_case(work, second, case_id=case_id, at=NOW)
    assert state_of(city, case_id) is CaseState.CONFIRMED


def test_an_appeal_after_its_deadline_or_without_words_is_refused(city: Database) -> None:
    account, _, case_id = refused_case(city)
    with pytest.raises(Conflict, match="appeal_needs_words"), city.writing() as work:
        service.appeal(work, account, case_id=case_id, words="  ", at=NOW)
    with pytest.raises(NotAllowed, match="appeal_too_late"), city.writing() as work:
        late = NOW + timedelta(days=14)
        service.appeal(work, account, case_id=case_id, words="Please.", at=late)


def test_the_message_about_a_refusal_has_the_sentence_and_the_persons_language(
    city: Database,
) -> None:
    account, _, case_id = refused_case(city)
    with city.reading() as session:
        facts = queries.get_message_facts(session, case_id)
    assert facts.sentence == "Адреса в документі інша."
    assert (facts.language, facts.reason) == ("uk", "other_address")
    assert facts.account_ids == (account.account_id,)


@pytest.mark.parametrize(("reason", "sentence"), [("nonsense", "Words."), ("outdated", " ")])
def test_a_refusal_needs_a_known_reason_and_a_sentence(
    city: Database, reason: str, sentence: str
) -> None:
    case_id = make_case(city, make_account(city))
    with pytest.raises(Conflict), city.writing() as work:
        service.refuse_case(work, SYSTEM, case_id=case_id, reason=reason, sentence=sentence, at=NOW)


def test_a_stranger_can_touch_nothing(city: Database) -> None:
    case_id = make_case(city, make_account(city))
    stranger = make_account(city)
    deeds: list[Callable[..., object]] = [service.withdraw_case, service.submit_case]
    for deed in deeds:
        with pytest.raises(NotAllowed, match="not_your_case"), city.writing() as work:
            deed(work, stranger, case_id=case_id, at=NOW)


def test_two_records_of_one_human_flag_the_second_case_only_for_officers(city: Database) -> None:
    first = make_case(city, make_account(city))
    second = make_case(
        city,
        make_account(city),
        identity=make_identity("Олена", "Коваленко"),
        address=HomeAddress("aleja Róż", "2"),
    )
    with city.reading() as session:
        assert queries.get_case(session, first).flags == ()
        case = queries.get_case(session, second)
        assert case.flags == (Flag.DUPLICATE,)
        suspects = queries.list_suspects(session, case.person_id)
    assert [suspect.keys for suspect in suspects] == [("k1",)]
    assert suspects[0].score > 75


def test_a_statement_confirms_at_once_where_the_city_says_so_but_a_flag_waits(
    city: Database,
) -> None:
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": True})
    first = make_case(city, make_account(city))
    double = make_case(city, make_account(city))
    assert state_of(city, first) is CaseState.CONFIRMED
    assert state_of(city, double) is CaseState.SUBMITTED


def test_the_database_itself_refuses_a_second_open_case(city: Database) -> None:
    case_id = make_case(city, make_account(city))
    with pytest.raises(IntegrityError), city.writing() as work:
        row = work.session.get_one(ResidenceCase, case_id)
        work.session.add(
            ResidenceCase(
                reference="R-2222-2222",
                person_id=row.person_id,
                purpose="first",
                state="draft",
                language="en",
                flags=[],
                is_flagged=False,
                created_at=NOW,
                updated_at=NOW,
            )
        )


def test_decisions_can_neither_be_changed_nor_deleted(city: Database) -> None:
    refused_case(city)
    for statement in ("UPDATE case_decision SET reason = 'x'", "DELETE FROM case_decision"):
        with pytest.raises(DBAPIError, match="append-only"), city.writing() as work:
            work.session.execute(text(statement))


def test_the_trail_tells_deeds_by_ids_and_codes_only(city: Database) -> None:
    refused_case(city)
    with city.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
        told = {entry.deed for entry in entries}
        words = " ".join(str(entry.subjects) for entry in entries)
    assert {"CaseSubmitted", "CaseClaimed", "ResidenceRefused"} <= told
    assert "KOVALENKO" not in words and "Адреса" not in words


def test_withdrawing_twice_is_told_kindly(city: Database) -> None:
    account = make_account(city)
    case_id = make_case(city, account)
    with city.writing() as work:
        service.withdraw_case(work, account, case_id=case_id, at=NOW)
    with pytest.raises(WrongState), city.writing() as work:
        service.withdraw_case(work, account, case_id=case_id, at=NOW)
