"""A page of a document as the answer to an officer's browser: asked from the evidence process, never stored."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort
from flask_login import current_user

from civic_budget.residency.evidence_wire import (
    MEDIA_TYPE,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceUnavailable,
    fetch_page,
)
from civic_budget.residency.session_token import sign_session
from civic_budget.web.current import settings


def answer_with_page(owner_id: UUID, file_id: UUID, page: int) -> Response:
    """The watermarked page, after its view was logged.

    `owner_id` is the case or the proposal to which the file belongs; pages count from 0. Aborts with
    403 when the evidence process refuses this session, 404 for a deleted file, 503 when it can't tell.
    """
    wish = EvidenceRequest(
        session_token=sign_session(settings().keyring, current_user.id),
        case_id=str(owner_id),
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
