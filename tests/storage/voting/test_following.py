"""A prepared round and the rooms beneath: its times and its list don't change behind its back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.editions.service import answer_correction, move_milestone, propose_correction
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.queries import list_for_ballot
from civic_budget.proposals.service import confirm_exclusive
from civic_budget.storage.db import Database
from civic_budget.voting.models import Round
from civic_budget.voting.queries import get_round
from tests.builders_proposals import make_coordinator
from tests.builders_voting import make_round
from tests.conftest import NOW

REASON = {"pl": "Awaria platformy przez cztery godziny."}
WEEKS_BEFORE = NOW - timedelta(days=10)


def propose(
    database: Database,
    actor: Actor,
    edition_id: UUID,
    moments: dict[Milestone, datetime],
    *,
    at: datetime = NOW,
) -> int:
    """A correction of the calendar."""
    with database.writing() as work:
        return propose_correction(
            work, actor, edition_id=edition_id, moments=moments, pools=[], reasons=REASON, at=at
        )


def test_a_running_rounds_times_are_the_commissions_alone(database: Database) -> None:
    round_ = make_round(database)
    later = round_.closes_at + timedelta(hours=4)
    with pytest.raises(Conflict, match="round_holds_its_times") as refused:
        propose(
            database,
            make_coordinator(database),
            round_.edition_id,
            {Milestone.VOTING_CLOSES: later},
        )
    assert refused.value.field == "voting_closes"
    with pytest.raises(Conflict, match="round_holds_its_times"), database.writing() as work:
        move_milestone(
            work,
            SYSTEM,
            edition_id=round_.edition_id,
            milestone=Milestone.VOTING_CLOSES,
            to=later,
            at=NOW,
        )
    with database.reading() as session:
        assert get_edition(session, round_.edition_id).moment_of(Milestone.VOTING_CLOSES) == (
            round_.closes_at
        )
    with database.writing() as work:  # the commission's own door moves the round first
        work.session.execute(update(Round).values(closes_at=later))
        move_milestone(
            work,
            SYSTEM,
            edition_id=round_.edition_id,
            milestone=Milestone.VOTING_CLOSES,
            to=later,
            at=NOW,
        )
    propose(
        database,
        make_coordinator(database),
        round_.edition_id,
        {Milestone.RESULTS_PUBLISHED: later + timedelta(days=60)},
    )


def test_a_round_that_has_not_begun_follows_a_signed_correction(database: Database) -> None:
    round_ = make_round(database)
    one, other = make_coordinator(database), make_coordinator(database)
    with database.reading() as session:
        opens = get_edition(session, round_.edition_id).moment_of(Milestone.VOTING_OPENS)
    moved = {Milestone.VOTING_OPENS: opens + timedelta(days=1)}
    number = propose(database, one, round_.edition_id, moved, at=WEEKS_BEFORE)
    with database.writing() as work:
        answer_correction(
            work, other, edition_id=round_.edition_id, number=number, sign=True, at=WEEKS_BEFORE
        )
    with database.reading() as session:
        found = get_round(session, round_.id)
    assert (found.opens_at, found.closes_at) == (opens + timedelta(days=1), round_.closes_at)


def test_groups_cannot_change_under_a_frozen_list(database: Database) -> None:
    round_ = make_round(database)
    coordinator = make_coordinator(database)
    with database.reading() as session:
        listed = list_for_ballot(session, round_.edition_id)
    with pytest.raises(Conflict, match="list_is_frozen"), database.writing() as work:
        confirm_exclusive(
            work,
            coordinator,
            edition_id=round_.edition_id,
            proposals=frozenset(p.id for p in listed[:2]),
            reason="Ten sam plac.",
            at=WEEKS_BEFORE,
        )


def test_paper_votes_are_keyed_in_until_the_day_of_the_calendar(database: Database) -> None:
    round_ = make_round(database)
    one, other = make_coordinator(database), make_coordinator(database)
    later = round_.closes_at + timedelta(days=5)

    def correct(day: datetime | None) -> datetime | None:
        days = {SideDate.PAPER_VOTES_KEYED: day}
        with database.writing() as work:
            number = propose_correction(
                work,
                one,
                edition_id=round_.edition_id,
                moments={},
                pools=[],
                side_dates=days,
                reasons=REASON,
                at=NOW,
            )
        with database.writing() as work:
            answer_correction(
                work, other, edition_id=round_.edition_id, number=number, sign=True, at=NOW
            )
        with database.reading() as session:
            return get_round(session, round_.id).paper_until

    assert correct(later) == later
    assert correct(None) == round_.closes_at + timedelta(days=3)
