"""What one press on "cast" asks of the database, and that no answer to it is older than the press."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic_budget.kernel.actor import Role
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service as residency
from civic_budget.residency.models import Confirmation
from civic_budget.storage.db import Database, Work
from civic_budget.voting import service
from civic_budget.voting.models import EnvelopeRow
from tests.builders import make_staff
from tests.builders_booth import Voter, make_voter_in_booth
from tests.builders_residency import claim, make_claim
from tests.builders_voting import Round, make_round
from tests.conftest import NOW, PEPPER, Clock
from tests.pages import CheckedClient, Page
from tests.statements import listening

BORN = date(2018, 3, 4)
FORK = multiprocessing.get_context("fork")
BEFORE = ["sign_in", "round", "person_holder"]
"""Who is signed in, the present round, for whom the account acts and from which age."""
UNDER_THE_LOCK = ["round", "confirmation", "vote_return", "envelope", "participation"]
"""The round, locked; standing and records of the human, what was given back to them, the two rows."""


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """The first table of each statement in the block, and its commits."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        words = statement.split()
        if words[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            found.append(words[2] if words[0] == "INSERT" else words[1].partition(".")[0])

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


def test_a_press_asks_eight_statements_and_commits_once(database: Database, press: Press) -> None:
    with asked(database) as first:
        assert press().status_code == 303
    assert first == [*BEFORE, *UNDER_THE_LOCK, "commit"]
    with asked(database) as again:
        assert press().status_code == 303
    assert again == [*BEFORE, *UNDER_THE_LOCK[:-1], "envelope", "commit"]
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
    assert found == [*BEFORE, *UNDER_THE_LOCK, "commit"]


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
