"""How many hours of work are still to come: a forecast from past arrivals. Plain Python.

Method, in one breath: of the days until the vote closes, each has a share of all arrivals, taken from the
last round that closed (or, before the first one, half of them evenly over the last three days and half
over the days before). What has come so far, divided by the share of the days that are over, gives the
total; each coming day gets its share of the total; minutes per case make hours of it.

It is right only as far as people come in that shape: `bench/forecast.md` says how far off it is when they
do not. So the page shows what other shapes would bring, and how the forecast of a week ago fared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civic_budget.residency.limits import Limits
from civic_budget.residency.rules import Road

SEASON = 60
"""Days before the closing day that are looked at."""
RUSH_DAYS, RUSH_SHARE = 3, 0.5
LEAST_SHARE = 0.05
"""With less of the profile behind us, what came so far says too little about the total."""
MINUTES_AN_HOUR = 60


class Shape(StrEnum):
    """Ways in which people may come, whatever the last round was like."""

    EVEN = "even"
    RUSH = "rush"
    LAST_DAY = "last_day"


HINDSIGHT_DAYS = 7


@dataclass(frozen=True)
class Hindsight:
    """What the forecast of some days ago expected until today, and what came."""

    expected: float
    came: int


@dataclass(frozen=True)
class DayAhead:
    """A day that is still to come: expected cases, and hours of work that they bring."""

    day: date
    cases: float
    hours: float


@dataclass(frozen=True)
class Forecast:
    """The hours that wait already, and those that each day will bring."""

    backlog_hours: float
    days: tuple[DayAhead, ...]
    total_expected: float
    is_measured: bool
    """Whether the profile comes from an earlier round."""

    @property
    def hours(self) -> float:
        """All hours until the last day."""
        return self.backlog_hours + sum(day.hours for day in self.days)

    @property
    def is_telling(self) -> bool:
        """Whether anything is known from which coming days can be told."""
        return self.total_expected > 0

    @property
    def busiest(self) -> DayAhead | None:
        """The day that brings most."""
        return max(self.days, key=lambda ahead: ahead.hours, default=None)


def default_profile(length: int = SEASON) -> tuple[float, ...]:
    """Shares by days left before the closing day (index 0: the closing day itself); they sum to 1."""
    rush = min(RUSH_DAYS, length)
    calm = length - rush
    if calm == 0:
        return (1 / rush,) * rush
    return (RUSH_SHARE / rush,) * rush + ((1 - RUSH_SHARE) / calm,) * calm


def measured_profile(
    arrivals: Mapping[date, int], closed_on: date, length: int = SEASON
) -> tuple[float, ...] | None:
    """The profile of a round that closed; None when nothing arrived."""
    counts = [arrivals.get(closed_on - timedelta(days=left), 0) for left in range(length)]
    total = sum(counts)
    return tuple(count / total for count in counts) if total else None


def profile_of(shape: Shape, length: int = SEASON) -> tuple[float, ...]:
    """Shares by days left for a shape: evenly; half in three days; half on the closing day itself."""
    if shape is Shape.RUSH:
        return default_profile(length)
    if shape is Shape.EVEN or length == 1:
        return (1 / length,) * length
    return (RUSH_SHARE, *((1 - RUSH_SHARE) / (length - 1),) * (length - 1))


def minutes_of(road: Road, limits: Limits) -> int:
    """Minutes for one case of a road."""
    return limits.minutes_statement if road is Road.STATEMENT else limits.minutes_document


def hours_of(waiting: Mapping[Road, int], appeals: int, limits: Limits) -> float:
    """Hours for cases that wait, by road, and for appeals."""
    minutes = sum(count * minutes_of(road, limits) for road, count in waiting.items())
    return (minutes + appeals * limits.minutes_appeal) / MINUTES_AN_HOUR


def look_ahead(
    *,
    arrivals: Mapping[date, int],
    mix: Mapping[Road, int],
    backlog_hours: float,
    closes_on: date,
    today: date,
    limits: Limits,
    profile: Sequence[float] | None = None,
    last_total: int | None = None,
) -> Forecast:
    """The forecast from tomorrow to the closing day.

    `arrivals`: cases by the day they came, this round. `mix`: how they came, for the mean of minutes.
    `profile`, `last_total`: of the last round, if there was one.
    """
    shares = tuple(profile) if profile else default_profile()
    left = (closes_on - today).days
    ahead = [(closes_on - timedelta(days=n), shares[n]) for n in range(min(left, len(shares)))]
    behind = sum(shares[max(left, 0) :])
    so_far = sum(count for day, count in arrivals.items() if day <= today)
    is_telling = behind >= LEAST_SHARE
    total = so_far / behind if is_telling else float(max(so_far, last_total or 0))
    each = _mean_minutes(mix, limits) / MINUTES_AN_HOUR
    days = tuple(DayAhead(day, total * share, total * share * each) for day, share in sorted(ahead))
    return Forecast(backlog_hours, days, total, is_measured=bool(profile))


def look_back(
    *,
    arrivals: Mapping[date, int],
    closes_on: date,
    today: date,
    profile: Sequence[float] | None = None,
    days: int = HINDSIGHT_DAYS,
) -> Hindsight | None:
    """How the forecast of some days ago fared; None when it would have had nothing to go by."""
    then = today - timedelta(days=days)
    shares = tuple(profile) if profile else default_profile()
    left = (closes_on - then).days
    known = {day: count for day, count in arrivals.items() if day <= then}
    if left > len(shares) or sum(shares[left:]) < LEAST_SHARE or not any(known.values()):
        return None
    ahead = look_ahead(
        arrivals=known,
        mix={},
        backlog_hours=0.0,
        closes_on=closes_on,
        today=then,
        limits=Limits(),
        profile=profile,
    )
    expected = sum(each.cases for each in ahead.days if each.day <= today)
    return Hindsight(expected, sum(n for day, n in arrivals.items() if then < day <= today))


def _mean_minutes(mix: Mapping[Road, int], limits: Limits) -> float:
    total = sum(mix.values())
    if not total:
        return float(limits.minutes_statement)
    return sum(count * minutes_of(road, limits) for road, count in mix.items()) / total
