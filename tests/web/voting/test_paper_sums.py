"""Slips, cards, invalid ones with reasons: public after the closing, on the board, recounted by anybody."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from civic_budget.config import LANGUAGES, Settings
from civic_budget.results.boards import keep_board
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.commission_queries import get_batch
from civic_budget.voting.rules import InvalidReason
from tests.builders import sign_in_as
from tests.builders_commission import (
    close_paper,
    close_vote,
    hand_in,
    make_clerks,
    make_final,
    open_urn,
    seal_pile,
    sign_off,
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
    sign_off(database, opened, clerks[2], batch_id, missing=1)


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
    # On the page too: what was counted and what was not make the envelopes at closing.
    sign_in_as(client, database, opened.commission[0])
    shown = client.page("/en/editions/2026/board").text()
    for figure in (r"Online 1\b", r"On paper 1\b", r"Invalid cards, not counted 2\b"):
        assert re.search(figure, shown), figure
    assert re.search(r"Missing cards, not counted 1\b", shown)
    assert re.search(r"Sealed envelopes, by the last list 5\b", shown)
    with database.writing() as work:
        service.shred_round(work, opened.commission[0], round_id=opened.id, at=until)
    with database.reading() as session:
        keep_board(session, opened.id)
    assert written(settings, opened)["paper"] == paper


def test_a_clerk_sets_a_mistyped_number_right(
    database: Database, client: CheckedClient, new_client: Callable[[], CheckedClient]
) -> None:
    opened = make_round(database)
    slips, keying = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    for _ in range(4):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    seal_pile(database, batch_id)
    sign_in_as(client, database, keying)
    here = f"/en/office/paper/batches/{batch_id}"
    blank = f"{here}/invalid/blank"
    assert client.get(blank).location == here  # nothing counted, nothing to set right
    assert client.get(f"{here}/invalid/torn").status_code == 404
    client.send(here, {"reason": "blank", "number": "4"}, to=f"{here}/invalid")
    assert blank in client.get(here).text
    other = new_client()
    sign_in_as(other, database, slips)
    assert blank not in other.get(here).text  # who took the slips handles no cards
    for typed, said in (
        ("", "Write a number; 0 when there is none."),
        ("501", "Write a whole number from 0 to 500."),
        ("4", "This is the number that stands already."),
        ("5", "There are more cards than identity slips"),
    ):
        refused = html.unescape(client.send(blank, {"number": typed, "was": "4"}).text)
        assert said in refused
        assert 'href="#number"' in refused
        assert f'value="{typed}"' in refused  # nothing typed is lost
    late = html.unescape(client.send(blank, {"number": "2", "was": "3"}).text)
    assert "Somebody changed this count in the meantime: 4 now." in late
    assert 'name="was" type="hidden" value="4"' in late
    done = html.unescape(client.send(blank, {"number": "1", "was": "4"}).text)
    assert "The count is corrected." in done
    client.send(blank, {"number": "0", "was": "1"})
    counted = client.page(here).text()
    assert "Corrected counts of invalid cards" in counted
    assert "Invalid cards by reason" not in counted
    client.send(here, {"reason": "blank", "number": "3"}, to=f"{here}/invalid")
    for language in LANGUAGES:
        client.page(f"/{language}{blank[3:]}")
        assert client.get(f"/{language}{here[3:]}/protocol.pdf").data.startswith(b"%PDF")
    with database.reading() as session:
        told = [(one.was, one.became) for one in get_batch(session, batch_id).corrections]
    assert told == [(4, 1), (1, 0)]
