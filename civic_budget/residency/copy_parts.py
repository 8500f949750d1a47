"""What other rooms add to a person's own copy: the form of a part, for `wiring.COPY_PARTS`.

A room gives its rows and its words; this room joins them and knows nothing of what is in them. Never
part of a copy: what a ballot holds, and who somebody else is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.storage.db import Work

Row = dict[str, Any]
Section = dict[str, Any]


@dataclass(frozen=True)
class CopyOwner:
    """Whose copy it is. `account_id` is the person's own account; None in a child's copy.

    What hangs on a guardian's account is the guardian's: a child's copy has only what names the child.
    """

    person_id: UUID
    account_id: UUID | None


@dataclass(frozen=True)
class CopyPart:
    """One key of the copy: its rows as plain values, and the sections that say them in the PDF.

    `sections` gets the rows as `rows` gave them; the session is for the city's names of things. `forget`
    wipes what the room need not keep when the owner of an account erases everything; None: it keeps
    what it has, or hears of the closed account.
    """

    key: str
    rows: Callable[[Session, CopyOwner], list[Row]]
    sections: Callable[[Session, Sequence[Row]], list[Section]]
    forget: Callable[[Work, UUID, datetime], None] | None = None


def say(at: datetime | date | None) -> str | None:
    """A moment or a day as the copy writes it."""
    return at.isoformat() if at else None
