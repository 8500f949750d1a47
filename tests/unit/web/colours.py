"""Colours of tokens.css as numbers: OKLCH to sRGB, and the contrast of WCAG 2, from their definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import cos, radians, sin

from civic_budget.paths import STATIC

Rgb = tuple[float, float, float]
TOKENS = STATIC / "css" / "tokens.css"
_OKLCH = r"oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\)"
_PAIR = re.compile(rf"--([a-z0-9-]+):\s*light-dark\({_OKLCH},\s*{_OKLCH}\);")


def read_tokens() -> tuple[Mapping[str, Rgb], Mapping[str, Rgb]]:
    """Every colour token's linear sRGB, light and dark."""
    light: dict[str, Rgb] = {}
    dark: dict[str, Rgb] = {}
    for found in _PAIR.finditer(TOKENS.read_text(encoding="utf-8")):
        name, *numbers = found.groups()
        a, b = [float(n) for n in numbers[:3]], [float(n) for n in numbers[3:]]
        light[name], dark[name] = linear_rgb(*a), linear_rgb(*b)
    return light, dark


def linear_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """OKLCH to linear sRGB, cut to the gamut (Björn Ottosson's matrices)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    return red, green, blue


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG 2 contrast ratio of two linear colours, 1..21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(rgb: Rgb) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
