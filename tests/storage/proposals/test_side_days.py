"""Further days of the calendar that close something: editing, and supporting with its lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from civic_budget.editions.models import EditionSideDate
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries, service
from civic_budget.storage.db import Database
from tests.builders_proposals import (
    make_assessor,
    make_draft,
    make_edition_for_supporters,
    make_submitted,
    return_it,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """An edition in which proposals are sent, and supported by two."""
    return make_edition_for_supporters(database)


def set_day(database: Database, edition_id: UUID, date: SideDate, at: datetime) -> None:
    """A further day of the calendar."""
    with database.writing() as work:
        work.session.add(EditionSideDate(edition_id=edition_id, code=date.value, at=at))


def test_nobody_edits_after_the_day_that_closes_editing(
    database: Database, edition_id: UUID
) -> None:
    author, person = make_resident(database)
    draft = make_draft(database, author, person, edition_id)
    sent = make_submitted(database, author, person, edition_id)
    set_day(database, edition_id, SideDate.EDITING_CLOSES, NOW + 2 * DAY)
    assessor = make_assessor(database)
    return_it(database, assessor, sent)
    with database.reading() as session:
        assert queries.get_proposal(session, sent).correct_by == NOW + 2 * DAY
    for proposal_id in (draft, sent):
        with pytest.raises(NotAllowed, match="editing_closed"), database.writing() as work:
            service.submit_proposal(work, author, proposal_id=proposal_id, at=NOW + 2 * DAY)
    with database.writing() as work:
        service.submit_proposal(work, author, proposal_id=sent, at=NOW + DAY)
    with pytest.raises(Conflict, match="editing_closed"):
        return_it(database, assessor, sent, at=NOW + 3 * DAY)


def test_neither_clicks_nor_lists_count_after_their_day(
    database: Database, edition_id: UUID
) -> None:
    ada, person = make_resident(database)
    bea, _bea = make_resident(database)
    proposal = make_submitted(database, ada, person, edition_id)
    due = NOW + 2 * DAY
    set_day(database, edition_id, SideDate.SUPPORT_LISTS_DUE, due)
    with pytest.raises(NotAllowed, match="support_closed"), database.writing() as work:
        service.support_proposal(work, bea, proposal_id=proposal, at=due)
    with database.writing() as work:
        service.support_proposal(work, bea, proposal_id=proposal, at=due - DAY)
    with pytest.raises(NotAllowed, match="support_closed"), database.writing() as work:
        service.take_support_back(work, bea, proposal_id=proposal, at=due)
    with pytest.raises(NotAllowed, match="support_closed"), database.writing() as work:
        service.add_support_list(
            work, ada, proposal_id=proposal, vault_id=uuid4().hex, page_count=1, at=due
        )
