"""What a cast leaves for the window's signals: one keyed value a day for a browser and for a household."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from civic_budget.storage.db import Database
from civic_budget.voting.models import Participation
from civic_budget.voting.views.traces import network_of
from tests.builders_booth import make_voter_in_booth
from tests.builders_voting import make_round
from tests.pages import CheckedClient


def test_two_votes_of_one_browser_share_a_device_and_a_network_of_the_day(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    for _ in range(2):
        voter = make_voter_in_booth(database, client)
        voter.begin()
        voter.mark()
        voter.cast()
    with database.reading() as session:
        rows = session.execute(select(Participation.device_mac, Participation.network_mac)).all()
    assert len(rows) == 2
    assert len(set(rows)) == 1
    assert None not in rows[0]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix", ""),
    ],
)
def test_a_household_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
