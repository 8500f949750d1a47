"""Units of the office and acts of the mayor on real databases: opinions, deadlines, one act over many."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic_budget.assessment import queries, service
from civic_budget.assessment.events import AssessmentFallsDue, OpinionAsked, OpinionFallsDue
from civic_budget.assessment.queries import QueueFilter, Tab
from civic_budget.assessment.rules import AppealState, Due, due_state, end_of_day
from civic_budget.assessment.service import ActItem
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries as proposals
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    admit,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW

ASSESSMENT = NOW + timedelta(days=8)
REASONS = "Działka należy do miasta od marca, co pokazuje księga wieczysta."
WORDS = {"pl": "Zarządzeniem przywrócono.", "uk": "Розпорядженням відновлено."}


@pytest.fixture
def author(database: Database) -> tuple[Actor, UUID]:
    """A resident of Dębniki in a city that takes proposals."""
    make_city(database)
    make_checklists(database)
    return make_resident(database)


@pytest.fixture
def edition_id(database: Database, author: tuple[Actor, UUID]) -> UUID:
    """Proposals are being submitted; the assessment begins in five days."""
    return make_edition(database, Phase.SUBMISSION)


@pytest.fixture
def proposal_id(database: Database, author: tuple[Actor, UUID], edition_id: UUID) -> UUID:
    """A submitted proposal."""
    return make_submitted(database, *author, edition_id)


def happened(database: Database, event: type) -> int:
    """How often an event stands in the audit trail."""
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry.deed).where(AuditEntry.deed == event.__name__))
        return len(list(rows))


def ask(database: Database, actor: Actor, proposal_id: UUID, **values: object) -> UUID:
    """A question to the greenery unit, to be answered within a week."""
    said: dict[str, object] = {
        "department": "zieleni",
        "question": "Czy drzewa zostają?",
        "due_at": NOW + timedelta(days=7),
        **values,
    }
    with database.writing() as work:
        return service.ask_opinion(work, actor, proposal_id=proposal_id, at=NOW, **said)  # type: ignore[arg-type]


def test_a_unit_is_asked_reminded_once_and_answers_once(
    database: Database, proposal_id: UUID
) -> None:
    assessor, gardener, stranger = (make_assessor(database) for _ in range(3))
    assert gardener.account_id is not None
    with database.writing() as work:
        service.put_members(
            work,
            SYSTEM,
            department="zieleni",
            accounts=frozenset({gardener.account_id}),
            at=NOW,
        )
    for field, value in (("department", "nobody"), ("question", " "), ("due_at", NOW)):
        with pytest.raises(Conflict):
            ask(database, assessor, proposal_id, **{field: value})
    opinion_id = ask(database, assessor, proposal_id)
    assert happened(database, OpinionAsked) == 1
    with pytest.raises(Conflict, match="opinion_waits"):
        ask(database, assessor, proposal_id)
    for late in (NOW, NOW + timedelta(days=5), NOW + timedelta(days=9)):
        with database.writing() as work:
            service.remind_of_deadlines(work, at=late)
    assert happened(database, OpinionFallsDue) == 1

    def answer(actor: Actor, words: str = "Zostają.") -> None:
        with database.writing() as work:
            service.answer_opinion(
                work, actor, opinion_id=opinion_id, is_for=True, answer=words, at=NOW
            )

    with pytest.raises(NotAllowed, match="not_of_this_unit"):
        answer(stranger)
    with pytest.raises(Conflict, match="answer_missing"):
        answer(gardener, " ")
    answer(gardener)
    with pytest.raises(Conflict, match="opinion_answered"):
        answer(gardener)
    ask(database, assessor, proposal_id)  # a second question, now that the first is answered
    with database.reading() as session:
        first, second = queries.list_opinions(session, proposal_id)
        waiting = queries.list_open_opinions(session, frozenset({"zieleni"}))
    assert (first.is_for, first.answer, second.is_for) == (True, "Zostają.", None)
    assert [one.id for one in waiting] == [second.id]


def test_the_database_itself_refuses_a_second_open_question(
    database: Database, proposal_id: UUID
) -> None:
    ask(database, make_assessor(database), proposal_id)
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.execute(
            text(
                "INSERT INTO unit_opinion (id, proposal_id, department, question, asked_at, due_at,"
                " answer) SELECT '0123456789abcdef0123456789abcdef', proposal_id, department,"
                " question, asked_at, due_at, answer FROM unit_opinion"
            )
        )


def test_deadlines_are_told_once_and_shown_as_overdue(
    database: Database, edition_id: UUID, proposal_id: UUID
) -> None:
    coordinator, assessor = make_coordinator(database), make_assessor(database)
    due = end_of_day((NOW + timedelta(days=10)).date())
    assert [due_state(due, due + timedelta(seconds=s)) for s in (-864_000, -1, 0)] == list(Due)

    def assign(due_at: object) -> None:
        with database.writing() as work:
            service.assign(
                work,
                coordinator,
                proposal_id=proposal_id,
                department="zieleni",
                assessor=assessor.account_id,
                due_at=due_at,  # type: ignore[arg-type]
                at=NOW,
            )

    with pytest.raises(Conflict, match="due_in_the_past"):
        assign(NOW - timedelta(days=1))
    assign(due)
    for days in (1, 8, 9):
        with database.writing() as work:
            service.remind_of_deadlines(work, at=NOW + timedelta(days=days))
    assert happened(database, AssessmentFallsDue) == 1
    with database.reading() as session:
        early, late = (
            queries.list_queue(session, edition_id, QueueFilter(tab=Tab.FORMAL, overdue_at=at))
            for at in (due - timedelta(seconds=1), due)
        )
    assert (early.total, late.total) == (0, 1)


def test_who_gives_a_proposal_back_says_why_and_is_free_of_it(
    database: Database, proposal_id: UUID
) -> None:
    coordinator, assessor = make_coordinator(database), make_assessor(database)

    def back(reason: str) -> None:
        with database.writing() as work:
            service.hand_back(work, assessor, proposal_id=proposal_id, reason=reason, at=NOW)

    with pytest.raises(NotAllowed, match="not_assigned_to_you"):
        back("Nie moje.")
    with database.writing() as work:
        service.assign(
            work,
            coordinator,
            proposal_id=proposal_id,
            department=None,
            assessor=assessor.account_id,
            at=NOW,
        )
    with pytest.raises(Conflict, match="handback_reason_missing"):
        back(" ")
    back("Ulica należy do innej jednostki.")
    with database.reading() as session:
        (told,) = queries.list_handbacks(session, proposal_id)
        assert queries.get_assessment(session, proposal_id).assessor is None
    assert told.reason == "Ulica należy do innej jednostki."


def appeal(database: Database, author: Actor, proposal_id: UUID) -> None:
    """The author appeals, in their language."""
    with database.writing() as work:
        service.lodge_appeal(
            work, author, proposal_id=proposal_id, reasons=REASONS, language="uk", at=ASSESSMENT
        )


def enter(
    database: Database, actor: Actor, edition_id: UUID, items: list[ActItem], number: str = "7/2026"
) -> UUID:
    """An act signed on the day itself."""
    with database.writing() as work:
        return service.enter_act(
            work,
            actor,
            edition_id=edition_id,
            number=number,
            signed_on=ASSESSMENT.date(),
            items=items,
            at=ASSESSMENT,
        )


def test_one_act_restores_and_refuses_many_even_against_the_council(
    database: Database, author: tuple[Actor, UUID], edition_id: UUID
) -> None:
    judge, coordinator = make_assessor(database), make_coordinator(database)
    made = [make_submitted(database, *author, edition_id) for _ in range(3)]
    for one in made:
        reject(database, judge, one)
    for one in made[:2]:
        appeal(database, author[0], one)
        with database.writing() as work:
            service.record_opinion(
                work, coordinator, proposal_id=one, opinion="Rada za.", is_for=True, at=ASSESSMENT
            )
    items = [ActItem(made[0], True, WORDS), ActItem(made[1], False, WORDS)]
    act_id = enter(database, coordinator, edition_id, [*items, ActItem(made[2], True, WORDS)])
    with database.reading() as session:
        act = queries.get_act(session, act_id)
        states = [proposals.get_proposal(session, one).state for one in made]
        appeals = [queries.find_appeal(session, one) for one in made]
        decided = proposals.find_last_decision(session, made[1])
    assert states == [ProposalState.ADMITTED, ProposalState.REJECTED, ProposalState.ADMITTED]
    assert [one.state if one else None for one in appeals] == [
        AppealState.GRANTED,
        AppealState.DISMISSED,
        None,
    ]
    against = {line.proposal.id: line.is_against_council for line in act.lines}
    assert against == {made[0]: False, made[1]: True, made[2]: False}
    assert decided is not None
    assert (decided.act_id, decided.act_number) == (act_id, "7/2026")


def test_an_act_holds_whole_or_not_at_all(
    database: Database, author: tuple[Actor, UUID], edition_id: UUID
) -> None:
    judge, coordinator = make_coordinator(database), make_coordinator(database)
    first, admitted = (make_submitted(database, *author, edition_id) for _ in range(2))
    reject(database, judge, first)
    appeal(database, author[0], first)
    admit(database, judge, admitted)
    good = ActItem(first, True, WORDS)
    with pytest.raises(NotAllowed, match="judged_it_before"):
        enter(database, judge, edition_id, [good])
    with pytest.raises(NotAllowed, match="not_appealed"):
        enter(database, coordinator, edition_id, [good, ActItem(admitted, True, WORDS)])
    for items, number, code in (
        ([], "1", "act_empty"),
        ([good, good], "1", "act_names_one_twice"),
        ([good], " ", "act_number_missing"),
        ([ActItem(first, True, {"uk": "Так."})], "1", "words_missing"),
    ):
        with pytest.raises(Conflict, match=code):
            enter(database, coordinator, edition_id, items, number)
    with database.reading() as session:
        assert proposals.get_proposal(session, first).state is ProposalState.APPEALED
        assert queries.list_acts(session, edition_id) == []
    enter(database, coordinator, edition_id, [good])
    with pytest.raises(Conflict, match="act_number_taken"):
        enter(database, coordinator, edition_id, [good])


def test_of_two_coordinators_at_once_one_act_wins(
    database: Database, author: tuple[Actor, UUID], edition_id: UUID, proposal_id: UUID
) -> None:
    reject(database, make_assessor(database), proposal_id)
    appeal(database, author[0], proposal_id)
    people = [make_coordinator(database) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def run(number: int) -> None:
        start.wait(10)
        try:
            item = ActItem(proposal_id, bool(number), WORDS)
            enter(database, people[number], edition_id, [item], f"{number}/2026")
            outcomes.append("entered")
        except (NotAllowed, Conflict) as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["decided_by_act", "entered"]
    with database.reading() as session:
        assert len(queries.list_acts(session, edition_id)) == 1
