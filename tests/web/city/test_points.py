"""Assistance points: kept in office pages in four languages, shown near the reader, printed on a slip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from civic_budget.city.queries import list_assistance_points
from civic_budget.kernel.actor import Role
from civic_budget.residency.desk_rules import STATUS_LOOKS_A_QUARTER
from civic_budget.residency.queries import get_case
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import make_case, make_resident
from tests.conftest import Clock
from tests.pages import CheckedClient

NAMES = {"pl": "Biblioteka", "en": "Library", "uk": "Бібліотека", "ru": "Библиотека"}
HOURS = {"pl": "pon. 10–18", "en": "Mon 10–18", "uk": "пн 10–18", "ru": "пн 10–18"}


def words(**changes: Any) -> dict[str, Any]:
    """A point as the form sends it."""
    values: dict[str, Any] = {
        "address": "ul. Zachodnia 3",
        "district": "8",
        "phone": "+48 12 000 00 09",
        "languages": ["pl", "uk"],
        "is_active": "y",
        "position": "1",
        **{f"name_{code}": name for code, name in NAMES.items()},
        **{f"hours_{code}": hours for code, hours in HOURS.items()},
    }
    return {**values, **changes}


@pytest.fixture
def keeper(client: CheckedClient, database: Database) -> CheckedClient:
    """An administrator's browser in a small city."""
    make_city(database)
    sign_in_as(client, database, make_staff(database, Role.ADMINISTRATOR))
    return client


def test_a_point_is_written_in_four_languages_or_not_at_all(
    keeper: CheckedClient, database: Database
) -> None:
    for changes, sentence in (
        ({"name_uk": " "}, "we wszystkich czterech językach"),
        ({"note_ru": "Без лифта"}, "we wszystkich czterech językach"),
        ({"phone": "call us"}, "cyframi"),
        ({"languages": []}, "co najmniej jeden język"),
        ({"address": ""}, "Wpisz adres."),
        ({"position": "1st"}, "liczbę"),
    ):
        assert sentence in keeper.send("/pl/office/points/new", words(**changes)).text
    assert "Biblioteka" in keeper.send("/pl/office/points/new", words()).text
    with database.reading() as session:
        point = list_assistance_points(session)[0]
    assert (point.key.startswith("biblioteka-"), point.version) == (True, 1)


def test_two_who_change_one_point_do_not_overwrite_each_other(
    keeper: CheckedClient, database: Database
) -> None:
    keeper.send("/pl/office/points/new", words())
    with database.reading() as session:
        path = f"/pl/office/points/{list_assistance_points(session)[0].id}"
    keeper.send(path, words(version="1", phone="+48 12 000 00 08"))
    late = keeper.send(path, words(version="1", phone="+48 12 000 00 07"))
    assert "ktoś zmienił ten punkt" in late.text
    with database.reading() as session:
        assert list_assistance_points(session)[0].phone == "+48 12 000 00 08"


def test_every_page_says_where_help_is_and_a_resident_sees_the_nearest(
    keeper: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    visitor = new_client()
    assert "+48 12" not in visitor.get("/en/help").text
    far = {f"name_{code}": f"{name} 18" for code, name in NAMES.items()}
    keeper.send("/pl/office/points/new", words(**far, district="18", phone="+48 12 000 00 01"))
    keeper.send("/pl/office/points/new", words(position="2"))
    for path in ("/uk/guide", "/uk/sign-in", "/uk/nowhere"):
        assert "+48 12 000 00 01" in visitor.get(path).text, path
    resident, _person = make_resident(database)  # lives in district 8
    sign_in_as(visitor, database, resident)
    page = visitor.get("/en/residence").text
    assert "Near you: Library, ul. Zachodnia 3" in page
    assert "+48 12 000 00 01" not in page
    listed = visitor.get("/en/help?district=8").text
    assert listed.index("Library<") < listed.index("Library 18<")
    # A closed point is nowhere.
    with database.reading() as session:
        near = next(p for p in list_assistance_points(session) if p.district == 8)
    keeper.send(f"/pl/office/points/{near.id}", words(version="1", is_active=""))
    assert "Near you: Library 18" in visitor.get("/en/residence").text
    assert visitor.get(f"/en/help/{near.key}/slip.pdf").status_code == 404


def test_the_slip_says_where_when_and_what_to_bring(
    keeper: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    keeper.send("/pl/office/points/new", words())
    with database.reading() as session:
        key = list_assistance_points(session)[0].key
    visitor = new_client()
    for language, said in (
        ("pl", "Co zabrać"),
        ("en", "What to bring"),
        ("uk", "Що взяти"),
        ("ru", "Что взять"),
    ):
        slip = visitor.get(f"/{language}/help/{key}/slip.pdf?reference=R-7K2M-94QF")
        document = pypdfium2.PdfDocument(BytesIO(slip.data))
        text = document[0].get_textpage().get_text_bounded()
        assert {said in text, NAMES[language] in text, "R-7K2M-94QF" in text} == {True}
    forged = visitor.get(f"/en/help/{key}/slip.pdf?reference=Pay+100+zl+to+me")
    text = pypdfium2.PdfDocument(BytesIO(forged.data))[0].get_textpage().get_text_bounded()
    assert "Pay" not in text


def test_points_are_the_administrators(client: CheckedClient, database: Database) -> None:
    for role in (Role.OFFICER, Role.DESK, Role.HELPDESK):
        sign_in_as(client, database, make_staff(database, role))
        assert client.get("/en/office/points").status_code == 403
        assert client.get("/en/office/points/new").status_code == 403


def test_the_helpdesk_tells_the_state_and_nothing_about_the_person(
    client: CheckedClient, database: Database, clock: Clock
) -> None:
    make_city(database)
    case_id = make_case(database, make_account(database))
    with database.reading() as session:
        reference = get_case(session, case_id).reference
    sign_in_as(client, database, make_staff(database, Role.HELPDESK))
    typed = reference.lower().replace("-", " ")
    page = client.send("/pl/office/helpdesk", {"reference": typed}).text
    assert "Czeka na urząd" in page or reference in page
    for hidden in ("KOVALENKO", "OLENA", "Zachodnia", "1990"):
        assert hidden not in page
    for path in ("office/desk", "office/residence", f"office/residence/{reference}"):
        assert client.get(f"/pl/{path}").status_code == 403
    assert "Nie ma sprawy" in client.send("/pl/office/helpdesk", {"reference": "R-2222-2222"}).text
    for _ in range(STATUS_LOOKS_A_QUARTER):
        last = client.send("/pl/office/helpdesk", {"reference": "R-2222-2222"}).text
    assert "Zbyt wiele prób" in last
    clock.at += timedelta(minutes=16)
    assert reference in client.send("/pl/office/helpdesk", {"reference": reference}).text
