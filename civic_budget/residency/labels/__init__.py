"""Words for residence: states, proofs, reasons, refusals, countries; all through gettext."""

from __future__ import annotations

from flask_babel import LazyString, force_locale

from civic_budget.residency.labels.cases import (
    ACTION_NAMES,
    FLAG_NAMES,
    OFFICE_STATE_NAMES,
    PURPOSE_NAMES,
    ROAD_NAMES,
    SEX_NAMES,
    STANDING_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    TAB_NAMES,
)
from civic_budget.residency.labels.countries import country_name, find_code, list_countries
from civic_budget.residency.labels.proofs import (
    CHECKLIST,
    CHILD_STATEMENT_AGAIN,
    KEY_NAMES,
    MATCH_REASONS,
    MORE_NAMES,
    MORE_SENTENCES,
    PROOF_HINTS,
    PROOF_NAMES,
    REFUSAL_NAMES,
    REFUSAL_SENTENCES,
    STATEMENT,
    STATEMENT_AGAIN,
    STATEMENT_CHECKLIST,
    STATEMENT_FOR_CHILD,
)
from civic_budget.residency.labels.refusals import say_refusal

__all__ = [
    "ACTION_NAMES",
    "CHECKLIST",
    "CHILD_STATEMENT_AGAIN",
    "FLAG_NAMES",
    "KEY_NAMES",
    "MATCH_REASONS",
    "MORE_NAMES",
    "MORE_SENTENCES",
    "OFFICE_STATE_NAMES",
    "PROOF_HINTS",
    "PROOF_NAMES",
    "PURPOSE_NAMES",
    "REFUSAL_NAMES",
    "REFUSAL_SENTENCES",
    "ROAD_NAMES",
    "SEX_NAMES",
    "STANDING_NAMES",
    "STATEMENT",
    "STATEMENT_AGAIN",
    "STATEMENT_CHECKLIST",
    "STATEMENT_FOR_CHILD",
    "STATE_KINDS",
    "STATE_NAMES",
    "TAB_NAMES",
    "country_name",
    "find_code",
    "list_countries",
    "say_in",
    "say_refusal",
]


def say_in(language: str, words: LazyString) -> str:
    """Words in a given language, whatever the page's own."""
    with force_locale(language):
        return str(words)
