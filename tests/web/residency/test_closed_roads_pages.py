"""What pages say where an edition opens desks alone, or closes the road that somebody had chosen."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from civic_budget.editions.models import Edition
from civic_budget.editions.rules import Phase
from civic_budget.residency import service
from civic_budget.residency.models import ResidenceCase, ResidenceStatement
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition, make_point, sign_in_as
from tests.builders_residency import last_signing_code, make_case, make_identity
from tests.conftest import NOW
from tests.pages import CheckedClient
from tests.storage.residency.test_city_account_at_once import draft

SAID = {
    "pl": "Potwierdź w punkcie pomocy, że mieszkasz w Krakowie",
    "en": "Show at an assistance point that you live in Kraków",
    "uk": "Підтвердьте в пункті допомоги, що живете в Кракові",
    "ru": "Подтвердите в пункте помощи, что живёте в Кракове",
}
CLOSED = {
    "pl": "nie można w ten sposób potwierdzić zamieszkania",
    "en": "This way to show where you live is not open",
    "uk": "таким способом не можна",
    "ru": "таким способом нельзя",
}


def open_only(database: Database, *roads: str) -> None:
    with database.writing() as work:
        work.session.execute(update(Edition).values(accepted_proofs=list(roads)))


def test_a_desk_alone_is_said_with_the_points(client: CheckedClient, database: Database) -> None:
    make_city(database)
    make_point(database)
    make_edition(database, Phase.SUBMISSION, year=2027)
    open_only(database, "desk")
    newcomer = make_account(database)
    sign_in_as(client, database, newcomer)
    assert "keep no copy" in client.get("/en/residence").text
    account, case_id = draft(database)
    with database.reading() as session:
        reference = session.get_one(ResidenceCase, case_id).reference
    sign_in_as(client, database, account)
    own = f"residence/{reference}"
    for language, title in SAID.items():
        page = client.get(f"/{language}/{own}/proof").text
        assert title in page
        assert reference in page
        assert "slip.pdf" in page
        for closed in ("statement", "documents/add", "register"):
            answer = client.get(f"/{language}/{own}/{closed}", follow_redirects=True)
            assert title in answer.text, closed
            assert CLOSED[language] in answer.text, closed


def test_a_road_that_closes_on_the_way_loses_nothing(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_edition(database, Phase.SUBMISSION, year=2027)
    account, case_id = draft(database)
    with database.reading() as session:
        reference = session.get_one(ResidenceCase, case_id).reference
    sign_in_as(client, database, account)
    page = f"/en/residence/{reference}/statement"
    client.page(page)
    open_only(database, "document", "desk")
    refused = client.send(page, {"signature": "Olena Kovalenko"})
    assert CLOSED["en"] in refused.text
    assert 'value="Olena Kovalenko"' in refused.text
    assert not last_signing_code(database)
    # A code that came before the road was closed signs nothing either.
    open_only(database, "statement")
    client.send(page, {"signature": "Olena Kovalenko"})
    code = last_signing_code(database)
    open_only(database, "document", "desk")
    assert CLOSED["en"] in client.send(f"{page}/code", {"code": code}).text
    open_only(database, "statement")
    client.send(f"{page}/code", {"code": code})
    with database.reading() as session:
        assert session.scalars(select(ResidenceStatement)).one()
    open_only(database, "document", "desk")
    check = client.get(f"/en/residence/{reference}/check", follow_redirects=True)
    assert "not open any more in this edition" in check.text
    add = f"/en/residence/{reference}/documents/add"
    assert "Sign a statement instead" not in client.get(add).text
    open_only(database, "statement", "document")
    assert "Sign a statement instead" in client.get(add).text
    assert client.page(f"/en/residence/{reference}/check").title.startswith("Check your answers")


def test_no_letter_is_offered_where_none_is_sent(
    client: CheckedClient, app: Flask, database: Database
) -> None:
    make_city(database)
    make_edition(database, Phase.SUBMISSION, year=2027)
    account = make_account(database)
    with database.writing() as work:
        service.set_limits(work, {"statement_confirms": False})
    case_id = make_case(database, account, identity=make_identity(), road=Road.DOCUMENT, at=NOW)
    with database.reading() as session:
        reference = session.get_one(ResidenceCase, case_id).reference
    sign_in_as(client, database, account)
    letter = f"/en/residence/{reference}/letter"
    open_only(database, "document", "desk")
    assert "get a letter with a code" not in client.get("/en/residence").text
    assert "No letters are sent in this edition" in client.get(letter).text
    assert CLOSED["en"] in client.send(letter, {}, to=f"{letter}/ask").text
    open_only(database, "letter")
    assert "get a letter with a code" in client.get("/en/residence").text
    assert "No letters are sent" not in client.get(letter).text
