"""Carrying out winners on real databases: who may tell, two at once, an act that ends the story."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from civic_budget.assessment import service as assessment
from civic_budget.assessment.models import Assessment
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.queries import find_by_reference, get_proposal, list_steps
from civic_budget.results.acts import ActKind
from civic_budget.results.approving import ActWords, answer_act, propose_act
from civic_budget.results.building import correct_told, list_winners, tell_step
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_staff
from tests.builders_proposals import make_checklists, make_coordinator
from tests.builders_results import make_opened_round
from tests.builders_voting import Round

WINNER, LOSER = "BO.D8.1/26", "BO.D8.4/26"
REASON = "Trzeba przełożyć gazociąg odkryty w trakcie robót."


@pytest.fixture
def opened(database: Database) -> Round:
    """A round whose district money is enough for one project only."""
    return make_opened_round(database, district_money=30_000_000)


def public(opened: Round) -> datetime:
    """A moment after the results became public."""
    return opened.closes_at + timedelta(days=30)


def ids(database: Database, opened: Round) -> tuple[UUID, UUID, date]:
    """A winner, a project that did not win, and a day on which news may be told."""
    with database.reading() as session:
        winners = list_winners(session, opened.edition_id)
        found = [find_by_reference(session, one) for one in (WINNER, LOSER)]
    assert WINNER in winners
    assert LOSER not in winners
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1], city_day(public(opened))


def tell(
    database: Database,
    actor: Actor,
    proposal: UUID,
    at: datetime,
    stage: Stage = Stage.PLANNED,
    *,
    after: int = 0,
) -> UUID:
    """One step in one unit of work."""
    day = city_day(at)
    step = StepWords(stage=stage, happened_on=day, expected_on=day, notes={"pl": REASON})
    with database.writing() as work:
        return tell_step(work, actor, proposal_id=proposal, step=step, after=after, at=at)


def test_winners_have_steps_and_their_authors_hear_of_each(
    database: Database, opened: Round
) -> None:
    winner, loser, _day = ids(database, opened)
    coordinator, at = make_coordinator(database), public(opened)
    with pytest.raises(NotAllowed, match="not_public"):
        tell(database, coordinator, winner, opened.closes_at + timedelta(hours=1))
    with pytest.raises(NotFound):
        tell(database, coordinator, loser, at)
    tell(database, coordinator, winner, at)
    with pytest.raises(Conflict, match="somebody_recorded"):
        tell(database, coordinator, winner, at, Stage.IN_PROGRESS)
    tell(database, coordinator, winner, at, Stage.DELAYED, after=1)
    with pytest.raises(Conflict, match="stage_out_of_order"):
        tell(database, coordinator, winner, at, Stage.PLANNED, after=2)
    sent: list[Task] = []
    work_off(database, {"message": sent.append, "nothing": lambda _task: None}, at=at)
    told = [t.payload for t in sent if t.payload["message"] == "implementation_step"]
    with database.reading() as session:
        steps = list_steps(session, winner)
        author = get_proposal(session, winner).author_account
    assert [(s.number, s.stage) for s in steps] == [(2, "delayed"), (1, "planned")]
    assert [(t["account_id"], t["values"]["stage"]) for t in told] == [
        (str(author), "planned"),
        (str(author), "delayed"),
    ]


def test_the_units_people_tell_of_their_own_projects_only(
    database: Database, opened: Round
) -> None:
    winner, _loser, _day = ids(database, opened)
    make_checklists(database)
    gardener, at = make_staff(database, Role.ASSESSOR), public(opened)
    with pytest.raises(NotAllowed, match="not_your_project"):
        tell(database, gardener, winner, at)
    assert gardener.account_id is not None
    with database.writing() as work:
        people = frozenset({gardener.account_id})
        assessment.put_members(work, SYSTEM, department="zieleni", accounts=people, at=at)
        work.session.add(
            Assessment(
                proposal_id=winner,
                edition_id=opened.edition_id,
                department="zieleni",
                version=1,
                formal_verdict="passes",
                merit_verdict="passes",
                changed_at=at,
            )
        )
    tell(database, gardener, winner, at)
    with pytest.raises(NotAllowed, match="not_your_project"):
        tell(database, make_staff(database, Role.OFFICER), winner, at, after=1)


def test_a_correction_is_seen_and_never_silently_overwritten(
    database: Database, opened: Round
) -> None:
    winner, _loser, day = ids(database, opened)
    coordinator, at = make_coordinator(database), public(opened)
    told = tell(database, coordinator, winner, at)
    right = StepWords(
        stage=Stage.PLANNED, happened_on=day, real_cost=100, notes={"pl": "Zaplanowane."}
    )

    def correct(seen: datetime | None, step: StepWords = right) -> None:
        with database.writing() as work:
            correct_told(work, coordinator, step_id=told, step=step, seen=seen, at=at)

    correct(None)
    with pytest.raises(Conflict, match="somebody_recorded"):
        correct(None)
    tell(database, coordinator, winner, at, Stage.FINISHED, after=1)
    with database.reading() as session:
        first = list_steps(session, winner)[-1]
    assert (first.real_cost, first.said("uk"), first.changed_at) == (
        100,
        ("Zaplanowane.", "pl"),
        at,
    )
    later = StepWords(
        stage=Stage.PLANNED, happened_on=day + timedelta(days=1), notes={"pl": "Później."}
    )
    with pytest.raises(Conflict, match="step_in_future"):
        correct(at, later)


def test_two_officers_at_once_one_is_told_to_look(database: Database, opened: Round) -> None:
    winner, _loser, _day = ids(database, opened)
    pair, at = [make_coordinator(database) for _ in range(2)], public(opened)

    def one(actor: Actor) -> str:
        try:
            tell(database, actor, winner, at)
        except Conflict as error:
            return error.code
        return "told"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, pair)) == ["somebody_recorded", "told"]
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.execute(
            text(
                "INSERT INTO implementation_step (id, proposal_id, number, stage, happened_on, notes,"
                " recorded_at) SELECT :id, proposal_id, number, stage, happened_on, notes, recorded_at"
                " FROM implementation_step"
            ),
            {"id": "0" * 32},
        )


def test_an_act_ends_the_story(database: Database) -> None:
    opened = make_opened_round(database)
    with database.reading() as session:
        winner, day = find_by_reference(session, WINNER), city_day(public(opened))
    assert winner is not None
    first, second = opened.commission[:2]
    coordinator, at = make_coordinator(database), public(opened)
    words = ActWords(title="Zarządzenie nr 1", act_on=day, reasons={"pl": "Tramwaj."})
    for number, kind in ((1, ActKind.APPROVED), (2, ActKind.NOT_BUILT)):
        reference = WINNER if kind is ActKind.NOT_BUILT else ""
        asked = {"edition_id": opened.edition_id, "at": at}
        with database.writing() as work:
            propose_act(work, first, kind=kind, reference=reference, words=words, **asked)
        with database.writing() as work:
            answer_act(work, second, number=number, sign=True, **asked)
    with pytest.raises(NotAllowed, match="not_funded_any_more"):
        tell(database, coordinator, winner, at, after=1)
    with database.reading() as session:
        assert not list_winners(session, opened.edition_id)[WINNER].is_funded
        assert [s.stage for s in list_steps(session, winner)] == ["abandoned"]
    sent: list[Task] = []
    work_off(database, {"message": sent.append, "nothing": lambda _task: None}, at=at)
    messages = [t.payload["message"] for t in sent]
    assert messages.count("act_on_project") == 1
    assert "implementation_step" not in messages
