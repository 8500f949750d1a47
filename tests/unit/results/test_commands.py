"""`flask results …`: data for programs, tables and one sentence for people, exit codes for both."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civic_budget.results.commands import commands
from tests.unit.pabulib.samples import SAMPLE, needs_real_files, real_files

GOOD = SAMPLE
WRONG = GOOD.replace("Zieleń;1", "Zieleń;0")
TIED = (
    GOOD.replace("2;8,7", "2;8,9")
    .replace("budget;1000", "budget;700")
    .replace(";selected", "")
    .replace("Zieleń;1", "Zieleń")
    .replace('etap 2";0', 'etap 2"')
    .replace("Ławki;1", "Ławki")
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.fixture(name="good")
def a_good_file(tmp_path: Path) -> Path:
    path = tmp_path / "good.pb"
    path.write_text(GOOD)
    return path


def test_json_of_one_file(good: Path) -> None:
    result = run("replay", good, "--preset", "krakow", "--json")
    data = json.loads(result.stdout)

    assert result.exit_code == 0
    assert data["selected"] == ["7", "9"]
    assert data["spent"] == 70000
    assert [(row["project"], row["outcome"], row["left_after"]) for row in data["protocol"]] == [
        ("7", "selected", 40000),
        ("8", "no_money", 40000),
        ("9", "selected", 30000),
    ]
    assert data["draws"] == []
    assert data["verdict"] == "equal"


def test_one_file_for_people(good: Path) -> None:
    result = run("replay", good)

    assert result.exit_code == 0
    assert "not enough money left" in result.output
    assert "winners equal" in result.output
    assert "Spent 700.00 of 1\u00a0000.00" in result.output


def test_a_folder_becomes_a_table(good: Path, tmp_path: Path) -> None:
    assert run("replay", tmp_path).exit_code == 0
    (tmp_path / "wrong.pb").write_text(WRONG)
    result = run("replay", tmp_path)

    assert result.exit_code == 1
    assert "won here, not in the file: 7" in result.output
    assert "2 files: 1 equal, 1 differ, 0 state no winners, 0 unreadable" in result.output
    (tmp_path / "wrong.pb").write_text(GOOD.replace("7;600;2;5", "7;600;2;6"))
    result = run("replay", good, tmp_path / "wrong.pb")
    assert result.exit_code == 1
    assert "points differ from the file's: 7" in result.output


def test_a_cut_off_file_is_one_sentence_with_line_and_reason(good: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pb"
    for length, reason in (
        (-8, "line 18: the vote names the project “”, which is not listed"),
        (-6, "line 18: META promises 2 votes, the file holds 1"),
        (200, "line 12: the file ends before the section VOTES"),
    ):
        cut.write_text(GOOD[:length])
        for options in ([], ["--json"]):
            result = run("replay", cut, *options)
            assert result.output == f"Error: cut.pb: {reason}\n"
            assert result.exit_code == 1

    both = run("replay", good, cut)
    assert both.exit_code == 1
    assert "1 equal" in both.output and "1 unreadable" in both.output


def test_several_files_as_json(good: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.pb").write_text(GOOD[:100])
    result = run("replay", tmp_path, "--json")
    data = json.loads(result.stdout)

    assert result.exit_code == 1
    assert data[0]["file"] == "cut.pb" and "line" in data[0]["error"]
    assert data[1]["selected"] == ["7", "9"]


def test_a_rule_of_ones_own(good: Path, tmp_path: Path) -> None:
    rule = tmp_path / "stop.toml"
    rule.write_text('name = "mine"\nballot = "ordinal"\npoints = [3, 2]\nmisfit = "stop"\n')
    data = json.loads(run("replay", good, "--rule", rule, "--json").stdout)

    assert data["selected"] == ["7"]
    assert data["rule"] == "mine"
    rule.write_text('name = "mine"\n')
    broken = run("replay", good, "--rule", rule)
    assert (broken.exit_code, "lacks “ballot”" in broken.output) == (1, True)
    assert run("replay", good, "--rule", rule, "--preset", "krakow").exit_code == 2
    mismatch = run("replay", good, "--preset", "warszawa")
    assert (mismatch.exit_code, "approval ballots" in mismatch.output) == (1, True)


def test_a_draw_is_asked_for_and_then_made(tmp_path: Path) -> None:
    path = tmp_path / "tied.pb"
    path.write_text(TIED)
    waiting = json.loads(run("replay", path, "--json").stdout)
    assert waiting["draws"][0]["projects"] == ["7", "8"]
    assert waiting["selected"] == ["9"]
    assert "Publish this hash of the frozen list first" in run("replay", path).output

    drawn = json.loads(run("replay", path, "--json", "--drawn", "8, 7,9").stdout)
    assert drawn["selected"] == ["9", "8"]
    seeded = json.loads(run("replay", path, "--json", "--seed", "4 8 15").stdout)
    assert seeded["draws"][0]["order"] is not None
    assert "Drawn with the seed “4 8 15”" in run("replay", path, "--seed", "4 8 15").output


def test_an_empty_folder_and_a_missing_file(tmp_path: Path) -> None:
    assert "no .pb file" in run("replay", tmp_path).output
    assert run("replay", tmp_path / "absent.pb").exit_code == 2


def test_compare(good: Path) -> None:
    result = run("compare", good, "--step", "5")
    data = json.loads(run("compare", good, "--json").stdout)

    assert result.exit_code == 0
    assert "equal-shares-cost-add1" in result.output
    assert "Add1 gave every voter 5.00 more" in result.output
    assert data["greedy"]["selected"] == ["7", "9"]
    assert data["greedy"]["voters_with_winner"] == 2


def test_margin(good: Path) -> None:
    result = run("margin", good, "--rounds", "20")
    data = json.loads(run("margin", good, "--rounds", "20", "--json").stdout)

    assert result.exit_code == 0
    assert "Removing 1 ballots could change the winners, fewer could not" in result.output
    assert (data["lower"], data["upper"], data["exact"]) == (1, 1, True)
    assert data["rounds"] == 20


@needs_real_files
def test_a_real_city_wide_file() -> None:
    path = next(path for path in real_files() if path.name == "Poland_Krakow_2021.pb")
    data = json.loads(run("replay", path, "--preset", "krakow", "--json").stdout)

    assert len(data["selected"]) == 13
    assert data["spent"] == 6_999_600_00
    assert data["verdict"] == "equal"
