"""The draft of a reasoned answer to a question about citizenship, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from civic_budget.statistics.labels import DIMENSION_NAMES, MEASURE_NAMES
from civic_budget.statistics.outside import Cost, Verdict
from civic_budget.web.words import say_number


def draft_answer(verdict: Verdict | None, measure: str, by: Sequence[str]) -> str:
    """Paragraphs to be sent and logged: where the number is, or why there is none and its price."""
    asked = ", ".join(str(DIMENSION_NAMES[dim]) for dim in ("nat", *by))
    topic = gettext(
        "You ask for: %(measure)s. By: %(dims)s.", measure=MEASURE_NAMES[measure], dims=asked
    )
    if verdict is not None and verdict.tables:
        return "\n\n".join([topic, _there(verdict)])
    parts = [topic, _why_not()]
    if verdict is not None and verdict.cost is not None:
        parts.append(_price(verdict.cost))
    parts.append(_instead())
    return "\n\n".join(parts)


def _there(verdict: Verdict) -> str:
    words: str = gettext(
        "These numbers are public: see the tables %(tables)s on the participation pages. Please "
        "quote them with their margins.",
        tables=", ".join(verdict.tables),
    )
    return words


def _why_not() -> str:
    words: str = gettext(
        "This table is not among those that the city publishes. The city publishes a fixed set of "
        "tables, each once, with a small random part. Every further table about the same people "
        "would bring somebody closer to finding out which citizenship a particular participant "
        "has, so nobody, in the office either, can make one on request."
    )
    return words


def _price(cost: Cost) -> str:
    words: str = gettext(
        "The table would have %(cells)s numbers, with about %(persons)s persons in each. To know "
        "them within ±%(margin)s, like table %(table)s, all present tables would have to become "
        "less exact: in %(table)s the margin would grow from ±%(margin)s to ±%(widened)s.",
        cells=say_number(cost.cells),
        persons=say_number(cost.persons),
        margin=say_number(cost.margin),
        table=cost.table,
        widened=say_number(cost.widened),
    )
    return words


def _instead() -> str:
    words: str = gettext(
        "The set of tables is decided anew before each edition. You can propose this table for the "
        "next one and say which present table may become less exact for it."
    )
    return words
