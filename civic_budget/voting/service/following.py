"""What a prepared round asks of the rooms beneath: its list and its times don't change behind its back.

Handlers of other rooms' events: they run in the deed's own transaction and refuse it with the reason.
"""

from __future__ import annotations

from sqlalchemy import select

from civic_budget.editions.drafts import list_corrections
from civic_budget.editions.events import CorrectionProposed, MilestoneMoved, SideDateMoved
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.events import ExclusiveGroupsChanged
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import RoundLineage
from civic_budget.voting.models import Round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service.preparing import paper_deadline

WAITING = frozenset({RoundStatus.SETUP, RoundStatus.READY})
_TIMES = frozenset({Milestone.VOTING_OPENS, Milestone.VOTING_CLOSES})


def follow_calendar(work: Work, happened: MilestoneMoved) -> None:
    """A round that has not begun takes over the calendar's times; a running one refuses.

    A running round's closing time is moved by the commission alone, which tells the outage: then round
    and calendar agree already. Raises Conflict("round_holds_its_times").
    """
    if Milestone(happened.milestone) not in _TIMES:
        return
    row = _round_of(work, happened.edition_id)
    if row is None or work.session.get(RoundLineage, row.id) is not None:
        return  # a repeated round has times of its own
    edition = get_edition(work.session, happened.edition_id)
    opens = edition.moment_of(Milestone.VOTING_OPENS)
    closes = edition.moment_of(Milestone.VOTING_CLOSES)
    if (row.opens_at, row.closes_at) == (opens, closes):
        return
    if RoundStatus(row.status) not in WAITING or happened.at >= row.opens_at:
        raise Conflict("round_holds_its_times")
    if row.paper_until is not None:
        row.paper_until = paper_deadline(edition, closes)
    row.opens_at, row.closes_at = opens, closes


def follow_paper_deadline(work: Work, happened: SideDateMoved) -> None:
    """Clerks key paper votes in until the day of the calendar, also when a correction moves it."""
    if SideDate(happened.date) is not SideDate.PAPER_VOTES_KEYED:
        return
    row = _round_of(work, happened.edition_id)
    if row is None or work.session.get(RoundLineage, row.id) is not None:
        return  # a repeated round has times of its own
    edition = get_edition(work.session, happened.edition_id)
    row.paper_until = paper_deadline(edition, row.closes_at)


def question_correction(work: Work, happened: CorrectionProposed) -> None:
    """A correction that would move a running round's times is refused when it is proposed."""
    row = _round_of(work, happened.edition_id)
    if row is None or (RoundStatus(row.status) in WAITING and happened.at < row.opens_at):
        return
    found = list_corrections(work.session, happened.edition_id)
    changes = next(one.changes for one in found if one.number == happened.number)
    moved = [change.milestone for change in changes if change.milestone in _TIMES]
    if moved:
        raise Conflict("round_holds_its_times", field=moved[0])


def keep_frozen_list(work: Work, happened: ExclusiveGroupsChanged) -> None:
    """Once a round is prepared its list is frozen, groups and all. Raises Conflict("list_is_frozen")."""
    if _round_of(work, happened.edition_id) is not None:
        raise Conflict("list_is_frozen")


def _round_of(work: Work, edition_id: object) -> Round | None:
    return work.session.scalars(
        select(Round)
        .where(Round.edition_id == edition_id, Round.status != RoundStatus.ANNULLED.value)
        .order_by(Round.opens_at.desc())
        .limit(1)
        .with_for_update()
    ).first()
