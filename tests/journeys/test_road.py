"""The whole road by the test client in all four languages, on both engines; it reads like the promise."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from civic_budget import worker
from civic_budget.config import LANGUAGES, Settings
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.proposals import service as proposals
from civic_budget.residency import queries as residency
from civic_budget.storage.db import Database
from civic_budget.voting import keyfiles
from civic_budget.voting.codes import control_code
from tests.builders import PASSWORD, make_city, make_edition, make_staff, sign_in_as
from tests.builders_booth import Voter
from tests.builders_proposals import TEXTS, make_assessor, make_checklists
from tests.builders_voting import put_proposals
from tests.conftest import Clock
from tests.pages import CheckedClient, Page
from tests.web.proposals.test_from_draft_to_catalogue import assess, fill_in
from tests.web.residency.test_officer_pages import STATEMENT_POINTS
from tests.web.voting.test_commission import keys

Browsers = Callable[[], CheckedClient]
CONTACT = "olena@example.org"
NONCE = bytes(range(32))


# English and Russian walk the road in the long checks; so does each language on its other engine.
SHORT = ("pl", "uk")
LONG = [pytest.param(code, marks=pytest.mark.proof) for code in LANGUAGES if code not in SHORT]


@pytest.mark.parametrize("language", [*SHORT, *LONG])
def test_from_an_account_to_published_results(
    app: Flask,
    database: Database,
    settings: Settings,
    clock: Clock,
    new_client: Browsers,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setattr(keyfiles, "SCRYPT_COST", 1 << 10)
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    put_proposals(database, edition_id, per_scope=3, scopes=["city"])
    start, road = clock.at, Road(app, database, settings, clock, new_client, language)

    person_id = road.register()
    road.confirm_by_an_officer()
    proposal_id = road.propose()
    clock.at = start + timedelta(days=8)
    assess(road.office(make_assessor(database)), language, str(proposal_id))
    assert TEXTS["title"] in new_client().get(f"/{language}/proposals?state=admitted").text
    with database.writing() as work:
        proposals.set_ballot_numbers(work, numbers={proposal_id: 1})

    clock.at = start + timedelta(days=50)
    commission = [make_staff(database, Role.COMMISSION) for _ in range(3)]
    held = road.prepare_the_round(commission)
    clock.at = start + timedelta(days=60)
    road.vote(person_id)
    clock.at = start + timedelta(days=66)
    member = road.office(commission[1])
    member.send(f"/{language}/office/round", to=f"/{language}/office/round/close")
    member.send(f"/{language}/office/round/open", keys(held[:2]))
    worker.run_once(app, at=clock.at)
    assert new_client().get(f"/{language}/editions/2026/results/d08").status_code == 404

    clock.at = start + timedelta(days=80)
    road.see_the_results()


class Road:
    """One resident's road through the city's pages in one language."""

    def __init__(
        self,
        app: Flask,
        database: Database,
        settings: Settings,
        clock: Clock,
        new_client: Browsers,
        language: str,
    ) -> None:
        self.app, self.database, self.settings, self.clock = app, database, settings, clock
        self.new_client, self.at = new_client, f"/{language}"
        self.her = new_client()
        self.reference = ""

    def office(self, actor: Actor) -> CheckedClient:
        """A browser in which somebody of the office is signed in."""
        browser = self.new_client()
        sign_in_as(browser, self.database, actor, at=self.clock.at)
        return browser

    def last_message(self) -> dict[str, Any]:
        """The newest message to her."""
        worker.run_once(self.app, at=self.clock.at)
        files = max(self.settings.mailbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        message: dict[str, Any] = json.loads(files.read_text(encoding="utf-8"))
        assert message["to"] == CONTACT
        return message

    def register(self) -> UUID:
        """Account, name, birth date, address, statement, answers checked, citizenship, reference."""
        at, her = self.at, self.her
        her.send(f"{at}/sign-up", {"contact": CONTACT, "password": PASSWORD})
        code = re.search(r"\b\d{6}\b", self.last_message()["body"])
        assert code is not None
        her.send(f"{at}/sign-up/code", {"code": code[0]})
        her.send(f"{at}/residence", to=f"{at}/residence/start")
        going_on = next(u for u in her.page(f"{at}/residence").links if u.endswith("/name"))
        base = going_on.removesuffix("/name")
        self.reference = base.rpartition("/")[2]
        her.send(f"{base}/name", {"given_names": "OLENA", "family_name": "KOVALENKO"})
        her.send(f"{base}/birth-date", {"birth_date": "2", "month": "4", "year": "1990"})
        her.send(f"{base}/sex", {"sex": "F"})
        her.send(f"{base}/address", {"street": "Zachodnia", "house": "5"})
        her.send(f"{base}/proof", {"road": "statement"})
        her.send(f"{base}/statement", {"signature": "Olena Kovalenko"})
        code = re.search(r"\b\d{6}\b", self.last_message()["body"])
        assert code is not None
        her.send(f"{base}/statement/code", {"code": code[0]})
        her.send(f"{base}/check")
        her.send(f"{base}/citizenship", {"codes": "UA"})
        assert self.reference in her.page(f"{base}/sent").text()
        with self.database.reading() as session:
            case = residency.find_case_by_reference(session, self.reference)
        assert case is not None
        return case.person_id

    def confirm_by_an_officer(self) -> None:
        """From the queue: taken, every point ticked, confirmed; she reads it in her language."""
        officer = self.office(make_staff(self.database, Role.OFFICER))
        path = f"{self.at}/office/residence/{self.reference}"
        assert self.reference in officer.page(f"{self.at}/office/residence").text()
        officer.send(path, to=f"{path}/claim")
        officer.send(path, {"points": STATEMENT_POINTS}, to=f"{path}/confirm")
        message = self.last_message()
        assert self.reference in message["body"]
        assert message["language"] == self.at.strip("/")

    def propose(self) -> UUID:
        """From the first word to the reference; returns the proposal's id."""
        began = self.her.send(f"{self.at}/my-proposals/start", {"scope": "d08"}, follow=False)
        base = began.location.removesuffix("/about")
        fill_in(self.her, base)
        assert "BO.D8.1/26" in self.her.send(f"{base}/check").text
        return UUID(base.rpartition("/")[2])

    def prepare_the_round(self, commission: list[Actor]) -> list[tuple[bytes, str]]:
        """The list is frozen, each member gets a key file, and a test envelope opens."""
        member = self.office(commission[0])
        members = [str(person.account_id) for person in commission]
        page = member.send(
            f"{self.at}/office/round/prepare", {"members": members, "threshold": "2"}
        ).text
        files = [base64.b64decode(f) for f in re.findall(r'base64,([^"]+)" download', page)]
        phrases = re.findall(r'role="group">([0-9A-Z-]{24})<', page)
        held = list(zip(files, phrases, strict=True))
        member.send(f"{self.at}/office/round/test", keys(held[1:]))
        return held

    def vote(self, person_id: UUID) -> None:
        """Her district's only project and three of the city; a second press changes nothing."""
        self.her = self.new_client()
        self.her.send(f"{self.at}/sign-in", {"contact": CONTACT, "password": PASSWORD})
        voter = Voter(self.her, Actor(), person_id, self.at.strip("/"))
        voter.begin(NONCE.hex())
        voter.press("district", add="BO.D8.1/26")
        for number in (2, 1, 3):
            voter.press("city", add=f"BO.OM.{number}/26")
        shown = voter.shown()
        first, second = voter.cast(shown), voter.cast(shown)
        for page in (first, second):
            codes = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
            assert {c.replace("-", "") for c in codes} == {
                control_code(scope, NONCE) for scope in ("city", "d08")
            }

    def see_the_results(self) -> None:
        """Winner, code on the board, verifier, and the same figures for her and the analyst."""
        visitor = self.new_client()
        assert TEXTS["title"] in visitor.get(f"{self.at}/editions/2026/results/d08").text
        board = f"{self.at}/editions/2026/board"
        found = visitor.send(board, {"code": control_code("d08", NONCE)}, to=f"{board}/look-up")
        assert TEXTS["title"] in found.text
        (folder,) = self.settings.boards.iterdir()
        command = [sys.executable, "-I", str(folder / "verify.py"), str(folder)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
        analyst = self.office(make_staff(self.database, Role.ANALYST))
        pages = [
            Page(browser.get(f"{self.at}/participation/2026").text)
            for browser in (visitor, analyst)
        ]
        hers, theirs = (
            [text for text in page.own_text if any(letter.isdigit() for letter in text)]
            for page in pages
        )
        assert hers
        # The analyst's page adds the seal to cite; every number of the public stands there alike.
        assert [text for text in theirs if text in hers] == hers
