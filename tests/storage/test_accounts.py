"""Accounts: codes, passwords, second factors, and that nobody learns who is registered."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from civic_budget.accounts import queries, service
from civic_budget.accounts.attempts import TooManyTries, count_try
from civic_budget.accounts.contacts import ContactKind, read_contact
from civic_budget.accounts.models import Account
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import PASSWORD, make_account, make_staff
from tests.conftest import NOW

OLENA = read_contact("Olena@Example.org")


def messages(database: Database) -> list[Task]:
    sent: list[Task] = []
    work_off(database, {"message": sent.append}, at=NOW)
    return sent


def sign_up(database: Database) -> tuple[str, object]:
    with database.writing() as work:
        pending = service.start_sign_up(
            work, contact=OLENA, password=PASSWORD, language="uk", at=NOW
        )
    return messages(database)[-1].payload["values"].get("code", ""), pending


def test_a_code_opens_an_account_that_can_sign_in(database: Database) -> None:
    code, pending = sign_up(database)
    with database.writing() as work:
        account_id = service.confirm_sign_up(work, pending_id=pending, code=code, at=NOW)
    with database.writing() as work:
        started = service.sign_in(work, contact=OLENA, password=PASSWORD, at=NOW)
    assert started.account_id == account_id


def test_a_code_works_once_and_not_for_ever(database: Database) -> None:
    code, pending = sign_up(database)
    late = NOW + service.CODE_LIFETIME
    with pytest.raises(Conflict, match="code_expired"), database.writing() as work:
        service.confirm_sign_up(work, pending_id=pending, code=code, at=late)
    with database.writing() as work:
        service.confirm_sign_up(work, pending_id=pending, code=code, at=NOW)
    with pytest.raises(Conflict, match="code_expired"), database.writing() as work:
        service.confirm_sign_up(work, pending_id=pending, code=code, at=NOW)


def test_guessing_a_code_ends_after_a_few_tries(database: Database) -> None:
    code, pending = sign_up(database)
    for _ in range(service.CODE_TRIES + 1):
        with database.writing() as work:
            service.count_code_try(work, pending_id=pending)
    with pytest.raises(Conflict, match="code_expired"), database.writing() as work:
        service.confirm_sign_up(work, pending_id=pending, code=code, at=NOW)


def test_a_known_address_gets_another_message_and_no_code_opens_it(database: Database) -> None:
    make_account(database, contact=OLENA.address)
    code, pending = sign_up(database)
    assert code == ""
    for guess in ("", "000000"):
        with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
            service.confirm_sign_up(work, pending_id=pending, code=guess, at=NOW)


def test_a_contact_is_not_readable_in_the_table(database: Database) -> None:
    make_account(database, contact=OLENA.address)
    with database.reading() as session:
        row = session.scalars(select(Account)).one()
        stored = (row.email_sealed or b"") + (row.email_blind or b"")
        assert b"olena" not in stored
        assert queries.contact_of(session, row) == OLENA


def test_wrong_password_and_unknown_contact_say_the_same(database: Database) -> None:
    make_account(database, contact=OLENA.address)
    for contact, password in ((OLENA, "another one"), (read_contact("no@one.org"), PASSWORD)):
        with pytest.raises(DomainError, match="wrong_credentials"), database.writing() as work:
            service.sign_in(work, contact=contact, password=password, at=NOW)


def test_a_printed_code_passes_once_and_a_new_sheet_voids_the_old(database: Database) -> None:
    staff = make_staff(database, Role.OFFICER)
    assert staff.account_id is not None
    with database.writing() as work:
        codes = service.issue_printed_codes(work, SYSTEM, account_id=staff.account_id, at=NOW)
        session_id = service.start_session(work, account_id=staff.account_id, at=NOW).id
    with database.writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id, code=codes[0].lower(), at=NOW)
    with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id, code=codes[0], at=NOW)
    with database.writing() as work:
        service.issue_printed_codes(work, SYSTEM, account_id=staff.account_id, at=NOW)
    with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id, code=codes[1], at=NOW)


def test_an_authenticator_passes_in_its_time(database: Database) -> None:
    staff = make_staff(database, Role.ANALYST)
    assert staff.account_id is not None
    secret = pyotp.random_base32()
    with database.writing() as work:
        service.set_authenticator(work, account_id=staff.account_id, secret=secret)
        session_id = service.start_session(work, account_id=staff.account_id, at=NOW).id
    code = pyotp.TOTP(secret).at(NOW)
    late = NOW + timedelta(minutes=5)
    with pytest.raises(Conflict), database.writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id, code=code, at=late)
    with database.writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id, code=code, at=NOW)


def test_a_new_password_ends_all_sessions(database: Database) -> None:
    account = make_account(database, contact=OLENA.address)
    assert account.account_id is not None
    with database.writing() as work:
        session_id = service.start_session(work, account_id=account.account_id, at=NOW).id
        pending = service.start_recovery(work, contact=OLENA, language="uk", at=NOW)
    code = messages(database)[-1].payload["values"]["code"]
    with database.writing() as work:
        service.reset_password(
            work, pending_id=pending, code=code, password="another four words", at=NOW
        )
    with database.reading() as session:
        assert queries.find_signed_in(session, session_id, at=NOW) is None


def test_tries_are_counted_in_windows(database: Database) -> None:
    for _ in range(3):
        with database.writing() as work:
            count_try(work, "sign-in", "somebody", limit=3, at=NOW)
    with pytest.raises(TooManyTries), database.writing() as work:
        count_try(work, "sign-in", "somebody", limit=3, at=NOW)
    with database.writing() as work:
        count_try(work, "sign-in", "somebody", limit=3, at=NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("typed", "kind", "address"),
    [
        (" Jan.Kowalski@Poczta.PL ", ContactKind.EMAIL, "jan.kowalski@poczta.pl"),
        ("600 000 123", ContactKind.PHONE, "+48600000123"),
        ("+380 (67) 123-45-67", ContactKind.PHONE, "+380671234567"),
        ("0048 600000123", ContactKind.PHONE, "+48600000123"),
    ],
)
def test_contacts_are_read_as_people_type_them(typed: str, kind: ContactKind, address: str) -> None:
    contact = read_contact(typed)
    assert (contact.kind, contact.address) == (kind, address)


@pytest.mark.parametrize("typed", ["", "12345", "a@b", "two words", "x@y@z.org"])
def test_what_is_no_contact_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Conflict) as refusal:
        read_contact(typed)
    assert refusal.value.field == "contact"
