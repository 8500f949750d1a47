"""The questions of a residence case in their order, and the first that is still open. Plain Python."""

from __future__ import annotations

from enum import StrEnum

from civic_budget.residency.identity import Answers
from civic_budget.residency.rules import Road


class Step(StrEnum):
    """One page, one question."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ADDRESS = "address"
    PROOF = "proof"
    STATEMENT = "statement"
    DOCUMENTS = "documents"


def first_missing(
    told: Answers, *, road: Road | None, is_signed: bool, documents: int
) -> Step | None:
    """The first step that is still to be told; None when the case is complete."""
    steps = (
        (Step.NAME, bool(told.given_names)),
        (Step.BIRTH_DATE, told.born_on is not None),
        (Step.SEX, told.sex_asked),
        (Step.ADDRESS, told.address is not None and told.district is not None),
        (Step.PROOF, road is not None),
        (Step.STATEMENT, road is not Road.STATEMENT or is_signed),
        (Step.DOCUMENTS, road is not Road.DOCUMENT or documents > 0),
    )
    return next((step for step, is_told in steps if not is_told), None)
