"""Merges on real databases: all authors agree, one does not, time passes, two merges at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries, service
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.models import MergePart
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import make_checklists, make_coordinator, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW

WORDS = {"pl": "Oba projekty dotyczą tych samych ławek."}
Two = tuple[tuple[Actor, UUID], tuple[Actor, UUID]]


@pytest.fixture
def two(database: Database) -> Two:
    """Two authors, each with a submitted proposal."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    pairs = []
    for _one in range(2):
        actor, person = make_resident(database)
        pairs.append((actor, make_submitted(database, actor, person, edition_id)))
    return pairs[0], pairs[1]


def propose(database: Database, coordinator: Actor, kept: UUID, *joined: UUID) -> UUID:
    """The office asks."""
    with database.writing() as work:
        return service.propose_merge(
            work,
            coordinator,
            kept=kept,
            joined=joined,
            words=WORDS,
            answer_by=NOW + timedelta(days=7),
            at=NOW,
        )


def answer(database: Database, actor: Actor, merge: UUID, proposal: UUID, agrees: bool) -> None:
    """An author answers."""
    with database.writing() as work:
        service.answer_merge(
            work, actor, merge_id=merge, proposal_id=proposal, agrees=agrees, at=NOW
        )


def states(database: Database, *proposals: UUID) -> list[ProposalState]:
    """Where proposals stand."""
    with database.reading() as session:
        return [queries.get_proposal(session, one).state for one in proposals]


def test_what_all_authors_agree_to_becomes_one(database: Database, two: Two) -> None:
    (ada, kept), (bea, joined) = two
    merge = propose(database, make_coordinator(database), kept, joined)
    answer(database, ada, merge, kept, True)
    assert states(database, kept, joined) == [ProposalState.SUBMITTED] * 2
    with pytest.raises(NotAllowed, match="not_the_author"):
        answer(database, ada, merge, joined, True)
    with pytest.raises(NotAllowed, match="already_answered"):
        answer(database, ada, merge, kept, False)
    answer(database, bea, merge, joined, True)
    assert states(database, kept, joined) == [ProposalState.SUBMITTED, ProposalState.MERGED]
    with database.reading() as session:
        assert queries.get_proposal(session, joined).merged_into == kept
        assert queries.get_merge(session, merge).state is MergeState.AGREED
    with pytest.raises(NotAllowed, match="merge_over"):
        answer(database, bea, merge, joined, False)


def test_one_no_or_a_withdrawal_or_time_leaves_each_alone(database: Database, two: Two) -> None:
    (ada, kept), (bea, joined) = two
    coordinator = make_coordinator(database)
    refused = propose(database, coordinator, kept, joined)
    answer(database, bea, refused, joined, False)
    lapsed = propose(database, coordinator, kept, joined)
    with database.writing() as work:
        assert service.lapse_merges(work, at=NOW + timedelta(days=6)) == 0
        assert service.lapse_merges(work, at=NOW + timedelta(days=7)) == 1
    taken_back = propose(database, coordinator, joined, kept)
    with pytest.raises(NotAllowed, match="not_a_coordinator"), database.writing() as work:
        service.cancel_merge(work, ada, merge_id=taken_back, at=NOW)
    with database.writing() as work:
        service.cancel_merge(work, coordinator, merge_id=taken_back, at=NOW)
    left = propose(database, coordinator, kept, joined)
    with database.writing() as work:
        service.withdraw_proposal(work, bea, proposal_id=joined, at=NOW)
    with database.reading() as session:
        ends = [queries.get_merge(session, m).state for m in (refused, lapsed, taken_back, left)]
        assert [merge.id for merge in queries.list_merges(session, _edition(session, kept))]
    assert ends == [
        MergeState.REFUSED,
        MergeState.LAPSED,
        MergeState.CANCELLED,
        MergeState.CANCELLED,
    ]
    assert states(database, kept) == [ProposalState.SUBMITTED]


def test_a_proposal_waits_in_one_merge_only(database: Database, two: Two) -> None:
    (ada, kept), (_bea, joined) = two
    coordinator = make_coordinator(database)
    merge = propose(database, coordinator, kept, joined)
    with pytest.raises(Conflict, match="already_in_merge"):
        propose(database, coordinator, joined, kept)
    with pytest.raises(Conflict, match="nothing_to_merge"):
        propose(database, coordinator, kept, kept)
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        propose(database, ada, kept, joined)
    # The database itself refuses a second kept proposal.
    with pytest.raises(IntegrityError), database.writing() as work:
        part = work.session.get_one(MergePart, (merge, joined))
        part.is_kept = True


def _edition(session: object, proposal_id: UUID) -> UUID:
    return queries.get_proposal(session, proposal_id).edition_id  # type: ignore[arg-type]
