"""Rounds that were closed and opened, for pages that show what came out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from civic_budget.storage.db import Database
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import Round, cast, choice, make_round, make_voter, new_nonce
from tests.conftest import Clock


def make_opened_round(
    database: Database,
    *,
    picks: Sequence[Sequence[int]] = ((1, 2, 3), (1, 3, 2), (2, 1, 3)),
    nonces: Sequence[bytes] = (),
    district_money: int | None = None,
    selection_rule: dict[str, object] | None = None,
) -> Round:
    """A round with a vote for each choice, closed and opened by two members; nothing is public yet."""
    opened = make_round(database, district_money=district_money, selection_rule=selection_rule)
    for index, chosen in enumerate(picks):
        nonce = nonces[index] if index < len(nonces) else new_nonce()
        cast(database, opened, make_voter(database), marks=choice(picks=chosen), nonce=nonce)
    close_vote(database, opened)
    open_box(database, opened, at=opened.closes_at)
    return opened


def publish(clock: Clock, opened: Round) -> None:
    """Let the calendar's moment of publication come."""
    clock.at = opened.closes_at + timedelta(days=11)
