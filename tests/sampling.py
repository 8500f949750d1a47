"""Which pairs of engine and parameters `make test` runs of the tests of pages; `make proof` runs them all."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.engines import POSTGRESQL, SQLITE

ENGINES = (SQLITE, POSTGRESQL)
PAGES = ("tests/web/", "tests/journeys/")


def divide_pages_among_engines(items: Iterable[pytest.Item]) -> None:
    """A page test with several parameters runs each on one engine, in turns; the other pairs are long checks.

    So every language, target and role is still walked, and every such test still meets both engines.
    A page test without parameters runs on both, and so does every test of the services beneath.
    """
    numbers: dict[str, dict[str, int]] = {}
    for item in items:
        if not isinstance(item, pytest.Function) or not item.nodeid.startswith(PAGES):
            continue
        if not hasattr(item, "callspec") or "maker" not in item.callspec.params:
            continue
        engine = item.callspec.params["maker"]
        without_engine = item.callspec.id.replace(engine, "", 1).strip("-")
        of_test = numbers.setdefault(item.nodeid.partition("[")[0], {})
        number = of_test.setdefault(without_engine, len(of_test))
        if without_engine and engine != ENGINES[number % 2]:
            item.add_marker(pytest.mark.proof)
