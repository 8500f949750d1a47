"""The tables of proposals."""

from civic_budget.proposals.models.excluding import ClearedPair, ExclusiveGroup, ExclusiveMember
from civic_budget.proposals.models.files import ProposalAttachment, ProposalPicture
from civic_budget.proposals.models.merging import MergePart, ProposalMerge
from civic_budget.proposals.models.paper import PaperProposal
from civic_budget.proposals.models.people import (
    CoAuthor,
    ProposalConsent,
    ProposalSupport,
    SupportList,
    SupportListView,
)
from civic_budget.proposals.models.proposal import (
    BallotDraw,
    BallotList,
    ImplementationStep,
    PriceItem,
    Proposal,
    ProposalCost,
    ProposalDecision,
    ProposalPlace,
    ProposalText,
    ProposalVersion,
)

__all__ = [
    "BallotDraw",
    "BallotList",
    "ClearedPair",
    "CoAuthor",
    "ExclusiveGroup",
    "ExclusiveMember",
    "ImplementationStep",
    "MergePart",
    "PaperProposal",
    "PriceItem",
    "Proposal",
    "ProposalAttachment",
    "ProposalConsent",
    "ProposalCost",
    "ProposalDecision",
    "ProposalMerge",
    "ProposalPicture",
    "ProposalPlace",
    "ProposalSupport",
    "ProposalText",
    "ProposalVersion",
    "SupportList",
    "SupportListView",
]
