"""A correction: what was asked stands at its field, what changed is shown before and after it is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.proposals import service
from civic_budget.proposals.correcting import Asked, asked_from, match_correction
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import (
    TEXTS,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    return_it,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")


@pytest.fixture
def author(client: CheckedClient, database: Database) -> tuple[Actor, UUID]:
    """A signed-in resident."""
    make_city(database)
    make_checklists(database)
    actor, person = make_resident(database)
    sign_in_as(client, database, actor)
    return actor, person


def test_the_author_and_then_the_assessor_see_what_changed_of_what_was_asked(
    client: CheckedClient, database: Database, author: tuple[Actor, UUID], clock: Clock
) -> None:
    proposal_id = make_submitted(database, *author, make_edition(database, Phase.SUBMISSION))
    assessor = make_assessor(database)
    clock.at = NOW + timedelta(days=1)
    return_it(database, assessor, proposal_id, at=clock.at)
    own = f"my-proposals/{proposal_id}"
    for lang in LANGUAGES:
        about = client.get(f"/{lang}/{own}/about").text
        assert 'id="description-asked"' in about
        assert 'aria-describedby="description-asked' in about
        assert "Brak mapy." in about
        assert f"Kompletne ({lang})" in about  # the criterion in the reader's language
        assert 'class="field-asked"' not in client.get(f"/{lang}/{own}/access").text
        unchanged = client.get(f"/{lang}/{own}/check").text
        assert "Brak mapy." in unchanged
        assert f"Kompletne ({lang})" in unchanged
        assert "<ins>" not in unchanged
    with database.writing() as work:
        texts = {"description": TEXTS["description"] + " Мапа додається.", "title": "Інша назва"}
        service.save_texts(work, author[0], proposal_id=proposal_id, texts=texts, at=clock.at)
    for lang in LANGUAGES:
        changed = client.get(f"/{lang}/{own}/check").text
        assert re.search(r"<ins>[^<]*Мапа додається\.</ins>", changed)
        assert "Інша назва" in changed
    clock.at += timedelta(days=1)
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=proposal_id, at=clock.at)
    sign_in_as(client, database, make_coordinator(database))
    for lang in LANGUAGES:
        case = client.get(f"/{lang}/office/assessment/{proposal_id}").text
        assert "Brak mapy." in case
        assert re.search(r"<ins>[^<]*Мапа додається\.</ins>", case)
    public = client.get(f"/pl/proposals/{proposal_id}").text
    assert "Brak mapy." not in public  # the comment is between the office and the author


def test_what_was_asked_is_kept_and_matched() -> None:
    asked = Asked("city_land", "place", {"pl": "Teren miasta."}, "Która działka?")
    assert asked_from(asked.as_data()) == asked
    assert asked_from("late") == Asked("late")
    assert asked.sentence("uk") == ("Teren miasta.", "pl")
    before = {"title": "A", "place": "Park", "places": []}
    after = {"title": "B", "place": "Park", "places": [["Park", 50.0, 19.9]]}
    matched = match_correction(
        [asked, Asked("own", "costs"), Asked("all")], before, after, documentation="papers"
    )
    assert [one.change and one.change.field for one in matched.answered] == ["places", None, None]
    assert [change.field for change in matched.others] == ["title"]
