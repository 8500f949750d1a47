"""An edition's calendar and what follows from it. The phase is computed, never stored: it can't be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CITY_WIDE = "city"


class Milestone(StrEnum):
    """The moments that an edition's calendar names, in their order."""

    SUBMISSION_OPENS = "submission_opens"
    SUBMISSION_CLOSES = "submission_closes"
    ASSESSMENT_PUBLISHED = "assessment_published"
    APPEALS_CLOSE = "appeals_close"
    LIST_PUBLISHED = "list_published"
    WITHDRAWAL_CLOSES = "withdrawal_closes"
    VOTING_OPENS = "voting_opens"
    VOTING_CLOSES = "voting_closes"
    RESULTS_PUBLISHED = "results_published"


class Phase(StrEnum):
    """What an edition is about at a moment."""

    PREPARATION = "preparation"
    SUBMISSION = "submission"
    ASSESSMENT = "assessment"
    BEFORE_VOTING = "before_voting"
    VOTING = "voting"
    VERIFICATION = "verification"
    RESULTS = "results"


STARTS: tuple[tuple[Milestone, Phase], ...] = (
    (Milestone.SUBMISSION_OPENS, Phase.SUBMISSION),
    (Milestone.SUBMISSION_CLOSES, Phase.ASSESSMENT),
    (Milestone.LIST_PUBLISHED, Phase.BEFORE_VOTING),
    (Milestone.VOTING_OPENS, Phase.VOTING),
    (Milestone.VOTING_CLOSES, Phase.VERIFICATION),
    (Milestone.RESULTS_PUBLISHED, Phase.RESULTS),
)


class BadCalendar(ValueError):
    """A calendar with a missing moment, or with moments out of order."""


@dataclass(frozen=True)
class Calendar:
    """The moments of an edition; complete and in order. Raises BadCalendar otherwise."""

    moments: Mapping[Milestone, datetime]

    def __post_init__(self) -> None:
        missing = [m.value for m in Milestone if m not in self.moments]
        if missing:
            raise BadCalendar(f"missing: {', '.join(missing)}")
        ordered = [self.moments[m] for m in Milestone]
        if ordered != sorted(ordered):
            raise BadCalendar("the moments are out of order")

    def phase(self, at: datetime) -> Phase:
        """The phase at a moment; each begins at its milestone, to the second."""
        phase = Phase.PREPARATION
        for milestone, begins in STARTS:
            if at >= self.moments[milestone]:
                phase = begins
        return phase

    def next_milestone(self, at: datetime) -> tuple[Milestone, datetime] | None:
        """What comes next and when; None after the last."""
        return next(((m, self.moments[m]) for m in Milestone if self.moments[m] > at), None)


def scope_of(district: int | None) -> str:
    """The code of a pool's scope: `city`, or `d08` for district 8."""
    return CITY_WIDE if district is None else f"d{district:02d}"


def district_of(scope: str) -> int | None:
    """The district's number of a scope; None for the whole city."""
    return None if scope == CITY_WIDE else int(scope[1:])
