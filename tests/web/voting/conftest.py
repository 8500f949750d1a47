"""What the pages of voting are walked with: a browser for each member and clerk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Database
from tests.builders import sign_in_as
from tests.pages import CheckedClient

Member = Callable[[Actor], CheckedClient]


@pytest.fixture
def member(database: Database, new_client: Callable[[], CheckedClient]) -> Member:
    """A browser in which somebody is signed in."""

    def make(actor: Actor) -> CheckedClient:
        browser = new_client()
        sign_in_as(browser, database, actor)
        return browser

    return make
