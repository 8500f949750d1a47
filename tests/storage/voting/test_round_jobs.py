"""What the worker does for a round, and the commission's commands without a browser."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic_budget import worker
from civic_budget.accounts.queries import get_reachable
from civic_budget.config import Settings
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.notifications.delivery import list_mailbox
from civic_budget.residency import service as residency
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database, Work
from civic_budget.voting import service
from civic_budget.voting.choice import InvalidChoice
from civic_budget.voting.jobs import publish_nights, tell_voters
from civic_budget.voting.models import Participation
from civic_budget.voting.nightly import missing_since, read_sealed_list
from civic_budget.voting.queries import get_round, list_nightly_counts, read_opened
from civic_budget.voting.rules import RoundStatus, VoidReason
from tests.builders import make_staff
from tests.builders_commission import close_vote, open_box
from tests.builders_residency import claim
from tests.builders_voting import Round, cast, choice, make_round, make_voter, make_waiting_voter
from tests.conftest import NOW


def told_by(
    database: Database, settings: Settings, *, later: timedelta = timedelta()
) -> list[UUID]:
    """Run the job once; the persons that it told."""
    persons: list[UUID] = []

    def tell(_work: Work, person_id: UUID, _at: object) -> None:
        persons.append(person_id)

    tell_voters(database, settings.round_keys, tell, at=NOW + later)
    return persons


def test_notices_wait_for_twenty_and_are_given_once(database: Database, settings: Settings) -> None:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(20)]
    for person in voters[:19]:
        cast(database, opened, person)
    assert told_by(database, settings) == []
    cast(database, opened, voters[19])
    told = told_by(database, settings)
    assert sorted(told) == sorted(voters)
    assert told != voters
    assert told_by(database, settings) == []


def test_after_closing_the_rest_is_told(database: Database, settings: Settings) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    with database.writing() as work:
        service.close_round(work, opened.commission[0], round_id=opened.id, at=opened.closes_at)
    assert told_by(database, settings) == [person]
    with database.reading() as session:
        assert session.scalars(select(Participation.notified)).all() == [True]


def test_the_worker_sends_the_notice_without_any_code(
    app: Flask, database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    codes: list[str] = []
    for _ in range(20):
        codes += cast(database, opened, make_voter(database)).codes.values()
    worker.run_once(app, at=NOW)
    letters = [path.read_text(encoding="utf-8") for path in settings.mailbox.glob("*.json")]
    recorded = [letter for letter in letters if "vote" in letter and "recorded" in letter]
    assert len(recorded) == 20
    assert not [code for code in codes for letter in letters if code in letter]


def test_each_night_is_counted_once_and_contains_the_last(
    database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    with database.reading() as session:
        opens_at = get_round(session, opened.id).opens_at
    for night in range(3):
        cast(database, opened, make_voter(database))
        for hours in (1, 2):
            publish_nights(database, opens_at + timedelta(days=night + 1, hours=hours))
    with database.reading() as session:
        nights = list_nightly_counts(session, opened.id)
        lists = [read_sealed_list(night.hashes) for night in nights]
    assert [night.count for night in nights] == [1, 2, 3]
    assert all(not missing_since(a, b.hashes) for a, b in pairwise(lists))


def keyed_cards(database: Database, opened: Round, serials: list[str]) -> None:
    for _ in serials:
        with database.writing() as work:
            service.claim_slip(
                work,
                round_id=opened.id,
                secrets=opened.secrets,
                person_id=make_voter(database),
                point="library",
                at=NOW,
            )
    with database.writing() as work:
        batch = service.open_batch(
            work, SYSTEM, round_id=opened.id, point="library", scope="d08", claimed=len(serials)
        )
        for serial in serials:
            service.register_card(work, secrets=opened.secrets, serial=serial, scope="d08")
        for serial in serials:
            service.key_card(
                work,
                SYSTEM,
                secrets=opened.secrets,
                batch_id=batch,
                serial=serial,
                choice=choice(),
                at=NOW,
            )
        service.close_batch(
            work,
            SYSTEM,
            secrets=opened.secrets,
            batch_id=batch,
            missing=0,
            protocol_number="1",
            at=opened.closes_at,
        )


def test_paper_cards_are_counted_with_the_others(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    keyed_cards(database, opened, ["0" * 16, "1" * 16])
    close_vote(database, opened)
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at,
        )
    open_box(database, opened, at=opened.closes_at)
    with database.reading() as session:
        found = read_opened(session, opened.id)
    assert dict(found.counted) == {"web": 1, "paper": 2}
    assert len(found.ballots) == 6


def test_a_card_is_keyed_once_and_never_one_too_many(database: Database) -> None:
    opened = make_round(database)
    keyed_cards(database, opened, ["0" * 16])
    with database.writing() as work:
        service.register_card(work, secrets=opened.secrets, serial="2" * 16, scope="d08")
        empty = service.open_batch(
            work, SYSTEM, round_id=opened.id, point="library", scope="d08", claimed=0
        )
        full = service.open_batch(
            work, SYSTEM, round_id=opened.id, point="library", scope="d08", claimed=20
        )

    def key(batch: UUID, serial: str, **marks: object) -> None:
        with database.writing() as work:
            service.key_card(
                work,
                SYSTEM,
                secrets=opened.secrets,
                batch_id=batch,
                serial=serial,
                choice=choice(**marks),  # type: ignore[arg-type]
                at=NOW,
            )

    with pytest.raises(Conflict, match="card_already_used"):
        key(full, "0" * 16)
    with pytest.raises(Conflict, match="more_cards_than_slips"):
        key(empty, "2" * 16)
    with pytest.raises(NotFound):
        key(full, "9" * 16)
    with pytest.raises(InvalidChoice):
        key(full, "2" * 16, picks=(1, 1, 2))
    key(full, "2" * 16)


def test_close_and_open_from_the_terminal(
    app: Flask,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    member = opened.commission[0].account_id
    assert member is not None
    with database.reading() as session:
        contact = get_reachable(session, member).contact
    assert contact is not None
    from civic_budget.voting import commands

    monkeypatch.setattr(commands, "utc_now", lambda: NOW)
    runner = app.test_cli_runner()
    early = runner.invoke(args=["voting", "close", "2026", "--as", contact.address])
    assert early.exit_code == 1
    assert "still open" in early.output
    monkeypatch.setattr(commands, "utc_now", lambda: opened.closes_at)
    early = runner.invoke(
        args=["voting", "open", "2026", "--as", contact.address, "--key", __file__]
    )
    assert early.exit_code == 1
    assert "Passphrase" not in early.output  # nobody types one for a step that is not due
    assert runner.invoke(args=["voting", "close", "2026", "--as", contact.address]).exit_code == 0
    files = []
    for number, (content, _) in enumerate(opened.held[:2]):
        path = tmp_path / f"member-{number}.json"
        path.write_bytes(content)
        files += ["--key", str(path)]
    args = ["voting", "open", "2026", "--as", contact.address, *files]
    first, second = (phrase for _, phrase in opened.held[:2])
    wrong = runner.invoke(args=args, input=f"{first}\nnot the passphrase\n")
    assert wrong.exit_code == 1
    assert "passphrase of member 2 is wrong" in wrong.output
    right = runner.invoke(args=args, input=f"{first}\n{second}\n")
    assert right.exit_code == 0, right.output
    assert first not in right.output
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.OPENED


def test_who_voted_before_the_decision_learns_that_the_vote_counted(
    app: Flask, database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    confirmed, case_id = make_waiting_voter(database, name="OKSANA")
    refused, _ = make_waiting_voter(database, name="IRYNA")
    for person in (confirmed, refused, make_voter(database)):
        cast(database, opened, person)
    officer, after = make_staff(database, Role.OFFICER), opened.closes_at + timedelta(days=1)
    claim(database, officer, case_id)
    with database.writing() as work:
        residency.confirm_case(work, officer, case_id=case_id, at=NOW)
    first, second = opened.commission[:2]
    with database.writing() as work:
        service.close_round(work, first, round_id=opened.id, at=opened.closes_at)
    tag = opened.secrets.tag(refused, 0)
    reason = VoidReason.NOT_CONFIRMED
    with database.writing() as work:
        service.propose_void(work, first, round_id=opened.id, tag=tag, reason=reason, at=after)
    with database.writing() as work:
        service.confirm_void(
            work, second, round_id=opened.id, secrets=opened.secrets, tag=tag, at=after
        )
    open_box(database, opened, at=after + timedelta(days=10))
    worker.run_once(app, at=after + timedelta(days=11))
    letters = [m for m in list_mailbox(settings.mailbox) if m.subject == "Your vote was counted"]
    with database.reading() as session:
        reached = get_reachable(session, accounts_of_person(session, confirmed)[0])
    assert reached.contact is not None
    assert [letter.to for letter in letters] == [reached.contact.address]
