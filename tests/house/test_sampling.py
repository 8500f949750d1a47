"""The list of the page tests that run on both engines is whole and names tests that exist."""

from __future__ import annotations

import ast

from civic_budget.paths import ROOT
from tests.asking import SERVICES, chosen, shape_of
from tests.sampling import LIST


def test_every_listed_test_exists() -> None:
    listed = LIST.read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    gone = []
    for name in listed:
        file, _, function = name.partition("::")
        path = ROOT / file
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        gone += [name] if function not in names else []
    assert gone == [], "rename them in the list, or write it anew as tests/asking.py tells"


def test_statements_are_compared_without_their_values() -> None:
    one = "INSERT INTO t (a, b) VALUES (%(a_1)s::UUID, %(b_1)s), (%(a_2)s::UUID, %(b_2)s)"
    assert shape_of(one) == "INSERT INTO t (a, b) VALUES ?"
    assert shape_of("x IN (%(x_1)s, %(x_2)s, %(x_3)s)") == shape_of("x IN (%(x_1)s)")


def test_what_services_ask_needs_no_page_and_the_rest_the_fewest() -> None:
    asked = {SERVICES: {"a"}, "one": {"a", "b"}, "two": {"b", "c"}, "three": {"a"}}
    assert chosen(asked) == ["two"]
    assert chosen({**asked, "two": {"c"}}) == ["one", "two"]
