"""A `.pb` file is read as Pabulib defines it and written back byte for byte."""

import string
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.pabulib import (
    VoteType,
    format_money,
    parse,
    parse_money,
    read,
    read_counted,
    render,
    write,
)
from tests.unit.pabulib.samples import SAMPLE, needs_real_files, real_files


def test_head_projects_and_ballots_are_read() -> None:
    file = parse(SAMPLE.encode())

    assert file.meta["district"] == "Bieńczyce"
    assert (file.vote_type, file.budget) == (VoteType.ORDINAL, 1000_00)
    assert [(p.id, p.cost, p.votes, p.score, p.selected) for p in file.projects] == [
        ("7", 600_00, 2, 5, 1),
        ("8", 500_50, 1, 3, 0),
        ("9", 100_00, 1, 2, 1),
    ]
    assert file.projects[1].name == 'Park "Stok"; etap 2'
    assert [(vote.line, vote.picks, vote.points) for vote in file.votes] == [
        (18, ("7", "9"), None),
        (19, ("8", "7"), None),
    ]
    assert file.states_winners and file.winners == {"7", "9"}


@pytest.mark.parametrize(
    "data",
    [
        SAMPLE.encode(),
        SAMPLE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + SAMPLE.encode(),
        SAMPLE.rstrip("\n").encode(),
        SAMPLE.replace("Zieleń", '"Zieleń"').encode(),
        SAMPLE.replace("\n", "\r\n").replace("greedy\r\n", "greedy\n").encode(),
        SAMPLE.replace("Ławki", '"Ławki\ni stoły"').encode(),
        SAMPLE.replace("2;8,7\n", '2;"8,7"').encode(),
        SAMPLE.replace("PROJECTS", "\nPROJECTS").encode() + b"\n\r\n",
        SAMPLE.replace("rule;greedy", "rule;greedy;skip;").encode(),
        SAMPLE.replace("\n", "\r").encode(),
    ],
    ids=[
        "plain",
        "crlf",
        "bom",
        "no final newline",
        "needless quotes",
        "mixed",
        "two lines",
        "quoted to the end",
        "blank lines",
        "semicolons in the head",
        "old line ends",
    ],
)
def test_an_unchanged_file_is_written_back_byte_for_byte(data: bytes) -> None:
    assert render(parse(data)) == data


def test_line_numbers_count_lines_inside_quotes() -> None:
    file = parse(SAMPLE.replace("Ławki", '"Ławki\ni stoły"').encode())

    assert [vote.line for vote in file.votes] == [19, 20]


@pytest.mark.parametrize(
    ("vote_type", "header", "row", "picks", "points"),
    [
        ("approval", "voter_id;vote", "1;8,7", ("8", "7"), None),
        ("choose-1", "voter_id;vote", "1;8", ("8",), None),
        ("cumulative", "voter_id;vote;points", "1;8,7;2,1", ("8", "7"), (2, 1)),
        ("scoring", "voter_id;points;vote", "1;0,5;8,7", ("8", "7"), (0, 5)),
        ("ordinal", "voter_id;vote", "1;", (), None),
    ],
)
def test_all_kinds_of_ballots(
    vote_type: str, header: str, row: str, picks: tuple[str, ...], points: tuple[int, ...] | None
) -> None:
    head = (
        SAMPLE.partition("VOTES")[0]
        .replace("ordinal", vote_type)
        .replace("num_votes;2", "num_votes;1")
    )
    file = parse(f"{head}VOTES\n{header}\n{row}\n".encode())

    assert file.vote_type == VoteType(vote_type)
    assert (file.votes[0].picks, file.votes[0].points) == (picks, points)


def test_marks_for_withdrawn_and_otherwise_funded_projects_and_further_columns() -> None:
    text = (
        SAMPLE.replace("name;selected", "name;selected;target;beneficiaries")
        .replace("Zieleń;1", "Zieleń;3;all;children,seniors")
        .replace('etap 2";0', 'etap 2";2;;')
        .replace("9;100;1;2;Ławki;1", "9;999999999;1;2;Ławki;0;;")
    )
    file = parse(text.encode())

    assert [project.is_withdrawn for project in file.projects] == [False, False, True]
    assert file.winners == {"7", "8"}
    assert render(file) == text.encode()


def test_a_changed_file_carries_the_change_and_nothing_else(tmp_path: Path) -> None:
    file = parse(SAMPLE.encode())
    write(replace(file, meta={**file.meta, "budget": "2000"}), tmp_path / "changed.pb")

    assert read(tmp_path / "changed.pb").budget == 2000_00
    assert (tmp_path / "changed.pb").read_text() == SAMPLE.replace("budget;1000", "budget;2000")


@pytest.mark.parametrize(
    ("text", "grosze"),
    [("904700", 90470000), ("0", 0), ("12.5", 1250), ("12,05", 1205), ("7.00", 700), ("3.", 300)],
)
def test_amounts(text: str, grosze: int) -> None:
    assert parse_money(text) == grosze


@pytest.mark.parametrize("text", ["", "1e6", "12.345", "1 000", "PLN 5", "--1", "½", "1.2.3"])
def test_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_money(text)


@given(st.integers(-(10**12), 10**12))
def test_amounts_survive_writing(grosze: int) -> None:
    assert parse_money(format_money(grosze)) == grosze


CELL = st.text(st.sampled_from(string.ascii_letters + 'żółć ;",\n'), max_size=12)


@given(names=st.lists(CELL, min_size=1, max_size=5), newline=st.sampled_from(["\n", "\r\n"]))
def test_any_text_in_names_survives_a_round_trip(names: list[str], newline: str) -> None:
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    lines = ["META", "key;value", "budget;1", "vote_type;approval", "PROJECTS"]
    lines += ["project_id;cost;name", *(f"{n};1;{name}" for n, name in enumerate(quoted))]
    lines += ["VOTES", "voter_id;vote", "1;0", ""]
    data = newline.join(lines).encode()
    file = parse(data)

    assert [project.name for project in file.projects] == names
    assert render(file) == data


LINE_ENDS = st.sampled_from(["\n", "\r\n"])


@given(
    kind=st.sampled_from(sorted(VoteType)),
    votes=st.lists(st.lists(st.sampled_from("789"), max_size=3, unique=True), max_size=6),
    ends=st.lists(LINE_ENDS, min_size=1, max_size=5),
    blanks=st.sets(st.integers(0, 25), max_size=3),
    quotes=st.booleans(),
    bom=st.booleans(),
    ended=st.booleans(),
)
def test_any_layout_survives_and_counting_agrees_with_reading(
    kind: VoteType,
    votes: list[list[str]],
    ends: list[str],
    blanks: set[int],
    quotes: bool,
    bom: bool,
    ended: bool,
) -> None:
    head = (
        SAMPLE.partition("VOTES")[0]
        .replace("ordinal", kind)
        .replace("votes;2", f"votes;{len(votes)}")
    )
    lines = [*head.splitlines(), "VOTES", "voter_id;vote;points"]
    for number, picks in enumerate(votes):
        points = ",".join("321"[: len(picks)])
        named = f'"{",".join(picks)}"' if quotes else ",".join(picks)
        lines.append(f"{number};{named};{points}")
    text = ""
    for number, line in enumerate(lines):
        end = ends[number % len(ends)]
        text += (end if number in blanks else "") + line + end
    data = (b"\xef\xbb\xbf" if bom else b"") + (text if ended else text.rstrip("\r\n")).encode()

    file = parse(data)

    assert render(file) == data
    with TemporaryDirectory() as folder:
        path = Path(folder) / "votes.pb"
        path.write_bytes(data)
        counted = read_counted(path, lambda picks, points: (picks, points))
    assert counted.ballots == file.count(lambda picks, points: (picks, points))
    assert (counted.meta, counted.projects) == (file.meta, file.projects)
    assert all((points is not None) == kind.carries_points for _, points in counted.ballots)


@needs_real_files
def test_every_published_file_comes_back_byte_for_byte() -> None:
    files = real_files()

    assert len(files) >= 48
    assert [path.name for path in files if render(read(path)) != path.read_bytes()] == []
