"""docs/statistics.md says where each promise is tested: every name there is a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_test_that_the_document_names_is_there() -> None:
    text = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    there = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        if "statistics" in path.parts or path.parent.name == "house"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert len(named) > 60
    assert named - there == set()
