"""A proposal brought on paper: typed in for its author by number, in time, whole, and marked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import queries, service
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.service import Incomplete
from civic_budget.residency.queries import find_last_case
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import COSTS, POLISH_TEXTS, make_checklists, make_coordinator
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient, Page


@pytest.fixture
def author(database: Database) -> tuple[Actor, UUID]:
    """A resident of Dębniki."""
    make_city(database)
    make_checklists(database)
    return make_resident(database)


def number_of(database: Database, person_id: UUID) -> str:
    """What the author shows: the reference of the residence case."""
    with database.reading() as session:
        case = find_last_case(session, person_id)
    assert case is not None
    assert case.reference is not None
    return case.reference


def test_paper_counts_by_the_day_of_its_arrival(
    database: Database, author: tuple[Actor, UUID]
) -> None:
    edition_id = make_edition(database, Phase.SUBMISSION)
    coordinator, number = make_coordinator(database), number_of(database, author[1])
    with database.reading() as session:
        closes = get_edition(session, edition_id).moment_of(Milestone.SUBMISSION_CLOSES)

    def enter(received_at: datetime = NOW, **more: object) -> UUID:
        values: dict[str, object] = {
            "person_number": number,
            "scope": "d08",
            "texts": POLISH_TEXTS,
            **more,
        }
        with database.writing() as work:
            return service.enter_on_paper(
                work,
                coordinator,
                edition_id=edition_id,
                language="pl",
                category="green",
                place="Zachodnia 5",
                costs=COSTS,
                received_at=received_at,
                at=closes + timedelta(days=2),
                **values,  # type: ignore[arg-type]
            )

    for values, code in (
        ({"received_at": closes + timedelta(seconds=1)}, "received_too_late"),
        ({"received_at": closes + timedelta(days=3)}, "received_in_future"),
        ({"person_number": "nobody"}, "no_such_person"),
        ({"scope": "d07"}, "not_their_district"),
    ):
        with pytest.raises(Conflict, match=code):
            enter(**values)  # type: ignore[arg-type]
    with pytest.raises(Incomplete):
        enter(texts={**POLISH_TEXTS, "title": ""})
    proposal_id = enter(closes)
    with database.reading() as session:
        proposal = queries.get_proposal(session, proposal_id)
        came = queries.received_on_paper(session, proposal_id)
    assert proposal.state is ProposalState.SUBMITTED
    assert (proposal.author_account, proposal.author_person) == (author[0].account_id, author[1])
    assert (proposal.submitted_at, came) == (closes, closes)


def test_the_page_keeps_what_was_typed_and_marks_the_proposal(
    client: CheckedClient, database: Database, author: tuple[Actor, UUID]
) -> None:
    edition_id = make_edition(database, Phase.SUBMISSION)
    sign_in_as(client, database, make_coordinator(database))
    for lang in ("pl", "en", "uk", "ru"):
        if lang == "uk":  # officers who take paper in have the page too
            sign_in_as(client, database, make_staff(database, Role.OFFICER))
            assert "/uk/office/paper-proposals" in client.page("/uk/office/support-lists").links
        path = f"/{lang}/office/paper-proposals"
        sent = {
            **POLISH_TEXTS,
            "person_number": number_of(database, author[1]),
            "received_at": NOW.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M"),
            "scope": "d08",
            "language": "pl",
            "category": "green",
            "place": "Zachodnia 5",
            "costs": "Ławka; 42 000",
        }
        wrong = client.send(path, {**sent, "costs": "Ławka 42 000", "title": "Ławki"})
        assert "#costs" in Page(wrong.text).links
        assert "Ławka 42 000</textarea>" in wrong.text
        assert "#title" in Page(client.send(path, {**sent, "title": ""}).text).links
        client.send(path, sent)
        with database.reading() as session:
            (made, *_) = sorted(
                queries.list_office_rows(session, edition_id),
                key=lambda row: row.reference,
                reverse=True,
            )
            assert queries.received_on_paper(session, made.id) is not None
        client.page(f"/{lang}/proposals/{made.id}")
