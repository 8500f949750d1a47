"""Information clauses by purpose and version, and who never gets anybody's data. Public pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from civic_budget.kernel.clock import city_day
from civic_budget.residency import service
from civic_budget.residency.clauses import (
    Clause,
    common_words,
    current_clause,
    find_clause,
    list_clauses,
)
from civic_budget.residency.labels.clauses import CLAUSE_NAMES
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, writing
from civic_budget.web.locale import current_language


@residency.get("/your-data/clauses")
@access(Audience.PUBLIC)
def clauses() -> ResponseReturnValue:
    """Every clause that was ever in force, by purpose, the newest first."""
    return render_template("residency/clauses.html", clauses=list_clauses(), names=CLAUSE_NAMES)


@residency.get("/your-data/clauses/<purpose>/<int:version>")
@access(Audience.PUBLIC)
def clause(purpose: str, version: int) -> ResponseReturnValue:
    """One version, with its Polish original beside it."""
    found = find_clause(purpose, version)
    if found is None:
        abort(404)
    return render_template(
        "residency/clause.html",
        clause=found,
        name=CLAUSE_NAMES[purpose],
        words=_words(found, current_language()),
        original=_words(found, "pl"),
    )


@residency.get("/your-data/who-never")
@access(Audience.PUBLIC)
def who_never() -> ResponseReturnValue:
    """Who never gets anybody's data, and who may demand it by law."""
    return render_template("residency/who_never.html")


@residency.get("/your-data/citizenship")
@access(Audience.PUBLIC)
def about_citizenship() -> ResponseReturnValue:
    """Why citizenship is asked for, who sees it, how it becomes a protected figure."""
    return render_template("residency/about_citizenship.html")


def show_clause(purpose: str, person_id: UUID | None) -> list[str]:
    """The clause in force in the reader's language; that this person was shown it is written down."""
    at: datetime = now()
    found = current_clause(purpose, city_day(at))
    if person_id is not None:
        with writing() as work:
            service.note_clause(
                work, person_id=person_id, purpose=purpose, language=current_language(), at=at
            )
    return _words(found, current_language())


def _words(found: Clause, language: str) -> list[str]:
    return [found.said_in(language), common_words()[language]]
