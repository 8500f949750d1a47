"""The coordinator's page of merges: proposed, answered, taken back, in four languages."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.editions.rules import Phase
from civic_budget.proposals import queries
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import make_checklists, make_coordinator, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient, Page


def test_a_merge_is_proposed_and_taken_back(client: CheckedClient, database: Database) -> None:
    make_city(database)
    make_checklists(database)
    author = make_resident(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    made = [make_submitted(database, *author, edition_id) for _ in range(2)]
    with database.reading() as session:
        one, other = (queries.get_proposal(session, key).reference for key in made)
    sign_in_as(client, database, make_coordinator(database))
    day = (NOW + timedelta(days=10)).date().isoformat()
    for lang in ("pl", "en", "uk", "ru"):
        path = f"/{lang}/office/merges"
        offered = client.get(f"{path}?with={made[0]}&with={made[1]}").text
        assert f'value="{one}"' in offered
        sent = {"kept": one, "joined": other, "words": "To samo miejsce.", "answer_by": day}
        assert "#joined" in Page(client.send(path, {**sent, "joined": "X.1"}).text).links
        soon = {**sent, "answer_by": NOW.date().isoformat()}
        assert "#answer_by" in Page(client.send(path, soon).text).links
        client.send(path, sent)
        with database.reading() as session:
            waiting = queries.list_merges(session, edition_id)[0]
        assert waiting.state is MergeState.PROPOSED
        client.send(path, {}, to=f"{path}/{waiting.id}/cancel")
        with database.reading() as session:
            assert queries.get_merge(session, waiting.id).state is MergeState.CANCELLED
