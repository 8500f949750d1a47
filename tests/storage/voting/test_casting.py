"""Casting: one human, one vote, two rows, no trace of the choice. On both engines, with real commits."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Table, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from civic_budget.kernel.errors import NotAllowed
from civic_budget.models import METADATA
from civic_budget.residency.models import Confirmation
from civic_budget.storage.db import Database
from civic_budget.storage.types import Base
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.choice import InvalidChoice, encode_choice
from civic_budget.voting.codes import control_code, in_fours
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.voting.queries import get_round
from tests.builders import make_account
from tests.builders_voting import (
    cast,
    choice,
    make_round,
    make_voter,
    make_waiting_voter,
    new_nonce,
)
from tests.conftest import NOW


def rows_of(database: Database) -> dict[str, set[str]]:
    """Every row of every table as text: what a dump would show."""
    with database.engine.connect() as connection:
        tables: list[Table] = list(METADATA.sorted_tables)
        present = set(inspect(connection).get_table_names())
        return {
            table.name: {repr(tuple(row)) for row in connection.execute(select(table))}
            for table in tables
            if table.name in present
        }


def values_of(database: Database, *models: type[Base]) -> bytes:
    """All values of some tables, as they were written: bytes as bytes, all else as text."""
    with database.engine.connect() as connection:
        rows = [row for model in models for row in connection.execute(select(model.__table__))]
    values = [value for row in rows for value in row]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)


def encodings(secret: bytes) -> list[bytes]:
    """A secret as it is, and as it may be written."""
    in_base64 = [base64.b64encode(secret), base64.urlsafe_b64encode(secret)]
    in_hex = [secret.hex().encode(), secret.hex().upper().encode()]
    return [secret, *in_hex, *(text.rstrip(b"=") for text in in_base64)]


def test_a_vote_is_two_rows_and_nothing_else(database: Database) -> None:
    opened, nonce = make_round(database), new_nonce()
    person = make_voter(database)
    before = rows_of(database)
    receipt = cast(database, opened, person, nonce=nonce)
    after = rows_of(database)
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert {name: len(rows) for name, rows in added.items()} == {"envelope": 1, "participation": 1}
    assert all(before[name] <= after[name] for name in before)
    with database.reading() as session:
        ballot_form = get_round(session, opened.id).frozen.form
    codes = receipt.codes.values()
    secrets = [nonce, encode_choice(ballot_form, choice())]
    secrets += [said.encode() for said in ("BO.D8.1", *codes, *map(in_fours, codes))]
    written = values_of(database, EnvelopeRow, Participation)
    assert opened.secrets.nonce_mac(nonce) in written  # as bytes they would be found
    assert not [form for secret in secrets for form in encodings(secret) if form in written]


def test_the_codes_are_those_of_the_nonce(database: Database) -> None:
    opened, nonce = make_round(database), new_nonce()
    receipt = cast(database, opened, make_voter(database), nonce=nonce)
    assert receipt.outcome is CastOutcome.ACCEPTED
    assert receipt.codes == {scope: control_code(scope, nonce) for scope in ("d08", "city")}


def test_the_same_press_again_gives_the_same_codes(database: Database) -> None:
    opened, nonce = make_round(database), new_nonce()
    person = make_voter(database)
    first = cast(database, opened, person, nonce=nonce)
    again = cast(database, opened, person, nonce=nonce)
    assert again.outcome is CastOutcome.SAME_AGAIN
    assert again.codes == first.codes


@pytest.mark.parametrize("same_nonce", [True, False])
def test_another_choice_changes_nothing(database: Database, same_nonce: bool) -> None:
    opened, nonce = make_round(database), new_nonce()
    person = make_voter(database)
    cast(database, opened, person, nonce=nonce)
    before = rows_of(database)
    second = cast(
        database,
        opened,
        person,
        marks=choice(picks=(4, 2, 1)),
        nonce=nonce if same_nonce else new_nonce(),
    )
    assert second.outcome is CastOutcome.EARLIER_STANDS
    assert second.codes == {}
    assert rows_of(database) == before


def test_somebody_elses_nonce_asks_for_a_new_one(database: Database) -> None:
    opened, nonce = make_round(database), new_nonce()
    cast(database, opened, make_voter(database), nonce=nonce)
    other = cast(database, opened, make_voter(database), nonce=nonce)
    assert other.outcome is CastOutcome.NONCE_TAKEN


def test_the_database_itself_refuses_a_second_envelope(database: Database) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    tag = opened.secrets.tag(person)
    with pytest.raises(DBAPIError, match=r"(?i)unique"), database.writing() as work:
        work.session.add(
            EnvelopeRow(
                round_id=opened.id,
                tag=tag,
                channel="paper",
                mac=opened.secrets.mac(tag, "paper", None),
            )
        )


def test_a_paper_slip_and_a_web_vote_exclude_each_other(database: Database) -> None:
    opened = make_round(database)
    online, on_paper = make_voter(database), make_voter(database)
    cast(database, opened, online)

    def claim(person: UUID) -> CastOutcome:
        with database.writing() as work:
            return service.claim_slip(
                work,
                round_id=opened.id,
                secrets=opened.secrets,
                person_id=person,
                point="library 3",
                at=NOW,
            )

    assert claim(online) is CastOutcome.EARLIER_STANDS
    assert claim(on_paper) is CastOutcome.ACCEPTED
    assert cast(database, opened, on_paper).outcome is CastOutcome.EARLIER_STANDS


def test_all_envelopes_have_one_length(database: Database) -> None:
    rule = {"kind": "approval", "minimum": 1, "maximum": 3, "required": ["city"]}
    opened = make_round(database, ballot_rule=rule)
    ballots = [choice(picks=picks) for picks in ((1,), (2, 4), (1, 2, 3))]
    for marks in (*ballots, {"city": ballots[0]["city"]}):
        cast(database, opened, make_voter(database), marks=marks)
    cast(database, opened, make_voter(database, district=18), marks=choice(district=18, picks=(3,)))
    with database.reading() as session:
        lengths = [len(sealed or b"") for sealed in session.scalars(select(EnvelopeRow.sealed))]
    assert len(lengths) == 5
    assert len(set(lengths)) == 1


@pytest.mark.parametrize(
    "marks",
    [
        choice(picks=(1, 2)),
        choice(picks=(1, 1, 2)),
        choice(picks=(1, 2, 3, 4)),
        choice(district=18),
        {"city": choice()["city"]},
    ],
    ids=["two only", "one twice", "four", "another district", "district left out"],
)
def test_marks_that_are_no_vote_leave_nothing(database: Database, marks: object) -> None:
    opened = make_round(database)
    person = make_voter(database)
    with pytest.raises(InvalidChoice):
        cast(database, opened, person, marks=marks)  # type: ignore[arg-type]
    with database.reading() as session:
        assert session.scalars(select(EnvelopeRow.tag)).all() == []


def test_a_small_pool_asks_for_as_many_as_it_has(database: Database) -> None:
    opened = make_round(database, per_scope=2)
    receipt = cast(database, opened, make_voter(database), marks=choice(picks=(2, 1)))
    assert receipt.outcome is CastOutcome.ACCEPTED


def test_the_vote_ends_to_the_second(database: Database) -> None:
    opened = make_round(database)
    early, late = make_voter(database), make_voter(database)
    last_moment = opened.closes_at - timedelta(seconds=1)
    assert cast(database, opened, early, at=last_moment).outcome is CastOutcome.ACCEPTED
    with pytest.raises(NotAllowed, match="voting_closed"):
        cast(database, opened, late, at=opened.closes_at)


def test_who_waits_for_a_decision_votes_provisionally(database: Database) -> None:
    opened = make_round(database)
    person, _ = make_waiting_voter(database)
    assert cast(database, opened, person).outcome is CastOutcome.ACCEPTED
    with database.reading() as session:
        assert session.scalars(select(Participation.is_provisional)).all() == [True]


def test_without_a_residence_there_is_no_vote(database: Database) -> None:
    opened, person_id = make_round(database), make_voter(database)
    with database.writing() as work:
        work.session.execute(update(Confirmation).values(revoked_at=NOW))
    with pytest.raises(NotAllowed, match="residence_needed"):
        cast(database, opened, person_id)


def test_an_account_casts_for_nobody_but_whom_it_acts_for(database: Database) -> None:
    opened, person_id = make_round(database), make_voter(database)
    stranger = make_account(database)
    assert stranger.account_id is not None
    for wanted in (person_id, UUID(int=77)):
        press = service.Press(opened.id, stranger.account_id, wanted, choice(), new_nonce(), NOW)
        with pytest.raises(NotAllowed, match="not_your_person"):
            service.press_vote(database, opened.secrets, press)
        with pytest.raises(NotAllowed, match="not_your_person"), database.writing() as work:
            service.cast_vote(work, opened.secrets, press)


def at_once(jobs: list[Callable[[], object]]) -> list[BaseException]:
    """Run all jobs at the same moment; the errors they ended with."""
    errors: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        gate.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_eight_presses_at_once_are_one_vote(database: Database) -> None:
    opened = make_round(database)
    person, nonce = make_voter(database), new_nonce()
    seen: list[CastOutcome] = []

    def press(index: int) -> None:
        marks = choice() if index % 2 == 0 else choice(picks=(3, 2, 1))
        seen.append(cast(database, opened, person, marks=marks, nonce=nonce).outcome)

    assert at_once([lambda i=i: press(i) for i in range(8)]) == []  # type: ignore[misc]
    assert seen.count(CastOutcome.ACCEPTED) == 1
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM envelope")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM participation")).scalar() == 1
