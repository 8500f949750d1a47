"""The further days of an edition's calendar: they make no phase, but people work by them. Plain Python.

Each may be left open; where it is set, it lies between two milestones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from civic_budget.editions.rules import CLOSINGS, Milestone, read_city_time
from civic_budget.kernel.errors import Conflict


class SideDate(StrEnum):
    """A day of the calendar beside the milestones, in its usual order."""

    SUPPORT_LISTS_DUE = "support_lists_due"
    PAPER_PROPOSALS_UNTIL = "paper_proposals_until"
    EDITING_CLOSES = "editing_closes"
    CARDS_DUE = "cards_due"
    HEARINGS_END = "hearings_end"
    APPEALS_DECIDED = "appeals_decided"
    POINTS_PUBLISHED = "points_published"
    PAPER_VOTES_KEYED = "paper_votes_keyed"
    APPROVED = "approved"


_M = Milestone
BETWEEN: Mapping[SideDate, tuple[Milestone, Milestone | None]] = {
    SideDate.SUPPORT_LISTS_DUE: (_M.SUBMISSION_OPENS, _M.ASSESSMENT_PUBLISHED),
    SideDate.PAPER_PROPOSALS_UNTIL: (_M.SUBMISSION_OPENS, _M.ASSESSMENT_PUBLISHED),
    SideDate.EDITING_CLOSES: (_M.SUBMISSION_OPENS, _M.ASSESSMENT_PUBLISHED),
    SideDate.CARDS_DUE: (_M.SUBMISSION_OPENS, _M.ASSESSMENT_PUBLISHED),
    SideDate.HEARINGS_END: (_M.ASSESSMENT_PUBLISHED, _M.LIST_PUBLISHED),
    SideDate.APPEALS_DECIDED: (_M.APPEALS_CLOSE, _M.LIST_PUBLISHED),
    SideDate.POINTS_PUBLISHED: (_M.ASSESSMENT_PUBLISHED, _M.VOTING_OPENS),
    SideDate.PAPER_VOTES_KEYED: (_M.VOTING_CLOSES, _M.RESULTS_PUBLISHED),
    SideDate.APPROVED: (_M.RESULTS_PUBLISHED, None),
}


def find_misplaced(
    moments: Mapping[Milestone, datetime], dates: Mapping[SideDate, datetime]
) -> Iterator[tuple[SideDate, Milestone]]:
    """Each day that lies outside its two milestones, with the milestone that it crosses."""
    for date, at in dates.items():
        after, before = BETWEEN[date]
        if after in moments and at < moments[after]:
            yield date, after
        elif before is not None and before in moments and at > moments[before]:
            yield date, before


def read_side_time(typed: datetime, date: SideDate) -> datetime:
    """The moment of a typed time; all but a publication last to the end of the typed minute."""
    is_closing = date not in {SideDate.POINTS_PUBLISHED, SideDate.APPROVED}
    like = next(iter(CLOSINGS)) if is_closing else Milestone.LIST_PUBLISHED
    try:
        return read_city_time(typed, like)
    except Conflict:
        raise Conflict("no_such_time", field=date.value) from None
