"""The office's queue: everything submitted in an edition with its assessment, by tabs, two queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.assessment.models import Assessment
from civic_budget.assessment.queries.facts import AssessmentFacts
from civic_budget.assessment.queries.lookups import facts_of
from civic_budget.assessment.rules import Due, Verdict, due_state
from civic_budget.proposals.queries import OfficeRow, list_office_rows
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.search import fold, search_stems

PAGE_SIZE = 50


class Tab(StrEnum):
    """The parts of the queue."""

    FORMAL = "formal"
    MERIT = "merit"
    DECIDE = "decide"
    RETURNED = "returned"
    APPEALS = "appeals"
    DONE = "done"


# Decided, or back with the author: nothing that the office could do today.
_ELSEWHERE = {Tab.DONE, Tab.RETURNED}


@dataclass(frozen=True)
class QueueFilter:
    """What an officer looks for; empty fields look for everything."""

    tab: Tab = Tab.FORMAL
    text: str = ""
    scope: str = ""
    department: str = ""
    assessor: UUID | None = None
    overdue_at: datetime | None = None


@dataclass(frozen=True)
class QueueRow:
    """A proposal with its assessment."""

    proposal: OfficeRow
    assessment: AssessmentFacts


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue, and how many proposals each tab holds under the same filter."""

    rows: Sequence[QueueRow]
    counts: Mapping[Tab, int]
    total: int
    page: int
    pages: int


def list_queue(
    session: Session, edition_id: UUID, wanted: QueueFilter, *, page: int = 1
) -> QueuePage:
    """The proposals of a tab in the order of submission."""
    matching = [row for row in _rows(session, edition_id) if _matches(row, wanted)]
    counts = {tab: sum(tab_of(row) is tab for row in matching) for tab in Tab}
    chosen = [row for row in matching if tab_of(row) is wanted.tab]
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return QueuePage(shown, counts, len(chosen), page, pages)


def count_open(
    session: Session, edition_id: UUID, assessor: UUID | None = None
) -> tuple[int, datetime | None]:
    """How much waits for the office (for one assessor, or for all), and the nearest deadline."""
    found = [
        row.assessment.due_at
        for row in _rows(session, edition_id)
        if tab_of(row) not in _ELSEWHERE and assessor in {None, row.assessment.assessor}
    ]
    return len(found), min((due for due in found if due), default=None)


def _rows(session: Session, edition_id: UUID) -> list[QueueRow]:
    assessments = {
        row.proposal_id: facts_of(row)
        for row in session.scalars(select(Assessment).where(Assessment.edition_id == edition_id))
    }
    return [
        QueueRow(proposal, assessments.get(proposal.id) or AssessmentFacts(proposal.id))
        for proposal in list_office_rows(session, edition_id)
    ]


def tab_of(row: QueueRow) -> Tab:
    """Where a proposal waits: the formal card, the merit card, a decision, its author, an appeal."""
    state, said = row.proposal.state, row.assessment
    if state is ProposalState.APPEALED:
        return Tab.APPEALS
    if state is ProposalState.RETURNED:
        return Tab.RETURNED
    if state is not ProposalState.SUBMITTED:
        return Tab.DONE
    if said.passes or said.fails or said.needs_correction:
        return Tab.DECIDE
    return Tab.MERIT if said.formal is Verdict.PASSES else Tab.FORMAL


def _matches(row: QueueRow, wanted: QueueFilter) -> bool:
    proposal, said = row.proposal, row.assessment
    folded = fold(f"{proposal.title} {proposal.reference}")
    return (
        (not wanted.scope or proposal.scope == wanted.scope)
        and (not wanted.department or said.department == wanted.department)
        and (wanted.assessor is None or said.assessor == wanted.assessor)
        and (wanted.overdue_at is None or _is_overdue(row, wanted.overdue_at))
        and all(stem in folded for stem in search_stems(wanted.text))
    )


def _is_overdue(row: QueueRow, at: datetime) -> bool:
    is_open = tab_of(row) not in {Tab.DONE, Tab.APPEALS}
    return is_open and due_state(row.assessment.due_at, at) is Due.OVERDUE
