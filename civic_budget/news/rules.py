"""What can be followed, how long an address waits and stays, how often letters leave. Plain Python."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied

CONFIRM_WITHIN = timedelta(days=7)
KEPT_AFTER_RESULTS = timedelta(days=730)  # winners are carried out in the year after the vote

# What was written a moment ago may still be on its way into the database: it is told next time.
SETTLES_IN = timedelta(minutes=2)
DIGEST_EVERY = timedelta(hours=20)
MOST_IN_A_LETTER = 30

ASKED_FOR_A_CONTACT_A_DAY = 5
ASKED_AT_AN_ADDRESS_A_DAY = 30

EDITION = "edition"
PURPOSE = "news"
"""Names the keys under which an address is sealed and found."""


@dataclass(frozen=True)
class Subject:
    """What somebody follows: one proposal, the proposals of one pool, or all of an edition."""

    edition_id: UUID
    scope: str = ""
    proposal_id: UUID | None = None

    @property
    def key(self) -> str:
        """The subject as it stands in the database, once for an address."""
        if self.proposal_id is not None:
            return f"proposal:{self.proposal_id}"
        return f"scope:{self.scope}" if self.scope else EDITION

    @property
    def is_wide(self) -> bool:
        """Whether it has so much news that a letter a day is enough."""
        return self.proposal_id is None

    @property
    def name(self) -> str:
        """`proposal`, `scope` or `edition`, as templates ask."""
        return self.key.partition(":")[0]


def subject_of(edition_id: UUID, key: str) -> Subject:
    """The subject behind its key."""
    name, _, value = key.partition(":")
    if name == "proposal":
        return Subject(edition_id, proposal_id=UUID(value))
    return Subject(edition_id, scope=value)


def hash_token(token: str) -> str:
    """What is kept of a link's token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def may_follow(actor: Actor, *, is_public: bool, is_training: bool, is_author: bool) -> Decision:
    """A resident follows any public proposal of a real edition; its authors are told anyway."""
    return first_denied(
        ALLOWED if is_public and not is_training else Denied("nothing_to_follow"),
        ALLOWED if actor.is_signed_in and not actor.roles else Denied("residents_only"),
        Denied("own_proposal") if is_author else ALLOWED,
    )
