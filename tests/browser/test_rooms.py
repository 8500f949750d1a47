"""Pages that no journey walks: stories, news, complaints, children on a phone; pairs, streets in the dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext

from civic_budget.accounts.contacts import read_contact
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.proposals import service as proposals
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.queries import find_by_reference
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintKind
from civic_budget.storage.db import Database
from tests.browser.conftest import DESKTOP, LiveCity
from tests.browser.people import Person
from tests.builders import PASSWORD, make_account, make_staff
from tests.builders_residency import make_case, make_claim, make_guardian, make_identity
from tests.builders_results import make_opened_round, publish

pytestmark = [pytest.mark.browser, pytest.mark.proof]

STORY = (
    (Stage.IN_PROGRESS, date(2026, 7, 20), date(2026, 11, 30), "Wykonawca wszedł na plac budowy."),
    (Stage.DELAYED, date(2026, 7, 22), date(2027, 3, 31), "Trzeba przełożyć gazociąg."),
)
STREETS = "district,street,numbers_from,numbers_to,parity\n8,Długa,,,\n18,Nowa,,,\n"


def tell(database: Database, live: LiveCity, references: Sequence[str]) -> list[UUID]:
    """A delayed story of the first of these proposals; returns all their ids."""
    with database.reading() as session:
        found = [find_by_reference(session, one) for one in references]
    ids = [one for one in found if one is not None]
    assert len(ids) == len(references)
    for stage, day, expected, note in STORY:
        step = StepWords(stage=stage, happened_on=day, expected_on=expected, notes={"pl": note})
        with database.writing() as work:
            proposals.add_step(work, SYSTEM, proposal_id=ids[0], step=step, at=live.clock())
    return ids


def complain(database: Database, live: LiveCity) -> str:
    """Somebody who is not signed in complains; returns the reference."""
    with database.writing() as work:
        return residency.file_complaint(
            work,
            Actor(),
            kind=ComplaintKind.REGISTRATION,
            words="Хтось заповнив заяву від мого імені.",
            language="uk",
            name="Ірина Ткачук",
            contact=read_contact("iryna.tkachuk@example.org"),
            at=live.clock(),
        )


def test_pages_that_no_journey_walks(
    live: LiveCity, new_context: Callable[..., BrowserContext]
) -> None:
    publish(live.clock, make_opened_round(live.database))
    first, second = tell(live.database, live, ("BO.D8.1/26", "BO.D8.2/26"))
    read_about_proposals(Person(live, new_context()), first, second)
    ask_for_an_answer(Person(live, new_context()), complain(live.database, live))
    for names in (("OLENA", "KOVALENKO"), ("Олена", "Коваленко")):
        make_case(live.database, make_account(live.database), identity=make_identity(*names))
    dark = {"viewport": DESKTOP, "color_scheme": "dark"}
    officer, keeper = (
        make_staff(live.database, role) for role in (Role.OFFICER, Role.ADMINISTRATOR)
    )
    compare_pairs(Person(live, new_context(**dark), officer))
    bring_streets(Person(live, new_context(**dark), keeper))
    erase_a_child(Person(live, new_context(), guardian_of_one(live)))


def read_about_proposals(reader: Person, first: UUID, second: UUID) -> None:
    """What became of a winner, the news of an edition, two proposals side by side."""
    for path in (
        "/editions/2026/implementation",
        "/editions/2026/implementation?stage=delayed",
        f"/proposals/{first}",
        "/editions/2026/news",
        f"/proposals/{first}/subscribe",
        "/news/asked",
        f"/proposals/compare?p={first}&p={second}",
        "/proposals/compare",
    ):
        reader.open(path)


def ask_for_an_answer(reader: Person, reference: str) -> None:
    """Where a complaint stands, by its reference; an unknown one first."""
    reader.open("/complaints/status")
    reader.send(reference="C-2222-2222")
    assert reader.page.locator("main [name='reference']").input_value() == "C-2222-2222"
    reader.send(reference=reference)
    assert reference in reader.text()


def compare_pairs(officer: Person) -> None:
    """The list of suspected pairs, and one of them side by side."""
    officer.open("/office/residence/pairs?state=all")
    officer.press("main a[href*='/pairs/']")
    assert "/pairs/" in officer.path()


def bring_streets(keeper: Person) -> None:
    """A new list of streets beside the present one."""
    keeper.open("/office/streets")
    sent = {"name": "ulice.csv", "mimeType": "text/csv", "buffer": STREETS.encode()}
    keeper.page.locator("main [name=file]").set_input_files(sent)
    keeper.press("main form[enctype] button[type=submit]")
    assert keeper.path().startswith("/office/streets/")


def guardian_of_one(live: LiveCity) -> Actor:
    """A guardian who acts for a child."""
    mother = make_guardian(live.database, "HANNA")
    tie, _ = make_claim(live.database, mother)
    with live.database.writing() as work:
        residency.accept_guardian(work, SYSTEM, tie_id=tie, at=live.clock())
    return mother


def erase_a_child(guardian: Person) -> None:
    """One's own data, the children, a child's erasure: first without the box."""
    guardian.open("/my-data")
    guardian.open("/children")
    guardian.press("main a[href$='/erase']")
    guardian.press("main form button[type=submit]")
    guardian.page.locator("main [name=sure]").check(force=True)
    guardian.page.locator("main [name=current]").fill(PASSWORD)
    guardian.press("main form button[type=submit]")
    assert guardian.path() == "/children"
