"""A real browser against the whole application: Chromium, axe-core, a clock that tests move."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from civic_budget.app import furnish
from civic_budget.config import Mode, Settings
from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Database
from tests.builders import sign_in_as
from tests.conftest import Clock
from tests.engines import SqliteMaker, require_or_skip

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Only what is wrong leaves the browser: the list of all that is right is a hundred times as long.
VIOLATIONS = "async (options) => (await window.axe.run(document, options)).violations"
INSTALL_CHROMIUM = "Chromium is not installed, so no browser test ran: apt-get install chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@dataclass
class LiveCity:
    """A running application and everything that a test may touch behind it."""

    app: Flask
    database: Database
    settings: Settings
    clock: Clock
    url: str


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short name: the path of a Unix socket may not be long."""
    with tempfile.TemporaryDirectory(prefix="cb") as folder:
        yield Path(folder)


@pytest.fixture
def live(house: Flask, sqlite_maker: SqliteMaker, short_folder: Path) -> Iterator[LiveCity]:
    """The whole application on a free port of the loopback."""
    url, clock = sqlite_maker.fresh_url(), Clock()
    settings = Settings(
        mode=Mode.DEMO,
        database_url=url,
        instance=short_folder,
        pepper=b"a pepper for browser tests, long enough to be accepted",
        public_url="http://localhost",
        testing=True,
    )
    before, app = dict(house.extensions), house
    furnish(app, settings, clock)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    port = server.effective_port
    yield LiveCity(app, app.extensions["database"], settings, clock, f"http://127.0.0.1:{port}")
    # Closed by its own thread: a socket taken from under a waiting `select` is an error there.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
    thread.join(timeout=5)
    server.task_dispatcher.shutdown()
    app.extensions["database"].dispose()
    app.extensions.clear()
    app.extensions.update(before)
    sqlite_maker.drop(url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; says what to install when it is not there."""
    program = shutil.which("chromium")
    if program is None:
        require_or_skip("REQUIRE_BROWSER", INSTALL_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browsers with cookies of their own; `width` phone or desktop, any colour scheme."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options.setdefault("viewport", PHONE)
        context = chromium.new_context(**options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def let_in(live: LiveCity, context: BrowserContext, actor: Actor) -> Page:
    """A page in which an account is signed in, without walking through the sign-in."""
    client = live.app.test_client()
    sign_in_as(client, live.database, actor, at=live.clock())
    cookie = client.get_cookie("civic_budget")
    assert cookie is not None
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
    return context.new_page()


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is shown, each with its place."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # The page's own policy forbids inline scripts; the tester's hand goes around it.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
    }
    violations = page.evaluate(VIOLATIONS, options)
    return [
        f"{found['id']}: {node['target']} {node.get('failureSummary', '')}"
        for found in violations
        for node in found["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with everything that axe-core finds, and with any sideways scrolling."""
    assert axe_violations(page) == [], page.url
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px"
