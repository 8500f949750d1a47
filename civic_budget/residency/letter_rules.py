"""Rules of letters with a code to an address: their lifecycle and limits. Plain Python."""

from __future__ import annotations

from enum import StrEnum

from civic_budget.kernel.workflow import Workflow

LETTERS_A_CASE = 2
REPRINTS = 1
CODE_TRIES = 6
BATCH = 100


class LetterState(StrEnum):
    """Where a letter stands."""

    ASKED = "asked"
    PRINTED = "printed"
    POSTED = "posted"
    ARRIVED = "arrived"
    EXPIRED = "expired"
    SPENT = "spent"
    CANCELLED = "cancelled"


class LetterAction(StrEnum):
    """What happens to a letter."""

    PRINT = "print"
    REPRINT = "reprint"
    POST = "post"
    ARRIVE = "arrive"
    EXPIRE = "expire"
    SPEND = "spend"
    CANCEL = "cancel"


_ON_PAPER = (LetterState.PRINTED, LetterState.POSTED)
LETTER: Workflow[LetterState, LetterAction] = Workflow(
    "letter",
    {
        (LetterState.ASKED, LetterAction.PRINT): LetterState.PRINTED,
        (LetterState.ASKED, LetterAction.CANCEL): LetterState.CANCELLED,
        (LetterState.PRINTED, LetterAction.POST): LetterState.POSTED,
        **{(state, LetterAction.REPRINT): LetterState.PRINTED for state in _ON_PAPER},
        **{(state, LetterAction.ARRIVE): LetterState.ARRIVED for state in _ON_PAPER},
        **{(state, LetterAction.EXPIRE): LetterState.EXPIRED for state in _ON_PAPER},
        **{(state, LetterAction.SPEND): LetterState.SPENT for state in _ON_PAPER},
        **{(state, LetterAction.CANCEL): LetterState.CANCELLED for state in _ON_PAPER},
    },
)
RUNNING_LETTERS = frozenset({LetterState.ASKED, *_ON_PAPER})
ON_PAPER = frozenset(_ON_PAPER)
