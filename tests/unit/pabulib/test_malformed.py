"""A damaged file is refused with the line and the reason, as data that can be translated."""

from pathlib import Path

import pytest

from civic_budget.pabulib import PbError, parse, read, read_counted
from civic_budget.pabulib.errors import REASONS
from tests.unit.pabulib.samples import SAMPLE, needs_real_files, real_files


def broken(old: str, new: str) -> bytes:
    """The sample with one change."""
    assert old in SAMPLE
    return SAMPLE.replace(old, new, 1).encode()


CASES: list[tuple[bytes, str, int]] = [
    (b"", "section_missing", 1),
    (SAMPLE.encode("iso-8859-2"), "not_utf8", 3),
    (broken("META\n", "hello\n"), "text_before_section", 1),
    (broken("PROJECTS\n", "VOTES\n"), "unknown_section_order", 11),
    (SAMPLE.partition("VOTES")[0].encode(), "section_missing", 15),
    (SAMPLE.partition("voter_id")[0].encode(), "header_missing", 16),
    (broken("cost;", "price;"), "column_missing", 12),
    (broken("votes;score", "score;score"), "column_twice", 12),
    (broken("9;100;1;2;Ławki;1", "9;100;1;2;Ławki"), "cell_count", 15),
    (broken("9;100;1;2;Ławki;1", "9;100;1;2;Ławki;1;1"), "cell_count", 15),
    (broken("2;8,7", "2"), "cell_count", 19),
    (broken("rule;greedy", "rule"), "meta_value_missing", 10),
    (broken("rule;greedy", "budget;5"), "meta_key_twice", 10),
    (broken("budget;1000", "money;1000"), "meta_key_missing", 10),
    (broken("budget;1000", "budget;lots"), "bad_money", 8),
    (broken("8;500.50", "8;-5"), "bad_money", 14),
    (broken("8;500.50", "8;500.505"), "bad_money", 14),
    (broken("7;600;2;5", "7;600;2;five"), "bad_number", 13),
    (broken("num_votes;2", "num_votes;two"), "bad_number", 7),
    (broken("vote_type;ordinal", "vote_type;quadratic"), "bad_vote_type", 9),
    (broken("9;100", "8;100"), "project_twice", 15),
    (broken("9;100", ";100"), "project_id_empty", 15),
    (broken("2;8,7", "1;8,7"), "voter_twice", 19),
    (broken("2;8,7", "2;8,77"), "unknown_project", 19),
    (broken("2;8,7", "2;8,"), "unknown_project", 19),
    (broken("2;8,7", "2;8,8"), "project_twice_in_vote", 19),
    (broken("num_projects;3", "num_projects;4"), "projects_count", 19),
    (SAMPLE.removesuffix("2;8,7\n").encode(), "votes_count", 18),
    (broken("Zieleń", '"Zieleń'), "bad_quoting", 13),
    (broken("voter_id;vote\n1;7,9\n", "voter_id;vote;points\n1;7,9;1\n"), "points_count", 18),
]


@pytest.mark.parametrize(("data", "code", "line"), CASES, ids=[case[1] for case in CASES])
def test_damage_is_named_with_its_line(data: bytes, code: str, line: int) -> None:
    with pytest.raises(PbError) as caught:
        parse(data)

    assert (caught.value.code, caught.value.line) == (code, line)
    assert str(caught.value) == f"line {line}: " + REASONS[code].format(**caught.value.values)


def test_counting_refuses_what_reading_refuses(tmp_path: Path) -> None:
    path = tmp_path / "damaged.pb"
    for data, code, line in CASES:
        path.write_bytes(data)
        with pytest.raises(PbError) as caught:
            read_counted(path, lambda picks, points: picks)
        assert (caught.value.code, caught.value.line) == (code, line)


def test_every_reason_is_tried() -> None:
    assert {code for _, code, _ in CASES} | {"unreadable"} == set(REASONS)


def test_a_missing_file_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(PbError) as caught:
        read(tmp_path / "absent.pb")
    assert caught.value.code == "unreadable"

    with pytest.raises(PbError) as caught:
        read_counted(tmp_path / "absent.pb", lambda picks, points: picks)
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize("length", range(len(SAMPLE.encode()) - 5))
def test_a_cut_never_passes_for_a_whole_file(length: int) -> None:
    with pytest.raises(PbError):
        parse(SAMPLE.encode()[:length])


@needs_real_files
def test_cuts_through_a_published_file_never_pass() -> None:
    data = next(path for path in real_files() if "Bienczyce" in path.name).read_bytes()

    for length in range(0, len(data) - 12, 397):
        with pytest.raises(PbError) as caught:
            parse(data[:length])
        assert caught.value.line <= data[:length].count(b"\n") + 1
