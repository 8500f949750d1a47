"""The unfinished ballot on the voter's device: an encrypted cookie that scripts cannot read.

Bound to the round, the person and the sign-in session; the server keeps no copy, logs nothing of it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import Response, request

from civic_budget.kernel.keys import KeyRing
from civic_budget.voting.choice import BallotForm, encode_choice
from civic_budget.voting.draft import SHARED_DRAFT_LIVES, Draft, draft_from_bytes, draft_to_bytes
from civic_budget.web.current import settings

COOKIE = "ballot"
PURPOSE = "draft"


def read_draft(
    ring: KeyRing, form: BallotForm, *, round_id: UUID, persons: Iterable[UUID], sign_in: str
) -> tuple[UUID, Draft] | None:
    """The person and their draft in this request's cookie; None without a cookie that opens."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(COOKIE, "").encode("ascii"))
    except (ValueError, binascii.Error):
        return None
    for person_id in persons:
        try:
            plain = ring.unseal(PURPOSE, sealed, bound_to=_bound_to(round_id, person_id, sign_in))
            return person_id, draft_from_bytes(form, plain)
        except ValueError:
            continue
    return None


def write_draft(
    response: Response,
    ring: KeyRing,
    form: BallotForm,
    draft: Draft,
    *,
    round_id: UUID,
    person_id: UUID,
    sign_in: str,
) -> None:
    """Put the draft into the answer's cookie.

    Once it was cast it lives as long as its codes are shown; on a shared device a draft that nobody
    touches ends by itself, too.
    """
    sealed = ring.seal(
        PURPOSE,
        draft_to_bytes(form, draft),
        bound_to=_bound_to(round_id, person_id, sign_in),
    )
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=_lives(draft),
        httponly=True,
        samesite="Lax",
        secure=settings().public_url.startswith("https://"),
    )


def _lives(draft: Draft) -> timedelta | None:
    if draft.cast_at:
        return draft.codes_shown_for
    return SHARED_DRAFT_LIVES if draft.is_shared_device else None


def wipe_draft(response: Response) -> None:
    """Take the draft off the device, and ask the browser to forget what it kept of our pages."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'


def seal_of_choice(ring: KeyRing, form: BallotForm, draft: Draft) -> str:
    """What the check page carries so that exactly the shown ballot is cast: says nothing of it."""
    shown = draft.nonce + encode_choice(form, draft.choice())
    return hmac.digest(ring.key("draft-shown"), shown, hashlib.sha256).hex()


def _bound_to(round_id: UUID, person_id: UUID, sign_in: str) -> str:
    return f"{round_id}|{person_id}|{sign_in}"
