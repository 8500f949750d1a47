"""The privacy register names every table once and is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic_budget.models import METADATA
from civic_budget.paths import ROOT
from civic_budget.storage.privacy import (
    IncompleteRegister,
    find_copy_words,
    render_register,
)

WORDS = ROOT / "docs" / "privacy-register.toml"


def test_the_register_is_current() -> None:
    written = (ROOT / "docs" / "privacy-register.md").read_text(encoding="utf-8")
    assert written == render_register(WORDS, METADATA), (
        "run: flask --app wsgi storage privacy-register"
    )


def test_a_table_without_a_line_is_noticed(tmp_path: Path) -> None:
    short = tmp_path / "register.toml"
    short.write_text(WORDS.read_text(encoding="utf-8").replace('"ballot", ', ""), encoding="utf-8")
    with pytest.raises(IncompleteRegister, match="ballot"):
        render_register(short, METADATA)


def test_every_table_is_in_ones_own_copy_or_says_why_not() -> None:
    words = find_copy_words(WORDS)
    assert set(words) == set(METADATA.tables)
    for table, word in words.items():
        said, _, reason = word.partition(": ")
        assert said in {"in", "no"}, f"{table}: say under which key of the copy, or why not"
        assert said == "in" or len(reason) >= 15, f"{table}: the reason is too short"
