"""How far off the forecast of hours is when people come otherwise than it assumes; writes bench/forecast.md.

Run: python -m bench.forecast
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from civic_budget.residency.forecast import SEASON, Shape, look_ahead, profile_of
from civic_budget.residency.limits import Limits
from civic_budget.residency.rules import Road

CLOSES, TOTAL = date(2027, 9, 28), 10_000
DAYS_LEFT = (45, 30, 14, 7, 3, 1)
HEAD = """# The forecast of hours on other shapes of arrivals

`python -m bench.forecast` on 29 November 2026. {total:,} invented cases in {season} days, exact counts without
chance. Each cell: cases that the forecast expects until the close, divided by those that really come; 1.00 is
right. Rows: how people really come. Columns: days left.

"""
FOOT = """**What it says.** Where the round is like the one that the forecast learnt from, it is exact: that is
arithmetic. Where it is not, it is wrong by factors, mostly the more the later: what came so far is divided
by the share of the days that are over, and that share is the assumption. Without a last round, an even or early
one is overrated many times over and a late one underrated. A total learnt from the last round does not help:
only the shape decides once people come.

**What follows.** The page names no single number alone: it shows the hours for three shapes side by side, and
how the forecast of a week ago fared. A round in which most come early lies below all three, one in which
three of four come on the last day above.
"""


def shapes() -> dict[str, Sequence[float]]:
    """Ways to come, by days left before the close; each sums to 1."""
    named = {
        "the same number each day": profile_of(Shape.EVEN),
        "half in the last three days (assumed without a last round)": profile_of(Shape.RUSH),
        "half on the last day": profile_of(Shape.LAST_DAY),
    }
    early = [1.0 if left < 50 else 12.0 for left in range(SEASON)]
    late = [40.0 if left == 0 else 0.25 for left in range(SEASON)]
    for name, weights in (
        ("early: 71 % in the first ten days", early),
        ("73 % on the last day", late),
    ):
        named[name] = tuple(weight / sum(weights) for weight in weights)
    return named


def ratio(real: Sequence[float], assumed: Sequence[float], left: int) -> float:
    """Expected cases against those that come, seen some days before the close."""
    ahead = look_ahead(
        arrivals={
            CLOSES - timedelta(days=n): round(TOTAL * share)
            for n, share in enumerate(real)
            if n >= left
        },
        mix={Road.STATEMENT: 1},
        backlog_hours=0.0,
        closes_on=CLOSES,
        today=CLOSES - timedelta(days=left),
        limits=Limits(),
        profile=assumed,
    )
    return sum(day.cases for day in ahead.days) / sum(TOTAL * share for share in real[:left])


def main() -> None:
    """Write the tables."""
    parts = [HEAD.format(total=TOTAL, season=SEASON)]
    for name, assumed in shapes().items():
        parts.append(f"## The forecast assumes: {name}\n\n")
        parts.append("| people come | " + " | ".join(f"{left} days" for left in DAYS_LEFT) + " |\n")
        parts.append("|---|" + "--:|" * len(DAYS_LEFT) + "\n")
        for other, real in shapes().items():
            cells = " | ".join(f"{ratio(real, assumed, left):.2f}" for left in DAYS_LEFT)
            parts.append(f"| {other} | {cells} |\n")
        parts.append("\n")
    Path(__file__).with_suffix(".md").write_text("".join(parts) + FOOT, encoding="utf-8")


if __name__ == "__main__":
    main()
