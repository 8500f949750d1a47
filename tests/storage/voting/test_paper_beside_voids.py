"""A paper voter whose web vote was taken out before: at a point with a network, and with a card in an urn."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Database
from civic_budget.voting import commission_queries, service
from civic_budget.voting.models import PaperBatch
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import get_round, read_opened
from civic_budget.voting.rules import JointKind, VoidReason
from civic_budget.voting.service import SlipOutcome
from civic_budget.voting.service.fates import Fate, fate_of
from tests.builders_commission import (
    close_paper,
    close_vote,
    confirm_answer,
    extend,
    give_back,
    hand_in,
    make_clerks,
    object_to,
    open_box,
    open_urn,
    propose_answer,
    sign_off,
    take_out,
)
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.storage.voting.test_one_human import key_one, merge

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def claimed(database: Database, batch_id: UUID) -> int:
    with database.reading() as session:
        return session.scalars(select(PaperBatch.claimed).where(PaperBatch.id == batch_id)).one()


def fate(database: Database, opened: Round, person: UUID) -> Fate | None:
    with database.reading() as session:
        status = get_round(session, opened.id).status
        return fate_of(session, opened.secrets, person, status=status, standing=Standing.CONFIRMED)


def reconcile(database: Database, opened: Round, batch_id: UUID, signing: Actor) -> None:
    key_one(database, opened, batch_id)
    sign_off(database, opened, signing, batch_id, at=opened.closes_at + DAY)
    close_paper(database, opened, at=opened.closes_at + 3 * DAY)


def answer(database: Database, opened: Round, tag: bytes, *, is_restored: bool) -> None:
    at = opened.closes_at + DAY
    propose_answer(database, opened, tag, is_restored=is_restored, at=at)
    confirm_answer(database, opened, tag, at=at)


@pytest.mark.parametrize("is_merged", [False, True], ids=["one record", "two records"])
def test_a_point_with_a_network_gives_no_card_until_the_vote_is_given_back(
    database: Database, is_merged: bool
) -> None:
    opened = make_round(database)
    slips = make_clerks(database, 1)[0]
    batch_id = open_urn(database, opened, slips, is_online=True)
    person = at_point = make_voter(database)
    cast(database, opened, person)
    if is_merged:
        at_point = make_voter(database)
        merge(database, person, at_point)
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(person))
    extend(database, opened, opened.closes_at + 9 * HOUR, at=opened.closes_at + HOUR)
    at = opened.closes_at + 2 * HOUR
    outcome = hand_in(database, opened, slips, batch_id, at_point, at=at)
    assert outcome is SlipOutcome.EARLIER_IS_OUT
    assert claimed(database, batch_id) == 0
    assert fate(database, opened, at_point) is Fate.TAKEN_OUT
    with database.writing() as work:
        service.propose_return(
            work,
            opened.commission[0],
            round_id=opened.id,
            person_id=at_point,
            note="A cousin voted.",
            at=at,
        )
    give_back(database, opened, at_point, at=at)
    outcome = hand_in(database, opened, slips, batch_id, at_point, at=at)
    assert (outcome, claimed(database, batch_id)) == (SlipOutcome.ACCEPTED, 1)


def test_a_card_in_an_urn_takes_the_place_of_a_web_vote_that_is_out(database: Database) -> None:
    opened = make_round(database)
    slips, signing = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    tag, late = opened.secrets.tag(person), opened.closes_at + DAY
    take_out(database, opened, tag)
    assert hand_in(database, opened, slips, batch_id, person, at=late) is SlipOutcome.IN_PLACE
    assert hand_in(database, opened, slips, batch_id, person, at=late) is SlipOutcome.SECOND_SLIP
    assert claimed(database, batch_id) == 1
    assert fate(database, opened, person) is Fate.RECORDED
    with database.reading() as session:  # nothing waits for two members
        assert not service.list_findings(session, secrets=opened.secrets, at=late)
        (void,) = commission_queries.list_voids(session, opened.id)
    assert (void.reason, void.has_card) == ("voted_twice", True)
    object_to(database, opened, person, at=opened.closes_at + DAY)
    with pytest.raises(Conflict, match="card_cannot_be_taken_out"):
        answer(database, opened, tag, is_restored=True)
    answer(database, opened, tag, is_restored=False)
    reconcile(database, opened, batch_id, signing)
    open_box(database, opened)
    with database.reading() as session:
        read = read_opened(session, opened.id)
    assert (dict(read.counted), dict(read.voided)) == ({"web": 0, "paper": 1}, {"voted_twice": 1})
    assert len(read.ballots) == 2


def test_a_proposal_to_put_a_vote_back_falls_when_a_card_comes(database: Database) -> None:
    opened = make_round(database)
    slips = make_clerks(database, 1)[0]
    batch_id = open_urn(database, opened, slips)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    tag, late = opened.secrets.tag(person), opened.closes_at + DAY
    take_out(database, opened, tag)
    object_to(database, opened, person, at=late)
    propose_answer(database, opened, tag, is_restored=True, at=late)
    hand_in(database, opened, slips, batch_id, person, at=late)
    with pytest.raises(Conflict, match="card_cannot_be_taken_out"):
        confirm_answer(database, opened, tag, at=late)
    with database.writing() as work:
        service.drop_proposal(
            work,
            opened.commission[1],
            round_id=opened.id,
            kind=JointKind.OBJECTION,
            subject=tag.hex(),
        )
    answer(database, opened, tag, is_restored=False)


def test_of_two_records_the_vote_that_is_in_still_waits_for_two_members(
    database: Database,
) -> None:
    opened = make_round(database)
    slips, signing = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    one, other = make_voter(database), make_voter(database)
    for person in (one, other):
        cast(database, opened, person)
    merge(database, one, other)
    close_vote(database, opened)
    out, standing = opened.secrets.tag(one), opened.secrets.tag(other)
    take_out(database, opened, out)
    late = opened.closes_at + DAY
    outcome = hand_in(database, opened, slips, batch_id, other, at=late)
    assert outcome is SlipOutcome.BESIDE_A_WEB_VOTE
    assert claimed(database, batch_id) == 1
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert Trouble.LATE_SLIP in {problem.trouble for problem in refused.value.problems}
    take_out(database, opened, standing, VoidReason.PAPER_STANDS)
    object_to(database, opened, one, at=opened.closes_at + DAY)
    for tag in (out, standing):
        with pytest.raises(Conflict, match="card_cannot_be_taken_out"):
            answer(database, opened, tag, is_restored=True)
        answer(database, opened, tag, is_restored=False)
    reconcile(database, opened, batch_id, signing)
    open_box(database, opened)
    with database.reading() as session:
        assert dict(read_opened(session, opened.id).counted) == {"web": 0, "paper": 1}


def test_of_two_web_votes_the_one_of_the_slip_s_own_record_is_met_first(database: Database) -> None:
    opened = make_round(database)
    slips = make_clerks(database, 1)[0]
    batch_id = open_urn(database, opened, slips)
    one, other = sorted((make_voter(database), make_voter(database)), key=opened.secrets.tag)
    for person in (one, other):
        cast(database, opened, person)
    merge(database, one, other)
    close_vote(database, opened)
    late = opened.closes_at + DAY
    hand_in(database, opened, slips, batch_id, other, at=late)  # the higher tag of the two
    take_out(database, opened, opened.secrets.tag(other), VoidReason.PAPER_STANDS)
    with database.reading() as session:
        found = service.list_findings(session, secrets=opened.secrets, at=late)
    rest = [(finding.tag, finding.kind) for finding in found]
    assert rest == [(opened.secrets.tag(one), service.FindingKind.DUPLICATE)]
