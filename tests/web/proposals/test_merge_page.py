"""An author answers about a merge on a page, in every language; the message leads there."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.editions.rules import Phase
from civic_budget.proposals import queries, service
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import make_checklists, make_coordinator, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient


def test_both_authors_read_and_agree(client: CheckedClient, database: Database) -> None:
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    (ada, ada_person), (bea, bea_person) = make_resident(database), make_resident(database)
    kept = make_submitted(database, ada, ada_person, edition_id)
    joined = make_submitted(database, bea, bea_person, edition_id)
    with database.writing() as work:
        service.propose_merge(
            work,
            make_coordinator(database),
            kept=kept,
            joined=[joined],
            words={"pl": "Te same ławki."},
            answer_by=NOW + timedelta(days=7),
            at=NOW,
        )
    sign_in_as(client, database, ada)
    assert client.get(f"/en/my-proposals/{joined}/merge").status_code == 404
    assert f"/uk/my-proposals/{kept}/merge" in client.get("/uk/my-proposals").text
    client.send(f"/uk/my-proposals/{kept}/merge", {"agree": "yes"})
    sign_in_as(client, database, bea)
    for lang in ("pl", "en", "uk", "ru"):
        assert "Te same ławki." in client.get(f"/{lang}/my-proposals/{joined}/merge").text
    client.send(f"/ru/my-proposals/{joined}/merge", {"agree": "yes"})
    with database.reading() as session:
        assert queries.get_proposal(session, joined).state is ProposalState.MERGED
    assert str(kept) in client.get(f"/ru/proposals/{joined}").text
