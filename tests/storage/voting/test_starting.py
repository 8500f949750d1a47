"""A server or worker beside a running vote starts with the secrets of that vote, or says why not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from civic_budget.config import BadSettings, Settings
from civic_budget.paths import ROOT
from civic_budget.storage.db import Database
from civic_budget.storage.installation import check_installation
from civic_budget.voting import service
from civic_budget.voting.keys import (
    SECRET,
    RoundSecrets,
    SecretsRefused,
    new_round_secrets,
    write_secrets,
)
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.queries import get_round
from tests.builders_commission import annul, close_vote
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.engines import PostgresMaker, SqliteMaker

Change = Callable[[Path, RoundSecrets], None]


def other_keys(path: Path, held: RoundSecrets) -> None:
    path.unlink()
    write_secrets(path, replace(new_round_secrets(held.round_id)[1], public_key=held.public_key))


def other(key: str) -> Change:
    """One key is another, all others stay."""

    def change(path: Path, held: RoundSecrets) -> None:
        path.unlink()
        write_secrets(path, replace(held, **{key: bytes(32)}))

    return change


def other_round(path: Path, held: RoundSecrets) -> None:
    path.unlink()
    write_secrets(path, new_round_secrets(uuid4())[1])


CHANGES: dict[str, tuple[Change, str]] = {
    "missing": (lambda path, held: path.unlink(), "is not there or cannot be read"),
    "read by others": (lambda path, held: path.chmod(0o644), "chmod 600"),
    "damaged": (lambda path, held: path.write_text("{}") and None, "is damaged"),
    "of another round": (other_round, "of another round"),
    "other keys under the same lock": (other_keys, "of another round, or of another setup"),
    **{
        f"another {key}": (other(key), f"Other than when the vote was prepared: {key}\\.")
        for key in SECRET
    },
}


def file_of(settings: Settings, opened: Round) -> Path:
    return settings.round_keys / f"{opened.id}.json"


def test_the_right_secrets_start_with_or_without_votes(
    database: Database, settings: Settings
) -> None:
    service.check_round_secrets(database, settings.round_keys)
    opened = make_round(database)
    service.check_round_secrets(database, settings.round_keys)
    cast(database, opened, make_voter(database))
    service.check_round_secrets(database, settings.round_keys)


@pytest.mark.parametrize("name", CHANGES)
def test_wrong_secrets_are_named_with_their_file(
    database: Database, settings: Settings, name: str
) -> None:
    change, words = CHANGES[name]
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    path = file_of(settings, opened)
    change(path, opened.secrets)
    with database.reading() as session, pytest.raises(SecretsRefused):
        service.secrets_of(settings.round_keys, get_round(session, opened.id))
    with pytest.raises(BadSettings, match=words) as told:
        service.check_round_secrets(database, settings.round_keys)
    assert str(path) in str(told.value)
    close_vote(database, opened)
    with pytest.raises(BadSettings, match=words):
        service.check_round_secrets(database, settings.round_keys)
    annul(database, opened, note="The secrets are lost.", at=opened.closes_at)
    service.check_round_secrets(database, settings.round_keys)


def test_a_round_prepared_before_there_were_marks_is_known_by_its_envelopes(
    database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    with database.writing() as work:
        work.session.get_one(RoundRow, opened.id).key_marks = None
    service.check_round_secrets(database, settings.round_keys)
    cast(database, opened, make_voter(database))
    other("k_mac")(file_of(settings, opened), opened.secrets)
    with pytest.raises(BadSettings, match="of another round, or of another setup"):
        service.check_round_secrets(database, settings.round_keys)


def test_a_database_without_tables_is_left_to_the_migration(
    maker: SqliteMaker | PostgresMaker, settings: Settings
) -> None:
    url = maker.empty_url()
    service.check_round_secrets(Database(url, settings.keyring), settings.round_keys)
    maker.drop(url)


def start(settings: Settings, *command: str, pepper: bytes | None = None) -> tuple[int, str]:
    """Exit code and words of a process that loads `wsgi.py`."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "CIVIC_BUDGET_MODE": settings.mode.value,
        "CIVIC_BUDGET_DATABASE_URL": settings.database_url,
        "CIVIC_BUDGET_INSTANCE": str(settings.instance),
        "CIVIC_BUDGET_PEPPER": (pepper or settings.pepper).decode(),
    }
    done = subprocess.run(
        [sys.executable, *(command or ("-c", "import wsgi"))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.proof
def test_server_and_worker_refuse_in_one_sentence_and_a_command_still_works(
    app: Flask, database: Database, settings: Settings
) -> None:
    check_installation(database, settings)
    opened = make_round(database)
    assert start(settings) == (0, "")
    code, said = start(settings, pepper=b"another pepper, which is long enough to be accepted")
    assert (code, "Traceback" in said) == (1, False)
    assert "pepper is not the one" in said
    file_of(settings, opened).unlink()
    flask = ("-m", "flask", "--app", "wsgi")
    for command in ((), (*flask, "work", "--once")):
        code, said = start(settings, *command)
        assert (code, "Traceback" in said) == (1, False)
        assert f"{opened.id}.json is not there" in said
    code, said = start(settings, *flask, "voting", "check", "2026")
    assert code == 1
    assert "0 missing, 0 after the sealed list" in said
    assert f"{opened.id}.json is not there" in said
