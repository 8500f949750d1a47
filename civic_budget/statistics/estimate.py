"""Numbers with margins: estimates, rates and differences, and how they are formed.

Must not know tables or where the numbers come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isqrt
from typing import Literal

from . import noise


@dataclass(frozen=True)
class Estimate:
    """A number of persons: `value` with its `margin` (19 times out of 20), or "fewer than `below`".

    Exactly one of `value` and `below` is given. `exact`: a public total, without noise.
    """

    value: int | None
    below: int | None
    margin: int
    exact: bool


@dataclass(frozen=True)
class Rate:
    """A part of a whole, from 0 to 1, with the interval that both margins allow."""

    value: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Difference:
    """One number less another: `worth` says whether it is larger than both margins together."""

    value: int
    margin: int
    worth: Literal["within", "larger"]


@dataclass(frozen=True)
class Period:
    """The persons first counted from `first` to `last`, both days included."""

    first: date
    last: date
    estimate: Estimate


def root_up(number: Fraction) -> int:
    """The smallest whole number whose square is at least `number`."""
    root = isqrt(number.numerator // number.denominator)
    return root if root * root >= number else root + 1


def widened(margin: int, variance: Fraction, eps: Fraction) -> int:
    """The margin of a sum with this variance, from the margin of one cell drawn with `eps`.

    Sums of several draws have thinner tails than one draw, so this errs on the wide side.
    """
    return root_up(margin * margin * variance / noise.variance(eps))


def ratio(part: Estimate, whole: Estimate) -> Rate:
    """The rate of two displayed numbers, cut at 100 %; raises ValueError otherwise."""
    if part.value is None or not whole.value:
        raise ValueError("a rate needs two displayed numbers")
    one = Fraction(1)
    low = Fraction(max(0, part.value - part.margin), whole.value + whole.margin)
    least = whole.value - whole.margin
    high = Fraction(part.value + part.margin, least) if least > 0 else one
    return Rate(min(one, Fraction(part.value, whole.value)), min(one, low), min(one, high))


def difference(later: Estimate, earlier: Estimate) -> Difference | None:
    """How much larger the first number is, and whether that is more than chance; None: not told.

    The two margins are independent draws, so they join as the root of their squares.
    """
    if later.value is None or earlier.value is None:
        return None
    margin = root_up(Fraction(later.margin**2 + earlier.margin**2))
    value = later.value - earlier.value
    return Difference(value, margin, "larger" if abs(value) > margin else "within")


def apart(first: Rate, second: Rate) -> Literal["within", "larger"]:
    """What the difference of two rates is worth: larger only when their intervals have nothing in common."""
    touch = first.low <= second.high and second.low <= first.high
    return "within" if touch else "larger"
