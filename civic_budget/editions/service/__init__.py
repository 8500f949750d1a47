"""Deeds on editions: prepare, set, publish, correct, sign the winner rule."""

from civic_budget.editions.service.correcting import answer_correction, propose_correction
from civic_budget.editions.service.preparing import prepare_edition
from civic_budget.editions.service.publishing import (
    change_category,
    city_of,
    create_edition,
    move_milestone,
    publish_edition,
    put_category,
)
from civic_budget.editions.service.rule_signing import sign_rule
from civic_budget.editions.service.settings import (
    cite_source,
    drop_source,
    set_ballot_rule,
    set_calendar,
    set_pools,
    set_texts,
)

__all__ = [
    "answer_correction",
    "change_category",
    "cite_source",
    "city_of",
    "create_edition",
    "drop_source",
    "move_milestone",
    "prepare_edition",
    "propose_correction",
    "publish_edition",
    "put_category",
    "set_ballot_rule",
    "set_calendar",
    "set_pools",
    "set_texts",
    "sign_rule",
]
