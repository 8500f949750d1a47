"""Pages of co-authors and supporters in every language; the sheet to print; the list's way to the vault."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select, update

from civic_budget.editions.models import Pool
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Role
from civic_budget.proposals import queries, service
from civic_budget.proposals.models import SupportList
from civic_budget.residency.evidence import ensure_identity
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import make_checklists, make_draft, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """An edition that asks for two supporters."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    with database.writing() as work:
        work.session.execute(update(Pool).values(signatures=2))
    return edition_id


def test_an_invited_person_joins_by_the_link(
    client: CheckedClient, database: Database, edition_id: UUID
) -> None:
    ada, person = make_resident(database)
    draft = make_draft(database, ada, person, edition_id)
    sign_in_as(client, database, ada)
    path = f"/my-proposals/{draft}/people"
    answer = client.send(f"/uk{path}", {"invite": "yes", "contact": "kein-at"})
    assert "name@example.org" in answer.text and 'value="kein-at"' in answer.text
    client.send(f"/uk{path}", {"invite": "yes", "contact": "bea@example.org"})
    client.send(f"/ru{path}", {"show": "yes", "name": "Ада Л."})
    for lang in LANGUAGES:
        assert "b…a@example.org" in client.get(f"/{lang}{path}").text
    with database.writing() as work:
        token = service.invite_co_author(
            work, ada, proposal_id=draft, address="c@example.org", language="pl", at=NOW
        )
    bea, _bea = make_resident(database)
    sign_in_as(client, database, bea)
    assert client.get(f"/en{path}").status_code == 404
    assert client.get("/pl/co-author/wrong").status_code == 404
    client.send(f"/pl/co-author/{token}", {})
    assert client.get(f"/en{path}").status_code == 200
    client.send(f"/en/my-proposals/{draft}/about", {"title": "Together", "later": "yes"})
    with database.reading() as session:
        assert queries.get_proposal(session, draft).original.title == "Together"


def test_support_with_a_click_and_a_list_whose_scan_goes_to_the_vault(
    client: CheckedClient, database: Database, edition_id: UUID
) -> None:
    ensure_identity(client.application.extensions["settings"])
    ada, person = make_resident(database)
    bea, _bea = make_resident(database)
    proposal = make_submitted(database, ada, person, edition_id)
    assert "/sign-in" in client.get(f"/uk/proposals/{proposal}").text
    sign_in_as(client, database, bea)
    client.send(f"/uk/proposals/{proposal}/support", {})
    for lang in LANGUAGES:
        page = client.get(f"/{lang}/proposals/{proposal}").text
        assert f"/{lang}/proposals/{proposal}/support/end" in page
    sign_in_as(client, database, ada)
    path = f"/my-proposals/{proposal}/supporters"
    for lang in LANGUAGES:
        assert "1 / 2" in client.get(f"/{lang}{path}").text
        sheet = client.get(f"/{lang}/my-proposals/{proposal}/support-list.pdf")
        assert sheet.data.startswith(b"%PDF") and sheet.headers["Cache-Control"] == "no-store"
    assert "error-summary" in client.send(f"/en{path}", {}).text
    picture = BytesIO()
    Image.new("RGB", (600, 800), "white").save(picture, "JPEG")
    picture.seek(0)
    client.send(f"/ru{path}", {"file": (picture, "list.jpg")})
    with database.reading() as session:
        row = session.scalars(select(SupportList)).one()
        assert row.vault_id and row.page_count == 1
    officer = make_staff(database, Role.OFFICER)
    sign_in_as(client, database, officer)
    assert str(row.id) in client.get("/pl/office/support-lists").text
    client.send(f"/pl/office/support-lists/{row.id}", {})
    assert (
        f"/office/support-lists/{row.id}/0" in client.get(f"/uk/office/support-lists/{row.id}").text
    )
    client.send(f"/uk/office/support-lists/{row.id}", {"counted": "1"})
    client.send("/uk/office/support-lists", {"reference": "bo.d8.1/26", "counted": "3"})
    with database.reading() as session:
        assert queries.support_of(session, proposal, needed=2).total == 5
