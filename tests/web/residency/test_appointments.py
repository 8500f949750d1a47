"""Administrators appoint clerks to points; the desk opens there and then, and every deed says where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import city_day
from civic_budget.storage.db import Database
from tests.builders import make_city, make_clerk, make_point, make_staff, sign_in_as
from tests.builders_residency import make_identity, make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

DESK, PAGES = "/pl/office/desk", "/pl/office/appointments"
FIND = {
    "given_names": "Olena",
    "family_name": "Kovalenko",
    "birth_date": "2",
    "month": "4",
    "year": "1990",
    "reason": "access",
    "present": "y",
}
LANGUAGES = ("pl", "en", "uk", "ru")


def test_from_the_appointment_to_the_log(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    clock: Clock,
) -> None:
    make_city(database)
    make_resident(database, identity=make_identity())
    library, office = make_point(database, "Biblioteka"), make_point(database, "Urząd")
    clerk, chief = make_staff(database, Role.DESK), make_staff(database, Role.ADMINISTRATOR)
    sign_in_as(client, database, clerk)
    for path in (DESK, f"{DESK}/new", f"{DESK}/as-me", "/pl/office/helpdesk"):
        assert "Stanowisko jest dziś dla Ciebie zamknięte" in client.page(path).text(), path
    keeper = new_client()
    sign_in_as(keeper, database, chief)
    assert "bez wyznaczenia" in keeper.page(PAGES).text().casefold()
    first = city_day(NOW)
    values = {
        "account": str(clerk.account_id),
        "points": [str(library), str(office)],
        "first_on": f"{first:%d.%m.%Y}",
        "last_on": f"{first + timedelta(days=9):%d.%m.%Y}",
    }
    for changes, said in (
        ({"account": ""}, "Wybierz pracownika"),
        ({"points": []}, "co najmniej jeden punkt pomocy"),
        ({"first_on": "31.02.2026"}, "Nie ma takiego dnia"),
        ({"last_on": "wiosną"}, "Nie ma takiego dnia. Wpisz go tak: 31.12.2026."),
        ({"last_on": "1.1.2020"}, "wcześniejszy niż pierwszy"),
    ):
        answer = keeper.send(f"{PAGES}/new", {**values, **changes}).text
        assert said in answer, changes
        assert values["last_on"] in answer or "last_on" in changes
    assert "Biblioteka" in keeper.send(f"{PAGES}/new", values).text
    # Two points: the clerk says where they are today; a form that was open meanwhile loses nothing.
    assert "Gdzie dziś pracujesz?" in client.page(DESK).text()
    client.send(f"{DESK}/place", {"place": str(office)})
    assert "Dziś pracujesz: Urząd" in client.page(DESK).text()
    visit = str(client.send(DESK, FIND, follow=False).location)
    assert "Miejsce: Urząd" in client.page(visit).text()
    log = keeper.page("/pl/office/desk-log").text()
    for said in ("Szukano", "Otwarto dane", "Urząd"):
        assert said in log, said
    assert "Kovalenko" not in log
    assert "Otwarto" not in keeper.page(f"/pl/office/desk-log?point={library}&day=1.1.2026").text()
    assert (
        "Otwarto" in keeper.page(f"/pl/office/desk-log?by={clerk.account_id}&point=x&day=x").text()
    )
    # The next day one chooses anew; after the last day the desk is closed, the open page says why.
    clock.at += timedelta(days=1)
    assert "Gdzie dziś pracujesz?" in client.page(DESK).text()
    client.send(f"{DESK}/place", {"place": str(library)})
    page = client.page(DESK)
    clock.at += timedelta(days=9)
    token = next(f["value"] for f in page.fields if f.get("name") == "csrf_token")
    late = client.post(DESK, data={**FIND, "csrf_token": token}).text
    assert "Nie masz na dziś wyznaczonego" in late
    assert "Kovalenko" in late
    for language in LANGUAGES:
        assert client.get(f"/{language}/office/desk/place").status_code == 200
        for path in ("appointments", "appointments/new", "desk-log"):
            assert keeper.get(f"/{language}/office/{path}").status_code == 200


def test_an_end_closes_open_records_and_only_administrators_appoint(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    make_resident(database, identity=make_identity())
    sign_in_as(client, database, make_clerk(database))
    visit = str(client.send(DESK, FIND, follow=False).location)
    keeper = new_client()
    for role in (Role.DESK, Role.OFFICER, Role.HELPDESK, Role.COORDINATOR):
        sign_in_as(keeper, database, make_staff(database, role))
        for path in (PAGES, f"{PAGES}/new", "/pl/office/desk-log"):
            assert keeper.get(path).status_code == 403, (role, path)
    sign_in_as(keeper, database, make_staff(database, Role.ADMINISTRATOR))
    form = next(
        form["action"] for form in keeper.page(PAGES).forms if "/end" in (form.get("action") or "")
    )
    assert "Stanowisko jest tam od razu zamknięte" in keeper.send(PAGES, {}, to=form).text
    assert client.get(visit).status_code == 403
    assert "Stanowisko jest dziś dla Ciebie zamknięte" in client.page(DESK).text()


def test_an_officer_stands_in_anywhere(client: CheckedClient, database: Database) -> None:
    make_city(database)
    make_resident(database, identity=make_identity())
    point = make_point(database, "Biblioteka")
    sign_in_as(client, database, make_staff(database, Role.OFFICER))
    assert "Dziś pracujesz: W urzędzie" in client.page(DESK).text()
    client.send(f"{DESK}/place", {"place": str(point)})
    visit = str(client.send(DESK, FIND, follow=False).location)
    assert "Miejsce: Biblioteka" in client.page(visit).text()
    assert client.send(f"{DESK}/place", {"place": "elsewhere"}).status_code == 200
