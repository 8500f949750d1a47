"""Pictures and attachments: what leaves with the file, who may read what, and under which headers."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries, service
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import make_checklists, make_draft
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")
SEEN = "Дві лавки під старою липою."


def photo(size: tuple[int, int] = (2400, 1800)) -> BytesIO:
    """A phone's photo, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, "JPEG", exif=exif)
    out.seek(0)
    return out


@pytest.fixture
def draft(client: CheckedClient, database: Database) -> tuple[Actor, UUID]:
    """A signed-in author's draft."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    actor, person = make_resident(database)
    sign_in_as(client, database, actor)
    return actor, make_draft(database, actor, person, edition_id)


def test_a_picture_loses_its_place_and_keeps_its_words(
    client: CheckedClient, database: Database, draft: tuple[Actor, UUID]
) -> None:
    author, proposal = draft
    path = f"/uk/my-proposals/{proposal}/pictures"
    assert "SECRET-CAMERA" in photo().getvalue().decode("latin-1")
    refused = client.send(path, {"file": (photo(), "a.jpg"), "alt": "Лавка"})
    assert 'href="#alt"' in refused.text and "Лавка</textarea>" in refused.text
    client.send(path, {"file": (photo(), "a.jpg"), "alt": SEEN})
    with database.reading() as session:
        (kept,) = queries.list_pictures(session, proposal)
    assert (kept.width, kept.height) == (1600, 1200) and kept.said("pl") == (SEEN, "uk")
    address = f"/uk/proposals/{proposal}/pictures/{kept.id}.jpg"
    answer = client.get(address)
    assert answer.mimetype == "image/jpeg" and b"SECRET-CAMERA" not in answer.data
    with Image.open(BytesIO(answer.data)) as shown:
        assert not shown.getexif()
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"  # a draft is nobody else's
    stranger, _person = make_resident(database)
    sign_in_as(client, database, stranger)
    assert client.get(address).status_code == 404
    with pytest.raises(NotAllowed, match="not_the_author"), database.writing() as work:
        service.remove_picture(work, stranger, picture_id=kept.id, at=NOW)
    sign_in_as(client, database, author)
    with database.writing() as work:
        service.submit_proposal(work, author, proposal_id=proposal, at=NOW)
    for lang in LANGUAGES:
        assert SEEN in client.get(f"/{lang}/proposals/{proposal}").text
    assert client.get(address).headers["Cache-Control"].startswith("public")


def test_an_internal_attachment_is_for_staff_who_assess(
    client: CheckedClient, database: Database, draft: tuple[Actor, UUID]
) -> None:
    author, proposal = draft
    path = f"/ru/my-proposals/{proposal}/attachments"
    form = {"title": "Согласие школы", "seen_by": "office"}
    assert "error-summary" in client.send(path, {**form, "file": (photo(), "a.exe")}).text
    client.send(path, {**form, "file": (photo((300, 300)), "a.jpg")})
    for lang in LANGUAGES:
        page = client.get(f"/{lang}/my-proposals/{proposal}/attachments")
        assert "Согласие школы" in page.text
    with database.writing() as work:
        service.submit_proposal(work, author, proposal_id=proposal, at=NOW)
    with database.reading() as session:
        (kept,) = queries.list_attachments(session, proposal)
    address = f"/ru/proposals/{proposal}/attachments/{kept.id}.pdf"
    assert client.get(address).data.startswith(b"%PDF")
    for actor, status in (
        (make_resident(database)[0], 404),
        (make_staff(database, Role.ANALYST), 404),
        (make_staff(database, Role.ASSESSOR), 200),
    ):
        sign_in_as(client, database, actor)
        answer = client.get(address)
        assert answer.status_code == status
        assert ("Согласие школы" in client.get(f"/ru/proposals/{proposal}").text) is (status == 200)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_limits_photos_of_steps_and_the_sweep(
    client: CheckedClient, database: Database, draft: tuple[Actor, UUID]
) -> None:
    author, proposal = draft
    page = photo((200, 100)).getvalue()
    with database.writing() as work:
        for _n in range(5):
            service.add_picture(
                work, author, proposal_id=proposal, page=page, alt={"uk": SEEN}, at=NOW
            )
    with pytest.raises(Conflict, match="too_many_pictures"), database.writing() as work:
        service.add_picture(work, author, proposal_id=proposal, page=page, alt={"uk": SEEN}, at=NOW)
    with pytest.raises(NotAllowed, match="not_your_project"), database.writing() as work:
        service.add_step_photo(
            work, author, step_id=uuid4(), page=page, alt={"pl": "Gotowa ławka."}, at=NOW
        )
    with database.writing() as work:
        step = service.add_step(
            work,
            SYSTEM,
            proposal_id=proposal,
            step=StepWords(
                stage=Stage.FINISHED,
                happened_on=NOW.date(),
                real_cost=100,
                notes={"pl": "Gotowe."},
            ),
            at=NOW,
        )
    with database.writing() as work:
        service.add_step_photo(
            work, SYSTEM, step_id=step, page=page, alt={"pl": "Gotowa ławka."}, at=NOW
        )
    instance = client.application.extensions["settings"].instance
    store = service.picture_store(instance)
    store.put("f" * 32, b"nobody knows me")
    assert len(list(store.list())) == 7
    later = NOW + timedelta(days=3650)
    assert service.sweep_files(database, instance, at=later) == 1
    with database.reading() as session:
        first = queries.list_pictures(session, proposal)[0]
    client.send(f"/pl/my-proposals/{proposal}/pictures/{first.id}/remove", {})
    assert len(list(store.list())) == 5
