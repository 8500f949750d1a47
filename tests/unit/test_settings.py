"""Settings from the environment: a bad combination is refused at start, with a sentence that helps."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from civic_budget.config import BadSettings, Mode, from_environment

PEPPER = "p" * 43
GOOD = {
    "CIVIC_BUDGET_MODE": "production",
    "CIVIC_BUDGET_DATABASE_URL": "postgresql://city@db/budget",
    "CIVIC_BUDGET_PEPPER": PEPPER,
    "CIVIC_BUDGET_PUBLIC_URL": "https://budget.example.org/",
    "CIVIC_BUDGET_MAIL_URL": "smtp://user:secret@mail.example.org:587",
}


def test_a_complete_production_starts(tmp_path: Path) -> None:
    settings = from_environment({**GOOD, "CIVIC_BUDGET_INSTANCE": str(tmp_path)})
    assert settings.mode is Mode.PRODUCTION
    assert settings.public_url == "https://budget.example.org"
    assert not settings.is_demo


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CIVIC_BUDGET_PEPPER": ""}, "PEPPER is missing"),
        ({"CIVIC_BUDGET_PEPPER": "short"}, "too short"),
        ({"CIVIC_BUDGET_PUBLIC_URL": "http://budget.example.org"}, "https://"),
        ({"CIVIC_BUDGET_MAIL_URL": ""}, "nobody would ever get a code"),
        ({"CIVIC_BUDGET_MODE": "prod"}, "write 'production' or 'demo'"),
        ({"CIVIC_BUDGET_MODE": ""}, "does not guess"),
        ({"CIVIC_BUDGET_MODE": "demo"}, "sends nothing"),
        ({"CIVIC_BUDGET_PROXIES": "one"}, "whole number"),
        ({"CIVIC_BUDGET_DATA_LICENCE": "CC0"}, "the address of a licence"),
    ],
)
def test_what_is_missing_or_contradicts_is_told(
    tmp_path: Path, change: dict[str, str], words: str
) -> None:
    with pytest.raises(BadSettings, match=words):
        from_environment({**GOOD, "CIVIC_BUDGET_INSTANCE": str(tmp_path), **change})


def test_a_demo_makes_its_own_pepper_once_for_itself_alone(tmp_path: Path) -> None:
    here = {"CIVIC_BUDGET_INSTANCE": str(tmp_path)}
    first, second = from_environment(here), from_environment(here)
    assert first.pepper == second.pepper
    assert len(first.pepper) >= 43
    assert stat.S_IMODE((tmp_path / "pepper.txt").stat().st_mode) == 0o600
