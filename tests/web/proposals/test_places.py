"""Several places of one proposal: typed, clicked, told at the field, shown to everybody, kept and hashed."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest

from civic_budget.city.district_map import krakow_centres
from civic_budget.city.service import put_district
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.proposals import queries, service
from civic_budget.proposals.rules import Place
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import make_checklists, make_draft
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")
PARK = {"places-0-words": "Парк Йордана", "places-0-point": "50.0625, 19.9190"}
SQUARE = {"places-1-words": "вул. Західна, 5", "places-1-point": ""}


@pytest.fixture
def author(client: CheckedClient, database: Database) -> tuple[Actor, UUID]:
    """A signed-in resident of Dębniki in a city with its eighteen districts."""
    make_city(database)
    with database.writing() as work:
        for centre in krakow_centres():
            put_district(
                work,
                number=centre.number,
                roman=centre.roman,
                name=centre.name,
                latitude=centre.latitude,
                longitude=centre.longitude,
            )
    make_checklists(database)
    actor, person = make_resident(database)
    sign_in_as(client, database, actor)
    return actor, person


@pytest.fixture
def draft(database: Database, author: tuple[Actor, UUID]) -> UUID:
    """A complete draft."""
    return make_draft(database, *author, make_edition(database, Phase.SUBMISSION))


def places(database: Database, proposal_id: UUID) -> tuple[Place, ...]:
    """The places as they are saved."""
    with database.reading() as session:
        return queries.get_proposal(session, proposal_id).places


def typed(page: Page, ending: str) -> list[str]:
    """What stands in the rows' fields."""
    fields = [f for f in page.fields if re.fullmatch(rf"places-\d+-{ending}", f.get("name") or "")]
    return [field.get("value") or "" for field in fields]


def test_places_are_typed_clicked_removed_and_nothing_is_lost(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    for lang in LANGUAGES:
        path = f"/{lang}/my-proposals/{draft}/place"
        wrong = Page(client.send(path, {"place": "Парк", "places-0-point": "тут"}).text)
        assert "#places-0-point" in wrong.links
        assert "тут" in typed(wrong, "point")
        far = {"place": "Парк", "places-0-point": "19.9366, 50.0614"}
        assert "#places-0" in Page(client.send(path, far).text).links
        assert places(database, draft) == ()
    path = f"/uk/my-proposals/{draft}/place"
    frame = {"frame": "50.1,19.8,50.0,20.0", "near": "d08"}
    clicked = client.send(
        path, {"place": "Парк", **PARK, **SQUARE, **frame, "map_320.x": "160", "map_320.y": "80"}
    )
    page = Page(clicked.text)
    assert typed(page, "point") == ["50.0625, 19.9190", "50.07500, 19.90000"]
    assert typed(page, "words") == ["Парк Йордана", "вул. Західна, 5"]
    assert places(database, draft) == ()  # a click saves nothing
    third = Page(client.send(path, {**PARK, **frame, "map_560.x": "280", "map_560.y": "560"}).text)
    assert typed(third, "point") == ["50.0625, 19.9190", "50.00000, 19.90000"]
    assert len(typed(Page(client.send(path, {**PARK, "add_row": "yes"}).text), "point")) == 2
    without = Page(client.send(path, {**PARK, **SQUARE, "remove": "0"}).text)
    assert typed(without, "words") == ["вул. Західна, 5"]
    city = client.send(path, {**PARK, **SQUARE, "near": "city", "look": "yes"})
    assert typed(Page(city.text), "words") == ["Парк Йордана", "вул. Західна, 5"]
    # Enter in a field presses the map, nowhere: that is a wish to save.
    client.send(
        path, {"place": "Парк", **PARK, **SQUARE, **frame, "map_320.x": "0", "map_320.y": "0"}
    )
    assert places(database, draft) == (
        Place("Парк Йордана", 50.0625, 19.919),
        Place("вул. Західна, 5"),
    )
    full = {f"places-{n}-words": f"Місце {n}" for n in range(10)}
    client.send(path, {"place": "Парк", **full})
    assert len(places(database, draft)) == 10
    assert "add_row" not in client.get(path).text


def test_everybody_sees_all_places_and_they_are_kept_and_hashed(
    client: CheckedClient, database: Database, author: tuple[Actor, UUID], draft: UUID
) -> None:
    client.send(f"/uk/my-proposals/{draft}/place", {"place": "Парк", **PARK, **SQUARE})
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    for lang in LANGUAGES:
        shown = client.get(f"/{lang}/proposals/{draft}").text
        assert "Парк Йордана" in shown
        assert "50.06250, 19.91900" in shown
        assert shown.count('class="pin"') == 1  # the other place is told in words
        assert 'class="dots"' in client.get(f"/{lang}/proposals").text
    found = client.get("/uk/proposals?text=йордана").text
    assert f"/uk/proposals/{draft}" in found
    with database.reading() as session:
        (version,) = queries.list_versions(session, draft)
        hashed = json.loads(queries.read_text_to_vote(session, draft))
    kept = [["Парк Йордана", 50.0625, 19.919], ["вул. Західна, 5", None, None]]
    assert version.content["places"] == hashed["places"] == kept
