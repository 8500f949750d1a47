"""Mailed links, contacts and passwords of one's own, what messages may cost, and what is purged."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic_budget.accounts import queries, service
from civic_budget.accounts.attempts import MessageLimits, TooManyTries, count_message
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.devices import Device, read_device
from civic_budget.accounts.models import PendingCode, SignIn
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import OutboxTask, Task, work_off
from tests.builders import PASSWORD, make_account, make_staff
from tests.conftest import NOW

OLENA = read_contact("olena@example.org")
NEW = read_contact("olena.new@example.org")


def messages(database: Database) -> list[Task]:
    sent: list[Task] = []
    work_off(
        database, {"message": sent.append, service.NO_MESSAGE: service.perform_nothing}, at=NOW
    )
    return sent


def ask_link(database: Database, address: str = OLENA.address) -> UUID:
    with database.writing() as work:
        return service.start_link(work, contact=read_contact(address), language="uk", at=NOW)


def use(database: Database, link_id: UUID, token: str, *, minutes: int = 0) -> UUID:
    with database.writing() as work:
        at = NOW + timedelta(minutes=minutes)
        return service.use_link(work, pending_id=link_id, token=token, at=at).account_id


def test_a_link_signs_in_once_within_a_quarter_of_an_hour(database: Database) -> None:
    olena = make_account(database, contact=OLENA.address)
    link_id = ask_link(database)
    token = messages(database)[-1].payload["values"]["token"]
    with pytest.raises(Conflict, match="link_expired"):
        use(database, link_id, token, minutes=15)
    assert use(database, link_id, token, minutes=14) == olena.account_id
    with pytest.raises(Conflict, match="link_expired"):
        use(database, link_id, token, minutes=14)


def test_looking_at_a_link_does_not_use_it_up(database: Database) -> None:
    make_account(database, contact=OLENA.address)
    link_id = ask_link(database)
    token = messages(database)[-1].payload["values"]["token"]
    for _ in range(20):
        with database.reading() as session:
            assert service.find_link(session, pending_id=link_id, token=token, at=NOW) == OLENA
    use(database, link_id, token)


def test_strangers_and_staff_get_no_link_and_no_token_fits(database: Database) -> None:
    staff = make_staff(database, Role.ADMINISTRATOR)
    assert staff.account_id is not None
    with database.reading() as session:
        work_address = queries.get_reachable(session, staff.account_id).contact
    assert work_address is not None
    for address in ("nobody@example.org", work_address.address):
        link_id = ask_link(database, address)
        assert messages(database) == []
        with pytest.raises(Conflict, match="link_expired"):
            use(database, link_id, "")


def test_known_and_unknown_addresses_cost_the_same_rows(database: Database) -> None:
    """The answer can't be timed by what it writes: a code and a task of the outbox either way."""
    make_account(database, contact=OLENA.address)

    def rows() -> tuple[int, ...]:
        with database.reading() as session:
            tables = (PendingCode, OutboxTask)
            return tuple(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)

    for begin in (service.start_link, service.start_recovery):
        grown = []
        for address in (OLENA.address, "nobody@example.org"):
            before = rows()
            with database.writing() as work:
                begin(work, contact=read_contact(address), language="pl", at=NOW)
            grown.append([after - old for after, old in zip(rows(), before, strict=True)])
        assert grown[0] == grown[1] == [1, 1]


def test_the_password_is_hashed_for_a_known_address_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civic_budget.accounts import passwords

    make_account(database, contact=OLENA.address)
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", lambda word: hashed.append(word) or "hash")
    for contact in (OLENA, NEW):
        with database.writing() as work:
            service.start_sign_up(work, contact=contact, password=PASSWORD, language="pl", at=NOW)
    assert len(hashed) == 2


def test_text_messages_have_a_limit_to_a_phone_and_in_all(database: Database) -> None:
    limits = MessageLimits(to_a_phone_a_day=2, in_all_an_hour=3)

    def send(phone: str, hours: int = 0) -> None:
        with database.writing() as work:
            at = NOW + timedelta(hours=hours)
            count_message(work, read_contact(phone), limits, at=at)

    send("600100200")
    send("600100200")
    with pytest.raises(TooManyTries) as refusal:
        send("600100200", hours=1)
    assert refusal.value.code == "too_many_messages_to_phone"
    send("600100201")
    with pytest.raises(TooManyTries) as refusal:
        send("600100202")
    assert refusal.value.code == "too_many_messages"
    send("600100202", hours=1)
    send("600100200", hours=24)
    for _ in range(9):
        send("olena@example.org")


def change(database: Database, account_id: UUID, current: str = PASSWORD) -> UUID:
    with database.writing() as work:
        return service.start_contact_change(
            work, account_id=account_id, contact=NEW, current=current, at=NOW
        )


def test_a_new_contact_is_confirmed_by_code_and_the_old_one_is_told(database: Database) -> None:
    olena = make_account(database, contact=OLENA.address)
    assert olena.account_id is not None
    pending = change(database, olena.account_id)
    code = messages(database)[-1].payload["values"]["code"]
    with database.writing() as work:
        service.confirm_contact_change(
            work, account_id=olena.account_id, pending_id=pending, code=code, at=NOW
        )
    told = messages(database)[-1].payload
    assert (told["message"], told["address"]) == ("contact_changed", OLENA.address)
    with database.reading() as session:
        assert queries.find_by_contact(session, OLENA) is None
        assert queries.get_reachable(session, olena.account_id).contact == NEW


def test_a_contact_change_needs_the_password_and_the_own_code(database: Database) -> None:
    olena, other = make_account(database, contact=OLENA.address), make_account(database)
    assert olena.account_id is not None and other.account_id is not None
    with pytest.raises(Conflict, match="wrong_password"):
        change(database, olena.account_id, "another one")
    pending = change(database, olena.account_id)
    code = messages(database)[-1].payload["values"]["code"]
    with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
        service.confirm_contact_change(
            work, account_id=other.account_id, pending_id=pending, code=code, at=NOW
        )


def test_somebody_elses_contact_can_not_be_taken_nor_found_out(database: Database) -> None:
    olena = make_account(database, contact=OLENA.address)
    make_account(database, contact=NEW.address)
    assert olena.account_id is not None
    pending = change(database, olena.account_id)
    (told,) = messages(database)
    assert told.payload["message"] == "already_registered"
    for guess in ("", "000000"):
        with pytest.raises(Conflict, match="wrong_code"), database.writing() as work:
            service.confirm_contact_change(
                work, account_id=olena.account_id, pending_id=pending, code=guess, at=NOW
            )


def test_changing_the_password_ends_other_sessions_and_voids_what_was_mailed(
    database: Database,
) -> None:
    olena = make_account(database, contact=OLENA.address)
    assert olena.account_id is not None
    with database.writing() as work:
        here = service.start_session(work, account_id=olena.account_id, at=NOW).id
        there = service.start_session(work, account_id=olena.account_id, at=NOW).id
    link_id = ask_link(database)
    token = messages(database)[-1].payload["values"]["token"]
    with database.writing() as work:
        service.change_password(
            work,
            account_id=olena.account_id,
            current=PASSWORD,
            password="four other words now",
            keep_session=here,
            at=NOW,
        )
    with database.reading() as session:
        assert queries.find_signed_in(session, here, at=NOW) is not None
        assert queries.find_signed_in(session, there, at=NOW) is None
    with pytest.raises(Conflict, match="link_expired"):
        use(database, link_id, token)
    assert messages(database)[-1].payload["message"] == "password_changed"


def test_nobody_ends_somebody_elses_session(database: Database) -> None:
    olena, other = make_account(database), make_account(database)
    assert olena.account_id is not None and other.account_id is not None
    with database.writing() as work:
        session_id = service.start_session(work, account_id=olena.account_id, at=NOW).id
    with pytest.raises(NotFound), database.writing() as work:
        service.end_session(work, account_id=other.account_id, sign_in_id=session_id, at=NOW)
    with database.writing() as work:
        service.end_session(work, account_id=olena.account_id, sign_in_id=session_id, at=NOW)
    with database.reading() as session:
        assert queries.find_signed_in(session, session_id, at=NOW) is None


def test_spent_codes_and_old_sessions_are_purged(database: Database) -> None:
    olena = make_account(database, contact=OLENA.address)
    assert olena.account_id is not None
    ask_link(database)
    with database.writing() as work:
        running = service.start_session(work, account_id=olena.account_id, at=NOW).id
        old = service.start_session(
            work, account_id=olena.account_id, at=NOW - timedelta(days=60)
        ).id
    with database.writing() as work:
        assert service.purge_codes(work, at=NOW) == 0
        assert service.purge_codes(work, at=NOW + service.LINK_LIFETIME) == 1
        service.purge_sessions(work, at=NOW)
    with database.reading() as session:
        assert session.get(SignIn, running) is not None
        assert session.get(SignIn, old) is None


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140", Device.ANDROID),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", Device.IPHONE),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/141", Device.WINDOWS),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari", Device.MAC),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/141", Device.LINUX),
        ("curl/8.9", Device.UNKNOWN),
    ],
)
def test_a_device_is_known_by_its_family_alone(said: str, device: Device) -> None:
    assert read_device(said) is device
