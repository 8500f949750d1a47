"""A visitor who disputes a vote waits for the commission like everybody; nobody can misuse that."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.queries import get_reachable
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintKind
from civic_budget.residency.models import PersonHolder
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from civic_budget.voting import claim_queries, queries, service
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_queries import ClaimFacts
from civic_budget.voting.claim_rules import ClaimAction, ClaimKind, ClaimState
from civic_budget.voting.commission_models import JointDecision
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.service import SlipOutcome
from tests.builders_commission import (
    close_paper,
    close_vote,
    give_back,
    hand_in,
    key_only_card,
    make_clerks,
    open_box,
    open_urn,
    seal_pile,
    sign_off,
)
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW

DAY = timedelta(days=1)
HANNA = "hanna@example.org"


def dispute(database: Database, *, contact: str = HANNA, at: datetime = NOW) -> str:
    """Somebody without an account writes that a vote was not theirs; the complaint's reference."""
    with database.writing() as work:
        return residency.file_complaint(
            work,
            Actor(),
            kind=ComplaintKind.VOTE,
            words="Ktoś zagłosował za mnie.",
            language="uk",
            name="Hanna Kovalchuk",
            contact=read_contact(contact),
            at=at,
        )


def claims(database: Database, opened: Round) -> list[ClaimFacts]:
    with database.reading() as session:
        return list(claim_queries.list_claims(session, opened.id))


def answer(
    database: Database, opened: Round, action: ClaimAction, person: UUID | None = None
) -> None:
    with database.writing() as work:
        service.answer_claim(
            work,
            opened.commission[0],
            claim_id=claim_queries.list_claims(work.session, opened.id)[0].id,
            action=action,
            answer="Sprawdziliśmy.",
            person_id=person,
            at=NOW,
        )


def leave_without_account(database: Database, person: UUID) -> None:
    """As somebody whom a desk registered: nobody's account holds the record."""
    with database.writing() as work:
        work.session.execute(
            update(PersonHolder).where(PersonHolder.person_id == person).values(until_at=NOW)
        )


def test_a_visitors_dispute_is_a_claim_with_a_deadline_and_a_public_count(
    database: Database,
) -> None:
    opened = make_round(database)
    reference = dispute(database)
    (claim,) = claims(database, opened)
    assert (claim.kind, claim.state) == (ClaimKind.NOT_MY_VOTE, ClaimState.RECEIVED)
    assert (claim.person_id, claim.account_id) == (None, None)
    assert claim.due_at == NOW + 7 * DAY
    with database.reading() as session:
        found = claim_queries.find_claim_of_complaint(session, reference)
        counted = claim_queries.count_claims(session, opened.id)
        trail = session.scalars(select(AuditEntry).where(AuditEntry.deed == "VoteClaimed")).all()
    assert found == claim
    assert counted == {(ClaimKind.NOT_MY_VOTE, ClaimState.RECEIVED): 1}
    assert len(trail) == 1
    assert "Kovalchuk" not in str(vars(trail[0]))


def test_it_is_upheld_only_for_a_record_that_nobody_else_holds(database: Database) -> None:
    opened = make_round(database)
    cheat, mine = make_voter(database), make_voter(database)
    cast(database, opened, mine)
    leave_without_account(database, mine)
    dispute(database)
    with pytest.raises(Conflict, match="claim_needs_case") as unnamed:
        answer(database, opened, ClaimAction.UPHOLD)
    assert unnamed.value.field == "case"
    with pytest.raises(Conflict, match="record_held_by_another"):
        answer(database, opened, ClaimAction.UPHOLD, cheat)
    answer(database, opened, ClaimAction.UPHOLD, mine)
    with database.reading() as session:
        wish = session.scalars(select(JointDecision)).one()
        assert queries.count_returns(session, opened.id) == 0
    assert (wish.subject, wish.first_by) == (str(mine), opened.commission[0].account_id)
    give_back(database, opened, mine, at=NOW)
    assert claims(database, opened)[0].person_id == mine
    with database.writing() as work:
        told = service.take_void_notices(work, round_id=opened.id, secrets=opened.secrets)
        complaint = claim_queries.find_complainant(work.session, mine)
    assert [one.person_id for one in told] == [mine]
    assert complaint is not None
    assert complaint.contact == read_contact(HANNA)


def test_the_account_with_the_visitors_own_address_is_no_stranger(database: Database) -> None:
    opened = make_round(database)
    mine = make_voter(database)
    with database.reading() as session:
        reached = get_reachable(session, accounts_of_person(session, mine)[0]).contact
    assert reached is not None
    dispute(database, contact=reached.address)
    answer(database, opened, ClaimAction.UPHOLD, mine)
    assert claims(database, opened)[0].state is ClaimState.UPHELD


def test_a_visitor_is_told_no_without_a_person(database: Database) -> None:
    opened = make_round(database)
    dispute(database)
    answer(database, opened, ClaimAction.DISMISS)
    (claim,) = claims(database, opened)
    assert (claim.state, claim.person_id) == (ClaimState.DISMISSED, None)


def test_the_opening_waits_for_visitors_only_until_the_days_to_object(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    dispute(database, at=opened.closes_at + 4 * DAY)
    with database.reading() as session:
        assert not service.find_blockers(session, round_id=opened.id, at=opened.closes_at + 5 * DAY)
    dispute(database, at=opened.closes_at + 2 * DAY)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened, at=opened.closes_at + 5 * DAY)
    assert [problem.trouble for problem in refused.value.problems] == [Trouble.CLAIM]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "upheld", "answered_at": NOW, "answer": "Yes."},
        {"kind": "missing", "code": "0" * 12},
        {"complaint_id": uuid4()},
    ],
    ids=["upheld for nobody", "a line with a complaint", "a complaint that is none"],
)
def test_the_database_upholds_nothing_for_nobody(
    database: Database, wrong: dict[str, object]
) -> None:
    opened = make_round(database)
    dispute(database)
    by = {"answered_by": opened.commission[0].account_id} if "answer" in wrong else {}
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.execute(update(VoteClaim).values(**wrong, **by))


def test_a_visitor_whose_vote_was_given_back_votes_at_a_point_and_is_counted_once(
    database: Database,
) -> None:
    opened, mine = make_round(database), make_voter(database)
    slips, keying, signing = make_clerks(database, 3)
    cast(database, opened, mine)  # by somebody else, in the visitor's name
    leave_without_account(database, mine)
    online = open_urn(database, opened, slips, is_online=True)
    dispute(database)
    close_vote(database, opened)
    at = opened.closes_at + DAY
    with pytest.raises(NotAllowed, match="voting_closed"):
        hand_in(database, opened, slips, online, mine, at=at)
    answer(database, opened, ClaimAction.UPHOLD, mine)
    until = give_back(database, opened, mine, at=at)
    with pytest.raises(NotAllowed, match="voting_closed"):  # the hour is nobody else's
        hand_in(database, opened, slips, online, make_voter(database), at=at)
    with pytest.raises(NotAllowed, match="voting_closed"):
        hand_in(database, opened, slips, online, mine, at=until)
    last = until - timedelta(seconds=1)
    assert hand_in(database, opened, slips, online, mine, at=last) is SlipOutcome.ACCEPTED
    assert hand_in(database, opened, slips, online, mine, at=last) is SlipOutcome.HAS_VOTED
    seal_pile(database, online)
    key_only_card(database, opened, keying, online, at=last)
    sign_off(database, opened, signing, online, at=until)
    close_paper(database, opened, at=until)
    ballots = open_box(database, opened, at=until + 7 * DAY).ballots
    assert sorted(one.scope for one in ballots) == ["city", "d08"]
    with database.reading() as session:
        read = queries.read_opened(session, opened.id)
    assert dict(read.counted) == {"web": 0, "paper": 1}
    assert dict(read.voided) == {"vote_by_somebody_else": 1}
