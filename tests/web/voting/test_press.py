"""What one press on "cast" asks of the database, and that no answer to it is older than the press."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic_budget.kernel.actor import Role
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service as residency
from civic_budget.residency.models import Confirmation, PersonHolder
from civic_budget.residency.queries import get_case
from civic_budget.storage.db import Database, Work
from civic_budget.voting import service
from civic_budget.voting.models import EnvelopeRow
from tests.builders import make_staff
from tests.builders_booth import Voter, make_voter_in_booth
from tests.builders_commission import annul
from tests.builders_residency import claim, make_claim
from tests.builders_voting import Round, choice, make_round, new_nonce
from tests.conftest import NOW, PEPPER, Clock
from tests.pages import CheckedClient, Page
from tests.statements import listening

BORN = date(2018, 3, 4)
FORK = multiprocessing.get_context("fork")
ASKED = re.compile(r"(?:INSERT INTO |^SELECT )(\w+)")
LOOKED_AT = ["signed_in"]
"""Who is signed in; beside it the round and its voter: ties, standing, records, what was given back."""
PUT_IN = {"sqlite": ["envelope", "participation", "commit"], "postgresql": ["envelope"]}
"""PostgreSQL puts both rows in with one statement, which commits by itself."""
PUT_IN_AGAIN = {
    "sqlite": ["envelope", "round", "envelope", "commit"],
    "postgresql": ["envelope", "envelope"],
}
"""In vain; whether it was for the round's version; what is in the box."""


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """The first table of each statement in the block, and its commits."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.extend(ASKED.findall(statement)[:1])

    def commit(_c: object) -> None:
        found.append("commit")

    with listening(database, before_cursor_execute=note, commit=commit):
        yield found


class Press:
    """A checked ballot, ready to be cast again and again."""

    def __init__(self, voter: Voter) -> None:
        voter.begin()
        voter.mark()
        self.voter = voter
        page = Page(voter.client.get(voter.at("/vote/check")).text)
        fields = [f for f in page.fields if f.get("name") in {"shown", "csrf_token"}]
        self.values = {f["name"]: f["value"] for f in fields}

    def __call__(self) -> TestResponse:
        return self.voter.client.post(self.voter.at("/vote/check"), data=self.values)


@pytest.fixture
def opened(database: Database) -> Round:
    return make_round(database)


@pytest.fixture
def press(database: Database, client: CheckedClient, opened: Round) -> Press:
    return Press(make_voter_in_booth(database, client))


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return session.query(EnvelopeRow).count()


def test_a_press_asks_two_or_three_statements_and_commits_once(
    database: Database, press: Press
) -> None:
    dialect = database.engine.dialect.name
    with asked(database) as first:
        assert press().status_code == 303
    assert first == [*LOOKED_AT, *PUT_IN[dialect]]
    with asked(database) as again:
        assert press().status_code == 303
    assert again == [*LOOKED_AT, *PUT_IN_AGAIN[dialect]]
    assert envelopes(database) == 1


def test_children_cost_no_statement_more(
    database: Database, client: CheckedClient, opened: Round
) -> None:
    voter, officer = make_voter_in_booth(database, client), make_staff(database, Role.OFFICER)
    for name in ("MAKSYM", "SOFIIA"):
        tie, case = make_claim(database, voter.actor, (name, "NOWAK", BORN))
        claim(database, officer, case)
        with database.writing() as work:
            residency.accept_guardian(work, officer, tie_id=tie, at=NOW)
    press = Press(voter)
    with asked(database) as found:
        assert press().status_code == 303
    assert found == [*LOOKED_AT, *PUT_IN[database.engine.dialect.name]]


def in_another_process(database: Database, deed: Callable[[Work], object]) -> None:
    """Do it over a connection that this process knows nothing of, and wait until it is committed."""
    url = database.engine.url.render_as_string(hide_password=False)

    def run() -> None:
        own = Database(url, KeyRing(PEPPER), {}, Path.cwd())
        with own.writing() as work:
            deed(work)
        os._exit(0)

    database.dispose()
    child = FORK.Process(target=run)
    child.start()
    child.join(timeout=60)
    assert child.exitcode == 0


def test_suspended_resumed_and_extended_elsewhere_the_next_press_knows_it(
    database: Database, press: Press, opened: Round, clock: Clock
) -> None:
    actor, held = opened.commission[0], {"round_id": opened.id, "at": NOW}
    in_another_process(database, lambda w: service.suspend_round(w, actor, note="Flood", **held))
    assert press().status_code == 200
    assert envelopes(database) == 0
    in_another_process(database, lambda w: service.resume_round(w, actor, **held))
    clock.at = opened.closes_at
    assert press().status_code == 200
    assert envelopes(database) == 0
    later = opened.closes_at + timedelta(hours=2)
    in_another_process(
        database,
        lambda w: service.extend_round(
            w, actor, round_id=opened.id, closes_at=later, note="Flood", at=clock.at
        ),
    )
    assert press().status_code == 303
    assert envelopes(database) == 1


def test_a_residence_taken_back_elsewhere_ends_the_right_to_vote(
    database: Database, press: Press
) -> None:
    person = press.voter.person_id

    def revoke(work: Work) -> None:
        rows = work.session.scalars(select(Confirmation).where(Confirmation.person_id == person))
        rows.one().revoked_at = NOW

    in_another_process(database, revoke)
    assert press().status_code == 200
    assert envelopes(database) == 0


@pytest.fixture
def childs_press(database: Database, client: CheckedClient, opened: Round) -> Press:
    """A guardian's checked ballot for a child."""
    guardian, officer = make_voter_in_booth(database, client), make_staff(database, Role.OFFICER)
    tie, case = make_claim(database, guardian.actor, ("MAKSYM", "NOWAK", BORN))
    claim(database, officer, case)
    with database.writing() as work:
        residency.accept_guardian(work, officer, tie_id=tie, at=NOW)
        guardian.person_id = get_case(work.session, case).person_id
    return Press(guardian)


def end_tie(child: UUID) -> Callable[[Work], None]:
    """Nobody acts for the child any more."""

    def end(work: Work) -> None:
        rows = work.session.scalars(select(PersonHolder).where(PersonHolder.person_id == child))
        rows.one().until_at = NOW

    return end


def test_a_guardian_whose_tie_ended_elsewhere_casts_nothing_for_the_child(
    database: Database, client: CheckedClient, childs_press: Press
) -> None:
    in_another_process(database, end_tie(childs_press.voter.person_id))
    answer = childs_press()
    assert (answer.status_code, answer.location) == (302, "/en/vote")
    assert envelopes(database) == 0
    assert client.get("/en/vote/check", follow_redirects=False).location == "/en/vote"


def test_nobody_learns_from_a_refused_press_how_somebody_else_voted(
    database: Database, client: CheckedClient, opened: Round, childs_press: Press, clock: Clock
) -> None:
    """The draft of a child, pressed again when the tie has ended and the vote is over: no answer."""
    assert childs_press().status_code == 303
    with database.writing() as work:
        end_tie(childs_press.voter.person_id)(work)
    for at in (clock.at, opened.closes_at):
        clock.at = at
        assert childs_press().location == "/en/vote"
        assert client.get("/en/vote/codes", follow_redirects=False).location == "/en/vote"
    assert envelopes(database) == 1


def test_a_draft_of_a_round_whose_secrets_are_gone_stands_in_no_way(
    database: Database, client: CheckedClient, opened: Round, press: Press, app: Flask
) -> None:
    annul(database, opened, at=NOW)
    (app.extensions["settings"].round_keys / f"{opened.id}.json").unlink()
    assert client.get("/en/vote").status_code == 200
    assert press().location == "/en/vote"
    assert envelopes(database) == 0


@pytest.mark.parametrize("maker", ["sqlite"], indirect=True)
def test_who_presses_again_while_the_first_press_comes_in_is_not_told_that_it_is_too_late(
    database: Database, press: Press, opened: Round, clock: Clock
) -> None:
    """The vote closes in between. On PostgreSQL nobody waits for whoever writes."""
    voter = press.voter
    assert voter.actor.account_id is not None
    clock.at = opened.closes_at
    first = service.Press(
        opened.id, voter.actor.account_id, voter.person_id, choice(), new_nonce(), NOW
    )
    with ThreadPoolExecutor(1) as other:
        with database.writing() as work:
            service.cast_vote(work, opened.secrets, first)
            second = other.submit(press)
            time.sleep(0.3)  # long enough for it to be refused, if it did not wait
        page = second.result(timeout=60).text
    assert "Voting is over" not in page
    assert "Your earlier vote stands" in page


def test_the_log_of_a_failed_press_tells_neither_who_nor_which_envelope(
    database: Database, press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "envelope" in statement or "person_holder" in statement:
            raise database.engine.dialect.loaded_dbapi.OperationalError("gone")

    with listening(database, after_cursor_execute=fail):
        assert press().status_code == 503
    assert "OperationalError" in caplog.text
    assert "SQL parameters hidden" in caplog.text
    assert press.voter.person_id.hex not in caplog.text.replace("-", "")


@pytest.mark.parametrize("cut", [0, 1, 15, 16, 17, 44, 60])
def test_a_cookie_cut_short_or_of_no_round_is_no_draft(
    client: CheckedClient, press: Press, cut: int
) -> None:
    kept = client.get_cookie("ballot")
    assert kept is not None
    whole = urlsafe_b64decode(kept.value)
    for made in (whole[:cut], bytes(16) + whole[16:], whole[:16] + bytes(16) + whole[32:]):
        client.set_cookie("ballot", urlsafe_b64encode(made).decode())
        assert press().location == "/en/vote"
