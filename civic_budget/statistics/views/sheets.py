"""The same numbers to take along: a report for a meeting as PDF, all tables as one workbook."""

from __future__ import annotations

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from civic_budget.statistics.figures import Reading
from civic_budget.statistics.printing import render_report
from civic_budget.statistics.queries import find_release, get_published_edition
from civic_budget.statistics.views.blueprint import statistics
from civic_budget.statistics.views.reading import QUESTIONS, reading_of
from civic_budget.statistics.workbook import render_workbook
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.locale import locale_code
from civic_budget.web.printing import pdf_response
from civic_budget.web.spreadsheets import workbook_response

_KEPT = 16
_made: dict[tuple[str, ...], bytes] = {}
"""By what a sheet follows from: a sealed release never changes, and typesetting takes seconds."""


@statistics.get("/participation/<slug>/report.pdf")
@access(Audience.PUBLIC)
def report(slug: str) -> ResponseReturnValue:
    """Every question with its figures and tables, and how the numbers are made."""
    edition = get_published_edition(reading(), slug, at=now())
    read = reading_of(edition, picks=1)
    release = find_release(reading(), edition.id)
    assert release is not None

    def make() -> bytes:
        return render_report(
            read,
            [(str(one.title), one.draw(read)) for one in QUESTIONS if one.picks < 2],
            edition=edition.name(locale_code()),
            language=locale_code(),
            head=release.head,
            sealed_at=release.sealed_at,
        )

    follows_from = ("pdf", read.chosen, locale_code(), release.head, *_others(read))
    return pdf_response(_kept(follows_from, make), f"participation-{slug}.pdf")


@statistics.get("/participation/<slug>/tables.xlsx")
@access(Audience.PUBLIC)
def workbook(slug: str) -> ResponseReturnValue:
    """All tables and the exact totals, with names in the reader's language."""
    edition = get_published_edition(reading(), slug, at=now())
    read = reading_of(edition)
    release = find_release(reading(), edition.id)
    assert release is not None

    def make() -> bytes:
        name = edition.name(locale_code())
        return render_workbook(read, edition=name, head=release.head)

    content = _kept(("xlsx", locale_code(), release.head), make)
    return workbook_response(content, f"participation-{slug}.xlsx")


def _others(read: Reading) -> list[str]:
    """What a report says besides its own release: the editions before it and the outside registers."""
    heads = [one.release.seals[-1].sha256 for _, one in read.earlier]
    return [*heads, *(f"{one.source} {one.as_of}" for one in read.registers)]


def _kept(follows_from: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    if follows_from not in _made:
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)))
        _made[follows_from] = make()
    return _made[follows_from]
