"""The board is written after the commit, from what is committed: a failed opening leaves no file of it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic_budget.config import Settings
from civic_budget.kernel.errors import Conflict
from civic_budget.results import boards
from civic_budget.results.boards import keep_due_boards
from civic_budget.results.queries import list_scope_results
from civic_budget.results.service import enter_draw
from civic_budget.selection import Draw
from civic_budget.storage.db import Database
from civic_budget.voting.events import RoundOpened
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders_commission import close_vote, open_box, publish
from tests.builders_results import make_opened_round
from tests.builders_voting import Round, cast, make_round, make_voter


def manifest(settings: Settings, opened: Round) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (settings.boards / str(opened.id) / "manifest.json").read_bytes()
    )
    return found


def full_disk(*_: object) -> None:
    raise OSError("no space left on device")


def test_an_opening_that_fails_late_leaves_no_file_from_which_to_read_it(
    database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)

    def fails(*_: object) -> None:
        raise RuntimeError("a later handler failed")

    told = database.subscriptions
    database.subscriptions = {**told, RoundOpened: (*told[RoundOpened], fails)}
    with pytest.raises(RuntimeError):
        open_box(database, opened)
    assert [
        path for path in settings.instance.rglob("*") if "boards" in path.parts and path.is_file()
    ] == []
    assert list(settings.boards.glob("*")) == []
    database.subscriptions = told
    open_box(database, opened)
    assert manifest(settings, opened)["lines"] == 2


def test_what_the_disk_refuses_is_written_by_the_worker_and_published_not_before(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "write_board", full_disk)
    opened = make_opened_round(database)
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.OPENED
    keep_due_boards(database, opened.closes_at)
    with pytest.raises(Conflict, match="board_not_written"):
        publish(database, opened)
    monkeypatch.undo()
    publish(database, opened)
    written = manifest(settings, opened)
    assert set(written["outcomes"]) >= {"city", "d08"}
    path = settings.boards / str(opened.id) / "manifest.json"
    path.unlink()
    keep_due_boards(database, opened.closes_at)
    assert manifest(settings, opened) == written
    at = path.stat().st_mtime_ns
    keep_due_boards(database, opened.closes_at)
    assert path.stat().st_mtime_ns == at


@pytest.mark.parametrize("is_seed", [True, False], ids=["a seed", "an order before witnesses"])
def test_a_draw_reaches_the_board_after_its_commit_or_by_the_worker(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, is_seed: bool
) -> None:
    opened = make_opened_round(database, picks=((1, 2, 3), (2, 1, 3)), district_money=25_000_000)
    tied = tied_projects(database, opened)
    order = sorted({one for names in tied.values() for one in names}, reverse=True)
    draw = Draw("4 8 15") if is_seed else Draw(order=tuple(order))
    assert "d08" not in manifest(settings, opened)["outcomes"]
    with monkeypatch.context() as broken:
        broken.setattr(boards, "write_board", full_disk)
        with database.writing() as work:
            enter_draw(
                work,
                opened.commission[0],
                edition_id=opened.edition_id,
                draw=draw,
                source="lotto.pl",
                at=opened.closes_at + timedelta(days=1),
            )
    assert "d08" not in manifest(settings, opened)["outcomes"]
    keep_due_boards(database, opened.closes_at)
    written = manifest(settings, opened)
    assert written["draw"] == ({"seed": "4 8 15", "source": "lotto.pl"} if is_seed else None)
    drawn = [] if is_seed else sorted(tied["d08"], reverse=True)
    assert written["outcomes"]["d08"]["drawn"] == drawn
    verify(settings.boards / str(opened.id))


def test_an_order_before_witnesses_is_enough_for_whoever_recounts_equal_shares(
    database: Database, settings: Settings
) -> None:
    opened = make_opened_round(
        database,
        picks=((3, 1, 2), (3, 2, 1)),
        district_money=55_000_000,
        selection_rule={
            "name": "shares",
            "ballot": "ordinal",
            "points": [3, 2, 1],
            "method": "equal-shares",
            "ties": ["draw"],
            "draw_event": "dice",
            "equal_shares": {"utility": "cost", "step": 100_000, "comparison": True},
        },
    )
    tied = tied_projects(database, opened)
    assert tied["d08"] == {"BO.D8.1/26", "BO.D8.2/26"}
    order = tuple(sorted({one for names in tied.values() for one in names}))
    with database.writing() as work:
        enter_draw(
            work,
            opened.commission[0],
            edition_id=opened.edition_id,
            draw=Draw(order=order),
            source="The protocol hangs in the hall.",
            at=opened.closes_at + timedelta(days=1),
        )
    publish(database, opened)
    written = manifest(settings, opened)["outcomes"]["d08"]
    assert written["drawn"] == sorted(tied["d08"])
    assert set(written["winners"]) - tied["d08"]  # bought without a lot, so no lot is asked of it
    verify(settings.boards / str(opened.id))


def tied_projects(database: Database, opened: Round) -> dict[str, set[str]]:
    with database.reading() as session:
        return {
            row.scope: {one for draw in row.protocol["draws"] for one in draw["projects"]}
            for row in list_scope_results(session, opened.edition_id)
        }


def verify(folder: Path) -> None:
    subprocess.run([sys.executable, str(folder / "verify.py"), str(folder)], check=True, timeout=60)
