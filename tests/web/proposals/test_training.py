"""A training edition: filled with invented people, marked, and nobody gets a message."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from civic_budget.editions.rules import Phase
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import queries, service
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import OutboxTask
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import (
    POLISH_TEXTS,
    admit,
    make_assessor,
    make_checklists,
    make_coordinator,
)
from tests.conftest import NOW
from tests.pages import CheckedClient


def test_people_of_the_office_practise_and_nobody_is_told(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    coordinator = make_coordinator(database)
    with pytest.raises(Conflict, match="not_training"), database.writing() as work:
        service.fill_training(work, coordinator, edition_id=edition_id, at=NOW)
    with database.writing() as work:
        work.session.execute(text("UPDATE edition SET is_training = true"))
    sign_in_as(client, database, coordinator)
    overview = "/pl/office/editions/2026"
    client.send(overview, {}, to=f"{overview}/fill-training")
    with database.reading() as session:
        rows = queries.list_office_rows(session, edition_id)
    assert {row.language for row in rows} == {"pl", "uk", "en", "ru"}
    for lang in ("pl", "en", "uk", "ru"):
        queue = client.page(f"/{lang}/office/assessment?edition=2026")
        assert f"/{lang}/office/assessment/{rows[0].id}" in queue.links
    assessor = make_assessor(database)
    admit(database, assessor, rows[0].id)
    foreign = next(row for row in rows if row.language == "uk")
    translate = f"/en/office/translations/{foreign.id}/pl"
    texts = {**POLISH_TEXTS, "approve": "1"}
    saved = client.send(translate, texts, follow=False)
    assert saved.headers["Location"].endswith("edition=2026")
    for page in ("translations", "acts", "ballot-numbers", "assessment"):
        for lang in ("pl", "en", "uk", "ru"):
            found = client.page(f"/{lang}/office/{page}?edition=2026")
            assert lang != "en" or "Nothing done here counts." in found.text(), page
    client.page(f"/uk/office/translations/{foreign.id}/pl")
    assert "Nothing done here counts." in client.page(translate).text()
    client.send(overview, {}, to=f"{overview}/fill-training")  # a second time does nothing
    with database.reading() as session:
        assert len(queries.list_office_rows(session, edition_id)) == len(rows)
        assert session.scalar(select(func.count()).select_from(OutboxTask)) == 0
