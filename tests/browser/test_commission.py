"""The commission's pages at every step of a round, on a phone in the light and on a desk in the dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from civic_budget.accounts.contacts import read_contact
from civic_budget.kernel.actor import Actor
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintKind
from civic_budget.residency.queries import accounts_of_person
from civic_budget.voting import claim_queries, service
from civic_budget.voting.models import PaperBatch
from civic_budget.voting.opening_run import say_progress
from civic_budget.voting.rules import VoidReason
from tests.browser.conftest import DESKTOP, PHONE, LiveCity, assert_accessible, let_in
from tests.builders_commission import (
    close_vote,
    hand_in,
    make_clerks,
    open_box,
    open_urn,
    publish,
    take_out,
)
from tests.builders_statistics import seal
from tests.builders_voting import Round, cast, make_round, make_voter, make_waiting_voter

pytestmark = [pytest.mark.browser, pytest.mark.proof]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def look(page: Page, live: LiveCity, *paths: str) -> None:
    """Open each page once, and let axe see it small and light, then wide and dark."""
    for path in paths:
        page.goto(f"{live.url}/uk/office/{path}")
        assert page.url.endswith(path), f"{path} led to {page.url}"
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert_accessible(page)


def dispute(live: LiveCity, opened: Round) -> UUID:
    """A visitor without an account says that a vote is not theirs; the claim's id."""
    with live.database.writing() as work:
        residency.file_complaint(
            work,
            Actor(),
            kind=ComplaintKind.VOTE,
            words="За мене хтось проголосував, поки я була за кордоном.",
            language="uk",
            name="Ганна Шевченко",
            contact=read_contact("hanna@example.org"),
            at=live.clock(),
        )
    with live.database.reading() as session:
        return claim_queries.list_claims(session, opened.id)[0].id


def object_to(live: LiveCity, opened: Round, person: UUID) -> None:
    """A person says that the envelope that was taken out was theirs."""
    with live.database.writing() as work:
        service.object_to_void(
            work,
            Actor(accounts_of_person(work.session, person)[0]),
            secrets=opened.secrets,
            person_id=person,
            words="Це був мій голос.",
            at=live.clock(),
        )


def prepare_window(live: LiveCity, opened: Round) -> None:
    """A vote that waits, one that is out with an objection, another proposed by one member only."""
    waiting, out, wished = make_waiting_voter(live.database)[0], *_voters(live, opened, 2)
    cast(live.database, opened, waiting)
    close_vote(live.database, opened)
    live.clock.at = opened.closes_at + HOUR
    take_out(live.database, opened, opened.secrets.tag(out))
    object_to(live, opened, out)
    with live.database.writing() as work:
        service.propose_void(
            work,
            opened.commission[1],
            round_id=opened.id,
            tag=opened.secrets.tag(wished),
            reason=VoidReason.DUPLICATE,
            at=live.clock(),
        )


def _voters(live: LiveCity, opened: Round, number: int) -> list[UUID]:
    people = [make_voter(live.database) for _ in range(number)]
    for person in people:
        cast(live.database, opened, person)
    return people


def test_while_votes_come_and_are_checked(
    live: LiveCity, new_context: Callable[..., BrowserContext]
) -> None:
    opened = make_round(live.database)
    clerk = make_clerks(live.database, 1)[0]
    batch_id = open_urn(live.database, opened, clerk)
    hand_in(live.database, opened, clerk, batch_id, make_voter(live.database))
    claim_id = dispute(live, opened)
    page = let_in(live, new_context(reduced_motion="reduce"), opened.commission[0])
    look(
        page,
        live,
        "round",
        "round/members",
        "round/extend",
        "round/annul",
        "round/hold",
        "round/procedures",
        "round/claims",
        f"round/claims/{claim_id}",
        "paper",
        f"paper/batches/{batch_id}",
        f"paper/batches/{batch_id}/key",
    )
    with live.database.writing() as work:
        work.session.execute(update(PaperBatch).values(sealed_at=live.clock()))
    prepare_window(live, opened)
    look(page, live, "round/check", "round/open")
    say_progress(live.settings.instance, opened.id, "running", 400, 1000)
    look(page, live, "round", "round/open/progress")


def test_from_the_opening_to_the_end(
    live: LiveCity, new_context: Callable[..., BrowserContext]
) -> None:
    opened = make_round(live.database)
    _voters(live, opened, 3)
    close_vote(live.database, opened)
    open_box(live.database, opened, at=opened.closes_at)
    live.clock.at = publish(live.database, opened)
    seal(live.database, opened, at=live.clock())
    chair = opened.commission[0]
    page = let_in(live, new_context(reduced_motion="reduce"), chair)
    look(page, live, "round", "round/finish")
    with live.database.writing() as work:
        service.annul_scope(
            work,
            chair,
            round_id=opened.id,
            scope="d18",
            act="Zarządzenie 1/2026",
            note="Na liście brakowało projektu.",
            at=live.clock(),
        )
    look(page, live, "round", "round/prepare")  # the supplement
    until = live.clock() + 30 * DAY
    with live.database.writing() as work:
        service.finish_round(work, chair, round_id=opened.id, keep_until=until, at=live.clock())
    with live.database.writing() as work:
        service.hold_round(
            work, chair, round_id=opened.id, reason="Sąd bada protest.", at=live.clock()
        )
    look(page, live, "round", "round/hold", "round/shred")
    live.clock.at = until + HOUR
    with live.database.writing() as work:
        service.lift_hold(work, chair, round_id=opened.id, reason="Prawomocny.", at=live.clock())
        service.shred_round(work, chair, round_id=opened.id, at=live.clock())
    look(page, live, "round", "round/shred")  # interrupted: goes on where it stopped
    service.destroy_remains(live.database, round_id=opened.id, at=live.clock())
    look(page, live, "round")
