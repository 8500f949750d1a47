"""The whole road in a real browser, in Ukrainian on a phone: from an account to published results."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext

from civic_budget import worker
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Role
from civic_budget.proposals import service as proposals
from civic_budget.residency.evidence import ensure_identity, open_reader
from civic_budget.residency.evidence_process import EvidenceProcess
from civic_budget.residency.viewing import make_authorise
from tests.browser.conftest import DESKTOP, LiveCity
from tests.browser.people import Resident, Staff, draw_bill
from tests.builders import make_city, make_edition, make_staff
from tests.builders_proposals import TEXTS, make_checklists
from tests.builders_voting import put_proposals

pytestmark = pytest.mark.browser
Contexts = Callable[..., BrowserContext]


@pytest.fixture
def evidence(live: LiveCity) -> Iterator[None]:
    """The evidence process, as a thread beside the application."""
    ensure_identity(live.settings)
    process = EvidenceProcess(
        live.settings.evidence_socket,
        open_page=open_reader(live.settings).open_page,
        authorise=make_authorise(live.database, live.clock),
    )
    thread = threading.Thread(target=process.serve)
    thread.start()
    assert process.ready.wait(5)
    yield
    process.stop()
    thread.join(5)


def test_from_an_account_to_published_results(
    live: LiveCity, evidence: None, new_context: Contexts, tmp_path: Path
) -> None:
    make_city(live.database)
    edition_id = make_edition(live.database, Phase.SUBMISSION, at=live.clock())
    make_checklists(live.database)
    put_proposals(live.database, edition_id, per_scope=3, scopes=["city"])
    start = live.clock()
    her = Resident(live, new_context(reduced_motion="reduce"))
    her.open_an_account()
    reference = her.tell_where_she_lives(draw_bill(tmp_path / "bill.jpg"))
    confirm_residence(live, new_context, reference)
    assert reference in her.last_message()["body"]

    proposal = UUID(her.propose(TEXTS).rpartition("/")[2])
    live.clock.at = start + timedelta(days=8)
    staff(live, new_context, Role.ASSESSOR).assess("BO.D8.1/26")
    her.open("/proposals?scope=d08")
    assert TEXTS["title"] in her.text()
    with live.database.writing() as work:
        proposals.set_ballot_numbers(work, numbers={proposal: 1})

    live.clock.at = start + timedelta(days=50)
    commission = [make_staff(live.database, Role.COMMISSION) for _ in range(3)]
    member = Staff(live, new_context(viewport=DESKTOP), commission[0])
    member.sign_in()
    held = member.prepare_the_round(tmp_path)
    member.bring_keys("/office/round/test", held)

    live.clock.at = start + timedelta(days=60)
    her.sign_in()
    codes = her.vote()
    her.open("/vote")
    assert not her.page.locator("form[action$='/vote/begin']").is_visible()

    live.clock.at = start + timedelta(days=66)
    close_and_open(member, held)
    live.clock.at = start + timedelta(days=80)
    check_what_everybody_sees(live, new_context, her, codes)


def close_and_open(member: Staff, held: list[tuple[Path, str]]) -> None:
    """The commission closes, is refused with a wrong passphrase, and opens with the right ones."""
    member.sign_in()
    member.open("/office/round")
    member.press("form[action$='/round/close'] button")
    member.bring_keys("/office/round/open", [(path, "not the passphrase") for path, _ in held])
    assert member.page.locator("#error-summary").is_visible()
    member.bring_keys("/office/round/open", held)
    worker.run_once(member.live.app, at=member.live.clock())


def check_what_everybody_sees(
    live: LiveCity, new_context: Contexts, her: Resident, codes: list[str]
) -> None:
    """She finds her code, the stdlib verifier agrees, her project won, the figures are there."""
    her.page.goto(f"{live.url}/uk/editions/2026/board#{codes[0]}")
    her.page.wait_for_selector("#look-up-answer .banner.success")
    (board,) = live.settings.boards.iterdir()
    verified = subprocess.run(
        [sys.executable, "-I", board / "verify.py", board], capture_output=True, check=False
    )
    assert verified.returncode == 0, verified.stdout
    her.open("/editions/2026/results/d08")
    assert "BO.D8.1/26" in her.page.content()
    analyst = staff(live, new_context, Role.ANALYST)
    for person in (her, analyst):
        person.open("/participation/2026")
    figures = [p.page.locator("main").inner_text() for p in (her, analyst)]
    assert figures[0] == figures[1]


def staff(live: LiveCity, new_context: Contexts, role: Role) -> Staff:
    """Somebody of the office, signed in on a desktop."""
    somebody = Staff(live, new_context(viewport=DESKTOP), make_staff(live.database, role))
    somebody.sign_in()
    return somebody


def confirm_residence(live: LiveCity, new_context: Contexts, reference: str) -> None:
    """An officer takes the case, sees the document beside the data, and confirms."""
    officer = staff(live, new_context, Role.OFFICER)
    officer.open(f"/office/residence/{reference}")
    officer.press("main form[action$='/claim'] button")
    assert "OKSANA" in officer.text()
    picture = officer.page.locator("main img").first
    picture.scroll_into_view_if_needed()
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 100
    for box in officer.page.locator("main form[action$='/confirm'] input[type=checkbox]").all():
        box.check(force=True)
    officer.press("main form[action$='/confirm'] button[type=submit]")
