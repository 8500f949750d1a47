"""A few proposals side by side: chosen in the list, added by reference, taken out again; drafts never."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import make_checklists, make_draft, make_submitted
from tests.builders_residency import make_resident
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")


@pytest.fixture
def listed(database: Database) -> tuple[list[UUID], UUID]:
    """Five submitted proposals and a draft."""
    make_city(database)
    make_checklists(database)
    edition = make_edition(database, Phase.SUBMISSION)
    submitted = []
    for _n in range(5):
        actor, person = make_resident(database)
        submitted.append(make_submitted(database, actor, person, edition))
    actor, person = make_resident(database)
    return submitted, make_draft(database, actor, person, edition)


def test_what_is_ticked_stands_side_by_side(
    client: CheckedClient, listed: tuple[list[UUID], UUID]
) -> None:
    submitted, draft = listed
    catalogue = client.get("/uk/proposals").text
    assert catalogue.count('form="compare-form"') == 5
    first, second = submitted[:2]
    for language in LANGUAGES:
        page = client.page(
            f"/{language}/proposals/compare?p={first}&p={second}&p={draft}&p={uuid4()}&p=x"
        )
        assert f"/{language}/proposals/{first}" in page.links
        assert f"/{language}/proposals/{second}" in page.links
        assert f"/{language}/proposals/{draft}" not in page.links
        assert f"/{language}/proposals/compare?p={first}" in page.links  # the other one taken out
        client.page(f"/{language}/proposals/compare")
    assert f"/uk/proposals/compare?p={first}" in client.page(f"/uk/proposals/{first}").links


def test_one_more_is_added_by_its_reference_and_four_fit(
    client: CheckedClient, listed: tuple[list[UUID], UUID]
) -> None:
    submitted, _draft = listed
    start = f"/en/proposals/compare?p={submitted[0]}"
    reference = client.page(f"/en/proposals/{submitted[1]}").text().split("BO.")[1].split(" ")[0]
    added = client.page(f"{start}&add=bo.{reference.lower()}")
    assert f"/en/proposals/{submitted[1]}" in added.links
    assert "There is no proposal BO.D99.1/26." in client.get(f"{start}&add=BO.D99.1/26").text
    every = "&".join(f"p={one}" for one in submitted)
    full = client.page(f"/en/proposals/compare?{every}")
    assert "Four proposals fit side by side" in full.text()
    assert f"/en/proposals/{submitted[4]}" not in full.links
