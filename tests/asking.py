"""A plugin that finds the page tests which alone ask something of PostgreSQL, and writes their list.

    .venv/bin/python -m pytest -q -p tests.asking -k postgresql tests/storage tests/web

Each statement is noted without its values, by the test that ran it. What no test of a service runs is covered
by as few page tests as will do; they are those of `tests/web/on_both_engines.txt`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.sampling import LIST, OTHER_ENGINE, is_of_pages, name_of

VALUES = re.compile(r"%\(\w+\)s(::[A-Z_ ]+)?")
MANY = re.compile(r"\?(, \?)+|\(\?\)(, \(\?\))+")
SERVICES = "tests/storage/"
MANY_TESTS = 300
"""Fewer page tests than that are no reason to write the list anew."""

_asked: dict[str, set[str]] = defaultdict(set)
_running: list[str] = []


def shape_of(statement: str) -> str:
    """A statement without its values and without how many there are."""
    return MANY.sub("?", MANY.sub("?", VALUES.sub("?", statement)))


def pytest_configure() -> None:
    """Listen to every engine."""
    event.listen(Engine, "before_cursor_execute", _note)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is long for its own sake, and not only because of its engine."""
    items[:] = [i for i in items if all(OTHER_ENGINE in m.args for m in i.iter_markers("proof"))]


def _note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if _running and connection.dialect.name == "postgresql":
        _asked[_running[-1]].add(shape_of(statement))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Say whose the statements are."""
    _running.append(name_of(item) if is_of_pages(item) else SERVICES)
    try:
        return (yield)
    finally:
        _running.pop()


def pytest_sessionfinish() -> None:
    """Write the list, when all was run."""
    if SERVICES not in _asked or len(_asked) < MANY_TESTS:
        return
    LIST.write_text("".join(f"{name}\n" for name in chosen(_asked)), encoding="utf-8")


def chosen(asked: dict[str, set[str]]) -> list[str]:
    """As few page tests as together run every statement that no test of a service runs."""
    pages = {
        name: found - asked.get(SERVICES, set())
        for name, found in asked.items()
        if name != SERVICES
    }
    left, names = set().union(*pages.values()), []
    while left:
        best = max(sorted(pages), key=lambda name: len(pages[name] & left))
        names.append(best)
        left -= pages[best]
    return sorted(names)
