"""The signed scan of an act: uploaded, refused with its sentence, replaced, downloaded; also in training."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from civic_budget.assessment import queries, service
from civic_budget.assessment.labels import say_scan_refusal
from civic_budget.assessment.service import ActItem
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.intake import Reason
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page
from tests.unit.residency.hostile_files import document, locked_document, picture

SIGNED = NOW + timedelta(days=8)
LANGUAGES = ("pl", "en", "uk", "ru")
# A file, its name, and the beginning of the Polish sentence that says what to do.
REFUSED = (
    (b"", "akt.pdf", "Plik jest pusty"),
    (b"MZ\x90\x00" * 400, "akt.pdf", "To nie jest PDF"),
    (picture(), "akt.png", "To jest obraz"),
    (locked_document(), "akt.pdf", "Skan jest zabezpieczony hasłem"),
    (document()[:300], "akt.pdf", "Plik jest uszkodzony albo ucięty"),
    (document(21), "akt.pdf", "Skan ma więcej stron"),
)


@pytest.fixture
def act_id(database: Database, clock: Clock) -> UUID:
    """An act that restores one proposal, in an edition for training."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    with database.writing() as work:
        work.session.execute(text("UPDATE edition SET is_training = true"))
    proposal_id = make_submitted(database, *make_resident(database), edition_id)
    reject(database, make_assessor(database), proposal_id)
    clock.at = SIGNED
    with database.writing() as work:
        return service.enter_act(
            work,
            make_coordinator(database),
            edition_id=edition_id,
            number="7/2026",
            signed_on=SIGNED.date(),
            items=[ActItem(proposal_id, True, {"pl": "Przywrócono."})],
            at=SIGNED,
        )


def test_a_scan_is_published_replaced_and_downloaded_by_everybody(
    client: CheckedClient, new_client, database: Database, act_id: UUID
) -> None:
    sign_in_as(client, database, make_coordinator(database), at=SIGNED)
    visitor: CheckedClient = new_client()
    assert visitor.get(f"/pl/acts/{act_id}/scan.pdf").status_code == 404
    with database.reading() as session:
        slug = get_edition(session, queries.get_act(session, act_id).edition_id).slug
    served = set()
    for pages, lang in enumerate(LANGUAGES, 1):
        desk = f"/{lang}/office/acts/{act_id}/scan"
        assert "#file" in Page(client.send(desk, {}).text).links  # no file was chosen
        sent = document(pages, catalogue=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")
        answer = client.send(desk, {"file": (BytesIO(sent), "akt.pdf")}, follow=False)
        assert answer.status_code == 302
        assert answer.location.endswith(f"/{lang}/acts/{act_id}")
        file = visitor.get(f"/{lang}/acts/{act_id}/scan.pdf")
        assert file.data.startswith(b"%PDF")
        assert b"JavaScript" not in file.data
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in file.headers["Content-Security-Policy"]
        page = visitor.page(f"/{lang}/acts/{act_id}")
        assert f"/{lang}/acts/{act_id}/scan.pdf" in page.links
        assert f"/{lang}/acts/{act_id}.pdf" in page.links
        assert sha256(file.data).hexdigest() in page.text()
        assert sha256(sent).hexdigest() in client.get(desk).text
        assert desk in client.page(f"/{lang}/office/acts?edition={slug}").links
        served.add(sha256(file.data).hexdigest())
    with database.reading() as session:
        scans = queries.list_act_scans(session, act_id)
    assert {one.hash for one in scans} == served
    assert [one.page_count for one in scans] == [4, 3, 2, 1]


def test_what_is_no_readable_pdf_is_refused_with_its_sentence(
    client: CheckedClient, database: Database, act_id: UUID
) -> None:
    sign_in_as(client, database, make_coordinator(database), at=SIGNED)
    path = f"/pl/office/acts/{act_id}/scan"
    for data, name, sentence in REFUSED:
        page = client.send(path, {"file": (BytesIO(data), name)}).text
        assert "#file" in Page(page).links, sentence
        assert sentence in page
    with database.reading() as session:
        assert queries.list_act_scans(session, act_id) == []


def test_a_heavy_scan_is_to_be_scanned_anew_and_nobody_is_told_to_take_a_picture(
    app: Flask,
) -> None:
    said = set()
    with app.test_request_context("/en/"):
        for reason in Reason:
            sentence = say_scan_refusal(Conflict(reason.value, field="file"))
            assert sentence
            assert "take a picture" not in sentence.lower(), reason
            assert "your name" not in sentence, reason
            said.add(sentence)
    assert len(said) > 6


def test_an_assessor_may_not_publish_a_scan(
    client: CheckedClient, database: Database, act_id: UUID
) -> None:
    sign_in_as(client, database, make_assessor(database), at=SIGNED)
    assert client.get(f"/pl/office/acts/{act_id}/scan").status_code == 403
