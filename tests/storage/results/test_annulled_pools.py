"""A pool that was annulled: no draw brings it back, its board says so, anybody can recount the rest."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from civic_budget.config import Settings
from civic_budget.kernel.errors import Conflict
from civic_budget.results import boards
from civic_budget.results.boards import keep_due_boards
from civic_budget.results.queries import list_scope_results
from civic_budget.results.service import enter_draw
from civic_budget.selection import Draw
from civic_budget.storage.db import Database
from civic_budget.voting import service
from tests.builders_commission import close_vote, open_box
from tests.builders_results import make_opened_round
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.storage.results.test_boards import full_disk, manifest, verify
from tests.web.voting.test_repeated_round import prepare_again

DAY = timedelta(days=1)
ACT = "Act 13/2026"


def annul(database: Database, opened: Round, scope: str) -> None:
    with database.writing() as work:
        service.annul_scope(
            work,
            opened.commission[0],
            round_id=opened.id,
            scope=scope,
            act=ACT,
            note="A wrong list was shown.",
            at=opened.closes_at + DAY,
        )


def draw(database: Database, opened: Round) -> None:
    with database.writing() as work:
        enter_draw(
            work,
            opened.commission[0],
            edition_id=opened.edition_id,
            draw=Draw("4 8 15"),
            source="lotto.pl",
            at=opened.closes_at + 2 * DAY,
        )


def decided(database: Database, opened: Round) -> dict[str, tuple[object, bool]]:
    """Pool → the round that decided it, and whether no draw is outstanding."""
    with database.reading() as session:
        rows = list_scope_results(session, opened.edition_id)
    return {row.scope: (row.round_id, row.is_complete) for row in rows}


def two_ties(database: Database) -> Round:
    """Both districts wait for a draw; the whole city's pool is decided."""
    opened = make_round(database, district_money=25_000_000)
    for district in (8, 18):
        for picks in ((1, 2, 3), (2, 1, 3)):
            voter = make_voter(database, district=district)
            cast(database, opened, voter, marks=choice(district=district, picks=picks))
    close_vote(database, opened)
    open_box(database, opened, at=opened.closes_at)
    assert {s for s, (_, is_complete) in decided(database, opened).items() if not is_complete} == {
        "d08",
        "d18",
    }
    return opened


def test_no_draw_is_entered_for_a_list_that_was_annulled(database: Database) -> None:
    opened = two_ties(database)
    for scope in ("d08", "d18"):
        annul(database, opened, scope)
    assert decided(database, opened) == {"city": (opened.id, True)}
    with pytest.raises(Conflict, match="no_draw_needed"):
        draw(database, opened)


def test_a_draw_for_another_list_does_not_bring_the_annulled_one_back(
    database: Database, settings: Settings
) -> None:
    opened = two_ties(database)
    annul(database, opened, "d08")
    draw(database, opened)
    assert decided(database, opened) == {"city": (opened.id, True), "d18": (opened.id, True)}
    written = manifest(settings, opened)
    assert set(written["outcomes"]) == {"city", "d18"}
    assert written["annulled"] == {"d08": ACT}
    verify(settings.boards / str(opened.id))


def test_a_draw_for_the_first_vote_leaves_what_was_voted_on_anew(
    database: Database, settings: Settings
) -> None:
    opened = two_ties(database)
    annul(database, opened, "d08")
    again = prepare_again(database, opened, opened.closes_at + DAY)
    for picks in ((4, 1, 2), (4, 2, 1)):
        district = {"district": choice(picks=picks)["district"]}
        cast(database, again, make_voter(database), marks=district, at=again.closes_at - DAY)
    close_vote(database, again)
    open_box(database, again)
    draw(database, opened)
    assert decided(database, opened) == {
        "city": (opened.id, True),
        "d08": (again.id, True),
        "d18": (opened.id, True),
    }
    for one in (opened, again):
        verify(settings.boards / str(one.id))


def test_what_the_first_vote_pays_for_the_list_voted_on_anew_does_not_pay_for_again(
    database: Database, settings: Settings
) -> None:
    square = ("BO.D8.1/26", "BO.OM.1/26")
    opened = make_round(database, district_money=25_000_000, excluding=square)
    marks = {"district": choice(picks=(2, 3, 4))["district"], "city": choice()["city"]}
    cast(database, opened, make_voter(database), marks=marks)
    close_vote(database, opened)
    open_box(database, opened)
    assert winners(database, opened, "d08") == ["BO.D8.2/26"]
    assert "BO.OM.1/26" in winners(database, opened, "city")
    annul(database, opened, "d08")
    again = prepare_again(database, opened, opened.closes_at + DAY)
    anew = {"district": choice(picks=(1, 2, 3))["district"]}
    cast(database, again, make_voter(database), marks=anew, at=again.closes_at - DAY)
    close_vote(database, again)
    open_box(database, again)
    assert winners(database, opened, "d08") == ["BO.D8.2/26"]
    written = manifest(settings, again)
    assert list(written["elsewhere"].values()) == ["BO.OM.1/26"]
    verify(settings.boards / str(again.id))


def winners(database: Database, opened: Round, scope: str) -> list[str]:
    with database.reading() as session:
        rows = list_scope_results(session, opened.edition_id)
    return next(list(row.protocol["selected"]) for row in rows if row.scope == scope)


def test_a_list_annulled_before_the_opening_gets_no_winners(
    database: Database, settings: Settings
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    annul(database, opened, "d08")
    open_box(database, opened)
    assert "d08" not in decided(database, opened)
    written = manifest(settings, opened)
    assert (written["lines"], written["annulled"]) == (2, {"d08": ACT})
    assert "d08" not in written["outcomes"]


def test_the_board_tells_the_act_at_once_and_is_rebuilt_the_same(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = make_opened_round(database)
    folder = settings.boards / str(opened.id)
    root = manifest(settings, opened)["board_root"]
    with monkeypatch.context() as broken:
        broken.setattr(boards, "write_board", full_disk)
        annul(database, opened, "d08")
    assert "d08" in manifest(settings, opened)["outcomes"]  # the disk refused: an old board
    keep_due_boards(database, opened.closes_at)
    written = manifest(settings, opened)
    assert (written["board_root"], written["annulled"]) == (root, {"d08": ACT})
    assert set(written["outcomes"]) == {"city", "d18"}
    said = subprocess.run(
        [sys.executable, str(folder / "verify.py"), str(folder)],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    ).stdout
    assert f"d08: 3 ballots, annulled, no winners: {ACT}" in said
    (folder / "manifest.json").unlink()
    keep_due_boards(database, opened.closes_at)
    assert manifest(settings, opened) == written
    for scope in ("city", "d18"):
        annul(database, opened, scope)
    assert manifest(settings, opened)["outcomes"] == {}
    (folder / "manifest.json").unlink()
    keep_due_boards(database, opened.closes_at)
    assert set(manifest(settings, opened)["annulled"]) == {"city", "d08", "d18"}
