"""What happened to rounds of voting. Casting a vote publishes nothing (see docs/voting.md)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RoundEvent(Event):
    """Something that happened to one round."""

    round_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoundPrepared(RoundEvent):
    """Keys were made, the list was frozen, the key files handed out."""

    list_hash: str


@dataclass(frozen=True, kw_only=True)
class RoundReady(RoundEvent):
    """The key files opened a test envelope: the round may take votes."""


@dataclass(frozen=True, kw_only=True)
class RoundClosed(RoundEvent):
    """The final count and root were published; no key has been used."""

    sealed_root: str


@dataclass(frozen=True, kw_only=True)
class RoundSuspended(RoundEvent):
    """The round takes no votes until it is resumed."""


@dataclass(frozen=True, kw_only=True)
class RoundResumed(RoundEvent):
    """The round takes votes again."""


@dataclass(frozen=True, kw_only=True)
class RoundExtended(RoundEvent):
    """The closing time was moved because of an outage."""


@dataclass(frozen=True, kw_only=True)
class VoidProposed(RoundEvent):
    """One member wishes to take an envelope out."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class EnvelopeVoided(RoundEvent):
    """Two members took an envelope out, unopened."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class RoundOpened(RoundEvent):
    """The envelopes were opened all at once; the ballots are written."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class ObjectionMade(RoundEvent):
    """A person whose envelope was taken out objects."""


@dataclass(frozen=True, kw_only=True)
class VoidLifted(RoundEvent):
    """Two members put an envelope back, on an objection."""


@dataclass(frozen=True, kw_only=True)
class VoteReturned(RoundEvent):
    """Two members gave a vote back to a person whose place somebody else took."""


@dataclass(frozen=True, kw_only=True)
class ReturnedSealed(RoundEvent):
    """Votes given back after the closing are in; the list was sealed anew, before any key was used."""

    root: str


@dataclass(frozen=True, kw_only=True)
class MembersChanged(RoundEvent):
    """Two members changed the commission; new key files were handed out."""


@dataclass(frozen=True, kw_only=True)
class PaperClosed(RoundEvent):
    """The last slips and cards are in and reconciled."""

    root: str


@dataclass(frozen=True, kw_only=True)
class BatchClosed(RoundEvent):
    """A batch of cards was reconciled with its slips."""

    batch_id: UUID


@dataclass(frozen=True, kw_only=True)
class MissingAcknowledged(RoundEvent):
    """Two members acknowledged that envelopes of an earlier list are gone, as after a restore."""


@dataclass(frozen=True, kw_only=True)
class SampleDrawn(RoundEvent):
    """The voters to be met in person were drawn from a public seed."""


@dataclass(frozen=True, kw_only=True)
class SampleDropped(RoundEvent):
    """The vote was re-opened, so the sample that was drawn holds no longer."""


@dataclass(frozen=True, kw_only=True)
class RoundFinished(RoundEvent):
    """The round is final: who took part is forgotten."""


@dataclass(frozen=True, kw_only=True)
class AnnulledKept(RoundEvent):
    """It was said until when an annulled round is kept; who took part in it is forgotten."""


@dataclass(frozen=True, kw_only=True)
class LegalHoldChanged(RoundEvent):
    """A legal hold was laid on the round, or lifted."""

    is_held: bool


@dataclass(frozen=True, kw_only=True)
class RoundShredded(RoundEvent):
    """Envelopes and voids are deleted, the server's keys destroyed."""


@dataclass(frozen=True, kw_only=True)
class ScopeAnnulled(RoundEvent):
    """The vote of one pool does not count, by act."""

    edition_id: UUID
    scope: str


@dataclass(frozen=True, kw_only=True)
class RoundAnnulled(RoundEvent):
    """The round does not count, by act."""


@dataclass(frozen=True, kw_only=True)
class VoteClaimed(RoundEvent):
    """Somebody claims that something about a vote is wrong; by nobody when it is about a line."""

    claim_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class VoteClaimAnswered(RoundEvent):
    """The commission upheld or dismissed a claim; `account_id` is who is told (None: by reference)."""

    claim_id: UUID
    kind: str
    state: str
    account_id: UUID | None
