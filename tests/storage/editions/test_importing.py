"""Real elections become finished editions: what is kept, what is dropped, what is refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic_budget.editions.models import Edition
from civic_budget.editions.queries import (
    find_current_edition,
    get_edition_by_slug,
    list_edition_names,
)
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.pabulib import parse, read
from civic_budget.proposals.models import Proposal
from civic_budget.proposals.queries import list_for_ballot
from civic_budget.results.boards import board_folder
from civic_budget.results.importing import import_edition, read_sources
from civic_budget.results.past import ImportRefusedError
from civic_budget.results.queries import list_scope_results
from civic_budget.results.replay import replay, rule_for
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.builders_editions import CITY, DISTRICT, published_files, write_files
from tests.conftest import NOW


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["editions", "import-pb", *args])
    return result.exit_code, result.output


def test_two_files_become_an_edition_with_pools_projects_and_winners(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    make_city(database)
    files = write_files(tmp_path, dabie=DISTRICT, miasto=CITY)
    code, said = run(app, *map(str, files), "--name", "Kraków 2019")
    assert code == 0, said
    assert said.count("winners equal") == 2
    with database.reading() as session:
        edition = get_edition_by_slug(session, "krakow-2019")
        results = {row.scope: row for row in list_scope_results(session, edition.id)}
        ballot = {p.reference: p for p in list_for_ballot(session, edition.id)}
    assert [(p.scope, p.money) for p in edition.pools] == [("city", 200_000), ("d08", 100_000)]
    assert edition.year == 2019
    assert edition.phase(NOW) is Phase.RESULTS
    assert edition.selection_rule == {"preset": "krakow"}
    assert edition.ballot_rule == {
        "kind": "points",
        "points": [3, 2, 1],
        "minimum": 3,
        "maximum": 3,
    }
    assert [m for m in Milestone if edition.knows(m)] == [
        Milestone.VOTING_OPENS,
        Milestone.VOTING_CLOSES,
    ]
    won = [line.reference for line in results["d08"].lines if line.outcome == "selected"]
    assert won == ["BO.D8.9/19", "BO.D8.17/19"]
    assert (results["d08"].spent, results["d08"].voters) == (90_000, 4)
    assert ballot["BO.D8.19/19"].final_cost == 50_050
    assert ballot["BO.OM.9/19"].original.title == "Bulwary"


def test_nothing_of_a_voter_is_kept_but_the_choice(
    app: Flask, database: Database, settings: object, tmp_path: Path
) -> None:
    make_city(database)
    (file,) = write_files(tmp_path, dabie=DISTRICT)
    assert run(app, str(file), "--name", "Edycja 2019")[0] == 0
    with database.reading() as session:
        edition = get_edition_by_slug(session, "edycja-2019")
    with database.writing() as work:
        folder = board_folder(work.instance, edition.id)
    assert sorted(path.name for path in folder.iterdir()) == ["d08.pb"]
    board = read(folder / "d08.pb")
    assert board.vote_columns == ("voter_id", "vote")
    assert [vote.cells for vote in board.votes] == [
        ("1", "BO.D8.19/19,BO.D8.9/19,BO.D8.17/19"),
        ("2", "BO.D8.4/19,BO.D8.17/19,BO.D8.9/19"),
        ("3", "BO.D8.9/19,BO.D8.17/19,BO.D8.19/19"),
        ("4", "BO.D8.9/19,BO.D8.19/19,BO.D8.17/19"),
    ]
    text = (folder / "d08.pb").read_text(encoding="utf-8")
    assert not any(word in text for word in ("7001", "internet", "DĘBNIKI", "years old", "sex"))
    assert replay(board, rule_for(board)).agrees


def test_a_withdrawn_project_keeps_its_place_but_has_no_price(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    make_city(database)
    (file,) = write_files(tmp_path, dabie=DISTRICT)
    run(app, str(file), "--name", "Edycja 2019")
    with database.reading() as session:
        row = session.scalars(select(Proposal).where(Proposal.reference == "BO.D8.4/19")).one()
        results = list_scope_results(session, row.edition_id)
        line = next(x for x in results[0].lines if x.reference == "BO.D8.4/19")
        assert (row.state, row.cost, line.outcome, line.cost) == ("withdrawn", 0, "withdrawn", 0)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text[: text.rindex("7004")], "META promises 4 votes, the file holds 3"),
        (lambda text: text.replace("9,19,17;34", "9,77,17;34"), "line 30: the vote names"),
        (lambda text: text.replace("19;500.50", "19;much"), "“much” in “cost”"),
        (lambda text: text.replace("Dębniki", "Wola"), "no district named Wola"),
        (lambda text: text.replace("7001;9,19,17", "7001;9,19,17,4"), "4 projects"),
        (lambda text: text.replace("28.09.2019", "28.12.2019"), "ended before it began"),
    ],
    ids=["cut off", "unknown project", "cost", "district", "picks", "days"],
)
def test_a_bad_file_is_named_with_its_reason_and_nothing_is_written(
    app: Flask, database: Database, tmp_path: Path, spoil: object, reason: str
) -> None:
    make_city(database)
    assert callable(spoil)
    write_files(tmp_path, bad=spoil(DISTRICT), good=CITY)
    code, said = run(app, str(tmp_path), "--name", "Kraków 2019")
    assert code == 1
    assert reason in said
    assert "Traceback" not in said
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 0
        assert session.scalar(select(func.count()).select_from(Proposal)) == 0
    with database.writing() as work:
        assert not list(work.instance.glob("boards/*"))


def test_files_of_different_elections_or_of_one_pool_twice_are_refused(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    make_city(database)
    other = CITY.replace("instance;2019", "instance;2020")
    files = write_files(tmp_path, a=DISTRICT, b=other)
    assert "of another election" in run(app, *map(str, files), "--name", "X")[1]
    twice = write_files(tmp_path, a=CITY, b=CITY)
    assert "about the same pool" in run(app, *map(str, twice), "--name", "X")[1]


def test_an_edition_is_imported_once(app: Flask, database: Database, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, a=CITY)
    assert run(app, str(file), "--name", "Kraków 2019")[0] == 0
    code, said = run(app, str(file), "--name", "Kraków 2019")
    assert (code, "already an edition" in said) == (1, True)


def test_an_imported_edition_is_public_but_never_the_current_one(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    (file,) = write_files(tmp_path, a=CITY)
    run(app, str(file), "--name", "Kraków 2019")
    with database.reading() as session:
        assert [e.slug for e in list_edition_names(session, at=NOW.replace(year=2050))] == [
            "krakow-2019"
        ]
        assert find_current_edition(session, at=NOW.replace(year=2050)) is None


def test_a_tie_that_the_city_decided_is_taken_from_its_result(
    database: Database, tmp_path: Path
) -> None:
    tied = CITY.replace("2;5,9,7", "2;5,7,9").replace("budget;2000", "budget;2000")
    tied = tied.replace("9;900;2;4", "9;500;2;3").replace("7;500;2;2", "7;500;2;3")
    (file,) = write_files(tmp_path, a=tied)
    with database.writing() as work:
        done = import_edition(work, read_sources([file]), name="Kraków 2019", at=NOW)
    with database.reading() as session:
        (result,) = list_scope_results(session, done.edition_id)
    assert result.is_complete
    assert result.seed_source == "the published result of the election"
    assert [x.reference for x in result.lines if x.outcome == "selected"] == [
        "BO.OM.5/19",
        "BO.OM.7/19",
    ]


def test_a_rule_for_other_ballots_is_refused(database: Database, tmp_path: Path) -> None:
    (file,) = write_files(tmp_path, a=CITY)
    with (
        pytest.raises(ImportRefusedError, match="counts approval ballots"),
        database.writing() as work,
    ):
        import_edition(work, read_sources([file]), name="K", preset="warszawa", at=NOW)


def test_real_files_give_the_published_winners(app: Flask, database: Database) -> None:
    folder = published_files()
    if folder is None:
        pytest.skip("published files are not here: set PABULIB_DIR")
    names = ("Podgorze_Duchackie", "Debniki", "Nowa_Huta", "Zwierzyniec")
    files = [str(folder / f"Poland_Krakow_2021_{name}.pb") for name in names]
    code, said = run(app, *files, "--name", "Kraków 2021")
    assert code == 0, said
    assert said.count("winners equal") == 4
    with database.reading() as session:
        edition = get_edition_by_slug(session, "krakow-2021")
        results = list_scope_results(session, edition.id)
        listed = list_for_ballot(session, edition.id)
    stated = {name: parse((folder / f).read_bytes()) for name, f in zip(names, files, strict=True)}
    assert sum(len(file.projects) for file in stated.values()) == len(listed)
    assert sum(row.voters for row in results) == sum(len(f.votes) for f in stated.values())
