"""The tables of proposals."""

from civic_budget.proposals.models.excluding import ClearedPair, ExclusiveGroup, ExclusiveMember
from civic_budget.proposals.models.merging import MergePart, ProposalMerge
from civic_budget.proposals.models.paper import PaperProposal
from civic_budget.proposals.models.proposal import (
    BallotDraw,
    BallotList,
    ImplementationStep,
    PriceItem,
    Proposal,
    ProposalCost,
    ProposalDecision,
    ProposalText,
    ProposalVersion,
)

__all__ = [
    "BallotDraw",
    "BallotList",
    "ClearedPair",
    "ExclusiveGroup",
    "ExclusiveMember",
    "ImplementationStep",
    "MergePart",
    "PaperProposal",
    "PriceItem",
    "Proposal",
    "ProposalCost",
    "ProposalDecision",
    "ProposalMerge",
    "ProposalText",
    "ProposalVersion",
]
