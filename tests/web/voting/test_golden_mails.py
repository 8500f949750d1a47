"""The vote's messages, word for word in four languages: a changed sentence is seen in review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic_budget.config import LANGUAGES
from civic_budget.notifications.rendering import render_letter

GOLDEN = Path(__file__).with_name("golden")
TIMES = {
    "object_until": "2026-10-08T10:00:00+00:00",
    "vote_until": "2026-10-08T10:00:00+00:00",
    "until": "2026-10-04T22:00:00+00:00",
    "due_at": "2026-10-12T10:00:00+00:00",
}
ANSWER = {"answer": "Sprawdziliśmy rejestr i punkt głosowania."}
YES, NO = {"is_upheld": True}, {"is_upheld": False}
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "recorded": ("vote_recorded", {"waits": False}),
    "recorded_and_waits": ("vote_recorded", {"waits": True}),
    "counted_after_all": ("provisional_vote_counted", {}),
    "voided": ("vote_voided", {**TIMES, "reason": "voted_twice"}),
    "voided_as_not_confirmed": ("vote_voided", {**TIMES, "reason": "residence_not_confirmed"}),
    "back_in_the_box": ("void_answered", {"is_restored": True}),
    "stays_out": ("void_answered", {"is_restored": False}),
    "given_back": ("vote_returned", TIMES),
    "lost": ("votes_lost", TIMES),
    "claim_received": ("vote_claim_received", {**TIMES, "reference": "K7Q2-9FMD-4TXA-22PW"}),
    "claim_upheld": ("vote_claim_answered", {**YES, **ANSWER, "is_lost": False}),
    "claim_upheld_visitor": (
        "vote_claim_answered",
        {**YES, **ANSWER, "is_lost": False, "is_visitor": True},
    ),
    "claim_dismissed": ("vote_claim_answered", {**NO, **ANSWER, "is_lost": False}),
    "loss_upheld": ("vote_claim_answered", {**YES, **ANSWER, "is_lost": True}),
    "loss_dismissed": ("vote_claim_answered", {**NO, **ANSWER, "is_lost": True}),
}


@pytest.mark.parametrize("name", LETTERS)
def test_every_message_reads_as_it_was_approved(app: Flask, name: str) -> None:
    message, values = LETTERS[name]
    with app.app_context():
        for language in LANGUAGES:
            letter = render_letter(message, language, values)
            said = f"{letter.subject}\n\n{letter.body}"
            assert said == (GOLDEN / f"{name}.{language}.txt").read_text("utf-8"), language


def test_what_was_queued_before_a_message_grew_is_still_sent(app: Flask) -> None:
    """A letter waits in the outbox while a new version starts; its values are the old ones."""
    with app.app_context():
        assert render_letter("vote_recorded", "uk", {}).body
        assert render_letter("vote_voided", "uk", {"object_until": TIMES["object_until"]}).body
        assert render_letter("vote_claim_answered", "uk", {**YES, **ANSWER, "is_lost": False}).body
