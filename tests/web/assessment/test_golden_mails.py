"""The assessment's messages, word for word in four languages: a changed sentence is seen in review."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from civic_budget.notifications.rendering import render_letter

GOLDEN = Path(__file__).with_name("golden")
VALUES = {
    "proposal_id": "00000000-0000-0000-0000-000000000001",
    "opinion_id": "00000000-0000-0000-0000-000000000002",
    "reference": "BO.D8.3/26",
    "title": "Ławki przy przystanku",
    "due_at": "2026-05-15T21:59:59+00:00",
    "hearing_at": "2026-06-24T14:00:00+00:00",
    "place": "Kraków, ul. Wielopole 17a, sala 102",
}
MESSAGES = ("assessment_due", "opinion_asked", "opinion_due", "hearing_set")


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_reads_as_it_was_approved(app: Flask, message: str) -> None:
    with app.app_context():
        for language in ("pl", "en", "uk", "ru"):
            letter = render_letter(message, language, VALUES)
            said = f"{letter.subject}\n\n{letter.body}"
            assert said == (GOLDEN / f"{message}.{language}.txt").read_text("utf-8"), language
