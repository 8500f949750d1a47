"""The card in a phone's browser, in Ukrainian; the desk on a wide screen: axe finds nothing on either."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import DESKTOP, PHONE, LiveCity, assert_accessible
from tests.builders import make_city, make_clerk, sign_in_as

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]


def enter_as_desk(live: LiveCity, context: BrowserContext) -> Page:
    """A page of somebody who works at an assistance point."""
    client = live.app.test_client()
    sign_in_as(client, live.database, make_clerk(live.database))
    cookie = client.get_cookie("civic_budget")
    assert cookie is not None
    context.add_cookies([{"name": "civic_budget", "value": cookie.value, "url": live.url}])
    return context.new_page()


def test_from_the_desk_to_the_phone(live: LiveCity, new_context: Contexts) -> None:
    make_city(live.database)
    desk = enter_as_desk(live, new_context(viewport=DESKTOP))
    desk.goto(live.url + "/uk/office/desk")
    assert_accessible(desk)
    desk.get_by_role("link", name="Зареєструвати нову людину").click()
    for field, value in (
        ("given_names", "LIUDMYLA"),
        ("family_name", "HAIDUK"),
        ("birth_date", "3"),
        ("month", "11"),
        ("year", "1949"),
        ("street", "Zachodnia"),
        ("house", "5"),
    ):
        desk.fill(f"#{field}", value)
    desk.locator("label[for=language-2]").click()
    desk.locator("label[for=present]").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Надіслати заявку").click()
    desk.get_by_role("heading", level=1, name="LIUDMYLA HAIDUK").wait_for()
    desk.select_option("#kind", "utility_bill")
    desk.get_by_role("button", name="Зазначити документ").click()
    desk.get_by_role("button", name="Підтвердити проживання").click()
    desk.get_by_text("Проживання підтверджено").first.wait_for()
    assert_accessible(desk)
    with desk.expect_download() as printing:
        desk.get_by_role("button", name="Надрукувати картку").click()
    sheet = pypdfium2.PdfDocument(BytesIO(printing.value.path().read_bytes()))
    words = sheet[0].get_textpage().get_text_bounded().split()
    number = next(word for word in words if word.startswith("K-"))
    code = next(w for w in words if len(w) == 9 and w[4] == "-" and w.replace("-", "").isalnum())

    phone = new_context(viewport=PHONE).new_page()
    phone.goto(f"{live.url}/uk/activate/{number}/{code}")
    assert phone.url.endswith("/uk/activate")  # the address with the code is left at once
    assert phone.input_value("#card") == number
    assert_accessible(phone)
    phone.fill("#password", "закоротко")
    phone.keyboard.press("Enter")
    phone.locator("#error-summary").wait_for()
    assert_accessible(phone)
    phone.fill("#password", "три нові слова")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/uk/account")
    phone.get_by_text(number).first.wait_for()
    assert_accessible(phone)
    for path in ("/uk/help", "/uk/complaints", "/uk/complaints/new", "/uk/residence"):
        phone.goto(live.url + path)
        assert_accessible(phone)
