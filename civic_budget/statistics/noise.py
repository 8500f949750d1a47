"""Exact discrete Laplace noise and what is known about its size. Must not know what it is added to.

The sampler uses whole numbers only: floating-point Laplace noise leaks through its gaps (Mironov,
2012). The method is Canonne, Kamath and Steinke (2020), algorithms 1 and 2.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from fractions import Fraction
from functools import cache

Below = Callable[[int], int]
"""A source of randomness: `below(n)` is uniform on 0 .. n-1."""


def _needs_fraction(eps: object) -> Fraction:
    if not isinstance(eps, Fraction):
        raise TypeError(f"epsilon must be a Fraction, not {type(eps).__name__}")
    if eps <= 0:
        raise ValueError("epsilon must be positive")
    return eps


def _bernoulli_exp(numerator: int, denominator: int, below: Below) -> bool:
    """True with probability exp(-numerator/denominator), for a fraction between 0 and 1."""
    k = 1
    while below(denominator * k) < numerator:
        k += 1
    return k % 2 == 1


def discrete_laplace(eps: Fraction, below: Below = secrets.randbelow) -> int:
    """Draw one whole number with probability proportional to exp(-eps * |x|).

    Raises TypeError for anything but a Fraction: a float epsilon is never exactly what was written.
    """
    _needs_fraction(eps)
    s, t = eps.numerator, eps.denominator
    while True:
        u = below(t)
        if not _bernoulli_exp(u, t, below):
            continue
        whole = 0
        while _bernoulli_exp(1, 1, below):
            whole += 1
        size = (u + t * whole) // s
        negative = below(2) == 1
        if negative and size == 0:
            continue
        return -size if negative else size


@cache
def variance(eps: Fraction) -> Fraction:
    """The variance of the noise, 2q/(1-q)^2 with q = exp(-eps), rounded to a millionth.

    Rounded, so that everything computed from it is the same on every machine.
    """
    q = math.exp(-float(_needs_fraction(eps)))
    return Fraction(round(2 * q / (1 - q) ** 2 * 1_000_000), 1_000_000)


@cache
def bound(eps: Fraction, level: Fraction = Fraction(19, 20), cells: int = 1) -> int:
    """The smallest m such that `cells` draws together all stay within +-m with at least `level`.

    Several cells are bounded by the union bound.
    """
    q = math.exp(-float(_needs_fraction(eps)))
    tail = float(1 - level) / cells
    return max(0, math.ceil(math.log(2 / (tail * (1 + q))) / -math.log(q) - 1 - 1e-9))


@cache
def one_sided(eps: Fraction, tail: Fraction, draws: int = 1) -> int:
    """The smallest m with P(sum of `draws` noises >= m) <= `tail`.

    This is the number at which a nationality may be named: below it, a nationality with nobody at
    all would be named too often.
    """
    q = math.exp(-float(_needs_fraction(eps)))
    reach = math.ceil(60 * draws / float(eps)) if draws > 1 else 0
    if not reach:
        return max(0, math.ceil(math.log(1 / (float(tail) * (1 + q))) / -math.log(q) - 1e-9))
    return _tail_of_sum(q, float(tail), draws, min(reach, 4000))


def _tail_of_sum(q: float, tail: float, draws: int, reach: int) -> int:
    """Walk down the distribution of a sum of noises from its far end until `tail` is used up.

    A sum of n discrete Laplace draws is a difference of two negative binomial counts.
    """
    count = [1.0]
    for k in range(1, reach):
        count.append(count[-1] * q * (draws + k - 1) / k)
    scale = (1 - q) ** (2 * draws)
    above = 0.0
    for m in range(reach - 1, 0, -1):
        above += scale * math.fsum(count[i] * count[i - m] for i in range(m, reach))
        if above > tail:
            return m + 1
    return 1


@cache
def bound_of_negative(eps: Fraction, level: Fraction = Fraction(19, 20)) -> int:
    """The width of the narrowest interval a single noisy number can give for a count.

    A very negative number leaves the count geometric on 0, 1, 2 and so on: this is the smallest m
    with P(count <= m) at least `level`.
    """
    q = math.exp(-float(_needs_fraction(eps)))
    return max(0, math.ceil(math.log(float(1 - level)) / math.log(q) - 1 - 1e-9))
