"""A code posted to the address, and a register that answers yes or no: journeys, lifecycle, attacks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask

from civic_budget.config import Settings
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency import service
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.letter_rules import LETTER, LetterAction, LetterState
from civic_budget.residency.models import AddressLetter
from civic_budget.residency.queries import find_confirmation, get_case, list_proofs
from civic_budget.residency.registers import FileRegister, fingerprint
from civic_budget.residency.rules import CaseState, Road
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import ZACHODNIA, make_case, make_identity
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient


def letter_case(database: Database, account: Actor | None = None) -> tuple[Actor, UUID]:
    account = account or make_account(database)
    return account, make_case(database, account, road=Road.LETTER, language="uk")


def print_all(database: Database, officer: Actor) -> dict[str, str]:
    with database.writing() as work:
        return {one.reference: one.code for one in service.print_letters(work, officer, at=NOW)}


def state_of(database: Database, case_id: UUID) -> CaseState:
    with database.reading() as session:
        return get_case(session, case_id).state


def test_a_letter_is_asked_printed_posted_and_its_code_confirms(
    app: Flask,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
) -> None:
    make_city(database)
    account, case_id = letter_case(database)
    sign_in_as(client, database, account)
    office = new_client()
    sign_in_as(office, database, make_staff(database, Role.OFFICER))
    assert "1 list czeka" in office.get("/pl/office/letters").text
    printed = office.send("/pl/office/letters", {}, to="/pl/office/letters/print")
    assert (printed.mimetype, printed.headers["Cache-Control"]) == ("application/pdf", "no-store")
    words = pypdfium2.PdfDocument(BytesIO(printed.data))[0].get_textpage().get_text_bounded()
    assert "Zachodnia 5/7" in words
    assert "Ваш код для громадського бюджету" in words
    assert "Twój kod do budżetu obywatelskiego" in words
    codes = re.findall(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])", words)
    assert len(codes) == 1
    with database.reading() as session:
        reference = get_case(session, case_id).reference
        letter_id = session.query(AddressLetter.id).scalar()
    office.send("/pl/office/letters", {"letter": str(letter_id)}, to="/pl/office/letters/posted")
    page = f"/en/residence/{reference}/letter"
    assert "On its way by post" in client.get(page).text
    assert "Tries that are left: 5" in client.send(page, {"code": "AAAA-AAAA"}).text
    assert "your residence is confirmed" in client.send(page, {"code": codes[0].lower()}).text
    with database.reading() as session:
        found = [(proof.source, proof.outcome) for proof in list_proofs(session, case_id)]
    assert [f"{source}:{outcome}" for source, outcome in found] == ["letter:arrived"]
    stranger = new_client()
    sign_in_as(stranger, database, make_account(database))
    assert stranger.get(page).status_code == 404


def test_guessing_a_code_spends_the_letter(client: CheckedClient, database: Database) -> None:
    make_city(database)
    account, case_id = letter_case(database)
    code = next(iter(print_all(database, make_staff(database, Role.OFFICER)).values()))
    sign_in_as(client, database, account)
    with database.reading() as session:
        page = f"/en/residence/{get_case(session, case_id).reference}/letter"
    for _ in range(6):
        client.send(page, {"code": "AAAA-AAAA"})
    assert "Six wrong codes" in client.send(page, {"code": code}).text
    assert state_of(database, case_id) is CaseState.SUBMITTED
    with database.writing() as work:
        assert service.end_letters(work, at=NOW) == 1


def test_a_code_shows_one_address_alone_and_not_for_ever(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    account, case_id = letter_case(database)
    code = next(iter(print_all(database, officer).values()))
    late = NOW + timedelta(days=31)
    with database.writing() as work, pytest.raises(Conflict, match="no_letter"):
        service.type_letter_code(work, account, case_id=case_id, code=code, at=late)
    with database.writing() as work:
        service.claim_case(work, officer, case_id=case_id, at=NOW)
        service.ask_for_more(
            work, officer, case_id=case_id, reason="address_differs", sentence="?", at=NOW
        )
        home = HomeAddress("aleja Róż", "3")
        service.tell_address(work, account, case_id=case_id, address=home, at=NOW)
    with database.writing() as work, pytest.raises(Conflict, match="letter_elsewhere"):
        service.type_letter_code(work, account, case_id=case_id, code=code, at=NOW)
    with database.writing() as work:  # the second letter goes to the new home; there is no third
        first = service.ask_letter(work, account, case_id=case_id, at=NOW)
        assert service.ask_letter(work, account, case_id=case_id, at=NOW) == first
        service.tell_address(work, account, case_id=case_id, address=ZACHODNIA, at=NOW)
    with database.writing() as work, pytest.raises(Conflict, match="too_many_letters"):
        service.ask_letter(work, account, case_id=case_id, at=NOW)


def test_flags_and_the_citys_switch_leave_it_to_an_officer(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    account, case_id = letter_case(database)
    _other, flagged = letter_case(database)  # the same name and birth date: a suspected double
    codes = print_all(database, officer)
    with database.writing() as work:
        service.set_limits(work, {"letter_confirms": False})
        reference = get_case(work.session, case_id).reference
        confirmed = service.type_letter_code(
            work, account, case_id=case_id, code=codes[reference], at=NOW
        )
        assert confirmed is False
    with database.writing() as work:
        service.set_limits(work, {"letter_confirms": True})
        reference = get_case(work.session, flagged).reference
        assert not service.type_letter_code(
            work, _other, case_id=flagged, code=codes[reference], at=NOW
        )
    assert {state_of(database, case_id), state_of(database, flagged)} == {CaseState.SUBMITTED}


def test_an_officer_prints_no_letter_of_their_own(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    letter_case(database, officer)
    assert print_all(database, officer) == {}
    assert len(print_all(database, make_staff(database, Role.OFFICER))) == 1


def test_every_state_and_action_of_a_letter(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    letter_case(database)
    reached = {
        LetterState.PRINTED: {"code_hash": "x", "expires_at": NOW + timedelta(days=1)},
        LetterState.POSTED: {"code_hash": "x", "expires_at": NOW + timedelta(days=1)},
        LetterState.ARRIVED: {"code_hash": "x", "expires_at": NOW + timedelta(days=1)},
    }
    deeds = {
        LetterAction.REPRINT: service.reprint_letter,
        LetterAction.POST: service.mark_posted,
    }
    for state in LetterState:
        for action, deed in deeds.items():
            with database.writing() as work:
                row = work.session.query(AddressLetter).one()
                row.state, row.reprints = state.value, 0
                for name, value in reached.get(state, {}).items():
                    setattr(row, name, value)
                letter_id = row.id
            try:
                with database.writing() as work:
                    deed(work, officer, letter_id=letter_id, at=NOW)
                is_done = True
            except DomainError:
                is_done = False
            assert is_done == ((state, action) in LETTER.moves), (state, action)
    with database.writing() as work:
        row = work.session.query(AddressLetter).one()
        row.state, row.reprints = LetterState.POSTED.value, 0
        service.reprint_letter(work, officer, letter_id=row.id, at=NOW)
    with database.writing() as work, pytest.raises(Conflict, match="reprinted_already"):
        service.reprint_letter(work, officer, letter_id=letter_id, at=NOW)


def test_a_register_says_yes_or_no_and_keeps_no_names(
    app: Flask,
    client: CheckedClient,
    database: Database,
    settings: Settings,
    tmp_path: Path,
    clock: Clock,
) -> None:
    make_city(database)
    listed = tmp_path / "students.csv"
    listed.write_text(
        "id,given_names,family_name,birth_date,document_kind,document_country,document_number,"
        "street,house,flat,postcode\n1,Ołena,Kowalenko,1990-04-02,,,,Zachodnia,5,7,\n",
        encoding="utf-8",
    )
    made = app.test_cli_runner().invoke(
        args=["residency", "register", str(listed), "--name", "university"]
    )
    assert made.exit_code == 0, made.output
    kept = (settings.registers / "university.keys").read_text(encoding="ascii")
    assert re.fullmatch(r"[0-9a-f]{64}\n", kept)
    account = make_account(database)
    assert account.account_id is not None
    sign_in_as(client, database, account)
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        reference = get_case(work.session, case_id).reference
    page = f"/en/residence/{reference}/register"
    assert "first" in client.send(page, {"register": "university"}).text
    with database.writing() as work:
        service.tell_name(
            work, account, case_id=case_id, given_names="Olena", family_name="Kovalenko", at=NOW
        )
        service.tell_birth_date(work, account, case_id=case_id, born_on=date(1990, 4, 2), at=NOW)
        service.tell_sex(work, account, case_id=case_id, sex=None, at=NOW)
        home = HomeAddress("Zachodnia", "5", "8")
        service.tell_address(work, account, case_id=case_id, address=home, at=NOW)
    assert "does not know you" in client.send(page, {"register": "university"}).text
    assert "offered" in client.send(page, {"register": "../pepper"}).text
    with database.writing() as work:
        service.tell_address(work, account, case_id=case_id, address=ZACHODNIA, at=NOW)
    assert "The list knows you" in client.send(page, {"register": "university"}).text
    with database.reading() as session:
        assert get_case(session, case_id).road is Road.REGISTER
    # Told anew, the former answer is void; the next question is one too many today.
    with database.writing() as work:
        service.tell_address(work, account, case_id=case_id, address=home, at=NOW)
        assert list_proofs(work.session, case_id) == []
        service.tell_address(work, account, case_id=case_id, address=ZACHODNIA, at=NOW)
    assert "often enough today" in client.send(page, {"register": "university"}).text
    clock.at += timedelta(days=1)
    assert "4 more times in this edition" in client.get(page).text  # only answers are counted
    client.send(page, {"register": "university"})
    with database.writing() as work:
        service.submit_case(work, account, case_id=case_id, at=clock.at)
        person_id = get_case(work.session, case_id).person_id
        assert find_confirmation(work.session, person_id, at=clock.at) is not None


def test_a_register_road_without_a_match_is_not_complete(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    account = make_account(database)
    who = make_identity()
    path = tmp_path / "card.keys"
    path.write_text(fingerprint(settings.keyring, who, ZACHODNIA) + "\n", encoding="ascii")
    case_id = make_case(database, account, identity=who, road=Road.REGISTER)
    assert state_of(database, case_id) is CaseState.CONFIRMED  # a desk or import saw it itself
    with database.writing() as work:
        draft = service.start_case(
            work, SYSTEM, account_id=account.account_id or case_id, language="en", at=NOW
        )
        home = HomeAddress("aleja Róż", "3")
        service.tell_address(work, account, case_id=draft, address=home, at=NOW)
        assert not service.ask_register(
            work, account, case_id=draft, register=FileRegister(path), at=NOW
        )
        with pytest.raises(Conflict, match="incomplete"):
            service.submit_case(work, account, case_id=draft, at=NOW)
