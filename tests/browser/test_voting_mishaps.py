"""What goes wrong at a ballot: two tabs, a language switch, a double press, a lost answer, a step back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from civic_budget.voting.models import EnvelopeRow
from tests.browser.conftest import LiveCity, let_in
from tests.builders_residency import make_resident
from tests.builders_voting import HOMES, make_round

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]
CAST = "form[action$='/vote/check'] button[type=submit]"


def fill(live: LiveCity, page: Page, *, is_shared: bool = False) -> None:
    """From the start page to the check of a whole ballot."""
    page.goto(f"{live.url}/uk/vote")
    if is_shared:
        page.locator("label[for^='shared-']").click()
    page.locator("form[action$='/vote/begin'] button[type=submit]").click()
    for level in ("district", "city"):
        page.wait_for_url(f"**/vote/list/{level}")
        for chosen in (1, 2, 3):
            page.locator(".ballot-card:not([data-chosen]) button[type=submit]").first.click()
            page.wait_for_selector(f".slot:nth-child({chosen}):not(.empty)")
        page.locator(".tray > a.button").click()
    page.wait_for_url("**/vote/check")


def envelopes(live: LiveCity) -> int:
    with live.database.reading() as session:
        return session.query(EnvelopeRow).count()


def test_a_shared_device_keeps_nothing_whatever_happened_on_it(
    live: LiveCity, new_context: Contexts
) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    context = new_context(reduced_motion="reduce")
    page = let_in(live, context, actor)
    fill(live, page, is_shared=True)
    page.locator("[lang=pl]").first.click()  # the language changes midway, the ballot stays
    page.wait_for_url("**/pl/vote/check")
    other = context.new_page()  # and the ballot changes in another tab
    other.goto(f"{live.url}/pl/vote/list/city")
    with other.expect_response("**/vote/list/city"):
        other.locator("[data-focus^='up-']").last.click()
    page.locator(CAST).last.click()
    page.get_by_text("zmieniona w innym oknie").wait_for()  # only what the page showed is cast
    assert envelopes(live) == 0
    page.locator(CAST).last.dblclick()
    page.wait_for_url("**/vote/codes")
    assert envelopes(live) == 1
    codes = page.locator(".control-code").all_inner_texts()
    assert len(codes) == 2
    other.goto(f"{live.url}/pl/vote/list/city")
    assert other.url.endswith("/vote/codes")
    page.locator("main form[action$='/sign-out'] button").click()
    page.wait_for_load_state()
    for tab in (page, other):
        tab.go_back()
        tab.wait_for_load_state()
        tab.reload()
        assert not [code for code in codes if code in tab.content()]
    names = {cookie["name"] for cookie in context.cookies()}
    assert not [name for name in names if "ballot" in name or "draft" in name], names


def test_a_lost_answer_is_asked_for_again_and_counts_once(
    live: LiveCity, new_context: Contexts
) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    context = new_context(reduced_motion="reduce")
    page = let_in(live, context, actor)
    fill(live, page)
    before = context.cookies()

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)  # the server hears the press
        route.abort("connectionreset")  # and its answer never arrives

    page.route("**/vote/check", lose, times=1)
    page.locator(CAST).last.click()
    page.wait_for_timeout(1000)
    assert envelopes(live) == 1
    context.clear_cookies()
    context.add_cookies(before)  # type: ignore[arg-type]
    page.goto(f"{live.url}/uk/vote")
    page.locator(CAST).click()
    page.wait_for_url("**/vote/codes")
    assert page.locator(".control-code").count() == 2
    assert envelopes(live) == 1
    for path in ("vote/check", "vote/list/city"):
        page.goto(f"{live.url}/uk/{path}")
        assert page.url.endswith("/vote/codes")
