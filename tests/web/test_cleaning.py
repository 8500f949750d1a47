"""What nobody types does no harm, on either engine: controls, overridden directions, boundless numbers."""

from __future__ import annotations

import pytest

from civic_budget.city.queries import list_assistance_points
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Role
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.pages import CheckedClient

BOUNDLESS = "99999999999999999999"
ODD = ["\x00", "-1", "2147483648", BOUNDLESS, "١٢", "²", "x" * 3000, "\u202e"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/en/proposals", ("text", "page", "scope", "state", "sort", "category")),
        ("/en/help", ("district", "near")),
        ("/en/office/residence", ("page", "district", "road", "reference")),
        ("/en/office/assessment", ("page", "text", "scope", "department", "assessor", "edition")),
        ("/en/office/translations", ("to",)),
    ],
)
def test_odd_values_in_an_address_are_no_faults(
    client: CheckedClient, database: Database, path: str, names: tuple[str, ...]
) -> None:
    make_city(database)
    make_edition(database, Phase.VOTING)
    staff = make_staff(database, Role.OFFICER, Role.COORDINATOR, Role.EDITOR)
    sign_in_as(client, database, staff)
    for name in names:
        for odd in ODD:
            answer = client.get(path, query_string={name: odd})
            assert answer.status_code in {200, 302, 404}, (name, odd)


@pytest.mark.parametrize(
    "path",
    [
        "/c/%00",
        "/c/A%07B",
        "/en/editions/%00",
        "/en/proposals/%00",
        f"/en/your-data/clauses/registration/{BOUNDLESS}",
        "/en/your-data/clauses/registration/2147483648",
    ],
)
def test_an_odd_path_is_an_unknown_address(
    client: CheckedClient, database: Database, path: str
) -> None:
    make_city(database)
    assert client.get(path).status_code == 404


def test_controls_are_taken_out_of_what_is_typed(client: CheckedClient, database: Database) -> None:
    make_city(database)
    sign_in_as(client, database, make_staff(database, Role.ADMINISTRATOR))
    sent = {f"name_{code}": "Pun\x00kt\u202e A\x1b" for code in ("pl", "en", "uk", "ru")}
    sent |= {f"hours_{code}": "8–16" for code in ("pl", "en", "uk", "ru")}
    sent |= {"address": "Rynek 1", "phone": "+48 12 000 00 00", "languages": "pl", "position": "7"}
    sent |= {"is_active": "y"}
    client.send("/en/office/points/new", sent)
    with database.reading() as session:
        assert [
            point.names["pl"] for point in list_assistance_points(session) if point.position == 7
        ] == ["Punkt A"]


def test_a_number_that_no_column_holds_is_told_at_its_field(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    sign_in_as(client, database, make_staff(database, Role.COORDINATOR))
    sent = {f"name_{code}": "Parki" for code in ("pl", "en", "uk", "ru")}
    for position, sentence in (
        (BOUNDLESS, "The largest number here is 2,147,483,647."),
        ("-2147483649", "The largest number here is 2,147,483,647."),
        ("٣x", "Please write a number."),
    ):
        answer = client.send(
            "/en/office/categories/new", {"code": "x", "position": position} | sent
        )
        assert sentence in answer.text
