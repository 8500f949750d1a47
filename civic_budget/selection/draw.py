"""Drawing lots so that any citizen can redo it: a frozen list, its hash, a later public seed.

First the SHA-256 of the frozen list is published. Then comes the seed, from an event named in
the rule that nobody controls. It must not know why lots are drawn.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civic_budget.selection.model import Project, SelectionError

HEADING = "civic-budget draw list, version 1"


@dataclass(frozen=True, slots=True)
class Draw:
    """What the draw gave: a seed from the named event, or an order drawn before witnesses.

    With `order` (first drawn first) the seed is not used; it must hold every tied project.
    """

    seed: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """A tie that needs lots: who, over what frozen list, and the order once it was drawn."""

    projects: tuple[str, ...]
    frozen_list: str
    commitment: str
    event: str
    order: tuple[str, ...] | None = None
    seed: str = ""


def frozen_list(projects: Iterable[Project], *, rule: str, event: str, budget: int) -> str:
    """The text whose hash is published before the seed is known.

    A heading, the rule's name, the event, the budget, then `id;cost` (grosze) sorted by id;
    lines end with a line feed.
    """
    lines = [HEADING, f"rule: {rule}", f"event: {event}", f"budget: {budget}"]
    lines += sorted(f"{project.id};{project.cost}" for project in projects)
    return "".join(line + "\n" for line in lines)


def commitment_of(text: str) -> str:
    """The SHA-256 of a frozen list, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def drawn_order(projects: Iterable[str], commitment: str, seed: str) -> tuple[str, ...]:
    """Projects by ascending SHA-256 of `commitment|seed|id`: the first is drawn first."""

    def lot(project: str) -> str:
        return hashlib.sha256(f"{commitment}|{seed}|{project}".encode()).hexdigest()

    return tuple(sorted(projects, key=lot))


class Lots:
    """The lots of one pool: one frozen list serves every tie in it, each tie is recorded."""

    def __init__(
        self, projects: Sequence[Project], *, rule: str, event: str, budget: int, draw: Draw | None
    ) -> None:
        self.text = frozen_list(projects, rule=rule, event=event, budget=budget)
        self.commitment = commitment_of(self.text)
        self.event = event
        self.draw = draw
        self.records: list[DrawRecord] = []

    def order(self, tied: Iterable[str]) -> tuple[str, ...] | None:
        """The drawn order of tied projects, None while nothing was drawn; raises SelectionError."""
        if self.draw is None:
            return None
        if not self.draw.order:
            return drawn_order(tied, self.commitment, self.draw.seed)
        place = {project: position for position, project in enumerate(self.draw.order)}
        for project in tied:
            if project not in place:
                raise SelectionError("draw_incomplete", project=project)
        return tuple(sorted(tied, key=place.__getitem__))

    def record(self, tied: Iterable[str]) -> tuple[str, ...] | None:
        """Like `order`, and write the tie down as one that lots decide."""
        tied = tuple(sorted(tied))
        order = self.order(tied)
        seed = self.draw.seed if self.draw else ""
        self.records.append(DrawRecord(tied, self.text, self.commitment, self.event, order, seed))
        return order
