"""The commands on plain files: exit codes, words, and nothing written when something is wrong."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from civic_budget.statistics import files, synthetic
from civic_budget.statistics.commands import commands

CITY = synthetic.City(people=6_000, districts=4, days=7)


def run(*words):
    return CliRunner(env={"LC_ALL": "C"}).invoke(commands, [str(word) for word in words])


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "edition-2026.csv"
    files.write_people(synthetic.people(CITY, 11), path)
    return path


@pytest.fixture(scope="module")
def folder(people):
    out = people.parent / "out"
    result = run("release", people, "--out", out)
    assert result.exit_code == 0, result.output
    return out


def test_a_release_is_written_and_told(folder):
    about = json.loads((folder / "release.json").read_text())
    assert about["edition"] == "edition-2026"
    assert len(about["seals"]) == 8


def test_a_good_release_passes_attack_and_verification(folder, people):
    for words in (["attack", folder], ["attack", folder, "--truth", people], ["verify", folder]):
        result = run(*words)
        assert result.exit_code == 0, result.output


def test_the_attack_says_which_rules_ran_and_which_did_not(folder, people, tmp_path):
    ran, _, left = run("attack", folder).output.partition("These did not run:")
    assert all(f"  {rule}  " in ran for rule in ("S1", "S5", "A1", "A2", "A5"))
    assert "  A3  " in left
    assert "  A4  " in left
    assert "A3 and A4 need the people themselves" in left
    with_truth = run("attack", folder, "--truth", people).output
    assert "These did not run" not in with_truth
    assert "  A4  " in with_truth
    (tmp_path / "release.json").write_text("{}")
    broken = run("attack", tmp_path).output
    assert "too broken for further rules" in broken
    assert "  A1  " in broken.partition("These did not run:")[2]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", ["Te reguły zastosowano", "Ostatnia pieczęć", "Razem ε"]),
        ("uk", ["Застосовано такі правила", "Остання печатка", "Разом ε"]),
        ("ru", ["Применены такие правила", "Последняя печать", "Вместе ε"]),
        ("en", ["These rules ran", "Last seal", "Together ε"]),
    ],
)
def test_commands_speak_the_language_that_is_asked_for(folder, people, language, words):
    asked = ("--language", language)
    said = [
        run("attack", folder, *asked).output,
        run("explain", folder, *asked).output,
        run("plan", "--release", folder, *asked).output,
        run("release", people, "--out", folder, *asked).output,
    ]
    assert all(any(word in one for one in said) for word in words), said
    surroundings = CliRunner(env={"LC_ALL": f"{language}_XX.UTF-8"})
    assert surroundings.invoke(commands, ["attack", str(folder)]).output == said[0]


def test_the_attack_exits_with_one_when_it_finds_something(folder, people, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "V9.csv").write_text("nat,street,value\nUA,Long,1\n")
    for words in (["attack", tmp_path], ["attack", tmp_path, "--truth", people]):
        result = run(*words)
        assert result.exit_code == 1
        assert "V9.csv" in result.output
    assert run("verify", tmp_path).exit_code == 1
    assert run("attack", people.parent).exit_code == 1


def test_the_truth_of_another_city_is_refused(folder, tmp_path):
    other = tmp_path / "other.csv"
    files.write_people(synthetic.people(synthetic.City(people=900, districts=3), 1), other)
    result = run("attack", folder, "--truth", other)
    assert result.exit_code == 2
    assert "not the people of this release" in result.output


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,QQ,D01,30,F,1,0,0,,", "nationality 'QQ'"),
        ("0,PL,D01,30,F,1,0,0,,", "comes twice"),
        ("7,PL,D01,30,K,1,0,0,,", "sex 'K'"),
        ("7,PL,D01,3O,F,1,0,0,,", "age '3O'"),
        ("7,PL,D01,30,F,1,0,1,web,9999-12-31", "not days of one vote"),
        ("7,PL,=1+1,30,F,1,0,0,,", "district '=1+1' must begin"),
        ("7,PL,D01 ,30,F,1,0,0,,", "district 'D01 ' must begin"),
        ("7,PL,D01+D02,30,F,1,0,0,,", "without +"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(people, tmp_path, row, reason):
    lines = people.read_text().splitlines()[:4]
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join([*lines, row]) + "\n")
    archive = tmp_path / "archive"
    result = run("release", bad, "--out", tmp_path / "out", "--archive", archive)
    assert result.exit_code == 2
    assert "bad.csv, line 5" in result.output
    assert reason in result.output
    assert not (tmp_path / "out").exists()
    assert not archive.exists()


def test_a_second_draw_is_refused_by_the_folder_and_by_the_archive(people, tmp_path):
    first = run("release", people, "--out", tmp_path / "a", "--archive", tmp_path / "archive")
    assert first.exit_code == 0
    before = (tmp_path / "a" / "V2.measured.csv").read_bytes()
    assert run("release", people, "--out", tmp_path / "a").exit_code == 2
    again = run("release", people, "--out", tmp_path / "b", "--archive", tmp_path / "archive")
    assert again.exit_code == 2
    assert "sealed already" in again.output
    assert not (tmp_path / "b").exists()
    assert (tmp_path / "a" / "V2.measured.csv").read_bytes() == before


def test_a_catalogue_and_residents_come_from_a_file(people, tmp_path):
    catalogue = tmp_path / "city.toml"
    catalogue.write_text(
        'bands = [0, 18, 65]\n[residents]\nsource = "register"\nas_of = 2026-01-01\n'
        'definition = "permits"\ngeography = "the city"\ncounts = { UA = 900, BY = 300, DE = 10 }\n'
    )
    result = run("release", people, "--out", tmp_path / "out", "--catalogue", catalogue)
    assert result.exit_code == 0, result.output
    about = json.loads((tmp_path / "out" / "release.json").read_text())
    assert about["classes"]["source"] == "register, 2026-01-01"
    assert about["classes"]["order"] == ["BY", "UA", "ZZ", "other"]
    assert run("attack", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize(
    "text", ["k = ", 'k = "x"', 'eps_edition = "1"', '[residents]\nsource = "x"']
)
def test_a_bad_catalogue_is_refused(people, tmp_path, text):
    catalogue = tmp_path / "city.toml"
    catalogue.write_text(text)
    result = run("release", people, "--out", tmp_path / "out", "--catalogue", catalogue)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_classes_of_the_last_edition_are_kept(people, folder, tmp_path):
    result = run("release", people, "--out", tmp_path / "out", "--previous", folder)
    assert result.exit_code == 0, result.output


def test_explain_prints_the_parameters_really_sealed(folder):
    result = run("explain", folder)
    seals = json.loads((folder / "release.json").read_text())["seals"]
    assert result.exit_code == 0
    for seal in seals:
        line = next(x for x in result.output.splitlines() if x.startswith(seal["table"] + " "))
        numerator, denominator = map(int, seal["eps"].split("/"))
        assert f"{numerator / denominator:.3f}" in line
    assert seals[-1]["sha256"] in result.output
    assert "which citizenship a particular participant has" in result.output


def test_plan_prints_the_smallest_change_each_class_could_show(folder, tmp_path):
    classes = json.loads((folder / "release.json").read_text())["classes"]["order"]
    result = run("plan", "--release", folder)
    assert result.exit_code == 0
    assert all(any(x.startswith(c) for x in result.output.splitlines()) for c in classes)
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("nationality,residents\nUA,36300\nBY,4100\n")
    planned = run("plan", "--sizes", sizes)
    assert planned.exit_code == 0
    row = next(x for x in planned.output.splitlines() if x.startswith("UA")).split()
    # Two editions, each within 9 in a district: a change shows from the root of 2 x 81, so 14.
    assert row[1] == "36300"
    assert row[3] == "14"
    assert run("plan").exit_code == 2


def test_plan_refuses_more_epsilon_than_the_edition_has(tmp_path):
    catalogue = tmp_path / "city.toml"
    catalogue.write_text('reserve = "0.3"\n')
    result = run("plan", "--catalogue", catalogue)
    assert result.exit_code == 2
    assert "epsilon" in result.output
