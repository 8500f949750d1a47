"""Who may learn a citizenship is known by name, and no page filters people by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from civic_budget.paths import ROOT

PACKAGE = ROOT / "civic_budget"
READERS = {
    "read_for_own_page": {"residency/views/mine.py"},
    "read_for_own_export": {"residency/service/rights.py"},
    "list_for_release": {"statistics/people.py"},
}
COUNTERS = {"statistics/service.py", "statistics/jobs.py"}
NATIONAL = ("nat", "citizenship", "country", "class")
"""Words that would betray a filter in a route's rule; the road of one's own answer is not one."""


def names_in(tree: ast.AST) -> set[str]:
    """Every name a module imports, calls or takes from something."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


@pytest.fixture(scope="module")
def named() -> dict[str, set[str]]:
    """What every module of the house names; read once."""
    return {
        str(path.relative_to(PACKAGE)): names_in(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def test_three_readers_by_name_and_nobody_else(named: dict[str, set[str]]) -> None:
    used: dict[str, set[str]] = {reader: set() for reader in READERS}
    for label, names in named.items():
        if label != "residency/citizenship.py":
            for reader in names & set(READERS):
                used[reader].add(label)
    assert used == READERS


def test_people_are_counted_by_the_deed_and_the_worker_alone(named: dict[str, set[str]]) -> None:
    callers = {label for label, names in named.items() if "count_people" in names}
    assert callers - {"statistics/people.py"} == COUNTERS


def test_pages_and_figures_never_see_people_or_exact_counts() -> None:
    for folder in ("views", "figures"):
        for path in sorted((PACKAGE / "statistics" / folder).glob("*.py")):
            names = names_in(ast.parse(path.read_text(encoding="utf-8")))
            forbidden = {"people", "count_people", "freeze", "Frozen", "tabulate"}
            assert names & forbidden == set(), path.name


def test_what_the_pages_take_from_an_address_are_two_sealed_classes_at_most() -> None:
    taken: set[str] = set()
    for path in sorted((PACKAGE / "statistics").rglob("*.py")):
        taken |= set(arguments_read(path))
    assert taken == {"class", "with"}


def arguments_read(path: Path) -> Iterator[str]:
    """The names that a module reads from `request.args`, `request.values` or its subscripts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            held, key = node.func.value, node.args[0] if node.args else None
        elif isinstance(node, ast.Subscript):
            held, key = node.value, node.slice
        else:
            continue
        if ast.unparse(held) in {"request.args", "request.values"}:
            yield str(key.value) if isinstance(key, ast.Constant) else "?"


def test_no_route_takes_a_nationality(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        named = {name.lower() for name in rule.arguments}
        assert not [n for n in named if n.startswith(NATIONAL)], rule.rule
        if rule.endpoint.startswith(("statistics.", "participation_data.")):
            assert rule.arguments <= {"lang", "slug", "question", "name", "code"}, rule.rule


def test_the_filter_of_this_test_notices_a_breach(tmp_path: Path) -> None:
    breach = tmp_path / "breach.py"
    breach.write_text(
        'from flask import request\nx = request.args["nat"]\ny = request.args.get(n)\n'
    )
    assert set(arguments_read(breach)) == {"nat", "?"}
