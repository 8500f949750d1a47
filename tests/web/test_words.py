"""How moments are said: no deadline may be read as a day later than it is."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.web.words import say_deadline

WEDNESDAY = datetime(2026, 12, 9, tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("language", "between"),
    [
        ("pl", "o północy z wtorku na środę"),
        ("en", "midnight between Tuesday and Wednesday"),
        ("uk", "опівночі з вівторка на середу"),
        ("ru", "в полночь со вторника на среду"),
    ],
)
def test_midnight_is_told_between_which_days_it_lies(
    app: Flask, language: str, between: str
) -> None:
    with app.test_request_context(f"/{language}/"):
        assert say_deadline(WEDNESDAY).endswith(f"00:00 ({between})")
        assert say_deadline(WEDNESDAY.replace(minute=1)).endswith("00:01")
        assert say_deadline(WEDNESDAY.replace(hour=23, minute=59)).endswith("23:59")
