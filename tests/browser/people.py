"""The people of the browser journey: each with a browser of their own, doing what people do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page

from civic_budget import worker
from civic_budget.accounts import queries, service
from civic_budget.kernel.actor import SYSTEM, Actor
from tests.browser.conftest import LiveCity, assert_accessible, let_in
from tests.builders import PASSWORD

LANGUAGE = "uk"
ABOUT = ("title", "summary", "description", "justification", "audience")


class Person:
    """Somebody with a browser; `page` is what they look at, every page is checked on the way."""

    language = LANGUAGE

    def __init__(self, live: LiveCity, context: BrowserContext, actor: Actor | None = None) -> None:
        self.live = live
        self.page: Page = let_in(live, context, actor) if actor else context.new_page()

    def open(self, path: str) -> None:
        """Go to an address of the site and check the page."""
        self.page.goto(f"{self.live.url}/{self.language}{path}")
        assert_accessible(self.page)

    def press(self, selector: str) -> None:
        """Press something and check the page that follows."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        assert_accessible(self.page)

    def send(self, **fields: str) -> None:
        """Fill the fields by name and send the page's form."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)
        self.press("main form button[type=submit]:not([name])")

    def choose(self, name: str, value: str) -> None:
        """Choose one of the radio buttons of a question."""
        self.page.locator(f"main input[name='{name}'][value='{value}']").check(force=True)

    def path(self) -> str:
        """Where the person is, without the language."""
        return self.page.url.removeprefix(f"{self.live.url}/{self.language}")

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()


class Resident(Person):
    """A newcomer with an e-mail address and a bill in her hand."""

    email = "oksana@example.org"

    def open_an_account(self) -> None:
        """E-mail, password, code; then the house asks where she lives."""
        self.open("/")
        self.press(f"main a[href$='/{LANGUAGE}/sign-up']")
        self.send(contact=self.email, password=PASSWORD)
        self.send(code=self.last_code())

    def last_code(self) -> str:
        """The code in the newest message to her."""
        return next(w for w in self.last_message()["body"].replace(".", " ").split() if w.isdigit())

    def last_message(self) -> dict[str, Any]:
        """The newest message to her, after the worker has sent what was due."""
        worker.run_once(self.live.app, at=self.live.clock())
        found = [
            json.loads(p.read_text("utf-8")) for p in self.live.settings.mailbox.glob("*.json")
        ]
        mine = [message for message in found if message["to"] == self.email]
        return max(mine, key=lambda message: message["at"])

    def tell_where_she_lives(self, document: Path) -> str:
        """All questions up to the confirmation; returns the reference."""
        self.press("main form button[type=submit], main .actions .button")
        self.send(given_names="OKSANA", family_name="MELNYCHUK")
        self.send(birth_date="2", month="4", year="2030")
        assert self.page.locator("#error-summary").is_visible()
        self.send(birth_date="2", month="4", year="1991")
        self.choose("sex", "F")
        self.send()
        self.send(street="Nieistniejąca", house="5")
        assert self.page.locator("[name=street]").input_value() == "Nieistniejąca"
        self.send(street="Zachodnia", house="5", flat="7")
        self.choose("road", "document")
        self.send()
        self.add(document)
        self.press("main form:last-of-type .actions button[type=submit]")
        self.press("main form button[type=submit]")
        self.page.locator("main [name=codes]").first.fill("UA")
        self.press("main form button[type=submit]:not([name])")
        return self.page.locator(".reference").first.inner_text().strip()

    def sign_in(self) -> None:
        """Weeks later, on the same phone."""
        self.page.context.clear_cookies()
        self.open("/sign-in")
        self.send(contact=self.email, password=PASSWORD)

    def propose(self, texts: dict[str, str]) -> str:
        """A proposal for her district from the first word to the reference; returns its address."""
        self.open("/my-proposals/start")
        self.choose("scope", "d08")
        self.send()
        tasks = "/".join(self.path().split("/")[:3])
        about = {name: texts[name] for name in ABOUT}
        self.part(tasks, "about", **about)
        self.open(f"{tasks}/category")
        self.page.locator("main input[name=category]").first.check(force=True)
        self.send()
        self.part(tasks, "place", place="Zachodnia")
        costs = {"costs-0-name": "Лавки", "costs-0-money": "42000", "upkeep": "500"}
        self.part(tasks, "costs", **costs)
        self.part(tasks, "access", accessibility=texts["accessibility"])
        self.open(f"{tasks}/check")
        self.press("#send button[type=submit]")
        assert "BO.D8.1/26" in self.text()
        return tasks

    def part(self, tasks: str, section: str, **fields: str) -> None:
        """One section of the task list."""
        self.open(f"{tasks}/{section}")
        self.send(**fields)

    def vote(self) -> list[str]:
        """Her district's only project and three of the city; returns the two control codes."""
        self.open("/vote")
        self.press("form[action$='/vote/begin'] button[type=submit]")
        for places in (1, 3):
            for number in range(1, places + 1):
                self.page.locator(".ballot-card:not([data-chosen]) button").first.click()
                self.page.wait_for_selector(f".slot:nth-child({number}):not(.empty)")
            self.press(".tray > a.button")
        self.press("form[action$='/vote/check'] button[type=submit]")
        return self.page.locator(".control-code").all_inner_texts()

    def add(self, document: Path) -> None:
        """Upload a document, after a file that is no document."""
        wrong = document.with_name("notes.txt")
        wrong.write_text("no document", encoding="utf-8")
        for path in (wrong, document):
            self.page.locator("main input[name=kind]").first.check(force=True)
            self.page.locator("main input[type=file]").set_input_files(path)
            self.press("main form button[type=submit]")
        assert self.path().endswith("/documents")


class Staff(Person):
    """A member of the office who signs in with both factors."""

    def __init__(self, live: LiveCity, context: BrowserContext, actor: Actor) -> None:
        super().__init__(live, context)
        self.actor = actor

    def sign_in(self) -> None:
        """Password, then a code of the printed sheet."""
        assert self.actor.account_id is not None
        self.page.context.clear_cookies()
        with self.live.database.writing() as work:
            at = self.live.clock()
            codes = service.issue_printed_codes(
                work, SYSTEM, account_id=self.actor.account_id, at=at
            )
            contact = queries.get_reachable(work.session, self.actor.account_id).contact
        assert contact is not None
        self.open("/sign-in")
        self.send(contact=contact.address, password=PASSWORD)
        self.send(code=codes[0])

    def assess(self, reference: str) -> None:
        """Both cards, every point met, then the admission."""
        self.open("/office/assessment")
        self.press(f"main a:has-text('{reference}')")
        case = self.path()
        for stage in ("formal", "merit"):
            self.open(f"{case}/card/{stage}")
            for answer in self.page.locator("#card input[value=met]").all():
                answer.check(force=True)
            self.press("#card button[type=submit]")
        self.open(f"{case}/admit")
        self.press("#decision button[type=submit]")

    def prepare_the_round(self, folder: Path) -> list[tuple[Path, str]]:
        """Freeze, make the keys, take them; returns the key files with their passphrases."""
        self.open("/office/round/prepare")
        for member in self.page.locator("#prepare input[type=checkbox]").all():
            member.check(force=True)
        self.press("#prepare button[type=submit]")
        held = []
        phrases = self.page.locator(".control-code").all_inner_texts()
        links = self.page.locator("main a[download]").all()
        for number, (link, phrase) in enumerate(zip(links, phrases, strict=True)):
            with self.page.expect_download() as started:
                link.click()
            path = folder / f"key{number}.json"
            started.value.save_as(path)
            held.append((path, phrase))
        return held

    def bring_keys(self, path: str, held: list[tuple[Path, str]]) -> None:
        """The form that asks for key files and passphrases."""
        self.open(path)
        needed = self.page.locator("#keys input[type=file]").count()
        for number, (file, phrase) in enumerate(held[:needed], 1):
            self.page.locator(f"[name=file_{number}]").set_input_files(file)
            self.page.locator(f"[name=passphrase_{number}]").fill(phrase)
        self.press("#keys button[type=submit]")


def draw_bill(path: Path) -> Path:
    """A photograph of a bill, as a phone takes it."""
    picture = Image.new("RGB", (900, 1200), "white")
    ImageDraw.Draw(picture).text((80, 100), "OKSANA MELNYCHUK, Zachodnia 5/7", fill="black")
    picture.save(path, "JPEG")
    return path
