"""Which winner rule an edition declares: a preset of the engine by name, or a whole rule as data.

Plain Python over the selection engine; it reads rules and never chooses winners.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from civic_budget.selection import (
    BallotKind,
    Rule,
    SelectionError,
    load_preset,
    preset_names,
    rule_from,
    rule_to,
)

LEVELS = ("district", "city")
SIGNATURES_NEEDED = 2
_KINDS = {
    "points": (BallotKind.ORDINAL,),
    "approval": (BallotKind.APPROVAL,),
    "one": (BallotKind.CHOOSE_ONE, BallotKind.APPROVAL),
    "cumulative": (BallotKind.CUMULATIVE, BallotKind.POINTS),
}


def declared_rules(selection_rule: Mapping[str, Any]) -> dict[str, Rule]:
    """Level (`district`, `city`) → the rule that an edition declares; empty when it declares none."""
    if not selection_rule:
        return {}
    if "preset" in selection_rule:
        name = str(selection_rule["preset"])
        return preset_rules(name) if name in preset_names() else {}
    try:
        rule = rule_from(selection_rule)
    except SelectionError:
        return {}
    return dict.fromkeys(LEVELS, rule)


def preset_rules(name: str) -> dict[str, Rule]:
    """The rule of a preset on each level; raises SelectionError when there is no such preset."""
    return {level: load_preset(name, level=level) for level in LEVELS}


def rule_hash(rules: Mapping[str, Rule]) -> str:
    """SHA-256 of the rules of all levels as canonical JSON: what people sign."""
    data = {level: rule_to(rule) for level, rule in rules.items()}
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fits_ballot(rule: Rule, ballot_rule: Mapping[str, Any]) -> bool:
    """Whether the rule counts the ballots that the edition hands out, with the same points."""
    kind = str(ballot_rule.get("kind", ""))
    if rule.ballot not in _KINDS.get(kind, ()):
        return False
    return kind != "points" or list(rule.points) == list(ballot_rule.get("points", []))
