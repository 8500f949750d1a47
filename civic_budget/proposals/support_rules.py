"""Co-authors and supporters: how many, how long, who counts. Plain Python."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from civic_budget.proposals.rules import ProposalState

MOST_CO_AUTHORS = 2
INVITATION_TIME = timedelta(days=14)
SUPPORT_TIME = timedelta(days=10)
"""Kraków: the list arrives within ten days of the submission (§ 8 of the rules)."""
SUPPORTABLE = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})
LIST_KEPT = timedelta(days=30)
MOST_LISTS = 10
MOST_SIGNATURES = 500


@dataclass(frozen=True)
class Support:
    """How a proposal stands with its supporters: clicks, signatures on counted lists, how many are needed."""

    clicks: int
    signatures: int
    needed: int
    uncounted_lists: int = 0

    @property
    def total(self) -> int:
        """Everybody who supports it."""
        return self.clicks + self.signatures

    @property
    def missing(self) -> int:
        """How many are still needed."""
        return max(0, self.needed - self.total)


def support_until(submitted_at: datetime, due: datetime | None) -> datetime:
    """The last moment to support a proposal or to send a signed list.

    `due`: the day of the edition's calendar after which no list is taken, if it sets one.
    """
    until = submitted_at + SUPPORT_TIME
    return until if due is None else min(until, due)


def hash_token(token: str) -> str:
    """What is kept of a link's token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
