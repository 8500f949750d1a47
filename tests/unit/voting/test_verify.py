"""verify.py, run as a citizen runs it: silent on a true board, exact about every false one."""

import json
import shutil

import pytest

from civic_budget.voting import board as voting_board
from civic_budget.voting.board import build_board
from civic_budget.voting.opening import open_urn

from .boards import change, facts_of, manifest_of, put, rehash, run_verify
from .builders import FORM, an_urn


@pytest.fixture(scope="module")
def true_board(keys, opener, tmp_path_factory):
    opened = open_urn(FORM, keys, opener, an_urn(keys, voters=60, cards=15))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(voting_board, "LINES_IN_A_FILE", 0)  # many look-up files, as a city has
        return put(tmp_path_factory.mktemp("true"), build_board(facts_of(opened)))


@pytest.fixture
def board(true_board, tmp_path):
    return shutil.copytree(true_board, tmp_path / "board")


def line_of(board, name, number):
    return (board / name).read_text(encoding="utf-8").splitlines()[number - 1]


def first_vote(board, name):
    lines = (board / name).read_text(encoding="utf-8").splitlines()
    return lines.index("VOTES") + 3


def refusal(board, *options):
    code, said = run_verify(board, *options)
    assert code == 1, said
    assert said.startswith("WRONG: "), said
    return said


def test_a_true_board_is_confirmed_with_its_root(true_board):
    root = json.loads((true_board / "manifest.json").read_text())["board_root"]
    code, said = run_verify(true_board)
    assert code == 0, said
    assert root in said and "city: 75 ballots" in said
    assert run_verify(true_board, "--root", root)[0] == 0
    assert not (true_board / "__pycache__").exists()


def test_another_root_or_list_than_the_announced_one_is_refused(board):
    assert "root" in refusal(board, "--root", "00" * 32)
    assert "list" in refusal(board, "--list", "00" * 32)


def test_wrong_use_is_answered_with_the_manual(true_board):
    assert run_verify(true_board, "--nonsense")[0] == 2


def test_the_programs_import_only_the_standard_library(true_board):
    for name in ("verify.py", "rules.py", "sums.py", "winners.py"):
        assert "civic_budget" not in (true_board / name).read_text().replace("civic-budget", "")


def test_a_changed_file_is_noticed_by_its_hash_and_its_line_is_found(board):
    number = first_vote(board, "city.pb")
    line = line_of(board, "city.pb", number)
    code, marks = line.split(";")
    change(board, "city.pb", line, f"{code};{','.join(marks.split(',')[::-1])}")
    said = refusal(board)
    assert f"city.pb, line {number}: the line of {code} is not in lookup/" in said
    assert "city.pb: does not have the SHA-256" in said


def test_a_change_that_no_line_shows_is_noticed_by_the_hash_alone(board):
    change(board, "city.pb", "unit;Kraków", "unit;Krakow")
    assert "city.pb: has" in refusal(board)


def test_a_file_that_is_no_list_any_more_is_named(board):
    (board / "city.pb").write_bytes(b"\xee\x00;" * 50)
    assert "city.pb: has 150 bytes" in refusal(board)


@pytest.mark.parametrize("content", ["[]", '"x"', '{"format":"civic-budget board 1"}'])
def test_a_manifest_of_another_form_is_refused_in_words(board, content):
    (board / "manifest.json").write_text(content)
    assert "manifest.json" in refusal(board)


def test_a_board_without_its_look_up_files_is_recounted_and_says_so(board):
    shutil.rmtree(board / "lookup")
    code, said = run_verify(board)
    assert code == 0 and "look-up files are not here" in said
    number = first_vote(board, "d01.pb")
    line = line_of(board, "d01.pb", number)
    code, marks = line.split(";")
    first, second, third = marks.split(",")
    change(board, "d01.pb", line, f"{code};{second},{first},{third}")
    rehash(board)
    assert "the board's root is" in refusal(board)


# From here on the forger also repairs every size and hash in the manifest.


def test_a_changed_choice_is_noticed_with_its_line(board):
    number = first_vote(board, "d01.pb")
    line = line_of(board, "d01.pb", number)
    code, marks = line.split(";")
    first, second, third = marks.split(",")
    change(board, "d01.pb", line, f"{code};{second},{first},{third}")
    rehash(board)
    assert f"d01.pb, line {number}: the line of {code} is not in lookup/" in refusal(board)


def test_a_choice_changed_in_the_look_up_too_is_noticed_by_its_proof(board):
    number = first_vote(board, "d01.pb")
    line = line_of(board, "d01.pb", number)
    code, marks = line.split(";")
    other = ",".join(marks.split(",")[::-1])
    change(board, "d01.pb", line, f"{code};{other}")
    change(board, f"lookup/{code[:2]}.json", marks, other)
    rehash(board)
    assert "does not prove the board's lines" in refusal(board)


def test_a_dropped_line_is_noticed(board):
    number = first_vote(board, "city.pb")
    line = line_of(board, "city.pb", number)
    change(board, "city.pb", line + "\n", "")
    rehash(board)
    assert "city.pb: has 74 ballots, its head says 75" in refusal(board)
    change(board, "city.pb", "num_votes;75", "num_votes;74")
    rehash(board)
    assert f"city.pb: lacks the line of {line[:12]}" in refusal(board)


def test_a_doubled_line_is_noticed(board):
    number = first_vote(board, "city.pb")
    line = line_of(board, "city.pb", number)
    change(board, "city.pb", line + "\n", f"{line}\n{line}\n")
    change(board, "city.pb", "num_votes;75", "num_votes;76")
    rehash(board)
    assert f"city.pb, line {number + 1}: stands twice" in refusal(board)


@pytest.mark.parametrize("place", [("lines",), ("lookup", "files")])
def test_a_wrong_number_of_lines_or_files_is_noticed(board, place):
    with manifest_of(board) as manifest:
        row = manifest if len(place) == 1 else manifest[place[0]]
        row[place[-1]] += 1
    assert "manifest.json: tells of" in refusal(board)


def test_an_invented_line_is_noticed(board):
    number = first_vote(board, "city.pb")
    line = line_of(board, "city.pb", number)
    change(board, "city.pb", line, f"000000000000;{line[13:]}\n{line}")
    change(board, "city.pb", "num_votes;75", "num_votes;76")
    rehash(board)
    assert "more lines than ballots" in refusal(board)
    change(board, "manifest.json", '"web": 60', '"web": 61')
    assert f"city.pb, line {number}: the line of 000000000000 is not in lookup/" in refusal(board)


def test_a_line_moved_out_of_order_is_noticed(board):
    number = first_vote(board, "city.pb")
    first, second = line_of(board, "city.pb", number), line_of(board, "city.pb", number + 1)
    change(board, "city.pb", f"{first}\n{second}\n", f"{second}\n{first}\n")
    rehash(board)
    assert f"city.pb, line {number + 1}: stands twice or out of order" in refusal(board)


@pytest.mark.parametrize("marks", ["BO.D1.1/26", "BO.D1.1/26,BO.D1.1/26,BO.D1.2/26", "x,y,z"])
def test_a_ballot_that_breaks_the_lists_rule_is_noticed(board, marks):
    number = first_vote(board, "d01.pb")
    line = line_of(board, "d01.pb", number)
    change(board, "d01.pb", line, f"{line[:12]};{marks}")
    rehash(board)
    assert f"d01.pb, line {number}: " in refusal(board)


def test_a_changed_sum_is_noticed_with_its_project(board):
    number = first_vote(board, "city.pb") - 3 - 6
    row = line_of(board, "city.pb", number)
    project, cost, votes, score, rest = row.split(";", 4)
    change(board, "city.pb", row, f"{project};{cost};{votes};{int(score) + 1};{rest}")
    rehash(board)
    assert f"city.pb, line {number}: {project} has {score} points" in refusal(board)


def test_a_changed_cost_is_noticed_against_the_frozen_list(board):
    number = first_vote(board, "city.pb") - 3 - 6
    row = line_of(board, "city.pb", number)
    project, cost, rest = row.split(";", 2)
    change(board, "city.pb", row, f"{project};{int(cost) - 1};{rest}")
    rehash(board)
    assert f"city.pb, line {number}: the cost of {project}" in refusal(board)


def test_a_changed_budget_is_noticed(board):
    change(board, "city.pb", "budget;1000000", "budget;1000001")
    rehash(board)
    assert "city.pb: the budget" in refusal(board)


def test_a_changed_rule_gives_other_winners_or_another_list_hash(board):
    known = json.loads((board / "manifest.json").read_text())["list_hash"]
    change(board, "list.json", '"misfit":"skip"', '"misfit":"stop"')
    rehash(board)
    assert "the list is" in refusal(board, "--list", known)


def swap_winner(board, marks=True, manifest=True):
    data = json.loads((board / "manifest.json").read_text())
    winners = data["outcomes"]["city"]["winners"]
    ids = [
        p["id"]
        for p in json.loads((board / "list.json").read_text())["levels"][0]["scopes"][0]["projects"]
    ]
    loser = next(project for project in ids if project not in winners)
    rows = {line.split(";")[0]: line for line in (board / "city.pb").read_text().splitlines()}
    if marks:
        change(board, "city.pb", rows[winners[0]], rows[winners[0]][:-1] + "0")
        change(board, "city.pb", rows[loser], rows[loser][:-1] + "1")
    if manifest:
        data["outcomes"]["city"]["winners"] = [loser, *winners[1:]]
        (board / "manifest.json").write_text(json.dumps(data))
    rehash(board)
    return min(ids.index(winners[0]), ids.index(loser))


def test_a_swapped_winner_is_noticed_in_the_file_and_in_the_manifest(board, true_board, tmp_path):
    swap_winner(board)
    assert "the rule gives" in refusal(board)
    other = shutil.copytree(true_board, tmp_path / "other")
    swap_winner(other, marks=False)
    assert "the winners of city are not those of the rule" in refusal(other)


def test_winners_in_another_order_are_noticed_with_their_line(board):
    path = board / "manifest.json"
    text = path.read_text(encoding="utf-8")
    first, second = json.loads(text)["outcomes"]["city"]["winners"][:2]
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == f'"{first}",')
    lines[at : at + 2] = (
        line.replace(*swap)
        for line, swap in zip(lines[at : at + 2], ((first, second), (second, first)), strict=True)
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = refusal(board)
    assert f"manifest.json, line {at + 1}: winner 1 of city is {first} by the rule" in said
    assert said.strip().endswith(f"not {second}")


@pytest.mark.parametrize("winners", [lambda w: w[:-1], lambda w: [*w, w[0]], lambda w: []])
def test_a_winner_dropped_or_named_twice_is_noticed(board, winners):
    with manifest_of(board) as manifest:
        outcome = manifest["outcomes"]["city"]
        outcome["winners"] = winners(outcome["winners"])
    line = refusal(board)
    assert "the winners of city are not those of the rule" in line
    assert "manifest.json, line " in line


def test_a_cost_changed_everywhere_gives_other_winners_or_another_list_hash(board):
    known = json.loads((board / "manifest.json").read_text())["list_hash"]
    winner = json.loads((board / "manifest.json").read_text())["outcomes"]["city"]["winners"][0]
    number = next(n for n in range(1, 60) if line_of(board, "city.pb", n).startswith(f"{winner};"))
    row = line_of(board, "city.pb", number)
    cost = row.split(";")[1]
    for dearer, words in (("2000000", "the rule gives 0"), (f"{int(cost) - 1}", "the list is")):
        change(board, "city.pb", row, row.replace(cost, dearer, 1))
        frozen = json.loads((board / "list.json").read_text(encoding="utf-8"))
        listed = frozen["levels"][0]["scopes"][0]["projects"]
        next(p for p in listed if p["id"] == winner)["cost"] = int(dearer) * 100
        (board / "list.json").write_text(json.dumps(frozen), encoding="utf-8")
        rehash(board)
        said = refusal(board, "--list", known)
        assert words in said, said
        row, cost = line_of(board, "city.pb", number), dearer


def test_what_no_list_proves_is_believed_by_name(board):
    assert "named above" not in run_verify(board)[1]
    path = board / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    outcome = manifest["outcomes"]["d01"]
    loser = next(p for p in ("BO.D1.1/26", "BO.D1.2/26") if p not in outcome["winners"])
    outcome["extra"] = {loser: "uchwała nr 7"}
    row = next(
        line for line in (board / "d01.pb").read_text().splitlines() if line.startswith(loser)
    )
    change(board, "d01.pb", row, row[:-1] + "2")
    path.write_text(json.dumps(manifest), encoding="utf-8")
    rehash(board)
    code, said = run_verify(board)
    assert code == 0, said
    assert f"not recounted here: {loser} of d01 is paid from outside the rule: uchwała nr 7" in said
    assert "recomputed, but what is named above" in said


def test_withdrawing_a_winner_silently_is_noticed(board):
    data = json.loads((board / "manifest.json").read_text())
    data["outcomes"]["city"]["withdrawn"] = data["outcomes"]["city"]["winners"][:1]
    (board / "manifest.json").write_text(json.dumps(data))
    assert "city.pb, line " in refusal(board)


def test_a_winner_struck_consistently_is_told_by_name(board):
    manifest = json.loads((board / "manifest.json").read_text())
    outcome = manifest["outcomes"]["d02"]
    gone = outcome["winners"][0]
    outcome["withdrawn"] = [gone]
    outcome["winners"] = [p for p in ("BO.D2.1/26", "BO.D2.2/26") if p != gone]
    (board / "manifest.json").write_text(json.dumps(manifest))
    for line in (board / "d02.pb").read_text(encoding="utf-8").splitlines():
        if line.startswith("BO.D2."):
            change(board, "d02.pb", line, line[:-1] + str(int(gone not in line)))
    rehash(board)
    code, said = run_verify(board)
    assert (code, f"not recounted here: {gone} was struck from d02" in said) == (0, True), said


def test_money_from_nowhere_is_noticed(board):
    change(board, "city.pb", "budget;1000000", "budget;9000000")
    data = json.loads((board / "manifest.json").read_text())
    data["outcomes"]["city"]["added"] = 8_000_000_00
    (board / "manifest.json").write_text(json.dumps(data))
    rehash(board)
    rehash(board)
    text = (board / "city.pb").read_text()
    rows = [line.split(";") for line in text.splitlines() if line.startswith("BO.OM.")]
    manifest = json.loads((board / "manifest.json").read_text())
    by_score = sorted(rows, key=lambda row: int(row[3]), reverse=True)
    manifest["outcomes"]["city"]["winners"] = [row[0] for row in by_score]
    (board / "manifest.json").write_text(json.dumps(manifest))
    (board / "city.pb").write_text(text.replace(";0\n", ";1\n"))
    rehash(board)
    assert "more money was added to pools than others had left" in refusal(board)


@pytest.mark.parametrize("name", ["city.pb", "list.json", "manifest.json"])
def test_a_missing_file_is_noticed(board, name):
    (board / name).unlink()
    assert name in refusal(board)


def test_a_file_too_many_is_noticed(board):
    (board / "lookup" / "UU.json").write_text('{"lines":[]}')
    assert "lookup/UU.json" in refusal(board)
    (board / "lookup" / "UU.json").unlink()
    (board / "notes.txt").write_text("x")
    assert "notes.txt" in refusal(board)


def test_a_changed_verifier_is_noticed_by_the_original(board, true_board):
    change(board, "winners.py", "-project", "project")
    code, said = run_verify(board, program=true_board)
    assert code == 1 and "winners.py" in said


@pytest.mark.parametrize(
    ("place", "number", "words"),
    [
        (("scopes", "city", "invalid"), 1, "not its cards keyed, invalid and missing"),
        (("scopes", "city", "slips"), 17, "not its cards keyed, invalid and missing"),
        (("scopes", "city", "missing"), -1, "not told in numbers"),
        (("invalid", "blank"), 2, "reasons of invalid cards do not add up"),
        (("invalid", "blank"), 0, "reasons of invalid cards do not add up"),
    ],
)
def test_paper_that_does_not_add_up_is_noticed(board, place, number, words):
    with manifest_of(board) as manifest:
        row = manifest["paper"]
        for step in place[:-1]:
            row = row[step]
        row[place[-1]] = number
    assert words in refusal(board)


def test_a_card_counted_as_invalid_that_was_keyed_is_noticed(board):
    with manifest_of(board) as manifest:
        paper = manifest["paper"]
        paper["scopes"]["city"]["keyed"] -= 1
        paper["scopes"]["city"]["invalid"] += 1
        paper["invalid"]["blank"] += 1
    assert "cards keyed are not the ballots on paper" in refusal(board)
