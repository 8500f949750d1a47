"""Checklists and what follows from their answers; the lifecycle of an appeal. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.workflow import Workflow


class Stage(StrEnum):
    """The two halves of an assessment: is it complete, and can it be done."""

    FORMAL = "formal"
    MERIT = "merit"


class Answer(StrEnum):
    """What an assessor may say of one criterion."""

    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    CORRECTABLE = "correctable"
    CORRECTED = "corrected"
    NOT_MET = "not_met"


class Verdict(StrEnum):
    """What a card's answers come to."""

    INCOMPLETE = "incomplete"
    PASSES = "passes"
    TO_CORRECT = "to_correct"
    FAILS = "fails"


# The field of the author's form that a criterion of the default set is about: there the author reads
# what to correct. A criterion that stands here with none, or an edition's own, is told above the form.
CONCERNS: Mapping[str, str] = {
    "fields_complete": "description",
    "title_matches": "title",
    "lawful": "description",
    "technical_norms": "description",
    "strategies": "justification",
    "third_parties": "description",
    "city_land": "place",
    "feasible_place": "place",
    "warranty": "description",
    "not_only_design": "costs",
    "permits": "description",
    "one_year": "description",
    "no_later_stages": "description",
    "free_of_charge": "description",
    "availability": "audience",
    "recruitment": "audience",
    "cost_estimate": "costs",
    "cost_limit": "costs",
    "accessible": "accessibility",
}

GOOD = frozenset({Answer.MET, Answer.NOT_APPLICABLE, Answer.CORRECTED})
NEEDS_COMMENT = frozenset({Answer.CORRECTABLE, Answer.NOT_MET})
ONLY_CORRECTABLE = frozenset({Answer.CORRECTABLE, Answer.CORRECTED})
LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class CriterionWords:
    """A line of a checklist as it is loaded; `words` maps language to sentence."""

    key: str
    stage: Stage
    correctable: bool
    words: Mapping[str, str]


@dataclass(frozen=True)
class ReasonWords:
    """A reason for rejecting: the criterion that failed and its public sentence by language."""

    key: str
    criterion: str
    sentence: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """An answer to a criterion with the assessor's comment."""

    answer: Answer
    comment: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer: the criterion and a reason code."""

    criterion: str
    reason: str


def answers_for(*, correctable: bool) -> tuple[Answer, ...]:
    """The answers that a criterion offers: what can't be repaired is never called correctable."""
    return tuple(a for a in Answer if correctable or a not in ONLY_CORRECTABLE)


def find_faults(criteria: Iterable[CriterionWords], said: Mapping[str, Said]) -> list[Fault]:
    """Answers that the criterion doesn't offer, and shortcomings without a comment."""
    faults = []
    for criterion in criteria:
        one = said.get(criterion.key)
        if one is None:
            continue
        if one.answer not in answers_for(correctable=criterion.correctable):
            faults.append(Fault(criterion.key, "not_correctable"))
        elif one.answer in NEEDS_COMMENT and not one.comment.strip():
            faults.append(Fault(criterion.key, "comment_missing"))
    return faults


def verdict(criteria: Iterable[CriterionWords], said: Mapping[str, Said]) -> Verdict:
    """What the answers come to: one that is not met fails the card, whatever else is open."""
    answers = [said[c.key].answer if c.key in said else None for c in criteria]
    if Answer.NOT_MET in answers:
        return Verdict.FAILS
    if Answer.CORRECTABLE in answers:
        return Verdict.TO_CORRECT
    return Verdict.PASSES if all(a in GOOD for a in answers) else Verdict.INCOMPLETE


REMINDED_BEFORE = timedelta(days=3)


class Due(StrEnum):
    """How a deadline stands."""

    AHEAD = "ahead"
    SOON = "soon"
    OVERDUE = "overdue"


def due_state(due_at: datetime | None, at: datetime) -> Due:
    """Whether a deadline lies ahead, falls due within three days, or has passed."""
    if due_at is None or at < due_at - REMINDED_BEFORE:
        return Due.AHEAD
    return Due.SOON if at < due_at else Due.OVERDUE


def end_of_day(on: date) -> datetime:
    """The last second of a day on the city's clock: a deadline given as a day lasts until midnight."""
    return datetime.combine(on, time(23, 59, 59), CITY_ZONE)


class AppealState(StrEnum):
    """Where an appeal stands."""

    LODGED = "lodged"
    HEARING_SET = "hearing_set"
    OPINION_GIVEN = "opinion_given"
    GRANTED = "granted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class AppealAction(StrEnum):
    """What can be done with an appeal."""

    SET_HEARING = "set_hearing"
    GIVE_OPINION = "give_opinion"
    GRANT = "grant"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


_S, _A = AppealState, AppealAction
_OPEN = (_S.LODGED, _S.HEARING_SET, _S.OPINION_GIVEN)
APPEAL = Workflow[AppealState, AppealAction](
    "appeal",
    {
        (_S.LODGED, _A.SET_HEARING): _S.HEARING_SET,
        (_S.HEARING_SET, _A.SET_HEARING): _S.HEARING_SET,
        (_S.LODGED, _A.GIVE_OPINION): _S.OPINION_GIVEN,
        (_S.HEARING_SET, _A.GIVE_OPINION): _S.OPINION_GIVEN,
        **{(state, _A.GRANT): _S.GRANTED for state in _OPEN},
        **{(state, _A.DISMISS): _S.DISMISSED for state in _OPEN},
        **{(state, _A.WITHDRAW): _S.WITHDRAWN for state in _OPEN},
    },
)
OPEN_APPEALS = frozenset(_OPEN)
