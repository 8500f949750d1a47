"""The coordinator's page of neighbours, and what everybody reads of a confirmed group."""

from __future__ import annotations

from sqlalchemy import text

from civic_budget.editions.rules import Phase
from civic_budget.proposals import queries
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import make_checklists, make_coordinator, make_submitted
from tests.builders_residency import make_resident
from tests.pages import CheckedClient, Page


def test_neighbours_are_cleared_or_joined_and_everybody_reads_it(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    author = make_resident(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    made = [make_submitted(database, *author, edition_id) for _ in range(3)]
    with database.writing() as work:
        work.session.execute(
            text(
                "INSERT INTO proposal_place (proposal_id, position, latitude, longitude, words)"
                " SELECT id, 2, 50.05, 19.93, '' FROM proposal"
            )
        )
    with database.reading() as session:
        references = [queries.get_proposal(session, one).reference for one in made]
    sign_in_as(client, database, make_coordinator(database))
    client.send(
        "/pl/office/exclusive",
        {"first": str(made[0]), "second": str(made[2])},
        to="/pl/office/exclusive/clear",
    )
    for lang in ("pl", "en", "uk", "ru"):
        page = client.page(f"/{lang}/office/exclusive")
        offered = [link for link in page.links if "/office/exclusive/new?" in link]
        assert len(offered) == 2
        path = offered[0]
        strange = client.send(path, {"members": "BO.D8.99/26, x", "reason": "Ten sam plac."})
        assert "#members" in Page(strange.text).links
        pair = f"{references[0]}, {references[1]}"
        assert "#reason" in Page(client.send(path, {"members": pair}).text).links
        client.send(path, {"members": pair, "reason": "Ten sam plac."})
        public = client.page(f"/{lang}/proposals/{made[0]}")
        assert f"/{lang}/proposals/{made[1]}" in public.links
        with database.reading() as session:
            (group,) = queries.list_groups(session, edition_id)
        client.send(
            f"/{lang}/office/exclusive", {}, to=f"/{lang}/office/exclusive/{group.id}/dissolve"
        )
