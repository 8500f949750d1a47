"""A vote cast before the case is decided: told before and after, in the person's language, both ways."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from civic_budget import worker
from civic_budget.accounts import service as accounts
from civic_budget.accounts.queries import get_reachable
from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.residency import service as residency
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.rules import VoidReason
from tests.builders import sign_in_as
from tests.builders_booth import Voter
from tests.builders_commission import close_vote, open_box, take_out
from tests.builders_voting import Round, make_round, make_waiting_voter
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

CODE = re.compile(r'translate="no" role="group">([0-9A-Z-]{14})<')
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAITS = "A vote was recorded. It waits for the decision about the residence."
REFUSED = "A vote was recorded, but the residence is not confirmed."
BEFORE = (
    "You may vote now. Your envelope is opened if your residence is confirmed before the opening; "
    "otherwise it is taken out unopened, and you get a message."
)
AT_THE_PRESS = (
    "Your envelope waits for the decision about your residence "
    "and is opened only if it is confirmed."
)
AFTER = (
    "Your envelope now waits for the decision about your residence. If it is confirmed before the "
    "opening, your vote counts; if not, the envelope is taken out unopened. Either way you get a message."
)
OUT = "The vote was taken out of the box, unopened. It does not count."
COUNTED = "The vote was opened and counted."


@dataclass
class Waiting:
    """Somebody whose case is undecided, at a browser in their language."""

    voter: Voter
    case_id: UUID
    address: str
    codes: list[str]


def in_words(app: Flask, language: str, text: str) -> str:
    with app.test_request_context(), force_locale(language):
        found = gettext(text)
    assert (found != text) == (language != "en"), text
    return found


def make_waiting(
    database: Database, new_client: Callable[[], CheckedClient], language: str
) -> Waiting:
    person_id, case_id = make_waiting_voter(database, name=f"OKSANA{language.upper()}")
    with database.writing() as work:
        account_id = accounts_of_person(work.session, person_id)[0]
        accounts.change_language(work, account_id=account_id, language=language)
        contact = get_reachable(work.session, account_id).contact
    assert contact is not None
    client = new_client()
    sign_in_as(client, database, Actor(account_id))
    voter = Voter(client, Actor(account_id), person_id, language)
    return Waiting(voter, case_id, contact.address, [])


def vote_and_read(app: Flask, one: Waiting) -> None:
    """The whole road; at its start, before the press, after it and on return the person is told."""
    voter, language = one.voter, one.voter.language

    def told(path: str) -> str:
        return voter.client.page(voter.at(path)).text()

    assert in_words(app, language, BEFORE) in told("/vote")
    voter.begin()
    voter.mark()
    assert in_words(app, language, AT_THE_PRESS) in told("/vote/check")
    after = voter.cast()
    one.codes = CODE.findall(after)
    assert len(one.codes) == 2
    assert in_words(app, language, WAITS) in told("/vote")
    assert after.count(in_words(app, language, AFTER)) == 1


def reads(app: Flask, one: Waiting, words: str) -> None:
    """The person's page says so, whatever the language it is read in."""
    for language in LANGUAGES:
        page = one.voter.client.page(f"/{language}/vote").text()
        assert in_words(app, language, words) in page, (one.voter.language, language)


def letters_to(settings: Settings, one: Waiting) -> list[dict[str, str]]:
    found = [json.loads(p.read_text(encoding="utf-8")) for p in settings.mailbox.glob("*.json")]
    return [letter for letter in found if letter["to"] == one.address]


def subjects(settings: Settings, one: Waiting) -> set[str]:
    return {letter["subject"] for letter in letters_to(settings, one)}


def refuse(database: Database, one: Waiting) -> None:
    with database.writing() as work:
        residency.refuse_case(
            work, SYSTEM, case_id=one.case_id, reason="outdated", sentence="Za stary.", at=NOW
        )


def confirm(database: Database, one: Waiting, clock: Clock) -> None:
    with database.writing() as work:
        residency.confirm_case(work, SYSTEM, case_id=one.case_id, at=clock())


def allow_appeal(database: Database, one: Waiting, clock: Clock) -> None:
    with database.writing() as work:
        residency.appeal(
            work, one.voter.actor, case_id=one.case_id, words="To ja.", at=clock() - HOUR
        )
    confirm(database, one, clock)


def put_back(
    database: Database,
    opened: Round,
    tag: bytes,
    new_client: Callable[[], CheckedClient],
) -> None:
    """Two members press the button that stands beside the envelope."""
    for member, step in ((0, "propose"), (1, "confirm")):
        client = new_client()
        sign_in_as(client, database, opened.commission[member])
        page = "/uk/office/round/check"
        values = {"tag": tag.hex(), "answer": "confirmed"}
        client.send(page, values, to=f"/uk/office/round/objection/{step}")


def test_a_vote_that_waits_is_told_before_and_after_and_what_became_of_it(
    app: Flask,
    database: Database,
    settings: Settings,
    new_client: Callable[[], CheckedClient],
    clock: Clock,
) -> None:
    opened = make_round(database)
    people = {language: make_waiting(database, new_client, language) for language in LANGUAGES}
    for one in people.values():
        vote_and_read(app, one)
    confirm(database, people["pl"], clock)
    confirm(database, people["ru"], clock)
    for language in ("en", "uk"):
        refuse(database, people[language])
        reads(app, people[language], REFUSED)
    reads(app, people["pl"], "A vote was recorded.")

    clock.at = opened.closes_at + HOUR
    close_vote(database, opened)
    worker.run_once(app, at=clock())
    for language, one in people.items():
        said = "\n".join(letter["body"] for letter in letters_to(settings, one))
        waits = in_words(
            app,
            language,
            "It is not decided yet that you live in the city, so the envelope waits. "
            "If your residence is confirmed before the opening, the vote is counted with all the others. "
            "If not, the envelope is taken out unopened, and you get a message.",
        )
        assert (waits in said) == (language in {"en", "uk"})
        assert in_words(app, language, "A vote was recorded for you") in subjects(settings, one)

    tags = {language: opened.secrets.tag(one.voter.person_id) for language, one in people.items()}
    for language in ("en", "uk"):
        take_out(database, opened, tags[language], VoidReason.NOT_CONFIRMED, at=clock())
        reads(app, people[language], OUT)
    worker.run_once(app, at=clock() + HOUR)
    assert "Your vote was taken out, unopened" in subjects(settings, people["en"])

    clock.at += 4 * DAY
    allow_appeal(database, people["uk"], clock)
    with pytest.raises(OpeningRefused) as stopped:
        open_box(database, opened, at=clock())
    assert [problem.trouble for problem in stopped.value.problems] == [Trouble.CONFIRMED]
    put_back(database, opened, tags["uk"], new_client)
    worker.run_once(app, at=clock() + HOUR)
    assert in_words(app, "uk", "Your vote is back in the box") in subjects(settings, people["uk"])

    clock.at += DAY
    assert len(open_box(database, opened, at=clock()).ballots) == 6
    worker.run_once(app, at=clock() + HOUR)
    for language, one in people.items():
        counted = in_words(app, language, "Your vote was counted")
        assert (counted in subjects(settings, one)) == (language != "en")
        reads(app, one, OUT if language == "en" else COUNTED)

    codes = [code for one in people.values() for code in one.codes]
    everything = [path.read_text(encoding="utf-8") for path in settings.mailbox.glob("*.json")]
    assert not [code for code in codes for letter in everything if code in letter]
    assert not [letter for letter in everything if "BO.D8." in letter or "BO.OM." in letter]
