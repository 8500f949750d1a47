"""Passkeys and one's own account in a browser, with a virtual authenticator and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from civic_budget.kernel.actor import Role
from tests.browser.conftest import DESKTOP, PHONE, LiveCity, assert_accessible, let_in
from tests.builders import PASSWORD, make_account, make_staff

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]
OLENA = "olena@example.org"


def give_authenticator(context: BrowserContext, page: Page) -> None:
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def at_localhost(live: LiveCity) -> str:
    return live.url.replace("127.0.0.1", "localhost")


def test_a_passkey_is_added_and_opens_the_account(live: LiveCity, new_context: Contexts) -> None:
    make_account(live.database, contact=OLENA)
    context = new_context()
    page, home = context.new_page(), at_localhost(live)
    give_authenticator(context, page)
    page.goto(home + "/uk/sign-in?next=/uk/account")
    page.fill("#contact", OLENA)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/uk/account")
    page.locator("form[data-passkey=add] button").click()
    page.get_by_text("Ключ доступу додано").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Вийти всюди").click()
    page.get_by_text("Ви вийшли").wait_for()
    page.goto(home + "/uk/sign-in?next=/uk/account")
    page.locator("form[data-passkey=use] button").click()
    page.wait_for_url("**/uk/account")


def test_a_device_without_our_passkey_says_so_in_our_words(
    live: LiveCity, new_context: Contexts
) -> None:
    context = new_context()
    page = context.new_page()
    give_authenticator(context, page)
    page.goto(at_localhost(live) + "/pl/sign-in")
    page.locator("form[data-passkey=use] button").click()
    page.get_by_text("Tym razem klucz dostępu nie zadziałał").wait_for()


def test_without_scripts_or_on_another_host_no_passkey_is_offered(
    live: LiveCity, new_context: Contexts
) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(at_localhost(live) + "/en/sign-in")
    foreign = new_context().new_page()
    foreign.goto(live.url + "/en/sign-in")
    for page in (plain, foreign):
        assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
        assert page.get_by_role("button", name="Sign in", exact=True).count() == 1


@pytest.mark.parametrize(("language", "size"), [("ru", PHONE), ("pl", DESKTOP)])
def test_pages_of_accounts_are_accessible(
    live: LiveCity, new_context: Contexts, language: str, size: dict[str, int]
) -> None:
    boss = make_staff(live.database, Role.ADMINISTRATOR)
    page = let_in(live, new_context(viewport=size), boss)
    for path in (
        "/sign-in/link/sent",
        "/account",
        "/account/contact",
        "/account/language",
        "/office/staff",
        "/office/staff/new",
        f"/office/staff/{boss.account_id}",
    ):
        page.goto(f"{live.url}/{language}{path}")
        assert_accessible(page)
