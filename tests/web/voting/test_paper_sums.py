"""Slips, cards, invalid ones with reasons: public after the closing, on the board, recounted by anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

from civic_budget.config import LANGUAGES, Settings
from civic_budget.results.boards import keep_board
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.rules import InvalidReason
from tests.builders_commission import (
    close_paper,
    close_vote,
    hand_in,
    make_clerks,
    make_final,
    open_urn,
    seal_pile,
)
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

COURSE = "editions/2026/vote"


def count_paper(database: Database, opened: Round) -> None:
    """Four slips of a district: a vote, two invalid cards, one that was taken home."""
    clerks = make_clerks(database, 3)
    batch_id = open_urn(database, opened, clerks[0])
    for _ in range(4):
        hand_in(database, opened, clerks[0], batch_id, make_voter(database))
    seal_pile(database, batch_id)
    with database.writing() as work:
        (serial,) = service.print_cards(
            work, clerks[0], secrets=opened.secrets, scope="d08", number=1
        )
        is_wanted = service.key_card(
            work,
            clerks[1],
            secrets=opened.secrets,
            batch_id=batch_id,
            serial=serial,
            choice=choice(),
            at=NOW,
        )
        for reason in (InvalidReason.BLANK, InvalidReason.SIGNED):
            service.count_invalid(work, clerks[1], batch_id=batch_id, reason=reason, number=1)
        service.count_missing(work, clerks[1], batch_id=batch_id, number=1, note="Taken home.")
    if is_wanted:
        again = make_clerks(database, 1)[0]
        with database.writing() as work:
            service.key_again(
                work,
                again,
                secrets=opened.secrets,
                batch_id=batch_id,
                serial=serial,
                choice=choice(),
            )
    with database.writing() as work:
        service.close_batch(
            work,
            clerks[2],
            secrets=opened.secrets,
            batch_id=batch_id,
            missing=1,
            protocol_number="P/1",
            at=NOW,
        )


def written(settings: Settings, opened: Round) -> dict[str, Any]:
    path = settings.boards / str(opened.id) / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_what_became_of_every_slip_is_public_and_stays_on_the_board(
    database: Database, settings: Settings, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    count_paper(database, opened)
    assert "Invalid cards by reason" not in client.page(f"/en/{COURSE}").text()
    clock.at = opened.closes_at
    close_vote(database, opened)
    for language in LANGUAGES:
        told = client.get(f"/{language}/{COURSE}").text
        assert told.count("<caption") >= 3
    told = client.page(f"/en/{COURSE}").text()
    assert "Invalid cards by reason" in told
    close_paper(database, opened, at=opened.closes_at + timedelta(days=3))
    until = make_final(database, opened)
    paper = written(settings, opened)["paper"]
    assert paper == {
        "scopes": {"d08": {"slips": 4, "keyed": 1, "invalid": 2, "missing": 1}},
        "invalid": {"blank": 1, "signed": 1},
    }
    folder = settings.boards / str(opened.id)
    done = subprocess.run(
        [sys.executable, str(folder / "verify.py"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "paper: 4 slips, 1 cards keyed, 2 invalid, 1 missing" in done.stdout
    with database.writing() as work:
        service.shred_round(work, opened.commission[0], round_id=opened.id, at=until)
    with database.reading() as session:
        keep_board(session, opened.id)
    assert written(settings, opened)["paper"] == paper
