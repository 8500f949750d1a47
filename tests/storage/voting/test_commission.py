"""The commission's deeds on a real database: each by two where two are needed, each in its state only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.kernel.workflow import WrongState
from civic_budget.storage.db import Database
from civic_budget.voting import keyfiles, service
from civic_budget.voting.commission_models import SealedListRow
from civic_budget.voting.models import (
    NightlyCountRow,
    Participation,
    RoundIncident,
)
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import get_round, read_opened
from civic_budget.voting.rules import RoundStatus, SampleResult, VoidReason
from tests.builders import make_staff
from tests.builders_commission import (
    annul,
    close_vote,
    confirm_answer,
    draw_sample,
    extend,
    give_back,
    note_voted,
    object_to,
    open_box,
    propose_answer,
    take_out,
)
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def status(database: Database, opened: Round) -> RoundStatus:
    with database.reading() as session:
        return get_round(session, opened.id).status


def deeds_of(opened: Round) -> dict[str, Callable[..., object]]:
    """Each deed that moves a round, as the first member does it."""
    first, at = opened.commission[0], opened.closes_at + 5 * DAY

    def said(work: object, name: str, **values: object) -> object:
        return getattr(service, name)(work, first, round_id=opened.id, at=at, **values)

    return {
        "suspend": lambda work: said(work, "suspend_round", note="outage"),
        "resume": lambda work: said(work, "resume_round"),
        "close": lambda work: said(work, "close_round"),
        "extend": lambda work: service.extend_round(
            work,
            first,
            round_id=opened.id,
            closes_at=opened.closes_at + 3 * HOUR,
            note="outage",
            at=opened.closes_at + HOUR,
        ),
        "open": lambda work: said(work, "open_round", secrets=opened.secrets, held=opened.held[:2]),
        "finish": lambda work: said(work, "finish_round", keep_until=at + 60 * DAY),
        "shred": lambda work: service.shred_round(
            work, first, round_id=opened.id, at=at + 400 * DAY
        ),
        "annul": lambda work: said(work, "annul_round", act="Act 1", note="forged cards"),
        "hold": lambda work: said(work, "hold_round", reason="court"),
    }


WORKS = {
    "setup": {"annul", "hold"},
    "ready": {"suspend", "close", "extend", "annul", "hold"},
    "suspended": {"resume", "close", "extend", "annul", "hold"},
    "verification": {"extend", "open", "annul", "hold"},
    "opened": {"annul", "hold"},  # finish is refused: nothing is published nor sealed
    "final": {"annul", "hold"},  # shred is refused: no end of appeals was set by this shortcut
    "shredded": {"annul"},
    "annulled": {"hold"},
}


def test_every_deed_in_every_state_is_done_or_changes_nothing(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    done: dict[str, set[str]] = {}
    for state in RoundStatus:
        for name, deed in deeds_of(opened).items():
            with database.writing() as work:
                work.session.execute(update(RoundRow).values(status=state.value))
            try:
                with database.writing() as work:
                    deed(work)
                    work.session.flush()
                    done.setdefault(state.value, set()).add(name)
                    raise _Undo
            except _Undo:
                pass
            except (DomainError, WrongState):
                assert status(database, opened) is state
    assert done == WORKS


class _Undo(Exception):
    """Takes back what a deed did, so that the next begins in the same state."""


def test_an_outage_extends_the_vote_with_calendar_notice_and_paper(database: Database) -> None:
    opened = make_round(database)
    to = opened.closes_at + 6 * HOUR
    extend(
        database,
        opened,
        to,
        at=opened.closes_at - HOUR,
        note="No network in the city for five hours.",
    )
    with database.reading() as session:
        found = session.get_one(RoundRow, opened.id)
        edition = get_edition(session, opened.edition_id)
        incidents = [i.kind for i in session.scalars(select(RoundIncident))]
    assert found.closes_at == edition.moment_of(Milestone.VOTING_CLOSES) == to
    assert found.paper_until == to + 3 * DAY
    assert incidents == ["extend"]
    cast(database, opened, make_voter(database), at=opened.closes_at + HOUR)


def test_a_closed_vote_is_reopened_within_a_day_and_sealed_anew(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    with pytest.raises(Conflict, match="outage_missing"), database.writing() as work:
        service.extend_round(
            work,
            opened.commission[0],
            round_id=opened.id,
            closes_at=opened.closes_at + 9 * HOUR,
            note=" ",
            at=opened.closes_at + HOUR,
        )
    extend(
        database,
        opened,
        opened.closes_at + 9 * HOUR,
        at=opened.closes_at + HOUR,
        note="The site was down in the last two hours.",
    )
    cast(database, opened, make_voter(database), at=opened.closes_at + 2 * HOUR)
    close_vote(database, opened, at=opened.closes_at + 9 * HOUR)
    assert count(database, SealedListRow) == 2
    assert len(open_box(database, opened).ballots) == 4


def test_a_voided_voter_is_heard_before_the_opening(database: Database) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    tag = opened.secrets.tag(person)
    take_out(database, opened, tag)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened, at=opened.closes_at + DAY)
    assert {p.trouble for p in refused.value.problems} == {Trouble.OBJECTION}
    with database.writing() as work:
        told = service.take_void_notices(work, round_id=opened.id, secrets=opened.secrets)
    assert told == [service.VoidTold(person, opened.closes_at + 3 * DAY, None, "voted_twice")]
    object_to(database, opened, person, at=opened.closes_at + DAY)
    with pytest.raises(OpeningRefused):
        open_box(database, opened, at=opened.closes_at + 9 * DAY)  # nobody answered yet
    propose_answer(database, opened, tag, is_restored=True, at=opened.closes_at + 2 * DAY)
    confirm_answer(database, opened, tag, at=opened.closes_at + 2 * DAY)
    assert len(open_box(database, opened).ballots) == 4
    with database.reading() as session:
        assert read_opened(session, opened.id).voided == {}


def test_an_objection_comes_in_time_from_the_person_and_once(database: Database) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(person))
    with pytest.raises(DomainError, match="nothing_to_object_to"), database.writing() as work:
        service.object_to_void(
            work,
            opened.commission[0],
            secrets=opened.secrets,
            person_id=person,
            words="x",
            at=opened.closes_at,
        )
    with pytest.raises(Conflict, match="objection_too_late"):
        object_to(database, opened, person, at=opened.closes_at + 3 * DAY)


def test_a_vote_is_returned_by_two_and_cast_again(database: Database) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    with database.writing() as work:
        service.propose_return(
            work,
            opened.commission[0],
            round_id=opened.id,
            person_id=person,
            note="Claims that a neighbour voted.",
            at=NOW,
        )
    with pytest.raises(NotAllowed, match="second_member"):
        give_back(database, opened, person, at=NOW, member=0)
    give_back(database, opened, person, at=NOW)
    assert cast(database, opened, person).codes  # the place is free again
    close_vote(database, opened)
    assert len(open_box(database, opened).ballots) == 2
    with database.reading() as session:
        assert read_opened(session, opened.id).voided == {VoidReason.NOT_MY_VOTE.value: 1}


def test_a_member_is_replaced_by_two_and_the_old_files_are_refused(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    new = make_staff(database, Role.COMMISSION)
    members = [opened.commission[0], opened.commission[1], new]
    ids = [m.account_id for m in members if m.account_id]
    with database.writing() as work:
        service.propose_members(
            work,
            opened.commission[0],
            round_id=opened.id,
            members=ids,
            threshold=2,
            note="The third member lost her file.",
            at=NOW,
        )
    with database.writing() as work:
        named, files = service.confirm_members(
            work,
            opened.commission[1],
            round_id=opened.id,
            held=opened.held[:2],
            passphrases=("one new passphrase", "two new passphrase", "three new passphrase"),
            scrypt_cost=1 << 10,
            at=NOW,
        )
    assert list(named) == ids
    close_vote(database, opened)
    with pytest.raises(keyfiles.ForeignKeyFile):
        open_box(database, opened)
    held = [(files[1], "two new passphrase"), (files[2], "three new passphrase")]
    assert len(open_box(database, opened, held=held).ballots) == 2


def test_the_sample_follows_from_root_and_seed(database: Database) -> None:
    opened = make_round(database)
    for _ in range(6):
        cast(database, opened, make_voter(database))
    close_vote(database, opened)
    drawn = draw_sample(database, opened, 2, at=opened.closes_at + DAY)
    with database.reading() as session:
        again = list(service.list_sample(session, opened.secrets))
    assert drawn == again
    assert len(drawn) == 2
    assert all(one.person_id for one in drawn)
    note_voted(database, opened, drawn[0].tag)
    with database.reading() as session:
        assert service.count_sampled(session, opened.id) == {SampleResult.VOTED: 1}
    with pytest.raises(Conflict, match="sample_drawn"), database.writing() as work:
        service.draw_sample(
            work,
            opened.commission[0],
            round_id=opened.id,
            number=2,
            seed="another",
            source="x",
            at=opened.closes_at + DAY,
        )


def test_signals_name_envelopes_not_choices(database: Database) -> None:
    opened = make_round(database)
    persons = [make_voter(database) for _ in range(6)]
    for person in persons:
        cast(database, opened, person)
    with database.engine.begin() as connection:
        connection.execute(update(Participation).values(device_mac=bytes(32)))
    with database.reading() as session:
        signals = service.list_signals(session, secrets=opened.secrets, at=NOW)
    shared = [one for one in signals if one.kind is not service.SignalKind.PAIR]
    assert [(one.kind, one.number) for one in shared] == [(service.SignalKind.DEVICE, 6)]
    assert set(shared[0].tags) == {opened.secrets.tag(person) for person in persons}


def test_the_database_itself_refuses_one_member_alone(database: Database) -> None:
    opened = make_round(database)
    account = opened.commission[0].account_id
    assert account is not None
    statement = text(
        "INSERT INTO joint_decision (id, round_id, kind, subject, data, note, first_by, first_at,"
        " second_by, second_at) VALUES (:id, :round, 'missing', 's', '{}', '', :who, :at, :who, :at)"
    )
    values = {"id": UUID(int=7), "round": opened.id, "who": account, "at": NOW}
    if database.engine.dialect.name == "sqlite":
        values = {k: v.hex if isinstance(v, UUID) else v for k, v in values.items()}
        values["at"] = NOW.replace(tzinfo=None).isoformat(" ")
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(statement, values)


def test_nights_of_an_annulled_round_stay_public(database: Database) -> None:
    opened = make_round(database)
    with database.writing() as work:
        service.publish_nightly_count(work, round_id=opened.id, day=NOW.date())
    annul(database, opened, at=NOW)
    assert count(database, NightlyCountRow) == 1
