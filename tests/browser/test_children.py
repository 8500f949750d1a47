"""A mother on a phone registers her child in Ukrainian; every page is checked with axe on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from civic_budget.residency import queries
from civic_budget.residency.rules import CaseState
from tests.browser.conftest import PHONE, LiveCity, assert_accessible
from tests.browser.people import Person
from tests.builders import PASSWORD, make_account, make_city
from tests.builders_residency import last_signing_code, make_case, make_identity

pytestmark = pytest.mark.browser


def test_a_child_is_registered_on_a_phone(
    live: LiveCity, new_context: Callable[..., BrowserContext]
) -> None:
    make_city(live.database)
    at = live.clock()
    mother = make_account(live.database, contact="olena@example.org", at=at)
    make_case(live.database, mother, identity=make_identity(), at=at)
    person = Person(live, new_context(viewport=PHONE))
    person.open("/sign-in")
    person.send(contact="olena@example.org", password=PASSWORD)
    person.open("/children/new")
    person.choose("proof", "desk")
    person.press("main form button[type=submit]:not([name])")
    person.send(given_names="MAKSYM", family_name="KOVALENKO")
    person.send(birth_date="4", month="3", year="2018")
    person.press("main form button[type=submit]:not([name])")
    assert person.path().endswith("/address")

    street = person.page.locator("main [name=street]")
    street.press_sequentially("Заход")
    found = person.page.locator(".found-streets button")
    found.first.wait_for()
    assert_accessible(person.page)
    found.first.click()
    assert street.input_value() == "Zachodnia"
    person.send(house="5")

    person.send(signature="Olena Kovalenko")
    person.send(code=last_signing_code(live.database, at=at))
    assert person.path().endswith("/check")
    person.press("main form button[type=submit]:not([name])")
    assert person.path() == "/children" and "MAKSYM KOVALENKO" in person.text()
    assert mother.account_id is not None
    with live.database.reading() as session:
        (tie,) = queries.list_ties(session, mother.account_id)
    assert tie.case is not None and tie.case.state is CaseState.SUBMITTED
