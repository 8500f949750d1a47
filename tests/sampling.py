"""Which tests of pages `make test` runs on which engine; `make proof` runs them all on both.

Every test of a service runs on both engines. What a page asks of the database is mostly asked there already;
the tests that alone ask something stand in `tests/web/on_both_engines.txt`, which `tests.asking` writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.engines import POSTGRESQL, SQLITE

ENGINES = (SQLITE, POSTGRESQL)
PAGES = ("tests/web/", "tests/journeys/")
OTHER_ENGINE = "the other engine"
LIST = Path(__file__).parent / "web" / "on_both_engines.txt"


def is_of_pages(item: pytest.Item) -> bool:
    """Whether a test walks pages."""
    return item.nodeid.startswith(PAGES)


def name_of(item: pytest.Item) -> str:
    """The test without its engine and its other parameters."""
    return item.nodeid.partition("[")[0]


def leave_to_the_long_checks(items: Iterable[pytest.Item]) -> None:
    """Mark the pairs of page test and engine that the short run can do without.

    A listed test runs on both engines. Of another each set of parameters runs on one engine, in turns, so
    that every language, target and role is still walked; without parameters it runs on SQLite.
    """
    on_both = set(LIST.read_text(encoding="utf-8").split())
    numbers: dict[str, dict[str, int]] = {}
    for item in items:
        if not isinstance(item, pytest.Function) or not is_of_pages(item):
            continue
        if not hasattr(item, "callspec") or "maker" not in item.callspec.params:
            continue
        engine = item.callspec.params["maker"]
        parameters = item.callspec.id.replace(engine, "", 1).strip("-")
        of_test = numbers.setdefault(name_of(item), {})
        number = of_test.setdefault(parameters, len(of_test))
        if name_of(item) not in on_both and engine != ENGINES[number % 2]:
            item.add_marker(pytest.mark.proof(OTHER_ENGINE))
