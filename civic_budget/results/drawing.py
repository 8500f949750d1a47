"""The frozen list of every pool's draw, whose hash is public before the vote. Pure.

It is made from what stands on the ballot alone, so it says nothing about results.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from civic_budget.kernel.errors import Conflict
from civic_budget.results.deciding import rule_of
from civic_budget.selection import Draw, Project, commitment_of, frozen_list
from civic_budget.voting.frozen import FrozenList

#: What anybody can run to redo a draw, in any Python; the documentation shows the same lines.
TEN_LINES = """import hashlib

frozen = open("frozen-list.txt", "rb").read()
seed = "4 8 15 16 23 42"
tied = ["a", "b"]
commitment = hashlib.sha256(frozen).hexdigest()
lot = {}
for number in tied:
    lot[number] = hashlib.sha256(f"{commitment}|{seed}|{number}".encode()).hexdigest()
for number in sorted(tied, key=lot.get):
    print(number, lot[number])
"""


@dataclass(frozen=True)
class DrawList:
    """A pool's frozen list: its text, its SHA-256, the event that would give the seed."""

    scope: str
    projects: int
    event: str
    text: str
    commitment: str


def draw_lists(frozen: FrozenList) -> list[DrawList]:
    """The lists of all pools that have projects, exactly as a draw would use them."""
    found = []
    for scope in frozen.scopes:
        if not scope.projects:
            continue
        rule = rule_of(scope.selection)
        text = frozen_list(
            [Project(p.id, p.cost) for p in scope.projects],
            rule=rule.name,
            event=rule.draw_event,
            budget=scope.budget,
        )
        found.append(
            DrawList(scope.code, len(scope.projects), rule.draw_event, text, commitment_of(text))
        )
    return found


def read_draw(seed: str, order: str) -> Draw:
    """A draw as it was typed: a seed, or project numbers divided by spaces, commas or lines."""
    return Draw(
        seed.strip(), tuple(re.split(r"[\s,;]+", order.strip().upper())) if order.strip() else ()
    )


def check_draw(draw: Draw) -> None:
    """Raise Conflict unless it is either a seed or an order in which nobody stands twice."""
    if not draw.seed and not draw.order:
        raise Conflict("seed_missing", field="seed")
    if draw.seed and draw.order:
        raise Conflict("seed_and_order", field="order")
    twice = next((one for one in draw.order if draw.order.count(one) > 1), None)
    if twice is not None:
        raise Conflict("drawn_twice", field="order", project=twice)
