"""The points of a paper vote as its clerks see them."""

from __future__ import annotations

from civic_budget.storage.db import Database
from civic_budget.voting import service
from tests.builders import sign_in_as
from tests.builders_voting import make_round
from tests.pages import CheckedClient


def test_points_stand_in_the_readers_alphabet(database: Database, client: CheckedClient) -> None:
    opened = make_round(database)
    names = ["Бібліотека", "Інформаційний пункт", "Їдальня", "Школа"]
    with database.writing() as work:
        for name in names:
            service.open_point(
                work,
                opened.commission[0],
                round_id=opened.id,
                code=f"p{names.index(name)}",
                name=name,
                is_online=False,
            )
    sign_in_as(client, database, opened.commission[0])
    page = client.page("/uk/office/paper").text()
    assert sorted(names, key=page.index) == names
