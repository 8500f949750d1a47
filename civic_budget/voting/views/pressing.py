"""Who presses "cast", asked together with what their press looks at: one journey instead of two."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from flask import g, request

from civic_budget.accounts.views import CurrentUser, load_current_user
from civic_budget.voting.press_queries import Look, look_signed_in
from civic_budget.voting.views.booth import find_ballot_of
from civic_budget.web.current import glancing


def load_pressing_user(sign_in_id: UUID, *, at: datetime) -> CurrentUser | None:
    """As `load_current_user`, where a ballot may be cast; what was seen beside it is kept for the press.

    The draft opens only for the sign-in that wrote it, and the account is found by that sign-in.
    """
    ballot = find_ballot_of(str(sign_in_id)) if request.method == "POST" else None
    if ballot is None:
        return load_current_user(sign_in_id, at=at)
    g.ballot = ballot
    with glancing() as glance:
        signed_in, g.seen_at_press = look_signed_in(
            glance, sign_in_id, round_id=ballot.round.id, person_id=ballot.person_id, at=at
        )
    return CurrentUser(signed_in) if signed_in else None


def seen_at_press() -> Look | None:
    """What was seen beside the sign-in of this request; None when it had no ballot to press."""
    return cast(Look | None, g.get("seen_at_press"))
