"""Passkeys: only a genuine, fresh answer to our own question opens an account."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.accounts import queries, service
from civic_budget.accounts.devices import Device
from civic_budget.accounts.passkeys import PasskeyRefused, RelyingParty, relying_party
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Database
from tests.authenticator import Authenticator
from tests.builders import make_account, make_staff
from tests.conftest import NOW

HERE = RelyingParty("budget.example", "https://budget.example")


def add(database: Database, owner: Actor, key: Authenticator) -> UUID:
    assert owner.account_id is not None
    with database.writing() as work:
        challenge_id, options = service.ask_new_passkey(
            work, HERE, account_id=owner.account_id, at=NOW
        )
    with database.writing() as work:
        return service.add_passkey(
            work,
            HERE,
            account_id=owner.account_id,
            challenge_id=challenge_id,
            answer=key.create(options),
            device=Device.ANDROID,
            at=NOW,
        )


def ask(database: Database) -> tuple[UUID, str]:
    with database.writing() as work:
        return service.ask_passkey(work, HERE, at=NOW)


def enter(database: Database, challenge_id: UUID, answer: str, *, minutes: int = 0) -> UUID:
    with database.writing() as work:
        return service.enter_with_passkey(
            work,
            HERE,
            challenge_id=challenge_id,
            answer=answer,
            at=NOW + timedelta(minutes=minutes),
        ).account_id


def test_a_passkey_opens_its_owners_account(database: Database) -> None:
    olena, key = make_account(database), Authenticator(HERE.origin)
    add(database, olena, key)
    challenge_id, options = ask(database)
    assert enter(database, challenge_id, key.get(options)) == olena.account_id
    with database.reading() as session:
        assert olena.account_id is not None
        (line,) = queries.list_passkeys(session, olena.account_id)
    assert (line.device, line.last_used_at) == (Device.ANDROID, NOW)


def test_an_answer_works_once_and_not_late(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    challenge_id, options = ask(database)
    answer = key.get(options)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, answer, minutes=5)
    enter(database, challenge_id, answer)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, answer)


def test_an_answer_given_on_another_site_is_refused(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    key.origin = "https://budget.example.evil"
    challenge_id, options = ask(database)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, key.get(options))


def test_an_answer_to_another_question_is_refused(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    _, others = ask(database)
    challenge_id, _ = ask(database)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, key.get(others))


def test_a_device_that_did_not_check_its_owner_is_refused(database: Database) -> None:
    key = Authenticator(HERE.origin, verifies_user=False)
    with pytest.raises(PasskeyRefused):
        add(database, make_account(database), key)


def test_a_copied_key_with_an_old_counter_is_refused(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    challenge_id, options = ask(database)
    enter(database, challenge_id, key.get(options))
    key.counter = 0
    challenge_id, options = ask(database)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, key.get(options))


def test_a_key_that_claims_another_owner_is_refused(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    other = make_account(database)
    assert other.account_id is not None
    key.handle = other.account_id.bytes
    challenge_id, options = ask(database)
    with pytest.raises(PasskeyRefused):
        enter(database, challenge_id, key.get(options))


def test_a_strangers_key_and_nonsense_are_refused_alike(database: Database) -> None:
    challenge_id, options = ask(database)
    stranger = Authenticator(HERE.origin)
    stranger.handle = b"x" * 16
    good = json.loads(stranger.get(options))
    broken = {**good, "response": {**good["response"], "authenticatorData": "AAAA"}}
    hostile = [stranger.get(options), json.dumps(broken), "", "[]", "{}", "null", "x" * 20_000]
    for answer in hostile:
        with pytest.raises(PasskeyRefused):
            enter(database, challenge_id, answer)


def test_a_key_can_not_be_taken_into_a_second_account(database: Database) -> None:
    key = Authenticator(HERE.origin)
    add(database, make_account(database), key)
    with pytest.raises(PasskeyRefused):
        add(database, make_account(database), key)


def test_the_question_to_strangers_names_nobodys_keys(database: Database) -> None:
    add(database, make_account(database), Authenticator(HERE.origin))
    _, options = ask(database)
    assert json.loads(options).get("allowCredentials", []) == []


def test_a_passkey_is_the_staffs_second_step_and_never_the_only_one(database: Database) -> None:
    staff, key = make_staff(database, Role.OFFICER), Authenticator(HERE.origin)
    assert staff.account_id is not None
    with pytest.raises(NotFound), database.writing() as work:
        service.ask_second_factor(work, HERE, account_id=staff.account_id, at=NOW)
    add(database, staff, key)
    challenge_id, options = ask(database)
    with pytest.raises(Conflict, match="passkey_of_staff"):
        enter(database, challenge_id, key.get(options))
    with database.writing() as work:
        session_id = service.start_session(work, account_id=staff.account_id, at=NOW).id
        asked = service.ask_second_factor(work, HERE, account_id=staff.account_id, at=NOW)
    with database.writing() as work:
        service.pass_second_factor_with_passkey(
            work,
            HERE,
            sign_in_id=session_id,
            challenge_id=asked[0],
            answer=key.get(asked[1]),
            at=NOW,
        )
    with database.reading() as session:
        signed_in = queries.find_signed_in(session, session_id, at=NOW)
    assert signed_in is not None and signed_in.has_second_factor


def test_a_colleagues_key_is_no_second_factor_of_mine(database: Database) -> None:
    mine, theirs = Authenticator(HERE.origin), Authenticator(HERE.origin)
    me, colleague = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    assert me.account_id is not None
    add(database, me, mine)
    add(database, colleague, theirs)
    with database.writing() as work:
        session_id = service.start_session(work, account_id=me.account_id, at=NOW).id
        challenge_id, options = service.ask_second_factor(
            work, HERE, account_id=me.account_id, at=NOW
        )
    with pytest.raises(PasskeyRefused), database.writing() as work:
        service.pass_second_factor_with_passkey(
            work,
            HERE,
            sign_in_id=session_id,
            challenge_id=challenge_id,
            answer=theirs.get(options),
            at=NOW,
        )


def test_only_the_owner_removes_a_passkey(database: Database) -> None:
    owner, other = make_account(database), make_account(database)
    assert owner.account_id is not None and other.account_id is not None
    passkey_id = add(database, owner, Authenticator(HERE.origin))
    with pytest.raises(NotFound), database.writing() as work:
        service.remove_passkey(work, account_id=other.account_id, passkey_id=passkey_id, at=NOW)
    with database.writing() as work:
        service.remove_passkey(work, account_id=owner.account_id, passkey_id=passkey_id, at=NOW)
    with database.reading() as session:
        assert queries.list_passkeys(session, owner.account_id) == []


def test_an_account_has_so_many_passkeys_at_most(database: Database) -> None:
    owner = make_account(database)
    for _ in range(service.MOST_PASSKEYS):
        add(database, owner, Authenticator(HERE.origin))
    with pytest.raises(Conflict, match="too_many_passkeys"):
        add(database, owner, Authenticator(HERE.origin))


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://budzet.krakow.pl", "budzet.krakow.pl", "https://budzet.krakow.pl"),
        ("https://budzet.krakow.pl:8443", "budzet.krakow.pl", "https://budzet.krakow.pl:8443"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_the_party_is_the_public_address(address: str, host: str, origin: str) -> None:
    assert relying_party(address) == RelyingParty(host, origin)
