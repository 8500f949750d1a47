"""Participation on a phone in Ukrainian: no words of a chart run into others, axe finds nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page

from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.statistics import outreach, service
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.views.reading import QUESTIONS
from tests.browser.conftest import DESKTOP, PHONE, LiveCity, assert_accessible, let_in
from tests.builders import make_city, make_staff
from tests.builders_statistics import make_published, past_release
from tests.conftest import NOW

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]
DISTRICTS = ("d08", "d09", "d18")
CLASSES = {2023: 3, 2024: 12, 2025: 40}

COLLISIONS = """() => {
  const found = [];
  const said = (one) => one.textContent.trim();
  for (const plot of document.querySelectorAll("main svg.plot:not(.small-bar)")) {
    const words = [...plot.querySelectorAll("text")].map((one) => [one, one.getBoundingClientRect()]);
    for (const [one, box] of words) {
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`${said(one)} leaves the screen`);
    }
    words.forEach(([one, a], place) => {
      for (const [other, b] of words.slice(place + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 0 && down > 4) found.push(`${said(one)} | ${said(other)}`);
      }
    });
  }
  return found;
}"""


def make_editions(live: LiveCity) -> None:
    """Three public editions with 3, 12 and 40 classes, and two registers that disagree."""
    make_city(live.database)
    for year, classes in CLASSES.items():
        made = past_release(str(year), people=60_000, districts=DISTRICTS, classes=classes)
        make_published(live.database, year=year, made=made)
    for source, people in (("ZUS", 2_900), ("PESEL", 3_630)):
        with live.database.writing() as work:
            service.import_register(
                work,
                SYSTEM,
                residents=Residents(source, date(2025, 6, 30), "insured", "city", {"UA": people}),
                is_basis=False,
                at=NOW,
            )


@pytest.mark.parametrize(
    "width",
    [360, pytest.param(390, marks=pytest.mark.proof), pytest.param(1280, marks=pytest.mark.proof)],
)
def test_words_of_charts_never_run_into_each_other(
    live: LiveCity, new_context: Contexts, width: int
) -> None:
    make_editions(live)
    page = new_context(viewport={"width": width, "height": 844}).new_page()
    looks = [("uk", year) for year in CLASSES]
    for language, year in looks if width == 360 else [*looks, ("ru", 2025), ("pl", 2025)]:
        for question in QUESTIONS:
            page.goto(f"{live.url}/{language}/participation/{year}/{question.slug}")
            assert page.evaluate(COLLISIONS) == [], page.url


@pytest.mark.proof
def test_figures_and_the_analysts_desk_are_accessible(
    live: LiveCity, new_context: Contexts
) -> None:
    make_editions(live)
    analyst = make_staff(live.database, Role.ANALYST)
    with live.database.writing() as work:
        edition_id = make_published(live.database, year=2022)
        outreach.make_campaign(
            work, analyst, edition_id=edition_id, name="Library", targets={"confirmed": 20}, at=NOW
        )
    public = [f"participation/2025{page}" for page in ("", "/rates", "/comparison", "/method")]
    desk = [f"office/statistics{page}" for page in ("", "/outreach", "/targets/2025", "/register")]
    for language, scheme, size in (("uk", "light", PHONE), ("pl", "dark", DESKTOP)):
        page = let_in(live, new_context(viewport=size, color_scheme=scheme), analyst)
        for path in (*public, *desk):
            page.goto(f"{live.url}/{language}/{path}")
            assert_accessible(page)
        _request_outside(page, f"{live.url}/{language}/office/statistics/request")


def _request_outside(page: Page, address: str) -> None:
    """The desk for questions outside the catalogue: empty, refused, with its drafted answer."""
    page.goto(address)
    assert_accessible(page)
    page.locator("main button[name=do][value=draft]").click()
    assert_accessible(page)
    page.locator("main [name=asked_by]").fill("Rada")
    page.locator("main [name=question]").fill("Ilu Gruzinów głosowało w dzielnicy VIII?")
    page.locator("main button[name=do][value=draft]").click()
    page.locator("main [name=answer]").wait_for()
    assert_accessible(page)
