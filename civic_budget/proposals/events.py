"""What happened to proposals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProposalEvent(Event):
    """Something that happened to one proposal."""

    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProposalStarted(ProposalEvent):
    """A draft was begun."""


@dataclass(frozen=True, kw_only=True)
class ProposalSubmitted(ProposalEvent):
    """The author submitted it."""


@dataclass(frozen=True, kw_only=True)
class ProposalCorrected(ProposalEvent):
    """The author corrected what the assessor asked for."""


@dataclass(frozen=True, kw_only=True)
class ProposalReturned(ProposalEvent):
    """The assessor asked the author to correct something."""


@dataclass(frozen=True, kw_only=True)
class ProposalAdmitted(ProposalEvent):
    """It will stand on the ballot."""


@dataclass(frozen=True, kw_only=True)
class ProposalRejected(ProposalEvent):
    """It will not stand on the ballot."""


@dataclass(frozen=True, kw_only=True)
class ProposalAppealed(ProposalEvent):
    """The author appealed the rejection."""


@dataclass(frozen=True, kw_only=True)
class ProposalRestored(ProposalEvent):
    """An appeal was granted, or the mayor restored it."""


@dataclass(frozen=True, kw_only=True)
class AppealDismissed(ProposalEvent):
    """An appeal was dismissed."""


@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(ProposalEvent):
    """The author threw away a draft that nobody else had seen."""


@dataclass(frozen=True, kw_only=True)
class TranslationReviewed(ProposalEvent):
    """A person approved the words in another language."""

    language: str


@dataclass(frozen=True, kw_only=True)
class TranslationAgreed(ProposalEvent):
    """The author agreed with the words in another language."""

    language: str


@dataclass(frozen=True, kw_only=True)
class BallotListPublished(Event):
    """The list that goes to the draw was published, with its hash."""

    edition_id: UUID
    list_hash: str


@dataclass(frozen=True, kw_only=True)
class BallotNumbersDrawn(Event):
    """The numbers on the ballot were drawn."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProposalWithdrawn(ProposalEvent):
    """The author withdrew it."""


@dataclass(frozen=True, kw_only=True)
class ExclusiveGroupsChanged(Event):
    """Proposals were joined into a group of which at most one can win, or such a group was dissolved."""

    edition_id: UUID
    group_id: UUID
    is_dissolved: bool = False


@dataclass(frozen=True, kw_only=True)
class ProposalMerged(ProposalEvent):
    """It became a part of another proposal, as all the authors had agreed."""

    kept_id: UUID


@dataclass(frozen=True, kw_only=True)
class MergeEvent(ProposalEvent):
    """Something that happened to a merge, told for each proposal in it."""

    merge_id: UUID


@dataclass(frozen=True, kw_only=True)
class MergeProposed(MergeEvent):
    """The office asks the authors to merge their proposals."""


@dataclass(frozen=True, kw_only=True)
class MergeAgreed(MergeEvent):
    """All the authors agreed: several proposals are one now."""


@dataclass(frozen=True, kw_only=True)
class MergeRefused(MergeEvent):
    """One of the authors does not want the merge: each proposal goes on alone."""


@dataclass(frozen=True, kw_only=True)
class MergeCancelled(MergeEvent):
    """The office took the merge back, or one of the proposals left the road."""


@dataclass(frozen=True, kw_only=True)
class MergeLapsed(MergeEvent):
    """Not all the authors answered in time: each proposal goes on alone."""


@dataclass(frozen=True, kw_only=True)
class PaperProposalEntered(ProposalEvent):
    """A proposal that came on paper was typed in by the office."""


@dataclass(frozen=True, kw_only=True)
class PriceListChanged(Event):
    """The city's price list was changed."""


@dataclass(frozen=True, kw_only=True)
class CoAuthorInvited(ProposalEvent):
    """The author invited somebody to write together."""


@dataclass(frozen=True, kw_only=True)
class CoAuthorJoined(ProposalEvent):
    """Somebody accepted the invitation."""


@dataclass(frozen=True, kw_only=True)
class CoAuthorLeft(ProposalEvent):
    """A co-author left, or an invitation was taken back."""


@dataclass(frozen=True, kw_only=True)
class AuthorNamed(ProposalEvent):
    """An author agreed to be named, or took that back."""


@dataclass(frozen=True, kw_only=True)
class ProposalSupported(ProposalEvent):
    """A resident supports it (who, is told to nobody)."""


@dataclass(frozen=True, kw_only=True)
class SupportListSent(ProposalEvent):
    """A scan of a signed list arrived."""


@dataclass(frozen=True, kw_only=True)
class SupportListCounted(ProposalEvent):
    """An officer counted a signed list."""


@dataclass(frozen=True, kw_only=True)
class ImplementationRecorded(ProposalEvent):
    """The office told what the city did for a winner; `by_act`: an act of the mayor said it first."""

    step_id: UUID
    by_act: bool = False


@dataclass(frozen=True, kw_only=True)
class ImplementationCorrected(ProposalEvent):
    """The office corrected what it had told."""

    step_id: UUID
