"""The street list in the office: a file is compared, looked at, taken over whole or thrown away."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from civic_budget.city import queries
from civic_budget.city.importing import import_streets
from civic_budget.city.street_changes import fingerprint
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.residency.queries import district_of_person, identity_of
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_city, make_staff, sign_in_as
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

HEAD = "district,street,numbers_from,numbers_to,parity\n"
GOOD = HEAD + "8,Długa,,,\n18,Nowa,,,\n"
OFFICE = "/pl/office/streets"


@pytest.fixture
def keeper(client: CheckedClient, database: Database) -> CheckedClient:
    """An administrator's browser in a small city: Zachodnia, aleja Róż, and Długa in two districts."""
    make_city(database)
    sign_in_as(client, database, make_staff(database, Role.ADMINISTRATOR))
    return client


def send_file(client: CheckedClient, text: str | bytes, whole: bool = False) -> str:
    """Upload a list; returns the preview's path, or the page's text when the file was refused."""
    content = text.encode() if isinstance(text, str) else text
    data = {"file": (BytesIO(content), "ulice.csv"), **({"only_these": "y"} if whole else {})}
    answer = client.send(OFFICE, data, follow=False, content_type="multipart/form-data")
    return answer.location if answer.status_code == 302 else answer.text


def street_names(database: Database) -> list[str]:
    with database.reading() as session:
        return [street.name for street in queries.list_streets(session)]


def test_a_file_is_looked_at_before_it_is_taken_over(
    keeper: CheckedClient, database: Database
) -> None:
    _resident, person = make_resident(database)  # lives at Zachodnia, in district 8
    preview = send_file(keeper, GOOD, whole=True)
    for language, new, gone in (
        ("pl", "dochodzi do listy", "znika z listy"),
        ("en", "added to the list", "leaves the list"),
        ("uk", "додається до списку", "зникає зі списку"),
        ("ru", "добавляется в список", "исчезает из списка"),
    ):
        page = keeper.get(preview.replace("/pl/", f"/{language}/")).text
        assert {new in page, gone in page, "Zachodnia" in page} == {True}, language
    assert "Zachodnia" in street_names(database)
    assert "Zniknęłaby większość listy" in keeper.get(preview).text
    report = keeper.get(f"{preview}/report.csv").text
    assert "Zachodnia" in report and "Nowa" in report
    seen = re.search(r'name="seen" value="(\w+)"', keeper.get(preview).text)
    assert seen is not None
    done = keeper.send(preview, {"seen": seen[1]}, to=f"{preview}/apply")
    assert "Nowych: 1" in done.text
    assert street_names(database) == ["Długa", "Nowa"]
    with database.reading() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.deed == "StreetsImported")).one()
        assert (row.subjects["added"], row.subjects["removed"]) == ("1", "2")
        # Who lives on a street that went keeps address, district and standing.
        identity = identity_of(session, person)
        assert identity is not None and identity.address is not None
        assert identity.address.street == "Zachodnia"
        assert district_of_person(session, person, at=NOW) == 8
    assert keeper.get(preview).status_code == 404


def test_a_wrong_file_changes_nothing_and_says_why(
    keeper: CheckedClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = street_names(database)
    assert "Wybierz plik" in send_file(keeper, b"")
    with monkeypatch.context() as small:
        for room in ("forms", "importing"):
            small.setattr(f"civic_budget.city.{room}.LARGEST_FILE", 60)
        assert "większy niż 2 MB" in send_file(keeper, GOOD + "18,Inna,,,\n")
    preview = send_file(keeper, GOOD + "99,Zła,,,\n8,Długa,7,3,\n", whole=True)
    page = keeper.get(preview).text
    assert "2 wiersze są błędne" in page and "„99”" in page and "/apply" not in page
    with database.reading() as session:
        mark = fingerprint(queries.list_streets(session))
    forced = keeper.send(preview, {"seen": mark}, to=f"{preview}/apply")
    assert "niczego nie zmieniono" in forced.text
    assert street_names(database) == before
    keeper.send(preview, {}, to=f"{preview}/discard")
    assert keeper.get(preview).status_code == 404
    for content in (b"PK\x03\x04\x00", "ż".encode("cp1250"), b"\x00" * 90):
        assert "/apply" not in keeper.get(send_file(keeper, content)).text
    assert street_names(database) == before


def test_a_list_that_changed_meanwhile_is_looked_at_again(
    keeper: CheckedClient, database: Database
) -> None:
    preview = send_file(keeper, GOOD)
    seen = re.search(r'name="seen" value="(\w+)"', keeper.get(preview).text)
    assert seen is not None
    with database.writing() as work:
        import_streets(work, SYSTEM, content=(HEAD + "18,Inna,,,\n").encode(), at=NOW)
    late = keeper.send(preview, {"seen": seen[1]}, to=f"{preview}/apply")
    assert "ktoś zmienił listę ulic" in late.text
    assert "Nowa" not in street_names(database)


def test_the_list_is_downloaded_in_the_form_that_is_read(
    keeper: CheckedClient, database: Database
) -> None:
    text = keeper.get(f"{OFFICE}/list.csv").data
    page = keeper.get(send_file(keeper, text, whole=True)).text
    assert "Nie ma czego przejmować" in page


def test_the_street_list_is_the_administrators_and_a_file_its_senders(
    keeper: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    preview = send_file(keeper, GOOD)
    other = new_client()
    sign_in_as(other, database, make_staff(database, Role.ADMINISTRATOR))
    assert other.get(preview).status_code == 404
    for role in (Role.OFFICER, Role.DESK, Role.HELPDESK, Role.ANALYST):
        sign_in_as(other, database, make_staff(database, role))
        for path in (OFFICE, f"{OFFICE}/list.csv", preview, f"{preview}/report.csv"):
            assert other.get(path).status_code == 403, (role, path)
