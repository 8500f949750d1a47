"""What pages of results say about acts, and what they offer to download."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext

from civic_budget.kernel.money import say_money
from civic_budget.results.acts import ActRow
from civic_budget.results.labels import ACT_DEEDS
from civic_budget.results.views.showing import EditionResults
from civic_budget.web.locale import current_language


def say_acts(found: EditionResults, rows: Sequence[ActRow]) -> list[dict[str, object]]:
    """Acts about projects, for `acts_list`: the reason in the reader's language, else in Polish."""
    language = current_language()
    said: list[dict[str, object]] = []
    for row in rows:
        own = row.act.reasons.get(language)
        said.append(
            {
                "act": row.act,
                "deed": ACT_DEEDS[row.act.kind],
                "title": found.title(row.act.reference),
                "reason": own or row.act.reasons.get("pl", ""),
                "reason_lang": "" if own else "pl",
                "before": say_money(row.left_before),
                "after": say_money(row.left_after),
            }
        )
    return said


def pool_files(slug: str, scope: str) -> list[tuple[str, str]]:
    """The files of one pool."""
    kinds = (
        (gettext("Protocol (PDF)"), "pdf"),
        (gettext("Protocol as a workbook (XLSX)"), "xlsx"),
        (gettext("Protocol as CSV"), "csv"),
        (gettext("Protocol as JSON"), "json"),
        (gettext("All ballots (Pabulib)"), "pb"),
    )
    return [
        (words, url_for("results.download", slug=slug, scope=scope, kind=kind))
        for words, kind in kinds
    ]


def edition_files(slug: str) -> list[tuple[str, str]]:
    """The files of the whole edition."""
    names = (
        (gettext("Protocol (PDF)"), "protocol.pdf"),
        (gettext("Protocol to sign (PDF)"), "to-sign.pdf"),
        (gettext("All protocols as a workbook (XLSX)"), "all.xlsx"),
        (gettext("All protocols as CSV"), "all.csv"),
        (gettext("Summary for machines (JSON)"), "summary.json"),
    )
    return [
        (words, url_for("results.download_edition", slug=slug, name=name)) for words, name in names
    ]
