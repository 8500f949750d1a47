"""From closing to the board: sealed count, voids by two members, opening, winners, verification."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.results.boards import board_folder
from civic_budget.results.queries import list_scope_results
from civic_budget.storage.db import Database
from civic_budget.voting import keyfiles, service
from civic_budget.voting.models import EnvelopeRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import get_round, read_opened
from civic_budget.voting.rules import RoundStatus, VoidReason
from civic_budget.voting.sealing import seal
from tests.builders_commission import close_vote, open_box, take_out
from tests.builders_voting import (
    cast,
    choice,
    make_round,
    make_voter,
    make_waiting_voter,
    new_nonce,
)


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_opened_ballots_lie_on_the_disk_in_the_order_of_their_codes(database: Database) -> None:
    """In the order of casting they would tell whose they are: the urn lies in that order."""
    opened = make_round(database)
    for _ in range(12):
        cast(database, opened, make_voter(database))
    close_vote(database, opened)
    open_box(database, opened)
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            lying = "SELECT scope, code FROM ballot ORDER BY ctid"
            rows = [tuple(row) for row in connection.execute(text(lying))]
            assert len(rows) == 24
            assert rows == sorted(rows)
        else:
            for table in (
                "ballot",
                "envelope",
                "participation",
            ):  # the primary key is the only order
                with pytest.raises(OperationalError, match="rowid"):
                    connection.execute(text(f"SELECT rowid FROM {table}"))


def test_a_round_from_the_first_vote_to_the_verified_board(
    database: Database, settings: object
) -> None:
    opened = make_round(database)
    nonce = new_nonce()
    cast(database, opened, make_voter(database), marks=choice(picks=(3, 1, 2)), nonce=nonce)
    for _ in range(3):
        cast(database, opened, make_voter(database))
    cast(database, opened, make_voter(database, district=18), marks=choice(district=18))
    close_vote(database, opened)
    open_box(database, opened)
    with database.writing() as work:
        board = board_folder(work.instance, opened.id)
    result = verify(board)
    assert result.returncode == 0, result.stdout + result.stderr
    with database.reading() as session:
        ballots = read_opened(session, opened.id).ballots
        results = {r.scope: r for r in list_scope_results(session, opened.edition_id)}
    assert len(ballots) == 10
    assert {b.scope for b in ballots} == {"city", "d08", "d18"}
    points = {line.reference: line.points for line in results["d08"].lines}
    assert points == {"BO.D8.1/26": 11, "BO.D8.2/26": 7, "BO.D8.3/26": 6, "BO.D8.4/26": 0}
    assert all(r.spent <= r.budget for r in results.values())


def test_the_board_is_the_same_for_every_order_of_casting(database: Database) -> None:
    opened = make_round(database)
    nonces = [new_nonce() for _ in range(4)]
    for nonce in nonces:
        cast(database, opened, make_voter(database), nonce=nonce)
    close_vote(database, opened)
    open_box(database, opened)
    with database.reading() as session:
        codes = [b.code for b in read_opened(session, opened.id).ballots if b.scope == "d08"]
    assert codes == sorted(codes)


def test_nobody_closes_early_nor_from_outside(database: Database) -> None:
    opened = make_round(database)
    with pytest.raises(Conflict, match="voting_still_open"), database.writing() as work:
        service.close_round(
            work, opened.commission[0], round_id=opened.id, at=opened.closes_at.replace(day=1)
        )
    from tests.builders import make_staff  # a member of the office, not of this round

    stranger = make_staff(database)
    with pytest.raises(NotAllowed), database.writing() as work:
        service.close_round(work, stranger, round_id=opened.id, at=opened.closes_at)


def test_one_member_alone_voids_nothing(database: Database) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    tag = opened.secrets.tag(person)
    with database.writing() as work:
        service.propose_void(
            work,
            opened.commission[0],
            round_id=opened.id,
            tag=tag,
            reason=VoidReason.DUPLICATE,
            at=opened.closes_at,
        )
    with pytest.raises(NotAllowed, match="second_member"), database.writing() as work:
        service.confirm_void(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            tag=tag,
            at=opened.closes_at,
        )


def test_an_unconfirmed_vote_must_be_voided_before_the_opening(database: Database) -> None:
    opened = make_round(database)
    person, _ = make_waiting_voter(database)
    cast(database, opened, person)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    with pytest.raises(OpeningRefused):
        open_box(database, opened)
    with database.reading() as session:
        findings = service.list_findings(session, secrets=opened.secrets, at=opened.closes_at)
    waiting = [finding.tag for finding in findings]
    assert [finding.kind for finding in findings] == [service.FindingKind.UNDECIDED]
    assert waiting == [opened.secrets.tag(person)]
    take_out(database, opened, waiting[0], VoidReason.NOT_CONFIRMED)
    open_box(database, opened)
    with database.reading() as session:
        found = read_opened(session, opened.id)
    assert len(found.ballots) == 2
    assert found.voided == {VoidReason.NOT_CONFIRMED.value: 1}


def test_wrong_passphrase_and_foreign_file_open_nothing(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    (first, _), second = opened.held[:2]
    with pytest.raises(keyfiles.WrongPassphrase):
        open_box(database, opened, held=[(first, "not the passphrase"), second])
    with pytest.raises(keyfiles.TooFewKeyFiles):
        open_box(database, opened, held=[second])
    with pytest.raises(keyfiles.DamagedKeyFile):
        open_box(database, opened, held=[(first[:-9] + b"}", "first long passphrase"), second])
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.VERIFICATION


def test_a_forged_envelope_stops_the_opening(database: Database) -> None:
    opened = make_round(database)
    forged, other = make_voter(database), make_voter(database)
    cast(database, opened, forged)
    cast(database, opened, other)
    tag = opened.secrets.tag(forged)
    with database.engine.begin() as connection:  # before any list: all its hashes will be right
        own = {
            "sealed": seal(opened.secrets.public_key, opened.id, tag, bytes(66)),
            "mac": bytes(32),
        }
        connection.execute(update(EnvelopeRow).where(EnvelopeRow.tag == tag).values(own))
    close_vote(database, opened)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert [(p.trouble, p.tag) for p in refused.value.problems] == [(Trouble.FORGED, tag.hex())]


def test_an_envelope_copied_under_another_tag_stops_the_opening(database: Database) -> None:
    opened = make_round(database)
    copied, other = make_voter(database), make_voter(database)
    cast(database, opened, copied)
    cast(database, opened, other)
    with database.engine.begin() as connection:  # with a mac as if the server itself had sealed it
        sealed = connection.execute(
            select(EnvelopeRow.sealed).where(EnvelopeRow.tag == opened.secrets.tag(copied))
        ).scalar_one()
        tag = opened.secrets.tag(other)
        connection.execute(
            update(EnvelopeRow)
            .where(EnvelopeRow.tag == tag)
            .values(sealed=sealed, mac=opened.secrets.mac(tag, "web", sealed))
        )
    close_vote(database, opened)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert [(p.trouble, p.tag) for p in refused.value.problems] == [(Trouble.SEALED, tag.hex())]


def test_participation_is_known_only_in_memory(database: Database) -> None:
    opened = make_round(database)
    voted, stayed = make_voter(database), make_voter(database)
    cast(database, opened, voted)
    with database.reading() as session:
        found = service.participation_of(session, opened.secrets, [voted, stayed, UUID(int=5)])
    assert set(found) == {voted}
    assert found[voted][0] == "web"
