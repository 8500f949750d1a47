"""Letters with news, word for word in four languages: a changed sentence is seen in review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from civic_budget.editions.rules import Milestone
from civic_budget.news.gathering import TOLD_MILESTONES
from civic_budget.news.labels import KINDS
from civic_budget.notifications.rendering import render_letter
from civic_budget.proposals.implementation_rules import Stage
from civic_budget.proposals.labels import DECISION_NAMES

GOLDEN = Path(__file__).with_name("golden")
LANGUAGES = ("pl", "en", "uk", "ru")
STOP = "00000000000000000000000000000009.aMark"
ASKED = {
    "subject": "edition",
    "edition": {
        "pl": "Edycja 2026",
        "en": "Edition of 2026",
        "uk": "Цикл 2026 року",
        "ru": "Цикл 2026 года",
    },
    "district": "",
    "title": "Ławki przy przystanku",
    "reference": "BO.D8.3/26",
    "token": "aToken",
    "stop": STOP,
}


def _item(kind: str, code: str, words: str = "", *, of_proposal: bool = True) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "at": "2026-05-15T10:00:00+00:00",
        "proposal_id": "00000000-0000-0000-0000-000000000001" if of_proposal else "",
        "reference": "BO.D8.3/26" if of_proposal else "",
        "title": "Ławki przy przystanku" if of_proposal else "",
        "words": words,
    }


def _letter(*items: dict[str, Any], subject: str = "proposal", more: int = 0) -> dict[str, Any]:
    return {"subject": subject, "items": list(items), "more": more, "stop": STOP}


def _cases() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Name of the file, message, values."""
    yield "confirm_edition", "news_confirm", ASKED
    yield "confirm_city", "news_confirm", ASKED | {"subject": "scope"}
    yield "confirm_district", "news_confirm", ASKED | {"subject": "scope", "district": "Dębniki"}
    yield "confirm_proposal", "news_confirm", ASKED | {"subject": "proposal"}
    yield "confirmed_before", "news_confirm", ASKED | {"subject": "proposal", "token": ""}
    stage = _item("stage", "delayed", "Trzeba przełożyć gazociąg odkryty w trakcie robót.")
    yield "news_of_a_stage", "news", _letter(stage)
    calendar = _item("calendar", Milestone.VOTING_OPENS.value, of_proposal=False)
    yield "news_of_the_calendar", "news", _letter(calendar, subject="edition")
    every = [_item("result" if code in {"won", "lost"} else code, code) for code in KINDS]
    every += [_item("decided", action.value) for action in DECISION_NAMES]
    every += [_item("stage", one.value) for one in Stage]
    every += [_item("calendar", one.value, of_proposal=False) for one in TOLD_MILESTONES]
    yield "news_of_every_kind", "news", _letter(*every, subject="edition", more=3)


def _render(message: str, language: str, values: Mapping[str, Any]) -> str:
    letter = render_letter(message, language, values)
    assert letter.stop_url.endswith(f"/{language}/news/stop/{STOP}")
    return f"{letter.subject}\n\n{letter.body}"


def test_every_letter_reads_as_it_was_approved(app: Flask) -> None:
    with app.app_context():
        for name, message, values in _cases():
            for language in LANGUAGES:
                golden = (GOLDEN / f"{name}.{language}.txt").read_text("utf-8")
                assert _render(message, language, values) == golden, (name, language)


def test_no_golden_file_is_forgotten() -> None:
    wanted = {f"{name}.{language}.txt" for name, *_rest in _cases() for language in LANGUAGES}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
