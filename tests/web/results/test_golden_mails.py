"""What authors are told about an act on their project, word for word in four languages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from civic_budget.notifications.rendering import render_letter

GOLDEN = Path(__file__).with_name("golden")
VALUES = {
    "slug": "2026",
    "reference": "BO.D8.3/26",
    "title": "Ławki przy przystanku",
    "act": "Zarządzenie nr 2900/2026",
    "act_on": "2026-11-17",
    "reasons": {"pl": "Teren zajęła budowa tramwaju.", "uk": "На ділянці будують трамвай."},
}


def test_every_act_is_told_as_it_was_approved(app: Flask) -> None:
    with app.app_context():
        for kind in ("withdrawn", "not_built", "granted"):
            for language in ("pl", "en", "uk", "ru"):
                letter = render_letter("act_on_project", language, VALUES | {"kind": kind})
                said = f"{letter.subject}\n\n{letter.body}"
                golden = GOLDEN / f"act_{kind}.{language}.txt"
                assert said == golden.read_text("utf-8"), (kind, language)
