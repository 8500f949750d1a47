"""The front page: what this is, that no PESEL is needed, what is going on now and where to start."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from civic_budget.city.queries import list_districts
from civic_budget.editions.labels import MILESTONE_NAMES, PHASE_NAMES
from civic_budget.editions.queries import find_current_edition
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading

editions = Blueprint("editions", __name__)
blueprints = (editions,)


@editions.get("/")
@access(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """The first page that anybody sees."""
    edition = find_current_edition(reading(), at=now())
    coming = edition.calendar.next_milestone(now()) if edition else None
    return render_template(
        "editions/home.html",
        edition=edition,
        phase=edition.phase(now()) if edition else None,
        coming=coming,
        phase_names=PHASE_NAMES,
        milestone_names=MILESTONE_NAMES,
        districts=list_districts(reading()),
    )
