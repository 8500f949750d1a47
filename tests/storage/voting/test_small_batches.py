"""No card is keyed while slips come; a handful is mixed, or keyed by an act of two when nothing can fill it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.storage.db import Database, Work
from civic_budget.voting import service
from civic_budget.voting.commission_queries import list_incidents
from civic_budget.voting.models import PaperBatch
from civic_budget.voting.rules import SMALLEST_BATCH
from civic_budget.voting.service import paper
from civic_budget.voting.service.access import lock_batch
from tests.builders_commission import close_vote, hand_in, make_clerks, open_urn
from tests.builders_voting import Round, choice, make_round, make_voter
from tests.conftest import NOW

DAY = timedelta(days=1)


def key_one(
    database: Database, opened: Round, clerk: Actor, batch_id: UUID, *, scope: str = "d08"
) -> None:
    with database.writing() as work:
        serial = service.print_cards(
            work, opened.commission[0], secrets=opened.secrets, scope=scope, number=1
        )[0]
    with database.writing() as work:
        service.key_card(
            work,
            clerk,
            secrets=opened.secrets,
            batch_id=batch_id,
            serial=serial,
            choice=choice(),
            at=NOW,
        )


def refusal(deed: object) -> str:
    with pytest.raises(DomainError) as refused:
        deed()  # type: ignore[operator]
    return refused.value.code


def seal(database: Database, clerk: Actor, batch_id: UUID) -> None:
    with database.writing() as work:
        service.seal_batch(work, clerk, batch_id=batch_id, at=NOW)


def propose(database: Database, opened: Round, batch_id: UUID, at: object = None) -> None:
    with database.writing() as work:
        service.propose_small_batch(
            work,
            opened.commission[0],
            batch_id=batch_id,
            note="One visit at home in this district.",
            at=at or opened.closes_at + 3 * DAY,  # type: ignore[arg-type]
        )


def confirm(database: Database, opened: Round, batch_id: UUID, member: int = 1) -> None:
    with database.writing() as work:
        service.confirm_small_batch(
            work,
            opened.commission[member],
            batch_id=batch_id,
            at=opened.closes_at + 3 * DAY,
        )


def test_a_batch_is_sealed_before_a_card_is_keyed_and_takes_no_slip_then(
    database: Database,
) -> None:
    opened = make_round(database)
    slips, keying = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    for _ in range(SMALLEST_BATCH - 1):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    assert refusal(lambda: seal(database, slips, batch_id)) == "batch_too_small"
    hand_in(database, opened, slips, batch_id, make_voter(database))
    assert refusal(lambda: key_one(database, opened, keying, batch_id)) == "batch_not_sealed"
    seal(database, slips, batch_id)
    seal(database, slips, batch_id)
    late = make_voter(database)
    assert refusal(lambda: hand_in(database, opened, slips, batch_id, late)) == "batch_sealed"
    key_one(database, opened, keying, batch_id)
    with database.writing() as work:
        other = service.open_batch(work, slips, round_id=opened.id, point="library", scope="d08")
    hand_in(database, opened, slips, other, late)  # the refused slip is taken in the next batch

    def mix() -> None:
        with database.writing() as work:
            service.join_batches(work, slips, into=batch_id, other=other)

    assert refusal(mix) == "batch_begun"


def test_the_only_small_batch_waits_while_a_slip_may_come(database: Database) -> None:
    opened = make_round(database)
    slips, keying = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    hand_in(database, opened, slips, batch_id, make_voter(database))
    for moment in (NOW, opened.closes_at + 3 * DAY - timedelta(seconds=1)):
        assert refusal(lambda at=moment: propose(database, opened, batch_id, at)) == (
            "slips_may_come"
        )
    assert refusal(lambda: key_one(database, opened, keying, batch_id)) == "batch_not_sealed"


def test_what_can_be_mixed_is_mixed(database: Database) -> None:
    opened = make_round(database)
    slips, _ = make_clerks(database, 2)
    first = open_urn(database, opened, slips)
    with database.writing() as work:
        second = service.open_batch(work, slips, round_id=opened.id, point="library", scope="d08")
    for batch_id in (first, second):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    close_vote(database, opened)
    assert refusal(lambda: propose(database, opened, first)) == "batch_can_be_mixed"
    with database.writing() as work:
        service.join_batches(work, slips, into=first, other=second)
    assert refusal(lambda: propose(database, opened, second)) == "batch_closed"
    propose(database, opened, first)
    with database.reading() as session:
        rows = session.scalars(select(PaperBatch).order_by(PaperBatch.claimed)).all()
    assert [(row.claimed, row.state) for row in rows] == [(0, "closed"), (2, "open")]


def test_what_is_left_over_is_keyed_by_an_act_of_two(database: Database) -> None:
    opened = make_round(database)
    slips, keying = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    hand_in(database, opened, slips, batch_id, make_voter(database))
    with database.writing() as work:
        service.close_point(work, opened.commission[0], round_id=opened.id, code="library", at=NOW)
    with pytest.raises(Conflict, match="reason_missing"), database.writing() as work:
        service.propose_small_batch(work, opened.commission[0], batch_id=batch_id, note=" ", at=NOW)
    with pytest.raises(NotAllowed, match="not_a_member_of_the_round"), database.writing() as work:
        service.propose_small_batch(work, slips, batch_id=batch_id, note="Few.", at=NOW)
    propose(database, opened, batch_id, NOW)  # every point is closed: nothing can come
    assert refusal(lambda: key_one(database, opened, keying, batch_id)) == "batch_not_sealed"
    assert refusal(lambda: confirm(database, opened, batch_id, 0)) == "second_member_needed"
    confirm(database, opened, batch_id)
    key_one(database, opened, keying, batch_id)
    assert refusal(lambda: propose(database, opened, batch_id)) == "batch_sealed"
    with database.reading() as session:
        told = [(one.kind, one.note) for one in list_incidents(session, opened.id)]
    assert told == [("small_batch", "One visit at home in this district.")]


def test_two_clerks_who_mix_the_same_batches_into_each_other_do_not_wait_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = make_round(database)
    slips, _ = make_clerks(database, 2)
    first = open_urn(database, opened, slips)
    with database.writing() as work:
        second = service.open_batch(work, slips, round_id=opened.id, point="library", scope="d08")
    hand_in(database, opened, slips, first, make_voter(database))
    gate = threading.Barrier(2)

    def lock_slowly(work: Work, batch_id: UUID) -> PaperBatch:
        found = lock_batch(work, batch_id)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(paper, "lock_batch", lock_slowly)

    def mix(into: UUID, other: UUID) -> str:
        gate.wait(timeout=30)
        try:
            with database.writing() as work:
                service.join_batches(work, slips, into=into, other=other)
        except Conflict as refused:
            return refused.code
        return "mixed"

    with ThreadPoolExecutor(2) as clerks:
        ends = [clerks.submit(mix, first, second), clerks.submit(mix, second, first)]
        assert {end.result(timeout=60) for end in ends} == {"mixed", "batch_closed"}
    with database.reading() as session:
        assert sum(session.scalars(select(PaperBatch.claimed))) == 1
