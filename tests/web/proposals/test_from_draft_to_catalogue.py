"""The road of a proposal through the pages, in each language: draft, submit, admit, catalogue."""

from __future__ import annotations

import pytest
from flask import Flask

from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import CRITERIA, TEXTS, make_assessor, make_checklists
from tests.builders_residency import make_resident
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")
SECTIONS = ("about", "category", "place", "costs", "access")


def fill_in(client: CheckedClient, base: str) -> None:
    """All sections of the task list, as a resident types them."""
    about = {name: TEXTS[name] for name in TEXTS if name != "accessibility"}
    client.send(f"{base}/about", about)
    client.send(f"{base}/category", {"category": "green"})
    client.send(f"{base}/place", {"place": "Zachodnia 5", "point": "50.03, 19.91"})
    client.send(
        f"{base}/costs",
        {
            "costs-0-name": "Лавка",
            "costs-0-money": "42 000",
            "costs-1-name": "Монтаж",
            "costs-1-money": "8 000,50 zł",
            "upkeep": "1200",
        },
    )
    client.send(f"{base}/access", {"accessibility": TEXTS["accessibility"]})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_resident_writes_sends_and_sees_it_in_the_catalogue(
    lang: str, app: Flask, client: CheckedClient, new_client, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    make_edition(database, Phase.SUBMISSION)
    author, _person = make_resident(database)
    sign_in_as(client, database, author)

    client.page(f"/{lang}/my-proposals")
    began = client.send(f"/{lang}/my-proposals/start", {"scope": "d08"}, follow=False)
    assert began.status_code == 302
    base = began.location.removesuffix("/about")
    client.page(base)
    early = client.send(f"{base}/check")
    assert "error-summary" in early.text  # what is missing is told, nothing is sent

    fill_in(client, base)
    client.page(base)
    assert TEXTS["title"] in client.get(f"{base}/check").text
    sent = client.send(f"{base}/check")
    assert "BO.D8.1/26" in sent.text

    proposal_id = base.rsplit("/", 1)[1]
    visitor: CheckedClient = new_client()
    assert TEXTS["title"] in visitor.get(f"/{lang}/proposals").text
    shown = visitor.get(f"/{lang}/proposals/{proposal_id}").text
    assert "50\u00a0000,50" in shown, Page(shown).text()
    visitor.page(f"/{lang}/proposals/{proposal_id}/versions")

    assessor = make_assessor(database)
    office: CheckedClient = new_client()
    sign_in_as(office, database, assessor)
    assess(office, lang, proposal_id)
    after = Page(visitor.get(f"/{lang}/proposals?state=admitted").text)
    assert any(proposal_id in link for link in after.links)
    client.page(f"/{lang}/my-proposals")


def assess(office: CheckedClient, lang: str, proposal_id: str) -> None:
    """Both cards, then the admission, on the office's pages."""
    base = f"/{lang}/office/assessment/{proposal_id}"
    assert "BO.D8.1/26" in office.get(f"/{lang}/office/assessment").text
    office.page(base)
    for stage in ("formal", "merit"):
        keys = [c.key for c in CRITERIA if c.stage == stage]
        version = _version(office, f"{base}/card/{stage}")
        saved = office.send(
            f"{base}/card/{stage}",
            {"version": version, **{f"answer_{key}": "met" for key in keys}},
            follow=False,
        )
        assert saved.status_code == 302
    admitted = office.send(
        f"{base}/admit", {"version": _version(office, f"{base}/admit")}, follow=False
    )
    assert admitted.status_code == 302, Page(admitted.text).text()
    assert "BO.D8.1/26" in office.get(f"/{lang}/office/assessment?tab=done").text


def _version(office: CheckedClient, path: str) -> str:
    page = office.page(path)
    return next(field["value"] for field in page.fields if field.get("name") == "version")
