"""The tables of proposals."""

from civic_budget.proposals.models.merging import MergePart, ProposalMerge
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
    "ImplementationStep",
    "MergePart",
    "PriceItem",
    "Proposal",
    "ProposalCost",
    "ProposalDecision",
    "ProposalMerge",
    "ProposalText",
    "ProposalVersion",
]
