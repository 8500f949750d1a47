"""The style guide, executable: size of files and functions, docstrings, names that hide nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from civic_budget.paths import ROOT

PACKAGE = sorted((ROOT / "civic_budget").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
MAX_LINES, MAX_FUNCTION = 400, 40


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*PACKAGE, *TESTS], ids=label)
def test_no_file_is_longer_than_a_room_needs(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", PACKAGE, ids=label)
def test_public_things_say_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "no module docstring"
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [node.name for node in public if not ast.get_docstring(node)] == []


# A shelf of labels holds tables of words; a table is as long as it has lines.
NOT_LABELS = [path for path in PACKAGE if "labels" not in {path.stem, path.parent.name}]


@pytest.mark.parametrize("path", NOT_LABELS, ids=label)
def test_functions_fit_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (node.end_lineno or 0) - body[0].lineno + 1 > MAX_FUNCTION:
                long.append(node.name)
    assert long == []


def test_no_vague_names() -> None:
    assert [label(p) for p in PACKAGE if p.stem in VAGUE or p.parent.name in VAGUE] == []


def test_nothing_is_left_for_later() -> None:
    word = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|pragma: no cover")
    assert [label(p) for p in PACKAGE if word.search(p.read_text(encoding="utf-8"))] == []


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in found]
    assert numbers == list(range(1, len(found) + 1))
    for number, path in zip(numbers, found, strict=True):
        assert path.read_text(encoding="utf-8").startswith(f"# {number}. "), path.name
