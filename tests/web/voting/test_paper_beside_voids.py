"""What clerk, voter and commission read of a paper voter whose web vote was taken out before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from civic_budget.config import LANGUAGES
from civic_budget.residency.queries import find_last_case
from civic_budget.storage.db import Database
from civic_budget.voting.rules import VoidReason
from tests.builders import sign_in_as
from tests.builders_booth import make_voter_in_booth
from tests.builders_commission import (
    close_vote,
    extend,
    hand_in,
    key_only_card,
    make_clerks,
    open_urn,
    seal_pile,
    sign_off,
    take_out,
)
from tests.builders_voting import cast, make_round, make_voter
from tests.conftest import Clock
from tests.pages import CheckedClient

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_no_card_at_a_point_and_a_card_in_an_urn_stands(
    database: Database,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    clock: Clock,
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    clerk = make_clerks(database, 1)[0]
    at_point = open_urn(database, opened, clerk, is_online=True)
    in_urn = open_urn(database, opened, clerk)
    cast(database, opened, voter.person_id)
    close_vote(database, opened)
    tag = opened.secrets.tag(voter.person_id)
    take_out(database, opened, tag)
    clock.at = opened.closes_at + HOUR
    extend(database, opened, opened.closes_at + 9 * HOUR, at=clock.at)
    with database.reading() as session:
        case = find_last_case(session, voter.person_id)
    assert case is not None
    desk, chair = new_client(), new_client()
    sign_in_as(desk, database, clerk)
    sign_in_as(chair, database, opened.commission[0])
    for language in LANGUAGES:
        here = f"/{language}/office/paper/batches/{at_point}"
        values = {"person": case.reference or "", "sure": "1"}
        said = desk.send(here, values, to=f"{here}/slips").text
        if language == "en":
            assert "Hand out no card" in said
            assert "already voted" not in said
    assert "A paper vote of this person" not in client.page("/en/vote/objection").text()
    here = f"/en/office/paper/batches/{in_urn}"
    said = desk.send(here, {"person": case.reference or "", "sure": "1"}, to=f"{here}/slips").text
    assert "counts in its place" in said
    assert hand_in(database, opened, clerk, in_urn, voter.person_id, at=clock.at).value == (
        "second_slip"
    )
    for language in LANGUAGES:
        client.page(f"/{language}/vote/objection")
        chair.page(f"/{language}/office/round/check")
    assert "A paper vote of this person" in client.page("/en/vote/objection").text()
    assert "A vote was recorded" in client.page("/en/vote").text()
    assert "stands in its place" in chair.page("/en/office/round/check").text()


def test_what_stands_in_the_way_is_said_before_anybody_brings_a_key(
    database: Database, new_client: Callable[[], CheckedClient], clock: Clock
) -> None:
    opened = make_round(database)
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    clock.at = opened.closes_at + HOUR
    hand_in(database, opened, slips, batch_id, person, at=clock.at)
    seal_pile(database, batch_id)
    chair = new_client()
    sign_in_as(chair, database, opened.commission[0])
    for language in LANGUAGES:
        chair.page(f"/{language}/office/round/open")
    early = chair.page("/en/office/round/open").text()
    assert "Paper is not reconciled and closed yet" in early
    assert "Passphrase" not in early
    key_only_card(database, opened, keying, batch_id)
    sign_off(database, opened, signing, batch_id)
    clock.at = opened.closes_at + 3 * DAY + HOUR
    chair.send("/en/office/round", to="/en/office/round/paper")
    take_out(database, opened, opened.secrets.tag(person), VoidReason.PAPER_STANDS)
    for language in LANGUAGES:
        chair.page(f"/{language}/office/round")
    assert "took its place after the list was sealed" in chair.page("/en/office/round").text()
    chair.send("/en/office/round", to="/en/office/round/paper")
    assert "took its place" not in chair.page("/en/office/round").text()
    clock.at += 4 * DAY
    assert "Passphrase" in chair.page("/en/office/round/open").text()
