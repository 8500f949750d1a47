"""An author's road in a real browser on a phone, in Ukrainian and Russian: idea, places, sum, people, sending.

Begun on one phone, taken up on another; a co-author joins by link, a neighbour supports, and what the
office asks to correct is seen at its field, with what changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import update

from civic_budget.accounts.queries import get_reachable
from civic_budget.city.district_map import krakow_centres
from civic_budget.city.service import put_district
from civic_budget.editions.models import Pool
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from tests.browser.conftest import LiveCity
from tests.browser.people import ABOUT, Resident
from tests.builders import make_city, make_edition
from tests.builders_proposals import TEXTS, make_assessor, make_checklists, return_it
from tests.builders_residency import make_resident

pytestmark = [pytest.mark.browser, pytest.mark.proof]
Contexts = Callable[..., BrowserContext]


class Writer(Resident):
    """Somebody whose residence is confirmed, on a phone of their own."""

    def __init__(
        self, live: LiveCity, context: BrowserContext, actor: Actor, language: str
    ) -> None:
        super().__init__(live, context)
        self.language = language
        assert actor.account_id is not None
        with live.database.reading() as session:
            contact = get_reachable(session, actor.account_id).contact
        assert contact is not None
        self.email = contact.address
        self.sign_in()

    def put_places(self, tasks: str) -> None:
        """A point by touch, one more by the arrow keys, an address in words."""
        self.open(f"{tasks}/place")
        self.page.locator("[name=place]").fill("Zachodnia 5")
        drawn = self.page.locator(".map-frame input:visible")
        drawn.scroll_into_view_if_needed()
        drawn.click(position={"x": 120, "y": 150})
        assert re.fullmatch(r"50\.0\d+, 19\.\d+", self.typed("places-0-point"))
        self.press("[name=add_row]")
        drawn.focus()
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown"):
            self.page.keyboard.press(key)
        self.page.keyboard.press("Enter")
        assert self.typed("places-1-point") != self.typed("places-0-point") != ""
        assert self.page.locator(".pins .pin").count() == 2
        self.send(**{"places-0-words": "Парк"})

    def count(self, tasks: str) -> None:
        """The sum stands while it is typed, and tells when it is too much."""
        self.open(f"{tasks}/costs")
        total = self.page.locator(".cost-sum")
        self.page.locator("[name=costs-0-money]").fill("99 000 000")
        assert total.get_attribute("data-state") == "more"
        self.page.locator("[name=costs-1-kind]").select_option("documentation")
        lines = {"costs-0-name": "Лавки", "costs-0-money": "42000"}
        papers = {"costs-1-name": "Проєкт", "costs-1-money": "2000,50", "upkeep": "500"}
        for name, value in (lines | papers).items():
            self.page.locator(f"[name={name}]").fill(value)
        assert "44\u00a0000,50\u00a0zł" in total.inner_text()
        assert total.get_attribute("data-state") == "fits"
        self.send()

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self.page.locator(f"[name={name}]").input_value()


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_an_author_writes_on_two_phones_with_a_co_author_and_a_supporter(
    live: LiveCity, new_context: Contexts, language: str
) -> None:
    at = live.clock()
    make_city(live.database)
    make_checklists(live.database)
    put_all_districts(live)
    make_edition(live.database, Phase.SUBMISSION, at=at)
    with live.database.writing() as work:
        work.session.execute(update(Pool).values(signatures=2))
    author, friend, neighbour = (make_resident(live.database, at=at)[0] for _ in range(3))

    her = Writer(live, new_context(), author, language)
    her.open("/my-proposals/start")
    her.choose("scope", "d08")
    her.send()
    tasks = "/".join(her.path().split("/")[:3])
    her.page.locator("[name=title]").fill(TEXTS["title"])
    her.press("[name=later]")
    assert her.path() == tasks

    again = Writer(live, new_context(color_scheme="dark"), author, language)
    again.open(f"{tasks}/about")
    assert again.typed("title") == TEXTS["title"]
    again.send(**{name: TEXTS[name] for name in ABOUT})
    again.open(f"{tasks}/category")
    again.page.locator("main input[name=category]").first.check(force=True)
    again.send()
    again.put_places(tasks)
    again.count(tasks)
    again.part(tasks, "access", accessibility=TEXTS["accessibility"])

    guest = Writer(live, new_context(), friend, language)
    again.open(f"{tasks}/people")
    again.page.locator("[name=contact]").fill(guest.email)
    again.press("#invite button[type=submit]")
    link = re.search(r"https?://[^/]+/\w\w(/\S+)", guest.last_message()["body"])
    assert link is not None
    guest.open(link[1])
    guest.press("#join button[type=submit]")
    guest.open(f"{tasks}/about")
    assert guest.typed("summary") == TEXTS["summary"]

    again.open(f"{tasks}/check")
    again.press("#send button[type=submit]")
    assert "BO.D8.1/26" in again.text()
    public = tasks.replace("my-proposals", "proposals")
    crowd = Writer(live, new_context(), neighbour, language)
    crowd.open(public)
    crowd.press(f"form[action$='{public}/support'] button[type=submit]")
    assert crowd.page.locator(".map-drawing.close .pin").count() == 2

    live.clock.at = at + timedelta(days=1)
    proposal_id = UUID(tasks.rpartition("/")[2])
    return_it(live.database, make_assessor(live.database), proposal_id, at=live.clock())
    again.open(f"{tasks}/about")
    assert again.page.locator("#description-asked").is_visible()
    again.send(description=TEXTS["description"] + " Мапа додається.")
    again.open(f"{tasks}/check")
    assert again.page.locator("ins").first.is_visible()
    again.press("#send button[type=submit]")


def put_all_districts(live: LiveCity) -> None:
    """The eighteen districts with their centres: only then is there a map."""
    with live.database.writing() as work:
        for one in krakow_centres():
            put_district(
                work,
                number=one.number,
                roman=one.roman,
                name=one.name,
                latitude=one.latitude,
                longitude=one.longitude,
            )
