"""Pages of documents for the officer who holds the case: asked from the evidence process, never stored."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic_budget.residency.evidence_wire import (
    MEDIA_TYPE,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceUnavailable,
    fetch_page,
)
from civic_budget.residency.queries import find_case_by_reference
from civic_budget.residency.rules import read_reference
from civic_budget.residency.session_token import sign_session
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading, settings


@residency.get("/office/residence/<reference>/evidence/<uuid:file_id>/<int:page>")
@access(Audience.OFFICER)
def evidence_page(reference: str, file_id: UUID, page: int) -> ResponseReturnValue:
    """One page of a document, watermarked; the view is logged before a byte leaves."""
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    if case is None:
        abort(404)
    wish = EvidenceRequest(
        session_token=sign_session(settings().keyring, current_user.id),
        case_id=str(case.id),
        file_id=str(file_id),
        page=page,
    )
    try:
        image = fetch_page(settings().evidence_socket, wish)
    except EvidenceRefused:
        abort(403)
    except EvidenceUnavailable as unavailable:
        abort(404 if unavailable.code == "gone" else 503)
    response = Response(image, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = "inline"
    return response
