"""What else happens on the assessors' desks: units are asked for opinions."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.assessment import service
from civic_budget.assessment.queries import list_open_opinions
from civic_budget.demo.filling.town import Town
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import Actor, Role
from civic_budget.proposals.queries import list_in_states
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Work

ASKED_DAYS_AGO, DUE_IN = 9, timedelta(days=14)
QUESTIONS = (
    ("roads", "Czy planowane są tu roboty drogowe, z którymi projekt by kolidował?"),
    ("greenery", "Czy na działce rosną drzewa, które trzeba zachować?"),
    ("community", "Czy w okolicy działa już podobne miejsce spotkań?"),
)
ANSWER = "Nie widzimy przeszkód. W najbliższych dwóch latach nie planujemy w tym miejscu robót."


def work_at_desks(town: Town) -> None:
    """Ask units about the proposals that are still assessed."""
    town.progress.begin("Opinions of units")
    if not town.story.is_past(Milestone.SUBMISSION_CLOSES):
        return
    with town.database.reading() as session:
        waiting = list_in_states(session, town.edition_id, [ProposalState.SUBMITTED])
    for number, proposal in enumerate(waiting[: len(QUESTIONS)]):
        department, question = QUESTIONS[number]
        asked_at = town.story.ago(days=ASKED_DAYS_AGO + 7 * number)
        with town.database.writing() as work:
            _ask(work, town.member(Role.COORDINATOR), proposal.id, department, question, asked_at)
        town.progress.add()
    _answer_first(town)


def _ask(
    work: Work,
    coordinator: Actor,
    proposal_id: UUID,
    department: str,
    question: str,
    at: datetime,
) -> None:
    service.ask_opinion(
        work,
        coordinator,
        proposal_id=proposal_id,
        department=department,
        question=question,
        due_at=at + DUE_IN,
        at=at,
    )


def _answer_first(town: Town) -> None:
    with town.database.reading() as session:
        waiting = list_open_opinions(session, frozenset({QUESTIONS[0][0]}))
    if waiting:
        with town.database.writing() as work:
            service.answer_opinion(
                work,
                town.member(Role.COORDINATOR),
                opinion_id=waiting[0].id,
                is_for=True,
                answer=ANSWER,
                at=town.story.ago(days=2),
            )
