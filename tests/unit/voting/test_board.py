"""The board: the same bytes for every casting order, nothing personal, every line provable."""

import json
import random
from dataclasses import replace

import pytest

from civic_budget import pabulib
from civic_budget.voting import board as voting_board
from civic_budget.voting.board import (
    board_leaf,
    board_order,
    board_root,
    build_board,
    prefix_length,
    write_board,
)
from civic_budget.voting.choice import read_section
from civic_budget.voting.frozen import read_frozen_list
from civic_budget.voting.merkle import root_from_range
from civic_budget.voting.opening import Ballot, open_urn

from .boards import facts_of, frozen_list, put, run_verify
from .builders import FORM, a_void, an_urn


@pytest.fixture(scope="module")
def urn(keys):
    return an_urn(keys, voters=60, cards=15)


@pytest.fixture(scope="module")
def opened(keys, opener, urn):
    return open_urn(FORM, keys, opener, urn)


@pytest.fixture(scope="module")
def board(opened):
    return build_board(facts_of(opened))


def test_the_frozen_list_is_the_ballot_that_voters_filled():
    assert frozen_list().form == FORM


def test_the_frozen_list_reads_back_and_its_hash_is_that_of_its_file():
    frozen = frozen_list()
    assert read_frozen_list(frozen.content) == frozen
    for wrong in (frozen.content + b" ", b"{}", b"[]", frozen.content.replace(b",", b", ", 1)):
        with pytest.raises(ValueError):
            read_frozen_list(wrong)


@pytest.mark.parametrize("seed", range(3))
def test_boards_are_the_same_for_every_casting_order(keys, opener, urn, board, seed):
    draw = random.Random(seed)
    shuffled = replace(
        urn,
        envelopes=tuple(draw.sample(urn.envelopes, len(urn.envelopes))),
        papers=tuple(draw.sample(urn.papers, len(urn.papers))),
    )
    assert build_board(facts_of(open_urn(FORM, keys, opener, shuffled))) == board


def test_a_void_leaves_one_line_less_per_list_and_a_reason_in_the_manifest(
    keys, opener, urn, opened
):
    out = urn.envelopes[0]
    voided = open_urn(FORM, keys, opener, replace(urn, voids=(a_void(keys, out.tag),)))
    manifest = json.loads(build_board(facts_of(voided))["manifest.json"])
    assert manifest["lines"] == len(opened.ballots) - 2
    assert manifest["voided"] == {"duplicate": 1}
    assert manifest["ballots"] == {"paper": 15, "web": 59}


def test_no_file_tells_who_when_where_or_by_which_channel_a_line_was_cast(urn, board):
    everything = b"\n".join(board.values())
    for envelope in urn.envelopes:
        assert envelope.tag.hex().encode() not in everything
    for name, content in board.items():
        if name.endswith(".pb"):
            assert pabulib.parse(content).vote_columns == ("voter_id", "vote")


def test_each_pool_is_a_sound_pabulib_file(opened, board):
    for code in ("city", "d01", "d02"):
        file = pabulib.parse(board[f"{code}.pb"])
        lines = [b for b in opened.ballots if b.scope == code]
        assert [(v.cells[0], v.picks) for v in file.votes] == [
            (b.code, read_section(code, b.choice).picks) for b in lines
        ]
        assert file.states_winners and file.vote_type == "ordinal"
    assert pabulib.parse(board["d01.pb"]).projects[0].cost == 120_000_50


def test_before_winners_are_decided_the_board_says_none(opened):
    files = build_board(replace(facts_of(opened), outcomes={}))
    assert not pabulib.parse(files["city.pb"]).states_winners


@pytest.mark.parametrize(("least", "length"), [(100, 0), (3, 1), (0, 2)])
def test_any_code_finds_its_line_and_a_proof_in_one_small_file(
    opened, tmp_path, monkeypatch, least, length
):
    monkeypatch.setattr(voting_board, "LINES_IN_A_FILE", least)
    board = build_board(facts_of(opened))
    assert json.loads(board["manifest.json"])["lookup"]["prefix"] == length
    assert run_verify(put(tmp_path, board))[0] == 0
    root = board_root(opened.ballots)
    assert json.loads(board["manifest.json"])["board_root"] == root.hex()
    found = []
    for name, content in board.items():
        if not name.startswith("lookup/"):
            continue
        shard = json.loads(content)
        lines = [Ballot(scope, code, choice) for code, scope, choice in shard["lines"]]
        assert all(line.code[:length] == shard["prefix"] == name[7 : 7 + length] for line in lines)
        leaves = [board_leaf(line) for line in lines]
        assert root_from_range(leaves, shard["start"], shard["size"], shard["nodes"]) == root
        found += lines
    assert sorted(found) == sorted(opened.ballots)
    assert board_order(opened.ballots) != list(opened.ballots)


def test_a_board_is_replaced_whole_and_writing_twice_is_harmless(tmp_path, board):
    target = tmp_path / "public" / "board"
    write_board(target, {**board, "old.txt": b"old"})
    write_board(target, board)
    write_board(target, board)
    written = {
        str(path.relative_to(target)): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }
    assert written == board
    assert [path.name for path in target.parent.iterdir()] == ["board"]


@pytest.mark.parametrize(
    ("lines", "length"), [(0, 0), (3199, 0), (3200, 1), (102_399, 1), (130_202, 2)]
)
def test_a_look_up_file_is_shared_by_about_a_hundred_lines(lines, length):
    assert prefix_length(lines) == length
