"""`flask statistics … --edition`: the same checks on the platform's own editions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask

from civic_budget.config import Settings
from civic_budget.editions.rules import Phase
from civic_budget.kernel.clock import city_day, utc_now
from civic_budget.statistics import edition_commands, files, jobs, queries
from civic_budget.storage.db import Database
from civic_budget.voting.queries import get_round
from tests.builders import make_city, make_edition
from tests.builders_commission import annul_list, close_vote, open_box, prepare_again
from tests.builders_statistics import make_published, open_votes, past_release
from tests.builders_voting import cast, make_round, make_voter
from tests.conftest import NOW

REGISTER = """
[residents]
source = "Register A"
as_of = 2025-06-30
definition = "insured persons"
geography = "city"
counts = {UA = 29000, BY = 7000}
"""


@pytest.fixture(autouse=True)
def _present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's present is the tests'."""

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(edition_commands, utc_now.__name__, now)


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["statistics", *words], env={"LC_ALL": "C"})


def test_seal_once_and_only_once(app: Flask, database: Database) -> None:
    opened = make_round(database)
    early = run(app, "seal", "--edition", "2026")
    assert early.exit_code == 2
    assert "not opened yet" in early.output
    cast(database, opened, make_voter(database))
    open_votes(database, opened)
    first = run(app, "seal", "--edition", "2026")
    assert first.exit_code == 0, first.output
    assert "Tables sealed: 8" in first.output
    assert "under embargo until" in first.output
    second = run(app, "seal", "--edition", "2026")
    assert second.exit_code == 2
    assert "sealed already" in second.output


def test_beside_a_vote_on_some_lists_the_vote_on_all_is_counted(
    app: Flask, database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    open_votes(database, opened)
    at = opened.closes_at + timedelta(days=8)
    annul_list(database, opened, at=at)
    again = prepare_again(database, opened, at)
    strange = run(app, "seal", "--edition", "2026", "--round", str(UUID(int=7)))
    assert strange.exit_code == 2
    assert f"{again.id}  supplement  ready" in strange.output
    early = run(app, "seal", "--edition", "2026", "--round", str(again.id))
    assert "not opened yet" in early.output
    with database.reading() as session:
        assert [due.keys.id for due in jobs.list_due(session)] == [opened.id]
    close_vote(database, again)
    open_box(database, again)
    unsure = run(app, "seal", "--edition", "2026")
    assert unsure.exit_code == 2
    assert "Name the one to count with --round" in unsure.output
    assert jobs.seal_due(database, settings.instance, NOW) == ["2026"]
    with database.reading() as session:
        release = queries.get_release(session, opened.edition_id)
        first = get_round(session, opened.id)
    assert release.frame.days[0] == city_day(first.opens_at).isoformat()


def test_the_release_of_an_edition_is_verified_attacked_explained_and_planned_from(
    app: Flask, database: Database
) -> None:
    make_city(database)
    make_published(database)
    verified = run(app, "verify", "--edition", "2025")
    assert verified.exit_code == 0, verified.output
    assert "Seals: 8, the same in ledger and archive" in verified.output
    assert "No way was found" in run(app, "attack", "--edition", "2025").output
    assert "Edition 2025" in run(app, "explain", "--edition", "2025").output
    assert "smallest change" in run(app, "plan", "--edition", "2025").output
    assert "public since" in run(app, "publish", "--edition", "2025").output


def test_verify_notices_an_archive_that_differs(
    app: Flask, database: Database, settings: Settings
) -> None:
    make_city(database)
    make_published(database)
    (settings.archive / "000001").rename(settings.archive / "away")
    broken = run(app, "verify", "--edition", "2025")
    assert broken.exit_code == 2
    assert "statistics restore" in broken.output
    assert run(app, "restore").exit_code == 0
    assert run(app, "verify", "--edition", "2025").exit_code == 0


def test_a_folder_is_taken_in_for_an_edition_of_its_name(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.RESULTS, year=2025)
    make_edition(database, Phase.RESULTS, year=2024)
    files.write(past_release("2025"), tmp_path / "past")
    wrong = run(app, "import", str(tmp_path / "past"), "--edition", "2024")
    assert wrong.exit_code == 2
    assert "another edition" in wrong.output
    assert run(app, "import", str(tmp_path / "past"), "--edition", "2025").exit_code == 0
    with database.reading() as session:
        assert queries.find_release(session, edition_id) is not None


def test_residents_of_a_register_are_taken_in_once(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "register.toml").write_text(REGISTER, encoding="utf-8")
    path = str(tmp_path / "register.toml")
    assert "citizenships: 2" in run(app, "residents", path, "--basis").output
    with database.reading() as session:
        basis = queries.find_basis(session)
    assert basis is not None
    assert basis.counts == {"UA": 29000, "BY": 7000}
    again = run(app, "residents", path)
    assert again.exit_code == 2
    (tmp_path / "empty.toml").write_text("k = 10\n", encoding="utf-8")
    assert run(app, "residents", str(tmp_path / "empty.toml")).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seal", "--edition", "1900"], "There is no edition 1900"),
        (["verify", "--edition", "1900"], "There is no edition 1900"),
        (["verify"], "Give a folder or --edition"),
        (["attack", ".", "--edition", "2025"], "Give a folder or --edition"),
    ],
)
def test_bad_input_is_refused_in_words(
    app: Flask, database: Database, words: list[str], said: str
) -> None:
    result = run(app, *words)
    assert result.exit_code == 2
    assert said in result.output


def test_an_edition_that_is_not_sealed_has_nothing_to_check(app: Flask, database: Database) -> None:
    make_round(database)
    result = run(app, "attack", "--edition", "2026")
    assert result.exit_code == 2
    assert "not sealed" in result.output
    assert "not sealed yet" in run(app, "publish", "--edition", "2026").output
