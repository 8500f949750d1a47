"""The commission's steps at a terminal: the same deeds, refusals in one sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from civic_budget.accounts.models import Account
from civic_budget.accounts.queries import contact_of
from civic_budget.editions.models import EditionMoment
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import CITY_ZONE, utc_now
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders_commission import annul_list, open_box, prepare_again, publish
from tests.builders_statistics import seal
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW


def mail_of(database: Database, actor: Actor) -> str:
    with database.reading() as session:
        contact = contact_of(session, session.get_one(Account, actor.account_id))
    assert contact is not None
    return contact.address


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["voting", *words])


def slug_of(database: Database, opened: Round) -> str:
    with database.reading() as session:
        return get_edition(session, opened.edition_id).slug


def test_extend_check_and_annul(app: Flask, database: Database, tmp_path: Path) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    slug, mail = slug_of(database, opened), mail_of(database, opened.commission[0])
    with database.writing() as work:
        night = service.publish_nightly_count(work, round_id=opened.id, day=NOW.date())
    until = (opened.closes_at + timedelta(days=4000)).astimezone(CITY_ZONE)
    moved = run(
        app, "extend", slug, "--as", mail, "--until", f"{until:%Y-%m-%d %H:%M}", "--note", "x"
    )
    # The clock of the terminal is the machine's: long after this test's vote, so it is refused.
    assert moved.exit_code == 1
    assert "24 hours" in moved.output
    kept = tmp_path / "night.txt"
    kept.write_text(night.text)
    assert run(app, "check", slug, "--list", str(kept)).exit_code == 0
    kept.write_text("ff" * 32 + "\n")
    assert run(app, "check", slug, "--list", str(kept)).exit_code == 1
    assert run(app, "close", slug, "--as", mail).exit_code == 0
    sealed = tmp_path / "sealed.zip"
    assert run(app, "export", slug, "--out", str(sealed)).exit_code == 0
    assert sealed.stat().st_mode & 0o077 == 0
    assert "reopen.py" in ZipFile(sealed).namelist()
    early = run(app, "finish", slug, "--as", mail, "--keep-until", "2100-01-01 00:00", "--yes")
    assert early.exit_code != 0
    act = ("--act", "Act 1", "--note", "Forged cards.")
    assert run(app, "annul", slug, "--as", mail, *act, "--yes").exit_code == 0
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.ANNULLED
    unsure = run(app, "shred", slug, "--as", mail, "--yes")
    assert "Every round is annulled" in unsure.output
    named = (slug, "--as", mail, "--round", str(opened.id), "--yes")
    assert "appeals is not over" in run(app, "shred", *named).output
    assert run(app, "finish", *named, "--keep-until", "2100-01-01 00:00").exit_code == 0
    with database.engine.begin() as connection:  # the terminal's clock is the machine's
        connection.execute(update(RoundRow).values(keep_until=NOW))
    for _ in range(2):
        done = run(app, "shred", *named)
        assert done.exit_code == 0, done.output
    with database.reading() as session:
        assert get_round(session, opened.id).destroyed_at is not None
    unknown = run(app, "shred", "2099", "--as", mail, "--yes")
    assert unknown.exit_code == 1
    assert "There is no edition 2099." in unknown.output


def test_extending_tells_in_a_sentence_what_refuses_it_and_that_the_vote_is_still_suspended(
    app: Flask, database: Database
) -> None:
    opened = make_round(database)
    slug, mail = slug_of(database, opened), mail_of(database, opened.commission[0])
    closes_at = utc_now() + timedelta(days=1)  # the terminal's clock is the machine's
    moved = closes_at - opened.closes_at
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(closes_at=closes_at))
        for moment in work.session.scalars(select(EditionMoment)):
            moment.at += moved
    with database.writing() as work:
        service.suspend_round(
            work, opened.commission[0], round_id=opened.id, note="A failure.", at=NOW
        )

    def extend(days: int) -> Result:
        until = f"{(closes_at + timedelta(days=days)).astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"
        return run(app, "extend", slug, "--as", mail, "--until", until, "--note", "A failure.")

    refused = extend(1)  # the calendar opened the vote at another hour than the round
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    with database.writing() as work:
        work.session.get_one(RoundRow, opened.id).opens_at += moved
    assert "still suspended" in extend(1).output
    with database.writing() as work:
        service.resume_round(work, opened.commission[0], round_id=opened.id, at=NOW)
    told = extend(2).output
    assert "Voting closes" in told
    assert "still suspended" not in told


def test_beside_another_vote_a_command_never_guesses_the_round(
    app: Flask, database: Database
) -> None:
    opened = make_round(database)
    slug, mail = slug_of(database, opened), mail_of(database, opened.commission[0])
    who = (slug, "--as", mail)
    assert run(app, "close", *who).exit_code == 0
    open_box(database, opened)
    at = publish(database, opened)
    annul_list(database, opened, at=at)
    again = prepare_again(database, opened, at)
    listed = run(app, "rounds", slug)
    assert listed.output.splitlines()[0].startswith(f"{opened.id}  first  opened  opens 20")
    assert f"{again.id}  supplement  ready" in listed.output
    kept = ("--keep-until", "2100-01-01 00:00", "--yes")
    for command in (("close",), ("finish", *kept), ("shred", "--yes"), ("open", "--key", __file__)):
        unsure = run(app, command[0], *who, *command[1:])
        assert unsure.exit_code == 1
        assert "Name one with --round ID" in unsure.output
        assert str(opened.id) in unsure.output
        assert str(again.id) in unsure.output
    assert run(app, "check", slug, "--round", str(UUID(int=7))).exit_code == 1
    assert "Invalid value" in run(app, "check", slug, "--round", "first").output
    seal(database, opened, at=at)
    done = run(app, "finish", *who, "--round", str(opened.id), *kept)
    assert done.exit_code == 0, done.output
    assert run(app, "close", *who, "--round", str(again.id)).exit_code == 0
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.FINAL
        assert get_round(session, again.id).status is RoundStatus.VERIFICATION
