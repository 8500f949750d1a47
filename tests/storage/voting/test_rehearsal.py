"""A rehearsal: real services, published ballots; the board depends on the ballots, not on their order."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from civic_budget.app import create_app
from civic_budget.cli import register_commands
from civic_budget.config import Mode, Settings
from civic_budget.pabulib import read

HEAD = """META
key;value
description;Rehearsal
country;Poland
unit;Kraków
instance;2019
{district}num_projects;5
num_votes;{votes}
budget;3000000
vote_type;ordinal
rule;greedy
date_begin;28.09.2019
date_end;07.10.2019
min_length;3
max_length;3
language;pl
PROJECTS
project_id;cost;name
{projects}
VOTES
voter_id;age;vote
{ballots}
"""


def write_pb(path: Path, *, district: str, votes: int, seed: int) -> Path:
    """An election file with ballots of three projects each, and an age that must not survive."""
    dice = random.Random(seed)
    projects = "\n".join(f"{n};{300_000 * n};Projekt {n}" for n in range(1, 6))
    rows = [
        f"{n};33;{','.join(map(str, dice.sample(range(1, 6), 3)))}" for n in range(1, votes + 1)
    ]
    text = HEAD.format(
        district=f"district;{district}\n" if district else "",
        votes=votes,
        projects=projects,
        ballots="\n".join(rows),
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An installation whose own database is not touched by a rehearsal."""
    settings = Settings(
        mode=Mode.DEMO,
        database_url=f"sqlite:///{tmp_path / 'untouched.db'}",
        instance=tmp_path / "instance",
        pepper=b"a pepper for tests, long enough to be accepted",
        public_url="http://localhost",
        testing=True,
    )
    app = create_app(settings)
    register_commands(app)
    return app


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two districts and the city, of unequal turnout."""
    return [
        str(write_pb(tmp_path / "a.pb", district="Dębniki", votes=70, seed=1)),
        str(write_pb(tmp_path / "b.pb", district="Nowa Huta", votes=40, seed=2)),
        str(write_pb(tmp_path / "c.pb", district="", votes=150, seed=3)),
    ]


def rehearse(app: Flask, files: list[str], out: Path, *more: str) -> Result:
    runner: FlaskCliRunner = app.test_cli_runner()
    return runner.invoke(args=["voting", "rehearse", *files, "--out", str(out), *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_orders_of_casting_give_the_same_bytes(
    app: Flask, files: list[str], tmp_path: Path
) -> None:
    common = ("--nonces", str(tmp_path / "nonces"), "--paper-share", "0.3")
    for name, seed in (("one", "1"), ("other", "2")):
        result = rehearse(app, files, tmp_path / name, *common, "--seed", seed)
        assert result.exit_code == 0, result.output
    one, other = contents(tmp_path / "one"), contents(tmp_path / "other")
    assert one == other
    assert not (tmp_path / "untouched.db").exists()


def test_the_board_holds_every_ballot_and_verifies(
    app: Flask, files: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "board"
    result = rehearse(app, files, out, "--paper-share", "0.5")
    assert result.exit_code == 0, result.output
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    # 150 people; one envelope in a hundred is taken out.
    assert sum(manifest["ballots"].values()) + sum(manifest["voided"].values()) == 150
    assert manifest["ballots"]["paper"] > 40
    assert len(read(out / "city.pb").votes) == sum(manifest["ballots"].values())
    assert "33" not in {cell for vote in read(out / "d08.pb").votes for cell in vote.cells}
    checked = subprocess.run(
        [sys.executable, "-I", str(out / "verify.py"), str(out)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("nonces", "words"), [("abc\n", "line 1"), ("00" * 32 + "\n", "150 different nonces")]
)
def test_bad_nonces_are_named(
    app: Flask, files: list[str], tmp_path: Path, nonces: str, words: str
) -> None:
    (tmp_path / "nonces").write_text(nonces)
    result = rehearse(app, files, tmp_path / "out", "--nonces", str(tmp_path / "nonces"))
    assert result.exit_code == 1
    assert words in result.output


def test_a_file_that_is_cut_off_is_named_by_line(
    app: Flask, files: list[str], tmp_path: Path
) -> None:
    text = Path(files[0]).read_text(encoding="utf-8")
    Path(files[0]).write_text(text[: text.index("VOTES")], encoding="utf-8")
    result = rehearse(app, files, tmp_path / "out")
    assert result.exit_code == 1
    assert "line" in result.output
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over(app: Flask, files: list[str], tmp_path: Path) -> None:
    result = rehearse(app, files, tmp_path)
    assert result.exit_code == 1
    assert "not empty" in result.output
