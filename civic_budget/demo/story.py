"""When everything in the demo happens: the calendar of an edition, counted from the moment it is filled.

The distances are those of Kraków's edition of 2025. Plain Python; knows no room but the calendar's
own rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civic_budget.demo.content.records import PastEdition
from civic_budget.editions.rules import Calendar, Milestone, Phase
from civic_budget.kernel.clock import CITY_ZONE, city_day

PHASES = (
    Phase.SUBMISSION,
    Phase.ASSESSMENT,
    Phase.VOTING,
    Phase.VERIFICATION,
    Phase.RESULTS,
)

# Days after the first day of submission. A closing moment is the midnight after the last day.
DAY_OF: dict[Milestone, int] = {
    Milestone.SUBMISSION_OPENS: 0,
    Milestone.SUBMISSION_CLOSES: 31,
    Milestone.ASSESSMENT_PUBLISHED: 122,
    Milestone.APPEALS_CLOSE: 132,
    Milestone.LIST_PUBLISHED: 161,
    Milestone.WITHDRAWAL_CLOSES: 203,
    Milestone.VOTING_OPENS: 224,
    Milestone.VOTING_CLOSES: 239,
    Milestone.RESULTS_PUBLISHED: 265,
}
# Which of these days is today, for each phase: voting opened five days ago and has nine to go.
TODAY: dict[Phase, int] = {
    Phase.SUBMISSION: 20,
    Phase.ASSESSMENT: 100,
    Phase.VOTING: 229,
    Phase.VERIFICATION: 244,
    Phase.RESULTS: 272,
}
FIRST_YEAR = 2026
"""The past edition is of 2025, so no present one is earlier."""


@dataclass(frozen=True)
class Story:
    """The demo's time: `now` is the moment at which the phase is."""

    phase: Phase
    now: datetime

    @property
    def first_day(self) -> date:
        """The city's day on which submission opens."""
        return city_day(self.now) - timedelta(days=TODAY[self.phase])

    @property
    def calendar(self) -> Calendar:
        """The present edition's moments, each at midnight in the city."""
        return Calendar({milestone: self.at(day) for milestone, day in DAY_OF.items()})

    @property
    def year(self) -> int:
        """The year that the edition is named after: in which its voting opens."""
        opens = self.calendar.moments[Milestone.VOTING_OPENS]
        return max(city_day(opens).year, FIRST_YEAR)

    def at(self, day: int, hour: int = 0, minute: int = 0) -> datetime:
        """A moment by the city's clock, so many days after submission opens."""
        return at_city_time(self.first_day + timedelta(days=day), hour, minute)

    def has_come(self, at: datetime) -> bool:
        """Whether a moment of the story is not in the future."""
        return at <= self.now

    def is_past(self, milestone: Milestone) -> bool:
        """Whether a milestone of the present edition has been reached."""
        return self.has_come(self.calendar.moments[milestone])

    def ago(self, **length: float) -> datetime:
        """A moment before now."""
        return self.now - timedelta(**length)


def at_city_time(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A moment by the city's wall clock, aware."""
    return datetime.combine(day, time(hour, minute), tzinfo=CITY_ZONE)


def past_calendar_of(edition: PastEdition) -> Calendar:
    """The moments of the past edition: its vote as the content tells, the rest as in Kraków's year."""
    year = edition.year
    days = {
        Milestone.SUBMISSION_OPENS: date(year, 2, 7),
        Milestone.SUBMISSION_CLOSES: date(year, 3, 10),
        Milestone.ASSESSMENT_PUBLISHED: date(year, 6, 9),
        Milestone.APPEALS_CLOSE: date(year, 6, 20),
        Milestone.LIST_PUBLISHED: date(year, 7, 18),
        Milestone.WITHDRAWAL_CLOSES: date(year, 8, 30),
        Milestone.VOTING_OPENS: edition.voting_opened_on,
        Milestone.VOTING_CLOSES: edition.voting_closed_on + timedelta(days=1),
        Milestone.RESULTS_PUBLISHED: edition.results_on,
    }
    return Calendar({milestone: at_city_time(day) for milestone, day in days.items()})
