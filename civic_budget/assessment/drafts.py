"""First drafts of a decision's public words, from the reason and the card; the officer edits them. Plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civic_budget.assessment.rules import Answer, CriterionWords, ReasonWords, Said


def draft_rejection(reason: ReasonWords, said: Mapping[str, Said], language: str) -> str:
    """The reason's sentence, with the assessor's comment after it in the Polish version."""
    sentence = reason.sentence.get(language) or reason.sentence["pl"]
    one = said.get(reason.criterion)
    if language == "pl" and one is not None and one.comment:
        return f"{sentence}\n{one.comment}"
    return sentence


def draft_return(
    criteria: Sequence[CriterionWords], said: Mapping[str, Said], language: str
) -> str:
    """Each criterion to correct, on a line of its own, with the comment."""
    lines = []
    for criterion in criteria:
        one = said.get(criterion.key)
        if one is not None and one.answer is Answer.CORRECTABLE:
            words = criterion.words.get(language) or criterion.words["pl"]
            lines.append(f"– {words} {one.comment}".rstrip())
    return "\n".join(lines)
