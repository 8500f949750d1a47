"""Pages of documents for the officer who holds the case."""

from __future__ import annotations

from uuid import UUID

from flask import abort
from flask.typing import ResponseReturnValue

from civic_budget.residency.evidence_page import answer_with_page
from civic_budget.residency.queries import find_case_by_reference
from civic_budget.residency.rules import read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading


@residency.get("/office/residence/<reference>/evidence/<uuid:file_id>/<int:page>")
@access(Audience.OFFICER)
def evidence_page(reference: str, file_id: UUID, page: int) -> ResponseReturnValue:
    """One page of a document, watermarked; the view is logged before a byte leaves."""
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    if case is None:
        abort(404)
    return answer_with_page(case.id, file_id, page)
