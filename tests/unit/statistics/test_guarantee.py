"""What the figures promise: two worlds that differ in one person's nationality look alike.

Long statistical checks are marked `proof`; the quick ones are the same checks with fewer runs.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest

from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.release import measure, seal_edition
from civic_budget.statistics.tabulate import freeze

from .crowds import AT, DAY, dice, person


def world(nationality: str):
    """A hundred people, the first of whom has this nationality: totals never depend on it."""
    return [person(0, nationality), *(person(n) for n in range(1, 100))]


def draws(nationality: str, table: str, code: str, runs: int, seed: int) -> list[int]:
    """The measured number of one code's first cell, resealed in a fresh store again and again."""
    frozen = freeze(world(nationality), DEFAULT)
    below = dice(seed)
    found = []
    for _ in range(runs):
        release = seal_edition(
            frozen,
            edition="2026",
            ledger=MemoryLedger(),
            archive=None,
            at=AT,
            only={"R1", table},
            below=below,
        )
        sealed = release.seal_of(table)
        assert sealed is not None
        found.append(dict(sealed.cells())[(code, "web")])
    return found


def worst_odds(one: list[int], other: list[int]) -> float:
    """The largest log-odds by which any half-line of outcomes favours one world, less its error."""
    worst = 0.0
    for cut in range(-20, 21):
        for beyond in (lambda x, cut=cut: x >= cut, lambda x, cut=cut: x <= cut):
            a, b = sum(map(beyond, one)), sum(map(beyond, other))
            if min(a, b) >= 25:
                error = 4 * math.sqrt(1 / a + 1 / b)
                worst = max(worst, abs(math.log((a / len(one)) / (b / len(other)))) - error)
    return worst


def test_public_totals_do_not_depend_on_anybodys_nationality():
    polish, foreign = freeze(world("PL"), DEFAULT), freeze(world("GE"), DEFAULT)
    assert polish.totals == foreign.totals
    assert polish.frame == foreign.frame


def test_one_persons_nationality_moves_one_cell_of_each_table_by_one():
    polish, foreign = freeze(world("PL"), DEFAULT), freeze(world("GE"), DEFAULT)
    codes = DEFAULT.foreign_codes()
    one = polish.exact("V1", (codes, ("web",)), {})
    other = foreign.exact("V1", (codes, ("web",)), {})
    assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) == 1
    again = freeze(world("UA"), DEFAULT).exact("V1", (codes, ("web",)), {})
    assert sum(abs(a - b) for a, b in zip(other, again, strict=True)) == 2


def test_the_odds_of_one_cell_stay_within_epsilon():
    """Two worlds: nobody and one person in a cell, 20,000 draws each."""
    eps = DEFAULT.table("V1").eps
    below = dice(31)
    nobody = list(measure([0] * 20_000, eps, below))
    somebody = list(measure([1] * 20_000, eps, below))
    assert worst_odds(nobody, somebody) <= float(eps)
    # The same test sees noise that is too small.
    assert worst_odds(
        list(measure([0] * 20_000, 3 * eps, below)), list(measure([1] * 20_000, 3 * eps, below))
    ) > float(eps)


@pytest.mark.proof
def test_differencing_two_whole_releases_tells_no_more_than_epsilon():
    polish = draws("PL", "V1", "GE", 2_000, 1)
    foreign = draws("GE", "V1", "GE", 2_000, 2)
    assert worst_odds(polish, foreign) <= float(DEFAULT.table("V1").eps)
    assert 0.5 < sum(foreign) / 2_000 - sum(polish) / 2_000 < 1.5


@pytest.mark.proof
def test_all_tables_together_stay_within_the_editions_epsilon():
    """The best test an attacker can make: the likelihood ratio over every cell the person is in."""
    prices = [table.eps for table in DEFAULT.tables]
    below = dice(17)

    def log_odds(true: int) -> float:
        score = 0.0
        for eps in prices:
            seen = measure([true], eps, below)[0]
            score += float(eps) * (abs(seen) - abs(seen - 1))
        return score

    runs = 200_000
    limit = float(sum(prices))
    out = [log_odds(0) for _ in range(runs // 10)]
    within = [log_odds(1) for _ in range(runs // 10)]
    assert max(map(abs, out + within)) <= limit + 1e-9
    best = max(
        sum(x > cut for x in within) / len(within) - sum(x > cut for x in out) / len(out)
        for cut in (n / 20 for n in range(-40, 41))
    )
    # Measured advantage of an insider who knows everybody else: about 0.3.
    assert best < (math.exp(limit) - 1) / (math.exp(limit) + 1)
    assert best < 0.35


def test_one_more_vote_on_the_fourth_day_is_not_seen():
    """Day three and day four are cells of their own: their difference carries both noises."""
    eps = DEFAULT.table("V4").eps
    below = dice(5)

    def seen(true: int) -> float:
        steps = (measure([true, 0], eps, below) for _ in range(5_000))
        return sum(fourth - third > 0 for fourth, third in steps) / 5_000

    advantage = seen(1) - seen(0)
    assert advantage < 1 - math.exp(-float(eps)) + 4 * math.sqrt(0.5 / 5_000)


def test_each_voter_is_in_one_day_only():
    people = [person(n, "UA", counted_on=DAY + timedelta(days=n % 3)) for n in range(300)]
    frozen = freeze(people, DEFAULT)
    days = frozen.frame.days
    assert sum(frozen.exact("V4", (("UA",), days), {"UA": "UA"})) == 300


@pytest.mark.proof
def test_one_person_of_a_nationality_is_never_named_more_often_than_the_law_says():
    eps = DEFAULT.table("V1").eps
    limit = DEFAULT.named_from("V1", 2)
    below = dice(23)
    runs = 20_000
    named = Counter(
        true for true in (0, 1) for _ in range(runs) if sum(measure([true, 0], eps, below)) >= limit
    )
    allowed = runs * Fraction(1, 5000)
    assert named[0] <= allowed + 4 * math.sqrt(allowed)
    assert named[1] <= math.exp(float(eps)) * allowed + 4 * math.sqrt(2 * allowed)


def test_somebody_deleted_before_the_seal_is_not_counted_and_after_it_nothing_changes():
    ledger = MemoryLedger()
    before = freeze([person(n, "UA") for n in range(200)], DEFAULT)
    sealed = seal_edition(before, edition="2026", ledger=ledger, archive=None, at=AT, below=dice(1))
    after = freeze([person(n, "UA") for n in range(199)], DEFAULT)
    assert after.totals.get("voters") == 199
    assert ledger.tables("2026") == sealed.seals
