"""Every pair of colours that meets on a page is legible, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from civic_budget.paths import STATIC
from tests.unit.web.colours import contrast, linear_rgb, read_tokens

GROUNDS = ("paper", "surface", "sunken")
# Words (4.5:1) on each ground where they stand.
WORDS = {
    "ink": (*GROUNDS, "brand-soft", "ok-soft", "warn-soft", "danger-soft", "accent-soft"),
    "ink-soft": (*GROUNDS, "brand-soft", "ok-soft", "warn-soft", "danger-soft"),
    "brand": (*GROUNDS, "brand-soft", "ok-soft", "warn-soft", "danger-soft"),
    "brand-strong": (*GROUNDS, "brand-soft"),
    "accent": (*GROUNDS, "accent-soft"),
    "ok": (*GROUNDS, "ok-soft"),
    "warn": (*GROUNDS, "warn-soft"),
    "danger": (*GROUNDS, "danger-soft"),
    "on-brand": ("brand", "brand-strong", "danger", "accent"),
    "on-halo": ("halo",),
    "on-step-low": ("step-1", "step-2", "step-3"),
    "on-step-high": ("step-4", "step-5"),
}
# Marks that carry meaning (3:1): edges of fields, rings of focus, bars and points of charts.
MARKS = {
    "line-strong": (*GROUNDS, "data-ground"),
    "focus": (*GROUNDS, "halo", "brand-soft"),
    "brand": GROUNDS,
    "data-1": ("surface", "data-ground"),
    "data-2": ("surface", "data-ground"),
    "data-3": ("surface", "data-ground"),
    "data-4": ("surface", "data-ground"),
}
# Colours that say nothing a word or a shape does not say too.
ORNAMENT = {"line", "brand-line", "river"}

LIGHT, DARK = read_tokens()
THEMES = {"light": LIGHT, "dark": DARK}


def _pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(front, ground) for front, grounds in table.items() for ground in grounds]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), _pairs(WORDS))
def test_words_are_legible(theme: str, front: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[front], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), _pairs(MARKS))
def test_marks_are_seen(theme: str, front: str, ground: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[front], colours[ground]) >= 3


def test_no_colour_escapes_the_tables() -> None:
    known = {name for pair in (*_pairs(WORDS), *_pairs(MARKS)) for name in pair} | ORNAMENT
    assert set(LIGHT) == set(DARK) == known


def test_every_colour_in_use_is_a_token() -> None:
    used: set[str] = set()
    for sheet in (STATIC / "css").glob("*.css"):
        used |= set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text(encoding="utf-8")))
    defined = set(
        re.findall(r"--([a-z0-9-]+):", (STATIC / "css/tokens.css").read_text(encoding="utf-8"))
    )
    assert used <= defined | {"flow", "column"}


def test_the_arithmetic_is_right() -> None:
    white, black = linear_rgb(1, 0, 0), linear_rgb(0, 0, 0)
    assert contrast(white, black) == pytest.approx(21, abs=0.01)
    # oklch(0.627955 0.257683 29.2339) is sRGB red, whose contrast with white is 3.998.
    assert contrast(linear_rgb(0.627955, 0.257683, 29.2339), white) == pytest.approx(
        3.998, abs=0.01
    )
