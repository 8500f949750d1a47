"""The unfinished ballot on the voter's device: an encrypted cookie that scripts cannot read.

Bound to the round and the sign-in session, with the person inside; the server keeps no copy, logs
nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Response, request

from civic_budget.kernel.keys import KeyRing
from civic_budget.voting.choice import BallotForm, encode_choice
from civic_budget.voting.draft import SHARED_DRAFT_LIVES, Draft, draft_from_bytes, draft_to_bytes
from civic_budget.web.current import settings

COOKIE = "ballot"
PURPOSE = "draft"
ID_BYTES = 16


@dataclass(frozen=True)
class KeptDraft:
    """What the cookie holds: in which round, whose vote it is to be, what is marked."""

    round_id: UUID
    person_id: UUID
    draft: Draft


@dataclass(frozen=True)
class SentDraft:
    """The cookie as it came: its round in clear, the rest sealed."""

    round_id: UUID
    sealed: bytes


def sent_draft() -> SentDraft | None:
    """The draft in this request's cookie, unopened; None without a cookie, or with one nobody here wrote."""
    try:
        kept = base64.urlsafe_b64decode(request.cookies.get(COOKIE, ""))
        return SentDraft(UUID(bytes=kept[:ID_BYTES]), kept[ID_BYTES:])
    except ValueError:
        return None


def open_draft(
    ring: KeyRing, form: BallotForm, sent: SentDraft, *, sign_in: str
) -> KeptDraft | None:
    """What a cookie holds, given the ballot of the round that it names; None when it does not open.

    It tells whose vote it was to be when it was written: whether the account still acts for them is
    the caller's to ask.
    """
    try:
        plain = ring.unseal(PURPOSE, sent.sealed, bound_to=_bound_to(sent.round_id, sign_in))
        person_id = UUID(bytes=plain[:ID_BYTES])
        return KeptDraft(sent.round_id, person_id, draft_from_bytes(form, plain[ID_BYTES:]))
    except ValueError:
        return None


def write_draft(
    response: Response,
    ring: KeyRing,
    form: BallotForm,
    kept: KeptDraft,
    *,
    sign_in: str,
) -> None:
    """Put the draft into the answer's cookie.

    Once it was cast it lives as long as its codes are shown; on a shared device a draft that nobody
    touches ends by itself, too.
    """
    response.set_cookie(
        COOKIE,
        seal_draft(ring, form, kept, sign_in=sign_in),
        max_age=_lives(kept.draft),
        httponly=True,
        samesite="Lax",
        secure=settings().public_url.startswith("https://"),
    )


def seal_draft(ring: KeyRing, form: BallotForm, kept: KeptDraft, *, sign_in: str) -> str:
    """The cookie's value: the round in clear, so that its list is known; person and marks sealed."""
    plain = kept.person_id.bytes + draft_to_bytes(form, kept.draft)
    sealed = ring.seal(PURPOSE, plain, bound_to=_bound_to(kept.round_id, sign_in))
    return base64.urlsafe_b64encode(kept.round_id.bytes + sealed).decode()


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


def _bound_to(round_id: UUID, sign_in: str) -> str:
    return f"{round_id}|{sign_in}"
