"""The winner rules: pure and exact, whole numbers and fractions, standard library only.

Projects, ballots and a declared rule go in, a protocol of every decision comes out. It must not
know files, databases or web pages.
"""

from civic_budget.selection.choose import select, walk_down
from civic_budget.selection.draw import Draw, DrawRecord, commitment_of, drawn_order, frozen_list
from civic_budget.selection.explain import (
    NearMiss,
    money_takers,
    near_misses,
    support_missing,
    winning_cost,
)
from civic_budget.selection.export import protocol_to
from civic_budget.selection.flows import Flow, FlowKind, Pool, select_pools
from civic_budget.selection.model import Ballot, Ballots, Project, SelectionError, group_ballots
from civic_budget.selection.presets import load_preset, preset_for, preset_names
from civic_budget.selection.protocol import WINNING, Decision, Outcome, Protocol, Tie
from civic_budget.selection.rules import (
    BallotKind,
    Completion,
    EqualShares,
    Measure,
    Method,
    Misfit,
    Order,
    Rule,
    Threshold,
    TieStep,
    Utility,
    parse_rule,
    rule_from,
    rule_to,
)
from civic_budget.selection.tally import Count, Tally, count
from civic_budget.selection.tally import weights as ballot_weights

__all__ = [
    "WINNING",
    "Ballot",
    "BallotKind",
    "Ballots",
    "Completion",
    "Count",
    "Decision",
    "Draw",
    "DrawRecord",
    "EqualShares",
    "Flow",
    "FlowKind",
    "Measure",
    "Method",
    "Misfit",
    "NearMiss",
    "Order",
    "Outcome",
    "Pool",
    "Project",
    "Protocol",
    "Rule",
    "SelectionError",
    "Tally",
    "Threshold",
    "Tie",
    "TieStep",
    "Utility",
    "ballot_weights",
    "commitment_of",
    "count",
    "drawn_order",
    "frozen_list",
    "group_ballots",
    "load_preset",
    "money_takers",
    "near_misses",
    "parse_rule",
    "preset_for",
    "preset_names",
    "protocol_to",
    "rule_from",
    "rule_to",
    "select",
    "select_pools",
    "support_missing",
    "walk_down",
    "winning_cost",
]
