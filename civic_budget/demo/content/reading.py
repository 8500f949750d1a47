"""Reads the content files beside this module: TOML tables and CSV rows to typed values.

Knows the shape of the files, not what they are for.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civic_budget.demo.content.records import Words

FOLDER = Path(__file__).parent


def table(name: str) -> dict[str, Any]:
    """The parsed TOML file of that name (`districts.toml`, `proposals/city.toml`)."""
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a header line, in file order."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def text(name: str) -> str:
    """A text file as written, UTF-8."""
    return (FOLDER / name).read_text(encoding="utf-8")


def words(value: dict[str, str]) -> Words:
    """The four languages of one text; TypeError when one is missing or another is present."""
    return Words(**value)


def number(value: str) -> int | None:
    """A whole number of a CSV cell, or None for an empty one."""
    return int(value) if value else None
