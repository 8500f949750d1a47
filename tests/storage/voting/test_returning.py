"""A vote given back in the window: by two, with a reason, notice and days; cast anew; the list sealed anew."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintKind
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database
from civic_budget.voting import claim_queries, commission_queries, service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.claim_rules import ClaimAction
from civic_budget.voting.models import Participation
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import read_opened
from civic_budget.voting.rules import JointKind, VoidReason
from tests.builders_commission import (
    close_paper,
    close_vote,
    confirm_answer,
    give_back,
    hand_in,
    make_clerks,
    object_to,
    open_box,
    open_urn,
    propose_answer,
    take_out,
)
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW
from tests.storage.voting.test_one_human import merge

DAY = timedelta(days=1)


def account_of(database: Database, person: UUID) -> Actor:
    with database.reading() as session:
        return Actor(accounts_of_person(session, person)[0])


def wishes(database: Database, opened: Round) -> Sequence[str]:
    with database.reading() as session:
        proposed = commission_queries.list_proposed(session, opened.id, JointKind.RETURN)
        return [wish.subject for wish in proposed]


def uphold_claim(database: Database, opened: Round, person: UUID, at: datetime) -> None:
    """The person claims "not my vote", the first member upholds it."""
    with database.writing() as work:
        service.file_vote_claim(
            work,
            account_of(database, person),
            round_id=opened.id,
            person_id=person,
            words="I was away.",
            at=at,
        )
    with database.reading() as session:
        claim = claim_queries.list_claims(session, opened.id)[0]
    with database.writing() as work:
        service.answer_claim(
            work,
            opened.commission[0],
            claim_id=claim.id,
            action=ClaimAction.UPHOLD,
            answer="We give it back.",
            at=at,
        )


def seal_anew(database: Database, opened: Round, at: datetime) -> None:
    with database.writing() as work:
        service.seal_returned(
            work, opened.commission[0], round_id=opened.id, secrets=opened.secrets, at=at
        )


def troubles(database: Database, opened: Round, at: datetime) -> set[Trouble]:
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened, at=at)
    return {problem.trouble for problem in refused.value.problems}


def closed_with_a_false_vote(database: Database) -> tuple[Round, UUID]:
    opened = make_round(database)
    cheated = make_voter(database)
    cast(database, opened, cheated)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    return opened, cheated


def test_a_press_while_two_members_decide_is_refused_or_has_its_new_place(
    database: Database,
) -> None:
    """What is not committed is not given back yet; as soon as it is, the next press goes in."""
    opened, cheated = closed_with_a_false_vote(database)
    at = opened.closes_at + DAY
    uphold_claim(database, opened, cheated, at)
    with database.writing() as work:
        service.confirm_return(
            work,
            opened.commission[1],
            round_id=opened.id,
            secrets=opened.secrets,
            person_id=cheated,
            at=at,
        )
        work.session.flush()
        with ThreadPoolExecutor(1) as other, pytest.raises(NotAllowed, match="voting_closed"):
            other.submit(cast, database, opened, cheated, at=at).result(timeout=60)
    assert cast(database, opened, cheated, at=at).outcome is CastOutcome.ACCEPTED
    with database.reading() as session:
        assert service.has_voted(session, opened.secrets, cheated)


def test_an_upheld_claim_in_the_window_becomes_a_vote_cast_anew(database: Database) -> None:
    opened, cheated = closed_with_a_false_vote(database)
    at = opened.closes_at + DAY
    uphold_claim(database, opened, cheated, at)
    assert wishes(database, opened) == [str(cheated)]
    with pytest.raises(NotAllowed, match="second_member"):
        give_back(database, opened, cheated, at=at, member=0)
    with pytest.raises(NotAllowed, match="voting_closed"):
        cast(database, opened, cheated, at=at)
    until = give_back(database, opened, cheated, at=at)
    assert until == at + 3 * DAY
    with database.writing() as work:
        told = service.take_void_notices(work, round_id=opened.id, secrets=opened.secrets)
    assert told == [service.VoidTold(cheated, until, until, "vote_by_somebody_else")]
    assert troubles(database, opened, at) == {Trouble.OBJECTION, Trouble.RETURNED}
    with pytest.raises(NotAllowed, match="voting_closed"):  # the hour is nobody else's
        cast(database, opened, make_voter(database), at=at)
    assert cast(database, opened, cheated, at=until - timedelta(seconds=1)).codes
    with pytest.raises(Conflict, match="returned_vote_may_come"):
        seal_anew(database, opened, until - timedelta(seconds=1))
    assert troubles(database, opened, until) == {Trouble.UNSEALED}
    seal_anew(database, opened, until)
    found = open_box(database, opened, at=until)
    assert len(found.ballots) == 4
    assert read_opened_voids(database, opened) == {VoidReason.NOT_MY_VOTE.value: 1}
    with database.reading() as session:
        steps = [one.step for one in commission_queries.list_sealed(session, opened.id)]
    assert steps == ["closing", "returned"]


def read_opened_voids(database: Database, opened: Round) -> dict[str, int]:
    with database.reading() as session:
        return dict(read_opened(session, opened.id).voided)


def test_a_returned_vote_that_nobody_casts_ends_with_its_days(database: Database) -> None:
    opened, cheated = closed_with_a_false_vote(database)
    uphold_claim(database, opened, cheated, opened.closes_at)
    until = give_back(database, opened, cheated, at=opened.closes_at)
    with pytest.raises(NotAllowed, match="voting_closed"):
        cast(database, opened, cheated, at=until)
    with pytest.raises(Conflict, match="nothing_to_seal_anew"):
        seal_anew(database, opened, until)
    assert len(open_box(database, opened, at=until).ballots) == 2


def test_a_vote_cast_anew_tells_no_day_of_its_own(database: Database) -> None:
    opened, cheated = closed_with_a_false_vote(database)
    uphold_claim(database, opened, cheated, opened.closes_at)
    give_back(database, opened, cheated, at=opened.closes_at)
    cast(database, opened, cheated, at=opened.closes_at + 2 * DAY)
    with database.reading() as session:
        days = set(session.scalars(select(Participation.counted_on)))
    assert max(days) <= opened.closes_at.date()


def test_another_envelope_beside_the_returned_one_is_never_sealed(database: Database) -> None:
    opened, cheated = closed_with_a_false_vote(database)
    uphold_claim(database, opened, cheated, opened.closes_at)
    until = give_back(database, opened, cheated, at=opened.closes_at)
    cast(database, opened, cheated, at=opened.closes_at + DAY)
    with database.writing() as work:  # somebody opens the vote behind everybody's back
        work.session.execute(update(RoundRow).values(status="ready"))
    cast(database, opened, make_voter(database), at=NOW)
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(status="verification"))
    with pytest.raises(Conflict, match="strange_envelopes"):
        seal_anew(database, opened, until)
    with pytest.raises(Conflict, match="no_paper_to_seal"):
        close_paper(database, opened, at=until)
    assert Trouble.ADDED in troubles(database, opened, until)


@pytest.mark.parametrize("has_voted_anew", [False, True])
def test_an_objection_puts_the_first_envelope_back_unless_a_new_one_came(
    database: Database, has_voted_anew: bool
) -> None:
    opened, person = closed_with_a_false_vote(database)
    tag, at = opened.secrets.tag(person), opened.closes_at
    uphold_claim(database, opened, person, at)
    until = give_back(database, opened, person, at=at)
    if has_voted_anew:
        cast(database, opened, person, at=at + DAY)
    object_to(database, opened, person, words="It was me after all.", at=at)
    propose_answer(database, opened, tag, is_restored=True, at=at)
    if has_voted_anew:
        with pytest.raises(Conflict, match="voted_anew"):
            confirm_answer(database, opened, tag, at=at)
        return
    confirm_answer(database, opened, tag, at=at)
    with pytest.raises(NotAllowed, match="voting_closed"):
        cast(database, opened, person, at=at + DAY)
    assert len(open_box(database, opened, at=until).ballots) == 4
    assert read_opened_voids(database, opened) == {}


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_vote_whose_envelope_is_out_already_is_given_back_all_the_same(
    database: Database, is_merged: bool
) -> None:
    opened, cheated, other = make_round(database), make_voter(database), make_voter(database)
    at = opened.closes_at + DAY
    for person in (cheated, *([other] if is_merged else []), make_voter(database)):
        cast(database, opened, person)
    close_vote(database, opened)
    if is_merged:
        merge(database, cheated, other)
    take_out(database, opened, opened.secrets.tag(cheated), VoidReason.DUPLICATE)
    with database.writing() as work:
        service.take_void_notices(work, round_id=opened.id, secrets=opened.secrets)
    uphold_claim(database, opened, cheated, at)
    until = give_back(database, opened, cheated, at=at)
    with database.writing() as work:
        told = service.take_void_notices(work, round_id=opened.id, secrets=opened.secrets)
    first = service.VoidTold(cheated, opened.closes_at + 3 * DAY, until, "voted_twice")
    assert first in told
    assert len(told) == 1 + is_merged
    assert cast(database, opened, cheated, at=at).outcome is CastOutcome.ACCEPTED
    seal_anew(database, opened, until)
    assert len(open_box(database, opened, at=until).ballots) == 4
    assert read_opened_voids(database, opened) == {"voted_twice": 1} | (
        {"vote_by_somebody_else": 1} if is_merged else {}
    )


def test_a_card_in_an_urn_is_never_given_back(database: Database) -> None:
    opened, person = make_round(database), make_voter(database)
    clerk = make_clerks(database, 1)[0]
    batch_id = open_urn(database, opened, clerk, is_online=True)
    outcome = hand_in(database, opened, clerk, batch_id, person)
    assert outcome is service.SlipOutcome.ACCEPTED
    uphold_claim(database, opened, person, NOW)
    with pytest.raises(Conflict, match="paper_cannot_be_returned"):
        give_back(database, opened, person, at=NOW)


def test_nothing_is_given_back_once_the_envelopes_are_opened(database: Database) -> None:
    opened, cheated = closed_with_a_false_vote(database)
    open_box(database, opened)
    uphold_claim(database, opened, cheated, opened.closes_at + 5 * DAY)
    assert wishes(database, opened) == []
    with pytest.raises(Conflict, match="return_before_opening_only"):
        give_back(database, opened, cheated, at=opened.closes_at + 5 * DAY)


def test_given_back_on_the_last_evening_it_may_be_cast_after_the_closing(
    database: Database,
) -> None:
    opened, cheated = make_round(database), make_voter(database)
    cast(database, opened, cheated)
    evening = opened.closes_at - timedelta(hours=1)
    uphold_claim(database, opened, cheated, evening)
    until = give_back(database, opened, cheated, at=evening)
    close_vote(database, opened)
    assert cast(database, opened, cheated, at=opened.closes_at + DAY).outcome is (
        CastOutcome.ACCEPTED
    )
    seal_anew(database, opened, until)
    assert len(open_box(database, opened, at=until).ballots) == 2


def test_a_dispute_at_the_residence_office_waits_for_the_commission_too(
    database: Database,
) -> None:
    opened, person = make_round(database), make_voter(database)
    cast(database, opened, person)
    actor = account_of(database, person)

    def complain() -> str:
        with database.writing() as work:
            return residency.file_complaint(
                work,
                actor,
                kind=ComplaintKind.VOTE,
                words="This vote is not mine at all.",
                language="uk",
                at=NOW,
            )

    reference = complain()
    complain()  # a second one adds no second claim
    with database.reading() as session:
        (claim,) = claim_queries.list_claims(session, opened.id)
        assert (claim.person_id, claim.account_id) == (person, actor.account_id)
        assert claim_queries.read_claim_words(session, claim.id) == reference


def test_the_database_itself_takes_no_second_vote_over_the_first(database: Database) -> None:
    opened = make_round(database)
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.execute(
            update(RoundRow).where(RoundRow.id == opened.id).values(is_revote_allowed=True)
        )
