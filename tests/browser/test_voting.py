"""Voting in Chromium: by keyboard on a phone, without JavaScript, and the look-up on the board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Role
from civic_budget.voting import keyfiles
from civic_budget.voting.codes import control_code, in_fours
from civic_budget.voting.models import EnvelopeRow
from tests.browser.conftest import DESKTOP, LiveCity, assert_accessible, let_in
from tests.builders import make_city, make_edition, make_staff
from tests.builders_residency import make_resident
from tests.builders_results import make_opened_round
from tests.builders_voting import HOMES, Round, make_round, put_proposals

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]
NONCE = bytes(range(32))


def vote(live: LiveCity, page: Page, *, language: str, press: Callable[[str], None]) -> list[str]:
    """From the start page to the codes; every page is checked."""
    page.goto(f"{live.url}/{language}/vote")
    assert_accessible(page)
    press("form[action$='/vote/begin'] button[type=submit]")
    for level in ("district", "city"):
        page.wait_for_url(f"**/vote/list/{level}")
        for chosen in (1, 2, 3):
            press(".ballot-card:not([data-chosen]) button[type=submit]")
            page.wait_for_selector(f".slot:nth-child({chosen}):not(.empty)")
        assert_accessible(page)
        press(".tray > a.button")
    page.wait_for_url("**/vote/check")
    assert_accessible(page)
    press("form[action$='/vote/check'] button[type=submit]")
    page.wait_for_url("**/vote/codes")
    assert_accessible(page)
    return page.locator(".control-code").all_inner_texts()


def envelopes(live: LiveCity) -> int:
    with live.database.reading() as session:
        return session.query(EnvelopeRow).count()


def test_by_keyboard_alone_on_a_phone(live: LiveCity, new_context: Contexts) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    page = let_in(live, new_context(reduced_motion="reduce"), actor)

    def press(selector: str) -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("one => document.activeElement.matches(one)", selector):
                break
        else:
            pytest.fail(f"the Tab key does not reach {selector}")
        page.keyboard.press("Enter")

    codes = vote(live, page, language="uk", press=press)
    assert len(set(codes)) == 2
    assert envelopes(live) == 1


def test_without_javascript(live: LiveCity, new_context: Contexts) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    context = new_context(java_script_enabled=False)
    page = let_in(live, context, actor)
    page.goto(f"{live.url}/pl/vote")
    page.locator("form[action$='/vote/begin'] button").click()
    for level in ("district", "city"):
        for _ in range(3):
            page.locator(".ballot-card:not([data-chosen]) button").first.click()
        page.locator(".tray > a.button").click()
        assert level in ("district", "city")
    page.locator("form[action$='/vote/check'] button[type=submit]").last.click()
    page.wait_for_url("**/vote/codes")
    assert page.locator(".control-code").count() == 2
    assert envelopes(live) == 1


def test_a_press_keeps_the_focus_and_is_announced(live: LiveCity, new_context: Contexts) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    page = let_in(live, new_context(viewport=DESKTOP), actor)
    page.goto(f"{live.url}/en/vote")
    secret = page.locator("input[data-ballot-secret]").first.input_value()
    assert len(set(secret)) > 8
    page.locator("form[action$='/vote/begin'] button").click()
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    for number in (1, 2):
        page.locator(".ballot-card:not([data-chosen]) button").first.click()
        page.wait_for_selector(f".slot:nth-child({number}):not(.empty)")
    page.locator("[data-focus='up-BO.D8.2/26']").click()
    page.wait_for_selector("#live:has-text('Moved')", state="attached")
    assert page.evaluate("document.activeElement.dataset.focus") == "down-BO.D8.2/26"
    assert page.locator(".slot .name").first.inner_text().startswith("Projekt D8 2")
    page.locator(".ballot-card:not([data-chosen]) button").first.click()
    page.wait_for_selector(".slot:nth-child(3):not(.empty)")
    page.locator(".ballot-card:not([data-chosen]) button").first.click()
    page.wait_for_selector("#live:has-text('already chosen 3 projects')", state="attached")
    assert page.locator(".ballot-card:not([data-chosen]) .field-error").first.is_visible()
    assert loads == []


def test_what_is_taken_off_leaves_the_focus_where_it_is_seen(
    live: LiveCity, new_context: Contexts
) -> None:
    make_round(live.database)
    actor, _ = make_resident(live.database, address=HOMES[8])
    page = let_in(live, new_context(viewport={"width": 390, "height": 420}), actor)
    page.goto(f"{live.url}/en/vote")
    page.locator("form[action$='/vote/begin'] button").click()
    for number in (1, 2, 3):
        page.locator(".ballot-card:not([data-chosen]) button").first.click()
        page.wait_for_selector(f".slot:nth-child({number}):not(.empty)")
    page.locator("[data-focus^='remove-']").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".slot:nth-child(3).empty")
    place = page.evaluate(
        "({id: document.activeElement.id, ...document.activeElement.getBoundingClientRect().toJSON()})"
    )
    assert place["id"] == "ballot-tray-title"
    assert place["top"] >= 0
    assert place["bottom"] <= 420


def board_of(live: LiveCity) -> Round:
    opened = make_opened_round(live.database, picks=((3, 1, 2), (1, 2, 3)), nonces=(NONCE,))
    live.clock.at = opened.closes_at + timedelta(days=11)
    return opened


def test_a_code_is_looked_up_without_leaving_the_browser(
    live: LiveCity, new_context: Contexts
) -> None:
    board_of(live)
    code = in_fours(control_code("d08", NONCE))
    page = new_context().new_page()
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(f"{request.url} {request.post_data} {request.headers}"),
    )
    page.goto(f"{live.url}/en/editions/2026/board#{code}")
    page.wait_for_selector("#look-up-answer .banner.success")
    names = page.locator("#look-up-answer .slot .name").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == [f"Projekt D8 {n}" for n in (3, 1, 2)]
    page.locator("#look-up-answer details summary").click()
    said = page.locator("#look-up-answer .hash").all_inner_texts()
    assert said[0].startswith(f"{code.replace('-', '')};d08;BO.D8.3/26,")
    assert said[1] in {f"{place} of 4" for place in range(1, 5)}
    assert said[2] == page.locator("#look-up").get_attribute("data-root")
    assert_accessible(page)
    assert not [url for url in asked if code in url or code.replace("-", "") in url]
    assert [url for url in asked if "/files/lookup/all.json" in url]
    assert code not in page.url
    page.locator("#look-up input[name=code]").fill("0000 0000 0000")
    for is_lost, words in ((True, "Check the connection"), (False, "Not found")):
        if is_lost:
            page.route("**/lookup/*.json", lambda route: route.fulfill(status=503))
        else:
            page.unroute("**/lookup/*.json")
        page.locator("#look-up button").click()
        page.wait_for_selector(f"#look-up-answer .banner.warning:has-text('{words}')")


def test_a_forged_board_does_not_pass_in_the_browser(live: LiveCity, new_context: Contexts) -> None:
    opened = board_of(live)
    code = control_code("d08", NONCE)
    shard = live.settings.boards / str(opened.id) / "lookup" / "all.json"
    shard.write_text(shard.read_text().replace("BO.D8.3/26,BO.D8.1", "BO.D8.1/26,BO.D8.3"))
    page = new_context().new_page()
    page.goto(f"{live.url}/en/editions/2026/board#{code}")
    page.wait_for_selector("#look-up-answer .banner.danger")


def test_key_files_are_downloaded_from_the_page_and_open_the_test_envelope(
    live: LiveCity, new_context: Contexts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfiles, "SCRYPT_COST", 1 << 10)
    make_city(live.database)
    put_proposals(live.database, make_edition(live.database, Phase.BEFORE_VOTING))
    people = [make_staff(live.database, Role.COMMISSION) for _ in range(2)]
    page = let_in(live, new_context(viewport=DESKTOP, reduced_motion="reduce"), people[0])
    page.goto(f"{live.url}/pl/office/round/prepare")
    assert_accessible(page)
    for box in page.locator("input[name=members]").all():
        box.check(force=True)
    page.locator("#prepare button[type=submit]").click()
    page.wait_for_selector("a[download]")
    assert_accessible(page)
    phrases = page.locator(".control-code").all_inner_texts()
    files = []
    for number, link in enumerate(page.locator("a[download]").all()):
        with page.expect_download() as got:
            link.click()
        files.append(tmp_path / f"{number}.json")
        got.value.save_as(files[-1])
    page.locator(".actions > a.button").click()
    for number in (1, 2):
        page.locator(f"[name=file_{number}]").set_input_files(files[number - 1])
        page.locator(f"[name=passphrase_{number}]").fill(phrases[number - 1])
    assert_accessible(page)
    page.locator("#keys button[type=submit]").click()
    page.wait_for_url("**/office/round")
    assert page.locator(".banner.success").count() == 2


def test_results_are_accessible(live: LiveCity, new_context: Contexts) -> None:
    board_of(live)
    page = new_context(reduced_motion="reduce").new_page()
    for path in ("results", "results/d08", "results/project/BO.D8.3/26", "draw"):
        page.goto(f"{live.url}/uk/editions/2026/{path}")
        assert_accessible(page)
