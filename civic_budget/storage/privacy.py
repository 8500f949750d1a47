"""The privacy register: every table with its purpose, basis, retention and readers, columns from the models."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData

HEADING = """# The privacy register

Made from the models by `flask --app wsgi storage privacy-register`; the words are in
`privacy-register.toml`. Every table of the database stands here once.
"""


class IncompleteRegister(ValueError):
    """A table without a line, with two lines, or a line without its table."""


def render_register(path: Path, metadata: MetaData) -> str:
    """The register as Markdown; raises IncompleteRegister naming the tables that are wrong."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
    named = [table for entry in entries for table in entry["tables"]]
    wrong = {t for t in named if named.count(t) > 1} | (set(named) ^ set(metadata.tables))
    if wrong:
        raise IncompleteRegister(", ".join(sorted(wrong)))
    return "\n".join([HEADING, *(_entry(entry, metadata) for entry in entries)])


def find_copy_words(path: Path) -> dict[str, str]:
    """For each table, under which key of a person's own copy it is ("in: …"), or why not ("no: …")."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
    return {table: _copy_word(entry, table) for entry in entries for table in entry["tables"]}


def _copy_word(entry: Mapping[str, Any], table: str) -> str:
    return str(entry.get("own_copies", {}).get(table) or entry.get("own_copy", ""))


def _entry(entry: Mapping[str, Any], metadata: MetaData) -> str:
    lines = [
        f"## {entry['purpose']}",
        "",
        f"- **Basis**: {entry['basis']}",
        f"- **How long**: {entry['retention']}",
        f"- **Who sees it**: {entry['seen_by']}",
        f"- **Personal data**: {entry['personal']}",
        "",
        "| table | columns | in one's own copy |",
        "|---|---|---|",
    ]
    for table in entry["tables"]:
        columns = ", ".join(column.name for column in metadata.tables[table].columns)
        lines.append(f"| `{table}` | {columns} | {_copy_word(entry, table)} |")
    return "\n".join([*lines, ""])
