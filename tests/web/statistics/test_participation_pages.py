"""Public pages of participation: leads, figures, tables, embargo, files; the same numbers for everybody."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.statistics import service
from civic_budget.statistics.views.reading import QUESTIONS
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition, make_staff, sign_in_as
from tests.builders_statistics import make_published, past_release
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

LANGUAGES = ["pl", "en", "uk", "ru"]
PAGES = ["", *(f"/{question.slug}" for question in QUESTIONS), "/method", "/technical"]


@pytest.fixture
def published(database: Database) -> UUID:
    """A public edition of 2025."""
    make_city(database)
    return make_published(database)


def test_before_the_first_publication_the_page_says_so(
    client: CheckedClient, database: Database
) -> None:
    assert "Nothing is published yet" in client.page("/en/participation").text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_and_the_answers_lead(
    client: CheckedClient, published: UUID, language: str
) -> None:
    for page in PAGES:
        found = client.page(f"/{language}/participation/2025{page}")
        if page != "/technical":
            assert found.own_text.index(next(t for t in found.own_text if "±" in t or "%" in t)) < 400
