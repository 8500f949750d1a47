"""What authors and co-authors are told, word for word in four languages: a change is seen in review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from civic_budget.notifications.handlers import PROPOSAL_MESSAGES
from civic_budget.notifications.rendering import render_letter

GOLDEN = Path(__file__).with_name("golden")
LANGUAGES = ("pl", "en", "uk", "ru")
VALUES = {
    "proposal_id": "00000000-0000-0000-0000-000000000001",
    "kept_id": "00000000-0000-0000-0000-000000000002",
    "kept_reference": "BO.D8.4/26",
    "reference": "BO.D8.3/26",
    "title": "Ławki przy przystanku",
    "answer_by": "2026-05-15T21:59:59+00:00",
    "token": "aToken",
    "happened_at": "2026-06-15T09:30:00+00:00",
}
STEP = {
    "happened_on": "2026-07-20",
    "expected_on": None,
    "real_cost": None,
    "voted_cost": 25_000_000,
    "notes": {"pl": "Wykonawca wszedł na plac budowy.", "uk": "Підрядник розпочав роботи."},
}
LATE = {
    "expected_on": "2026-11-30",
    "notes": {
        "pl": "Trzeba przełożyć gazociąg odkryty w trakcie robót.",
        "uk": "Потрібно перенести газопровід, виявлений під час робіт.",
        "ru": "Нужно перенести газопровод, обнаруженный во время работ.",
        "en": "A gas pipe found during the works must be moved.",
    },
}


CORRECTION = {
    "slug": "2026",
    "names": {"pl": "Budżet obywatelski 2026", "en": "Civic budget 2026"},
    "number": 2,
    "reasons": {"pl": "Uchwała Rady Miasta przesunęła termin.", "uk": "Рада перенесла строк."},
}


def _cases() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Name of the file, message, values."""
    for message in sorted(
        {*PROPOSAL_MESSAGES.values(), "co_author_invited", "polish_text_approved"}
    ):
        yield message, message, VALUES
    stages: Mapping[str, Mapping[str, Any]] = {
        "planned": {},
        "in_progress": {},
        "delayed": LATE,
        "finished": {"real_cost": 24_150_050},
        "abandoned": {},
    }
    for stage, more in stages.items():
        message = "implementation_step"
        yield f"{message}_{stage}", message, {**VALUES, **STEP, "stage": stage, **more}
    for who, is_author in (("author", True), ("office", False)):
        values = {**CORRECTION, "is_author": is_author}
        yield f"edition_corrected_{who}", "edition_corrected", values


def _render(message: str, language: str, values: Mapping[str, Any]) -> str:
    letter = render_letter(message, language, values)
    return f"{letter.subject}\n\n{letter.body}"


def test_every_message_reads_as_it_was_approved(app: Flask) -> None:
    with app.app_context():
        for name, message, values in _cases():
            for language in LANGUAGES:
                golden = (GOLDEN / f"{name}.{language}.txt").read_text("utf-8")
                assert _render(message, language, values) == golden, (name, language)


def test_no_golden_file_is_forgotten() -> None:
    wanted = {f"{name}.{language}.txt" for name, *_rest in _cases() for language in LANGUAGES}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
