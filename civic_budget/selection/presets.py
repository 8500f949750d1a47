"""The rules of real cities, shipped as TOML files beside this module.

It must not know anything but how to find and read them.
"""

from importlib.resources import files

from civic_budget.selection.model import SelectionError
from civic_budget.selection.rules import Rule, parse_rule

_FOLDER = files("civic_budget.selection") / "presets"

#: Which preset belongs to which city, as Pabulib spells its `unit`.
CITIES = {
    "Gdynia": "gdynia",
    "Katowice": "katowice",
    "Kraków": "krakow",
    "Warszawa": "warszawa",
    "Wieliczka": "wieliczka",
    "Świecie": "swiecie",
}


def preset_names() -> tuple[str, ...]:
    """The names of all shipped presets, sorted."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_preset(name: str, *, level: str | None = None) -> Rule:
    """A shipped rule; `level` ("city", "district") where thresholds differ; SelectionError."""
    if name not in preset_names():
        raise SelectionError("preset_unknown", name=name)
    return parse_rule((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), level=level)


def preset_for(city: str) -> str | None:
    """The preset of a city by its name in Pabulib, None when there is none."""
    return CITIES.get(city)
