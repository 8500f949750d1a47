"""The staff's accounts: who may make them, when they end, and how a lost second factor is replaced."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select

from civic_budget.accounts import policy, queries, service, staff_queries
from civic_budget.accounts.contacts import read_contact
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_account, make_staff
from tests.conftest import NOW

REASON = "lost the sheet, recognised at the office"
LATER = NOW + timedelta(days=10)


def id_of(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


@pytest.fixture
def boss(database: Database) -> Actor:
    return make_staff(database, Role.ADMINISTRATOR)


@pytest.fixture
def officer(database: Database) -> Actor:
    return make_staff(database, Role.OFFICER)


def give_codes(database: Database, staff: Actor) -> list[str]:
    with database.writing() as work:
        return service.issue_printed_codes(work, SYSTEM, account_id=id_of(staff), at=NOW)


def deeds_of(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.deed).order_by(AuditEntry.at)))


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMINISTRATOR)])
def test_only_administrators_manage_the_staff(
    database: Database, officer: Actor, role: Role | None
) -> None:
    other = make_account(database)
    actor = Actor(other.account_id, frozenset({role} if role else ()))
    target = id_of(officer)
    deeds = [
        lambda work: service.grant_role(
            work, actor, account_id=target, role=Role.ANALYST, until_at=None, at=NOW
        ),
        lambda work: service.end_role(work, actor, account_id=target, role=Role.OFFICER, at=NOW),
        lambda work: service.disable_staff(work, actor, account_id=target, at=NOW),
        lambda work: service.enable_staff(work, actor, account_id=target, at=NOW),
        lambda work: service.issue_printed_codes(work, actor, account_id=target, at=NOW),
        lambda work: service.ask_reset(work, actor, account_id=target, reason=REASON, at=NOW),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed), database.writing() as work:
            deed(work)


def test_a_role_ends_by_itself_and_a_former_colleague_is_nobody(
    database: Database, boss: Actor, officer: Actor
) -> None:
    with database.writing() as work:
        service.grant_role(
            work, boss, account_id=id_of(officer), role=Role.OFFICER, until_at=LATER, at=NOW
        )
        session = service.start_session(work, account_id=id_of(officer), at=LATER)
        session.expires_at = LATER + timedelta(days=9)
        session_id = session.id
    with database.reading() as looking:
        assert queries.find_signed_in(looking, session_id, at=LATER - timedelta(seconds=1))
        assert queries.find_signed_in(looking, session_id, at=LATER) is None
        contact = queries.get_reachable(looking, id_of(officer)).contact
    assert contact is not None
    with pytest.raises(DomainError, match="wrong_credentials"), database.writing() as work:
        service.sign_in(work, contact=contact, password=PASSWORD, at=LATER)


def test_an_assessor_whose_role_ended_is_not_listed(database: Database, boss: Actor) -> None:
    assessor = make_staff(database, Role.ASSESSOR)
    with database.writing() as work:
        service.end_role(work, boss, account_id=id_of(assessor), role=Role.ASSESSOR, at=NOW)
    with database.reading() as session:
        assert queries.list_accounts_with_role(session, Role.ASSESSOR, at=NOW) == []


def test_a_closed_account_is_signed_out_and_can_be_opened_again(
    database: Database, boss: Actor, officer: Actor
) -> None:
    with database.writing() as work:
        session_id = service.start_session(work, account_id=id_of(officer), at=NOW).id
        contact = queries.get_reachable(work.session, id_of(officer)).contact
    assert contact is not None
    with database.writing() as work:
        service.disable_staff(work, boss, account_id=id_of(officer), at=NOW)
    with database.reading() as session:
        assert queries.find_signed_in(session, session_id, at=NOW) is None
    with pytest.raises(DomainError, match="wrong_credentials"), database.writing() as work:
        service.sign_in(work, contact=contact, password=PASSWORD, at=NOW)
    with database.writing() as work:
        service.enable_staff(work, boss, account_id=id_of(officer), at=NOW)
    with database.writing() as work:
        service.sign_in(work, contact=contact, password=PASSWORD, at=NOW)


def test_administrators_can_not_lock_themselves_out(database: Database, boss: Actor) -> None:
    own = id_of(boss)
    deeds = [
        lambda work: service.disable_staff(work, boss, account_id=own, at=NOW),
        lambda work: service.end_role(work, boss, account_id=own, role=Role.ADMINISTRATOR, at=NOW),
        lambda work: service.ask_reset(work, boss, account_id=own, reason=REASON, at=NOW),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed, match="own_account"), database.writing() as work:
            deed(work)


def test_a_residents_account_is_out_of_the_administrators_reach(
    database: Database, boss: Actor
) -> None:
    resident = id_of(make_account(database))
    deeds = [
        lambda work: service.disable_staff(work, boss, account_id=resident, at=NOW),
        lambda work: service.issue_printed_codes(work, boss, account_id=resident, at=NOW),
        lambda work: service.ask_reset(work, boss, account_id=resident, reason=REASON, at=NOW),
        lambda work: service.grant_role(
            work, boss, account_id=resident, role=Role.OFFICER, until_at=None, at=NOW
        ),
    ]
    for deed in deeds:
        with pytest.raises(NotFound), database.writing() as work:
            deed(work)
    with pytest.raises(NotFound), database.reading() as session:
        staff_queries.get_staff(session, resident, at=NOW)


def test_a_lost_second_factor_is_taken_away_for_a_written_reason(
    database: Database, boss: Actor, officer: Actor
) -> None:
    codes = give_codes(database, officer)
    with pytest.raises(Conflict, match="reason_too_short"), database.writing() as work:
        service.ask_reset(work, boss, account_id=id_of(officer), reason=" lost ", at=NOW)
    with database.writing() as work:
        session_id = service.start_session(work, account_id=id_of(officer), at=NOW).id
    with database.writing() as work:
        assert service.ask_reset(work, boss, account_id=id_of(officer), reason=REASON, at=NOW)
    with database.reading() as session:
        assert queries.find_signed_in(session, session_id, at=NOW) is None
        assert not staff_queries.get_staff(session, id_of(officer), at=NOW).has_second_factor
    with database.writing() as work:
        fresh = service.start_session(work, account_id=id_of(officer), at=NOW).id
    with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
        service.pass_second_factor(work, sign_in_id=fresh, code=codes[0], at=NOW)
    assert {"SecondFactorResetAsked", "SecondFactorReset"} <= set(deeds_of(database))


def test_an_administrators_second_factor_needs_two_administrators(
    database: Database, boss: Actor
) -> None:
    second, lost = (make_staff(database, Role.ADMINISTRATOR) for _ in range(2))
    give_codes(database, lost)
    with database.writing() as work:
        assert not service.ask_reset(work, boss, account_id=id_of(lost), reason=REASON, at=NOW)
    with database.reading() as session:
        assert staff_queries.get_staff(session, id_of(lost), at=NOW).has_second_factor
        (waiting,) = staff_queries.list_waiting_resets(session, id_of(lost), at=NOW)
    for actor, reason in ((boss, "needs_second_administrator"), (lost, "own_account")):
        with pytest.raises(NotAllowed, match=reason), database.writing() as work:
            service.confirm_reset(work, actor, reset_id=waiting.reset_id, at=NOW)
    with database.writing() as work:
        service.confirm_reset(work, second, reset_id=waiting.reset_id, at=NOW)
    with pytest.raises(NotFound), database.writing() as work:
        service.confirm_reset(work, second, reset_id=waiting.reset_id, at=NOW)
    with database.reading() as session:
        assert not staff_queries.get_staff(session, id_of(lost), at=NOW).has_second_factor


def test_a_request_that_nobody_confirmed_lapses(database: Database, boss: Actor) -> None:
    second, lost = (make_staff(database, Role.ADMINISTRATOR) for _ in range(2))
    with database.writing() as work:
        service.ask_reset(work, boss, account_id=id_of(lost), reason=REASON, at=NOW)
    late = NOW + policy.RESET_WAITS
    with database.reading() as session:
        (waiting,) = staff_queries.list_waiting_resets(session, id_of(lost), at=NOW)
        assert staff_queries.list_waiting_resets(session, id_of(lost), at=late) == []
    with pytest.raises(NotFound), database.writing() as work:
        service.confirm_reset(work, second, reset_id=waiting.reset_id, at=late)


def test_a_code_of_the_authenticator_works_once(database: Database, officer: Actor) -> None:
    secret = pyotp.random_base32()
    totp = pyotp.TOTP(secret)
    with database.writing() as work:
        service.set_authenticator(work, account_id=id_of(officer), secret=secret)
        session_id = service.start_session(work, account_id=id_of(officer), at=NOW).id

    def type_in(code: str) -> None:
        with database.writing() as work:
            service.pass_second_factor(work, sign_in_id=session_id, code=code, at=NOW)

    type_in(totp.at(NOW))
    for seconds in (0, -30):
        with pytest.raises(Conflict, match="wrong_code"):
            type_in(totp.at(NOW + timedelta(seconds=seconds)))
    type_in(totp.at(NOW + timedelta(seconds=30)))


def test_an_invited_colleague_gets_a_message_and_no_password_fits_yet(
    database: Database, boss: Actor
) -> None:
    contact = read_contact("new.officer@example.org")
    with database.writing() as work:
        service.create_staff_account(
            work,
            boss,
            contact=contact,
            name="Anna Nowa",
            password=None,
            roles=[Role.OFFICER],
            workplace="Punkt Nowa Huta",
            until_at=LATER,
            at=NOW,
        )
    for guess in ("", PASSWORD):
        with pytest.raises(DomainError, match="wrong_credentials"), database.writing() as work:
            service.sign_in(work, contact=contact, password=guess, at=NOW)
    with database.reading() as session:
        line = next(
            one for one in staff_queries.list_staff(session, at=NOW) if one.name == "Anna Nowa"
        )
    assert [(one.role, one.until_at) for one in line.roles] == [(Role.OFFICER, LATER)]
    assert line.workplace == "Punkt Nowa Huta" and not line.has_second_factor
