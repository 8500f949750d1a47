"""The privacy register names every table once and is current."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, LargeBinary, MetaData, Table, Uuid

from civic_budget.models import METADATA
from civic_budget.paths import ROOT
from civic_budget.storage.privacy import (
    IncompleteRegister,
    find_copy_words,
    render_register,
)

WORDS = ROOT / "docs" / "privacy-register.toml"
NAMING = {"person_id", "account_id", "author_account", "author_person", "tag"}


def names_somebody(table: Table) -> bool:
    """Whether a table's rows are somebody's: by a person, an account, a voter's tag, or sealed words."""
    return any(
        column.name in NAMING
        or any(key.column.table.name == "person" for key in column.foreign_keys)
        or (isinstance(column.type, LargeBinary) and "sealed" in column.name)
        for column in table.columns
    )


def find_unanswered(metadata: MetaData) -> set[str]:
    """Tables that name somebody, and for which nobody said whether one's own copy has them."""
    entries = tomllib.loads(WORDS.read_text(encoding="utf-8"))["entry"]
    answered = {table for entry in entries for table in entry.get("own_copies", {})}
    return {table.name for table in metadata.tables.values() if names_somebody(table)} - answered


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


def test_whoever_adds_a_table_that_names_somebody_answers_for_it_by_name() -> None:
    assert find_unanswered(METADATA) == set()


@pytest.mark.parametrize(
    "column",
    [
        lambda: Column("person_id", Uuid),
        lambda: Column("whose", ForeignKey("person.id")),
        lambda: Column("words_sealed", LargeBinary),
    ],
    ids=["by name", "by key", "sealed"],
)
def test_a_forgotten_table_is_noticed(column: Callable[[], Column[Any]]) -> None:
    grown = MetaData()
    Table("person", grown, Column("id", Uuid, primary_key=True))
    Table("diary", grown, Column("id", Uuid, primary_key=True), column())
    assert "diary" in find_unanswered(grown)
