"""A proposal on paper: costs, places, decisions, in the reader's language with the Polish text that counts."""

from __future__ import annotations

from io import BytesIO

from pypdfium2 import PdfDocument

from civic_budget.city.district_map import krakow_centres
from civic_budget.city.service import put_district
from civic_budget.editions.rules import Phase
from civic_budget.proposals import service
from civic_budget.proposals.rules import Place
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    POLISH_TEXTS,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_draft,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")
SAID = {
    "pl": ("Koszty", "2 miejsca"),
    "en": ("Costs", "2 places"),  # nobody has translated it: the Polish text itself stands here
    "uk": ("Витрати", "2 місця", "Лавки біля зупинки", "Польський текст, що має юридичну силу"),
    "ru": ("Расходы", "2 места"),
}


def text_of(content: bytes) -> str:
    """All words of a PDF, in one line."""
    document = PdfDocument(BytesIO(content))
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def test_a_sheet_says_in_each_language_what_the_page_says(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    with database.writing() as work:
        for one in krakow_centres():
            put_district(
                work,
                number=one.number,
                roman=one.roman,
                name=one.name,
                latitude=one.latitude,
                longitude=one.longitude,
            )
    make_checklists(database)
    author = make_resident(database)
    draft = make_draft(database, *author, make_edition(database, Phase.SUBMISSION))
    assert client.get(f"/pl/proposals/{draft}/proposal.pdf").status_code == 404
    with database.writing() as work:
        places = [Place("Парк Йордана", 50.0625, 19.919), Place("Західна 5")]
        service.save_places(work, author[0], proposal_id=draft, places=places, at=NOW)
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    coordinator = make_coordinator(database)
    with database.writing() as work:
        service.put_translation(
            work,
            coordinator,
            proposal_id=draft,
            language="pl",
            texts=POLISH_TEXTS,
            is_reviewed=True,
            at=NOW,
        )
    reject(database, make_assessor(database), draft)
    for lang in LANGUAGES:
        answer = client.get(f"/{lang}/proposals/{draft}/proposal.pdf")
        assert answer.mimetype == "application/pdf"
        assert "bo-d8-1-26" in answer.headers["Content-Disposition"]
        said = text_of(answer.data)
        assert b"pdfuaid" in answer.data
        for words in (*SAID[lang], "BO.D8.1/26", "Парк Йордана", "50.06250", POLISH_TEXTS["title"]):
            assert words in said, (lang, words)
        page = client.page(f"/{lang}/proposals/{draft}")
        assert f"/{lang}/proposals/{draft}/proposal.pdf" in page.links
        assert any(link.startswith("mailto:?subject=") for link in page.links)
