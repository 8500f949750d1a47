"""An edition's calendar and what follows from it. The phase is computed, never stored: it can't be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.errors import Conflict

CITY_WIDE = "city"
YEAR_LATER = timedelta(weeks=52)


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


CLOSINGS = frozenset(
    {
        Milestone.SUBMISSION_CLOSES,
        Milestone.APPEALS_CLOSE,
        Milestone.WITHDRAWAL_CLOSES,
        Milestone.VOTING_CLOSES,
    }
)


@dataclass(frozen=True)
class PoolFacts:
    """A pool of money, in grosze; `district` None is the whole city.

    `signatures` is how many supporters a proposal needs.
    """

    scope: str
    district: int | None
    money: int
    min_cost: int
    max_cost: int
    signatures: int = 0


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


def share_of(money: int, percent: int) -> int:
    """A share of a pool in whole grosze, rounded down: a limit never exceeds what was declared."""
    return money * percent // 100


def read_city_time(typed: datetime, milestone: Milestone) -> datetime:
    """The moment (UTC) of a time typed on the city's clock; raises Conflict at the milestone's field.

    A closing lasts to the end of the typed minute: "23:59" is 23:59:59. An hour that summer time
    skips does not exist and is refused; of an hour that comes twice the first is meant.
    """
    if milestone in CLOSINGS:
        typed = typed.replace(second=59)
    moment = typed.replace(tzinfo=CITY_ZONE).astimezone(UTC)
    if moment.astimezone(CITY_ZONE).replace(tzinfo=None) != typed:
        raise Conflict("no_such_time", field=milestone.value)
    return moment


def city_time(at: datetime) -> datetime:
    """A moment as the city's clock shows it, to the minute, without a zone."""
    return at.astimezone(CITY_ZONE).replace(second=0, microsecond=0, tzinfo=None)


def year_later(at: datetime) -> datetime:
    """The same weekday and the same hour on the city's clock, 52 weeks later."""
    local = at.astimezone(CITY_ZONE).replace(tzinfo=None) + YEAR_LATER
    return local.replace(tzinfo=CITY_ZONE).astimezone(UTC)
