"""What the steps of the filling share: the database, the time of the story, who is who."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from civic_budget.config import Settings
from civic_budget.demo.progress import Progress
from civic_budget.demo.sign_ins import SignIns
from civic_budget.demo.story import Story
from civic_budget.kernel.actor import Actor, Role
from civic_budget.storage.db import Database

CROWD = 600
PAST_PEOPLE = 60_000
BATCH = 40
Item = TypeVar("Item")


@dataclass(frozen=True)
class Resident:
    """A registered person: `confirmed_at` is None while no officer has confirmed the residence."""

    person_id: UUID
    account_id: UUID | None
    district: int
    language: str
    confirmed_at: datetime | None

    @property
    def actor(self) -> Actor:
        """The resident as the one who acts."""
        return Actor(self.account_id)


@dataclass
class Town:
    """The demo city while it is being filled."""

    database: Database
    settings: Settings
    story: Story
    progress: Progress
    sign_ins: SignIns
    crowd_size: int = CROWD
    past_people: int = PAST_PEOPLE
    # The same city for everybody who runs this version; secrets are never drawn from here.
    random: random.Random = field(default_factory=lambda: random.Random(2026))  # noqa: S311
    staff: dict[str, Actor] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    crowd: list[Resident] = field(default_factory=list)
    proposals: dict[str, UUID] = field(default_factory=dict)
    edition_id: UUID = field(init=False)

    def member(self, role: Role, number: int = 0) -> Actor:
        """A member of staff with a role; numbers go round."""
        holders = [actor for actor in self.staff.values() if actor.has(role)]
        return holders[number % len(holders)]

    def moment_between(self, earliest: datetime, latest: datetime) -> datetime:
        """A moment of the story in an interval, never after now."""
        latest = min(latest, self.story.now)
        return earliest + (latest - earliest) * self.random.random()


def in_batches(
    items: Sequence[Item], progress: Callable[[int], None], size: int = BATCH
) -> Iterator[Sequence[Item]]:
    """Items in groups that fit one unit of work each; progress hears of every group done."""
    for start in range(0, len(items), size):
        batch = items[start : start + size]
        yield batch
        progress(len(batch))
