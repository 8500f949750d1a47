"""The first pages in a browser: on a phone, by keyboard, without JavaScript, in both colour schemes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from civic_budget import worker
from civic_budget.editions.rules import Phase
from tests.browser.conftest import DESKTOP, PHONE, LiveCity, assert_accessible
from tests.builders import PASSWORD, make_city, make_edition

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]
PAGES = ("/{}/", "/{}/sign-up", "/{}/sign-in", "/{}/help", "/{}/forgotten-password")
LOOKS = [
    ("uk", "light", PHONE),
    ("ru", "dark", PHONE),
    ("pl", "dark", DESKTOP),
    ("en", "light", DESKTOP),
]


def code_from_mailbox(live: LiveCity) -> str:
    worker.run_once(live.app, at=live.clock())
    newest = max(live.settings.mailbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    body = json.loads(newest.read_text(encoding="utf-8"))["body"]
    return next(word for word in body.replace(".", " ").split() if word.isdigit())


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_first_pages_are_accessible(
    live: LiveCity, new_context: Contexts, language: str, scheme: str, size: dict[str, int]
) -> None:
    make_city(live.database)
    make_edition(live.database, Phase.VOTING)
    page = new_context(viewport=size, color_scheme=scheme).new_page()
    for path in PAGES:
        page.goto(live.url + path.format(language))
        assert_accessible(page)


def test_an_account_by_keyboard_alone(live: LiveCity, new_context: Contexts) -> None:
    page: Page = new_context().new_page()
    page.goto(live.url + "/uk/sign-up")
    page.get_by_role("textbox").first.focus()
    page.keyboard.type("olena@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/uk/sign-up/code")
    page.get_by_role("textbox").first.focus()
    page.keyboard.type(code_from_mailbox(live))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-up" not in url)


def test_an_error_gets_the_focus_and_names_its_field(live: LiveCity, new_context: Contexts) -> None:
    page = new_context().new_page()
    page.goto(live.url + "/uk/sign-up")
    page.get_by_role("textbox").first.fill("olena@")
    page.get_by_role("textbox").nth(1).fill(PASSWORD)
    page.keyboard.press("Enter")
    summary = page.locator("#error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.id") == "error-summary"
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.value") == "olena@"
    assert_accessible(page)


def test_an_account_without_javascript(live: LiveCity, new_context: Contexts) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live.url + "/ru/sign-up")
    page.locator("input[name=contact]").fill("600100200")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("input[name=code]").fill(code_from_mailbox(live))
    page.locator("main form button[type=submit]").click()
    assert "/sign-up" not in page.url
