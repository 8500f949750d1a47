"""Paper from the slip to the reconciled batch: one human one vote, four eyes, sums that agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.commission_queries import get_batch, list_incidents
from civic_budget.voting.models import PaperBallotRow, PaperBatch, PaperCard
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import read_opened
from civic_budget.voting.rules import InvalidReason, VoidReason
from civic_budget.voting.service import Control, SlipOutcome
from civic_budget.voting.service.reconciling import list_altered
from tests.builders_commission import (
    annul,
    close_vote,
    hand_in,
    make_clerks,
    open_box,
    open_urn,
    seal_pile,
    take_out,
)
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW

DAY = timedelta(days=1)


def print_for(database: Database, opened: Round, clerk: Actor, number: int) -> list[str]:
    with database.writing() as work:
        return list(
            service.print_cards(work, clerk, secrets=opened.secrets, scope="d08", number=number)
        )


def key(
    database: Database,
    opened: Round,
    clerk: Actor,
    batch_id: UUID,
    serial: str,
    *,
    at: datetime = NOW,
    **marks: object,
) -> bool:
    with database.writing() as work:
        return service.key_card(
            work,
            clerk,
            secrets=opened.secrets,
            batch_id=batch_id,
            serial=serial,
            choice=choice(**marks),  # type: ignore[arg-type]
            at=at,
        )


def close_batch(
    database: Database, opened: Round, clerk: Actor, batch_id: UUID, missing: int
) -> None:
    with database.writing() as work:
        service.close_batch(
            work,
            clerk,
            secrets=opened.secrets,
            batch_id=batch_id,
            missing=missing,
            protocol_number="P/1",
            at=NOW,
        )


def count_missing(database: Database, clerk: Actor, batch_id: UUID, number: int, note: str) -> None:
    with database.writing() as work:
        service.count_missing(work, clerk, batch_id=batch_id, number=number, note=note)


def test_nobody_throws_a_batch_away_before_its_slips_are_complete(database: Database) -> None:
    opened = make_round(database)
    slips, other = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    for _ in range(3):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    for clerk in (slips, other):
        with pytest.raises(DomainError, match=r"batch_not_sealed|another_clerk_needed"):
            close_batch(database, opened, clerk, batch_id, missing=3)
    with pytest.raises(Conflict, match="batch_not_sealed"):
        count_missing(database, other, batch_id, 3, "All lost.")
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(
            update(PaperBatch).values(state="closed", missing=3, missing_note="All lost.")
        )
    with database.writing() as work:
        empty = service.open_batch(work, slips, round_id=opened.id, point="library", scope="d18")
    close_batch(database, opened, slips, empty, missing=0)


def test_a_mistyped_count_is_set_right_until_the_signature(database: Database) -> None:
    opened = make_round(database)
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    for _ in range(4):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    seal_pile(database, batch_id)
    blank = InvalidReason.BLANK

    def correct(clerk: Actor, was: int, number: int, reason: InvalidReason = blank) -> None:
        with database.writing() as work:
            service.correct_invalid(
                work, clerk, batch_id=batch_id, reason=reason, was=was, number=number, at=NOW
            )

    with pytest.raises(Conflict, match="count_changed"):
        correct(keying, 0, 1)  # nothing was counted that could be wrong
    with database.writing() as work:
        service.count_invalid(work, keying, batch_id=batch_id, reason=blank, number=3)
        one_more = InvalidReason.SIGNED
        service.count_invalid(work, keying, batch_id=batch_id, reason=one_more, number=1)
    for was, number, code in (
        (2, 1, "count_changed"),  # another clerk wrote in the meantime
        (3, 3, "count_unchanged"),
        (3, -1, "number_needed"),
        (3, 4, "more_cards_than_slips"),
    ):
        with pytest.raises(Conflict, match=code):
            correct(keying, was, number)
    with pytest.raises(NotAllowed, match="another_clerk_needed"):
        correct(slips, 3, 2)
    correct(keying, 3, 2)
    correct(keying, 1, 0, one_more)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(update(PaperBatch).values(invalid=-1))
    count_missing(database, keying, batch_id, 2, "Taken home.")
    close_batch(database, opened, signing, batch_id, missing=2)
    with database.reading() as session:
        batch = get_batch(session, batch_id)
        assert list_altered(session, opened.secrets) == []
    assert (batch.invalid, batch.invalids) == (2, [("blank", 2)])
    told = [(one.reason, one.was, one.became, one.by) for one in batch.corrections]
    assert told == [("blank", 3, 2, keying.account_id), ("signed", 1, 0, keying.account_id)]
    with pytest.raises(Conflict, match="batch_closed"):
        correct(keying, 2, 1)
    annul(database, opened, at=NOW)
    chair, until = opened.commission[0], NOW + timedelta(days=30)
    with database.writing() as work:
        service.keep_annulled(work, chair, round_id=opened.id, keep_until=until, at=NOW)
    with database.writing() as work:
        service.shred_round(work, chair, round_id=opened.id, at=until)
    with database.reading() as session:  # the numbers stay, as in the printed protocol; no clerk
        left = [(one.was, one.by) for one in get_batch(session, batch_id).corrections]
    assert left == [(3, None), (1, None)]


def test_a_point_closed_by_mistake_opens_again_while_the_vote_lasts(database: Database) -> None:
    opened = make_round(database)
    chair, (slips,) = opened.commission[0], make_clerks(database, 1)
    batch_id = open_urn(database, opened, slips, is_online=False)

    def open_anew(*, is_online: bool) -> None:
        with database.writing() as work:
            service.open_point(
                work,
                chair,
                round_id=opened.id,
                code="library",
                name="Biblioteka",
                is_online=is_online,
            )

    def close() -> None:
        with database.writing() as work:
            service.close_point(work, chair, round_id=opened.id, code="library", at=NOW)

    with pytest.raises(Conflict, match="point_open_already"):
        open_anew(is_online=True)
    close()
    with pytest.raises(Conflict, match="point_closed"):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    open_anew(is_online=True)  # it has a network after all
    hand_in(database, opened, slips, batch_id, make_voter(database))
    close()
    with pytest.raises(Conflict, match="point_has_slips"):
        open_anew(is_online=False)
    open_anew(is_online=True)
    hand_in(database, opened, slips, batch_id, make_voter(database))
    close()
    close_vote(database, opened)
    with pytest.raises(DomainError, match="paper_closed"):
        open_anew(is_online=True)


def test_from_slips_to_a_reconciled_batch_and_the_board(database: Database) -> None:
    opened = make_round(database)
    slips, keying, signing, _ = make_clerks(database)
    batch_id = open_urn(database, opened, slips, is_online=True)
    for _ in range(4):
        found = hand_in(database, opened, slips, batch_id, make_voter(database))
        assert found is SlipOutcome.ACCEPTED
    serials = print_for(database, opened, slips, 5)
    seal_pile(database, batch_id)
    with pytest.raises(NotAllowed, match="another_clerk_needed"):
        key(database, opened, slips, batch_id, serials[0])
    for serial in serials[:2]:
        key(database, opened, keying, batch_id, serial)
    with database.writing() as work:
        service.spoil_card(work, slips, secrets=opened.secrets, serial=serials[4])
    with pytest.raises(Conflict, match="card_already_used"):
        key(database, opened, keying, batch_id, serials[4])
    with database.writing() as work:
        service.count_invalid(work, keying, batch_id=batch_id, reason=InvalidReason.BLANK, number=1)
    with database.writing() as work:  # whatever the draw said of them
        work.session.execute(update(PaperBallotRow).values(control=None))
    with pytest.raises(Conflict, match="batch_not_reconciled"):
        close_batch(database, opened, signing, batch_id, missing=0)
    with pytest.raises(Conflict, match="missing_counted_by_one"):
        close_batch(database, opened, signing, batch_id, missing=1)
    for note, number in (("", 1), ("The voter kept the card.", 2)):
        with pytest.raises(Conflict, match=r"reason_missing|batch_not_reconciled"):
            count_missing(database, keying, batch_id, number, note)
    with pytest.raises(NotAllowed, match="another_clerk_needed"):
        count_missing(database, slips, batch_id, 1, "Lost.")
    count_missing(database, keying, batch_id, 1, "The voter kept the card.")
    for own in (slips, keying):
        with pytest.raises(NotAllowed, match="another_clerk_needed"):
            close_batch(database, opened, own, batch_id, missing=1)
    close_batch(database, opened, signing, batch_id, missing=1)
    with database.reading() as session:
        told = [(one.kind, one.note) for one in list_incidents(session, opened.id)]
    assert told == [("cards_missing", "P/1: 1. The voter kept the card.")]
    with pytest.raises(Conflict, match="batch_closed"):
        key(database, opened, keying, batch_id, serials[2])
    close_vote(database, opened)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert {p.trouble for p in refused.value.problems} == {Trouble.PAPER_OPEN}
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at + 3 * DAY,
        )
    open_box(database, opened)
    with database.reading() as session:
        assert dict(read_opened(session, opened.id).counted) == {"web": 0, "paper": 2}


def test_who_has_voted_is_refused_at_a_point_with_a_network(database: Database) -> None:
    opened = make_round(database)
    slips = make_clerks(database, 1)[0]
    batch_id = open_urn(database, opened, slips, is_online=True)
    person = make_voter(database)
    cast(database, opened, person)
    assert hand_in(database, opened, slips, batch_id, person) is SlipOutcome.HAS_VOTED
    other = make_voter(database)
    hand_in(database, opened, slips, batch_id, other)
    assert cast(database, opened, other).outcome is CastOutcome.EARLIER_STANDS
    with pytest.raises(NotAllowed, match="voting_closed"):
        hand_in(database, opened, slips, batch_id, make_voter(database), at=opened.closes_at)
    with pytest.raises(Conflict, match="person_of_another_district"):
        hand_in(database, opened, slips, batch_id, make_voter(database, district=18))


def test_a_late_slip_stands_and_the_web_vote_goes_by_two(database: Database) -> None:
    opened = make_round(database)
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    late = opened.closes_at + DAY
    outcome = hand_in(database, opened, slips, batch_id, person, at=late)
    assert outcome is SlipOutcome.BESIDE_A_WEB_VOTE
    assert hand_in(database, opened, slips, batch_id, person, at=late) is SlipOutcome.SECOND_SLIP
    with pytest.raises(NotAllowed, match="paper_closed"):
        hand_in(database, opened, slips, batch_id, make_voter(database), at=late + 3 * DAY)
    seal_pile(database, batch_id)
    key(database, opened, keying, batch_id, print_for(database, opened, slips, 1)[0])
    with database.writing() as work:
        work.session.execute(update(PaperBallotRow).values(control=None))
    close_batch(database, opened, signing, batch_id, missing=0)
    with database.reading() as session:
        found = service.list_findings(session, secrets=opened.secrets, at=late)
    assert [(f.kind, f.suggested) for f in found] == [
        (service.FindingKind.LATE_SLIP, VoidReason.PAPER_STANDS)
    ]
    take_out(database, opened, found[0].tag, VoidReason.PAPER_STANDS)
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at + 3 * DAY,
        )
    open_box(database, opened)
    with database.reading() as session:
        read = read_opened(session, opened.id)
    assert dict(read.counted) == {"web": 0, "paper": 1}
    assert len(read.ballots) == 2


def test_a_sample_is_keyed_twice_and_a_third_clerk_decides(database: Database) -> None:
    opened = make_round(database)
    slips, keying, control, third, signing = make_clerks(database, 5)
    batch_id = open_urn(database, opened, slips)
    for _ in range(2):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    serials = print_for(database, opened, slips, 2)
    seal_pile(database, batch_id)
    for serial in serials:
        key(database, opened, keying, batch_id, serial)
    with database.writing() as work:  # as if the draw had chosen both
        work.session.execute(update(PaperBallotRow).values(control="wanted"))

    def again(deed: object, clerk: Actor, serial: str, **marks: object) -> object:
        with database.writing() as work:
            return deed(  # type: ignore[operator]
                work,
                clerk,
                secrets=opened.secrets,
                batch_id=batch_id,
                serial=serial,
                choice=choice(**marks),  # type: ignore[arg-type]
            )

    with pytest.raises(NotAllowed, match="another_clerk_needed"):
        again(service.key_again, keying, serials[0])
    assert again(service.key_again, control, serials[0]) is Control.AGREED
    assert again(service.key_again, control, serials[1], picks=(3, 2, 1)) is Control.DIFFERS
    with pytest.raises(Conflict, match="controls_open"):
        close_batch(database, opened, signing, batch_id, missing=0)
    with pytest.raises(NotAllowed, match="another_clerk_needed"):
        again(service.resolve_card, control, serials[1])
    again(service.resolve_card, third, serials[1], picks=(4, 2, 1))
    close_batch(database, opened, signing, batch_id, missing=0)
    close_vote(database, opened)
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at + 3 * DAY,
        )
    ballots = open_box(database, opened).ballots
    assert {b.choice for b in ballots if b.scope == "d08"} == {
        "BO.D8.1/26,BO.D8.2/26,BO.D8.3/26",
        "BO.D8.4/26,BO.D8.2/26,BO.D8.1/26",
    }


@pytest.mark.parametrize(
    "values",
    [
        {"claimed": 2, "keyed": 2, "invalid": 1},
        {"claimed": 3, "keyed": 1, "invalid": 1, "state": "closed"},
        {"missing": -1},
        {"claimed": 1, "keyed": 1, "sealed_at": None},
        {"claimed": 1, "missing": 1},
    ],
    ids=[
        "more cards than slips",
        "closed with a wrong sum",
        "less than nothing",
        "not sealed",
        "missing without a reason",
    ],
)
def test_the_database_itself_insists_on_the_sums(
    database: Database, values: dict[str, object]
) -> None:
    opened = make_round(database)
    batch_id = open_urn(database, opened, make_clerks(database, 1)[0])
    seal_pile(database, batch_id)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(update(PaperBatch).where(PaperBatch.id == batch_id).values(**values))


def test_the_register_of_cards_does_not_hold_their_numbers(database: Database) -> None:
    opened = make_round(database)
    serials = print_for(database, opened, make_clerks(database, 1)[0], 3)
    with database.reading() as session:
        kept = repr([(c.serial_tag, c.scope, c.state) for c in session.scalars(select(PaperCard))])
    assert not [s for s in serials if s in kept or s.encode().hex() in kept]
