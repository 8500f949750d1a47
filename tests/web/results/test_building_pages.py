"""Carrying out winners on the pages: an official tells steps with photos, everybody reads them."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from civic_budget.kernel.actor import Role
from civic_budget.proposals.queries import find_by_reference, list_pictures, list_steps
from civic_budget.storage.db import Database
from tests.builders import make_staff, sign_in_as
from tests.builders_results import make_opened_round, publish
from tests.conftest import Clock
from tests.pages import CheckedClient

WINNER = "BO.D8.1/26"
REASON = "Trzeba przełożyć gazociąg odkryty w trakcie robót."
LANGUAGES = ("pl", "en", "uk", "ru")


def photo() -> tuple[BytesIO, str]:
    """A picture as a phone would send it."""
    out = BytesIO()
    Image.new("RGB", (800, 600), (40, 120, 60)).save(out, "JPEG")
    out.seek(0)
    return out, "photo.jpg"


@pytest.fixture
def winner(database: Database, client: CheckedClient, clock: Clock) -> UUID:
    """A winner whose result is public; a coordinator is signed in."""
    publish(clock, make_opened_round(database))
    clock.at += timedelta(days=60)
    sign_in_as(client, database, make_staff(database, Role.COORDINATOR), at=clock.at)
    with database.reading() as session:
        found = find_by_reference(session, WINNER)
    assert found is not None
    return found


def told(client: CheckedClient, address: str, **more: str) -> dict[str, str]:
    """The form of a step as a page of it would send it, with something changed."""
    after = re.search(r'name="after"[^>]*value="(\d+)"', client.get(address).text)
    assert after is not None
    return {
        "after": after[1],
        "stage": "in_progress",
        "happened_on": "20.07.2026",
        "expected_on": "30.11.2026",
        "note_pl": "Wykonawca wszedł na plac budowy.",
        **more,
    }


def test_an_official_tells_a_delay_and_everybody_reads_its_reason(
    client: CheckedClient, database: Database, winner: UUID
) -> None:
    office = "/pl/office/editions/2026/implementation"
    assert client.get("/pl/office/implementation").headers["Location"].endswith(office)
    address = f"{office}/{winner}"
    assert address in client.page(office).links
    for wrong, sentence in (
        ({"happened_on": "jutro"}, "Podaj dzień, na przykład 17.11.2026."),
        ({"happened_on": "20.07.2036"}, "Ten dzień jeszcze nie nadszedł."),
        ({"stage": "delayed", "expected_on": ""}, "Podaj nowy termin ukończenia."),
        ({"stage": "delayed", "note_pl": "Rura."}, "Podaj przyczynę opóźnienia po polsku"),
        ({"stage": "abandoned"}, "Ten etap nie może nastąpić po ostatnim."),
        ({"real_cost": "dużo"}, "Podaj kwotę, na przykład 12 500,50."),
        ({"after": "7"}, "Ktoś inny dodał w tym czasie wpis"),
    ):
        answer = client.send(address, told(client, address, **wrong))
        assert answer.status_code == 200
        assert sentence in answer.text, wrong
        assert "Wykonawca wszedł" in answer.text or "note_pl" in wrong  # nothing typed is lost
    client.send(address, told(client, address))
    late = {"stage": "delayed", "note_pl": REASON, "note_uk": "Треба перенести газопровід."}
    client.send(address, told(client, address, happened_on="22.07.2026", **late))
    with database.reading() as session:
        assert [s.stage for s in list_steps(session, winner)] == ["delayed", "in_progress"]
    public = client.page("/uk/editions/2026/implementation")
    assert "Треба перенести газопровід." in public.text()
    page = client.page(f"/uk/proposals/{winner}")
    assert "Треба перенести газопровід." in page.text()
    assert "30 листопада 2026" in page.text()
    assert "/uk/editions/2026/implementation" in page.links
    for language in LANGUAGES:
        client.page(f"/{language}/editions/2026/implementation?stage=delayed")
        client.page(f"/{language}/office/editions/2026/implementation")
        client.page(f"/{language}/office/editions/2026/implementation/{winner}")


def test_photos_need_words_and_a_correction_is_marked(
    client: CheckedClient, database: Database, winner: UUID
) -> None:
    address = f"/en/office/editions/2026/implementation/{winner}"
    client.send(address, told(client, address, stage="finished", real_cost="250 000,50"))
    with database.reading() as session:
        step = list_steps(session, winner)[0]
    here = f"{address}/steps/{step.id}"
    refused = client.send(f"{here}/photos", {"file": photo(), "alt_pl": "Park"})
    assert "Say in a sentence of at least 10 characters" in refused.text
    client.send(f"{here}/photos", {"file": photo(), "alt_pl": "Nowa alejka z ławkami w parku."})
    with database.reading() as session:
        kept = [p for p in list_pictures(session, winner) if p.step_id == step.id]
    assert [p.said("ru") for p in kept] == [("Nowa alejka z ławkami w parku.", "pl")]
    assert (
        'alt="Nowa alejka z ławkami w parku." lang="pl"'
        in client.get(f"/ru/proposals/{winner}").text
    )
    right = {"seen": "", "happened_on": "19.07.2026", "note_pl": "Gotowe.", "real_cost": "250000"}
    client.send(here, right)
    slower = client.send(here, right | {"note_pl": "Prawie gotowe."})
    assert "Somebody else wrote something down" in slower.text
    page = client.page(f"/en/proposals/{winner}")
    assert "Corrected by the office" in page.text()
    assert "250 000 zł" in page.text().replace("\u00a0", " ")
    client.send(f"{here}/photos/{kept[0].id}/remove", {})
    with database.reading() as session:
        assert not list_pictures(session, winner)
    for language in LANGUAGES:
        client.page(f"/{language}/office/editions/2026/implementation/{winner}/steps/{step.id}")
    client.page("/en/editions/2026/implementation")


def test_units_see_their_own_projects_and_others_no_page_at_all(
    client: CheckedClient, database: Database, winner: UUID, clock: Clock
) -> None:
    office = "/en/office/editions/2026/implementation"
    sign_in_as(client, database, make_staff(database, Role.ASSESSOR), at=clock.at)
    assert f"{office}/{winner}" not in client.page(office).links
    client.page(f"{office}/{winner}", status=404)
    sign_in_as(client, database, make_staff(database, Role.OFFICER), at=clock.at)
    assert client.get(office).status_code == 403
