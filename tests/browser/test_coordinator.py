"""A coordinator's day in a real browser: ask a unit, enter an act, join neighbours, release a package."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import text

from civic_budget.assessment import service
from civic_budget.editions.rules import Phase
from tests.browser.conftest import DESKTOP, LiveCity, assert_accessible
from tests.browser.people import Staff
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident

pytestmark = [pytest.mark.browser, pytest.mark.proof]


def test_a_coordinators_day_is_accessible_on_a_phone_and_on_a_desk(
    live: LiveCity, new_context: Callable[..., BrowserContext]
) -> None:
    database, start = live.database, live.clock()
    make_city(database)
    make_checklists(database)
    author = make_resident(database)
    edition_id = make_edition(database, Phase.SUBMISSION, at=start)
    waiting, refused = (make_submitted(database, *author, edition_id) for _ in range(2))
    reject(database, make_assessor(database), refused)
    with database.writing() as work:
        work.session.execute(
            text(
                "INSERT INTO proposal_place (proposal_id, position, latitude, longitude, words)"
                " SELECT id, 2, 50.05, 19.93, '' FROM proposal"
            )
        )
    live.clock.at = start + timedelta(days=8)
    with database.writing() as work:
        service.lodge_appeal(
            work,
            author[0],
            proposal_id=refused,
            reasons="Teren należy do miasta od marca 2025 roku.",
            language="uk",
            at=live.clock(),
        )
    coordinator = make_coordinator(database)
    for options in ({}, {"viewport": DESKTOP, "color_scheme": "dark"}):
        her = Staff(live, new_context(**options), coordinator)
        her.sign_in()
        for path in (
            f"/office/assessment/{waiting}",
            "/office/assessment",
            "/office/acts",
            "/office/exclusive",
            "/office/merges",
            "/office/bulletin",
            "/office/paper-proposals",
            "/office/editions/2026/checklists",
        ):
            her.open(path)
            assert_accessible(her.page)
    her.open("/office/exclusive")
    her.page.locator("a[href*='/office/exclusive/new']").nth(1).click()
    her.page.locator("[name=reason]").fill("Ten sam plac.")
    her.page.locator("main form button[type=submit]").last.click()
    her.open("/office/acts")
    her.page.locator("[name=number]").fill("7/2026")
    her.page.locator("[name=signed_on]").fill(live.clock().date().isoformat())
    her.page.locator(f"[name=outcome_{refused.hex}][value=restore]").check(force=True)
    her.page.locator("main form button[type=submit]").last.click()
    her.page.wait_for_url("**/acts/*")
    assert_accessible(her.page)
    assert "7/2026" in her.text()
