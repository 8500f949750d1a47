"""What was written in claims about votes is forgotten: with its author, the round, or a year later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from civic_budget.storage.db import Work
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_rules import WORDS_KEPT
from civic_budget.voting.models import Round


def forget_claims(work: Work, *, at: datetime) -> int:
    """Wipe words and answers a year after the answer, unless the round is under a legal hold; how many."""
    held = select(Round.id).where(Round.legal_hold.is_not(None))
    old = func.coalesce(VoteClaim.answered_at, VoteClaim.filed_at) <= at - WORDS_KEPT
    return forget_words(work, old, VoteClaim.round_id.not_in(held))


def forget_claims_of(work: Work, account_id: UUID, at: datetime) -> None:
    """Wipe what an account wrote and was answered; its owner erases everything."""
    forget_words(work, VoteClaim.account_id == account_id)


def forget_words(work: Work, *which: ColumnElement[bool]) -> int:
    """Empty words and answers; kinds, states and days stay. Returns how many claims had words."""
    wiped = work.session.scalars(
        update(VoteClaim)
        .where(*which, func.length(VoteClaim.words) > 0)
        .values(words=b"")
        .returning(VoteClaim.id)
    ).all()
    work.session.execute(
        update(VoteClaim).where(*which, VoteClaim.answer.is_not(None)).values(answer="")
    )
    return len(wiped)
