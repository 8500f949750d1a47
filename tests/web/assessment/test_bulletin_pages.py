"""The public bulletin: a package is put together, every place decided, released, downloaded."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import UUID

from civic_budget.assessment import queries
from civic_budget.assessment import service as assessment
from civic_budget.assessment.rules import Answer, Said
from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    pass_cards,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

WORDS = {"pl": "Sąsiadka Anna Nowak (tel. 512 345 678) nie zgadza się.", "uk": "Немає згоди."}


def test_nothing_is_public_before_a_person_has_looked_at_every_place(
    client: CheckedClient, new_client, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    author = make_resident(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    assessor = make_assessor(database)
    proposal_id = make_submitted(database, *author, edition_id)
    pass_cards(database, assessor, proposal_id, but={"city_land": Said(Answer.NOT_MET, "Nie.")})
    with database.writing() as work:
        assessment.reject_proposal(
            work, assessor, proposal_id=proposal_id, reason="land_not_city", words=WORDS, at=NOW
        )
    sign_in_as(client, database, make_coordinator(database))
    visitor: CheckedClient = new_client()
    for lang in ("pl", "en", "uk", "ru"):
        assert "512 345 678" not in visitor.get(f"/{lang}/editions/2026/bulletin").text
        desk = client.send(f"/{lang}/office/bulletin", {"what": "verdicts"}, follow=False).location
        with database.reading() as session:
            package = queries.get_package(session, UUID(desk.rpartition("/")[2]))
        assert [one.place.kind for one in package.findings] == ["name", "phone"]
        assert visitor.get(f"/{lang}/bulletin/{package.id}.zip").status_code == 404
        client.send(desk, {"deed": "release"})
        with database.reading() as session:
            assert queries.get_package(session, package.id).released_at is None
        for number in range(2):
            client.send(desk, {"deed": "decide", "number": str(number), "cover": "yes"})
        client.send(desk, {"deed": "release"})
        assert f"/{lang}/bulletin/{package.id}.zip" in (
            visitor.page(f"/{lang}/editions/2026/bulletin").links
        )
        content = visitor.get(f"/{lang}/bulletin/{package.id}.zip").data
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            page = files.read("wyniki-oceny.html").decode()
            manifest = json.loads(files.read("manifest.json"))
            assert files.read("wyniki-oceny.pdf").startswith(b"%PDF")
        assert "512 345 678" not in page
        assert "Anna" not in page
        assert "Wyniki oceny" in page  # in Polish, whoever releases it
        with database.reading() as session:
            assert manifest["documents_sha256"] == queries.get_package(session, package.id).hash
