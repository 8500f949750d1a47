"""The noise is exactly discrete Laplace, made of whole numbers only, and its bounds are true."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import pytest

from civic_budget.statistics import noise

from .crowds import dice

EPS = Fraction(7, 20)


def chance(eps: Fraction, x: int) -> float:
    q = math.exp(-float(eps))
    return (1 - q) / (1 + q) * q ** abs(x)


def chi_square(draws: Counter[int], eps: Fraction, reach: int) -> float:
    total = sum(draws.values())
    squares = 0.0
    for x in range(-reach, reach + 1):
        expected = total * chance(eps, x)
        squares += (draws[x] - expected) ** 2 / expected
    return squares


def test_the_sampler_follows_its_law():
    below = dice(5)
    draws = Counter(noise.discrete_laplace(EPS, below) for _ in range(20_000))
    # 25 cells: chi-square above 60 has probability under 1 in 10,000.
    assert chi_square(draws, EPS, 12) < 60
    assert abs(draws[0] / 20_000 - math.tanh(float(EPS) / 2)) < 0.012
    assert abs(sum(x * n for x, n in draws.items()) / 20_000) < 0.12


@pytest.mark.proof
@pytest.mark.parametrize("eps", ["0.10", "0.15", "0.25", "0.30", "0.35"])
def test_every_epsilon_of_the_catalogue_follows_its_law(eps):
    price = Fraction(eps)
    draws = Counter(noise.discrete_laplace(price) for _ in range(100_000))
    reach = noise.bound(price, Fraction(99, 100))
    assert chi_square(draws, price, reach) < 2 * reach + 1 + 6 * math.sqrt(2 * (2 * reach + 1))
    spread = sum(x * x * n for x, n in draws.items()) / 100_000
    assert spread == pytest.approx(float(noise.variance(price)), rel=0.05)
    assert sum(n for x, n in draws.items() if x > 0) == pytest.approx(
        sum(n for x, n in draws.items() if x < 0), rel=0.03
    )


@pytest.mark.parametrize("eps", [0.35, 1, "0.35"])
def test_anything_but_a_fraction_is_refused(eps):
    with pytest.raises(TypeError):
        noise.discrete_laplace(eps)


@pytest.mark.parametrize("eps", [Fraction(0), Fraction(-1, 2)])
def test_epsilon_must_be_positive(eps):
    with pytest.raises(ValueError):
        noise.discrete_laplace(eps)


@pytest.mark.parametrize("eps", ["0.10", "0.15", "0.25", "0.30", "0.35", "1"])
def test_the_bound_is_the_smallest_that_holds(eps):
    price = Fraction(eps)
    m = noise.bound(price)
    inside = math.fsum(chance(price, x) for x in range(-m, m + 1))
    assert inside >= 0.95
    assert inside - chance(price, m) - chance(price, -m) < 0.95


def test_many_cells_together_need_a_wider_bound():
    assert noise.bound(EPS, Fraction(999, 1000), 500) > noise.bound(EPS, Fraction(999, 1000))


@pytest.mark.parametrize("draws", [1, 2])
def test_the_naming_limit_is_the_smallest_that_holds(draws):
    reach = 150
    law = {x: chance(EPS, x) for x in range(-reach, reach + 1)}
    for _ in range(draws - 1):
        wider: dict[int, float] = {}
        for x, p in law.items():
            for y in range(-reach, reach + 1):
                wider[x + y] = wider.get(x + y, 0.0) + p * chance(EPS, y)
        law = wider
    m = noise.one_sided(EPS, Fraction(1, 5000), draws)
    assert math.fsum(p for x, p in law.items() if x >= m) <= 1 / 5000
    assert math.fsum(p for x, p in law.items() if x >= m - 1) > 1 / 5000


def test_the_variance_is_that_of_the_law():
    exact = math.fsum(x * x * chance(EPS, x) for x in range(-300, 301))
    assert float(noise.variance(EPS)) == pytest.approx(exact, abs=1e-5)
