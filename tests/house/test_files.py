"""The style guide, executable: size of files and functions, docstrings, names that hide nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from civic_budget.paths import ROOT

PACKAGE = sorted((ROOT / "civic_budget").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
MAX_LINES, MAX_FUNCTION = 400, 40


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_a_room_needs() -> None:
    lengths = {label(p): len(p.read_text(encoding="utf-8").splitlines()) for p in PACKAGE + TESTS}
    assert len(lengths) > 1000
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_public_things_say_what_they_are_and_functions_fit_on_a_screen() -> None:
    silent, long = [], []
    for path in PACKAGE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent += [f"{label(path)}: {name}" for name in without_docstring(tree)]
        # A shelf of labels holds tables of words; a table is as long as it has lines.
        if "labels" not in {path.stem, path.parent.name}:
            long += [f"{label(path)}: {name}" for name in too_long(tree)]
    assert silent == []
    assert long == []


def without_docstring(tree: ast.Module) -> Iterator[str]:
    """The module and its public functions and classes, where nothing tells what they are."""
    if not ast.get_docstring(tree):
        yield "the module"
    for node in tree.body:
        is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
        if is_public and not ast.get_docstring(node):
            yield node.name


def too_long(tree: ast.Module) -> Iterator[str]:
    """Functions, methods too, that are longer than a screen without their docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (node.end_lineno or 0) - body[0].lineno + 1 > MAX_FUNCTION:
                yield node.name


def test_a_breach_is_noticed() -> None:
    lines = "\n".join(f"        x{n} = {n}" for n in range(MAX_FUNCTION + 1))
    tree = ast.parse(f"class Long:\n    def method(self):\n{lines}\n")
    assert list(without_docstring(tree)) == ["the module", "Long"]
    assert list(too_long(tree)) == ["method"]


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
