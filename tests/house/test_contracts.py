"""Rooms import only rooms beneath them; the contract holds, and it notices a breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from civic_budget.paths import ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [script, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(ROOT / "civic_budget", folder / "civic_budget", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("kernel/money.py", "from civic_budget.web import words\n"),
        ("accounts/queries.py", "from civic_budget.voting import queries as upwards\n"),
        ("selection/model.py", "import sqlalchemy\n"),
        ("proposals/labels.py", "from civic_budget.residency import models as closed\n"),
        ("statistics/service.py", "from civic_budget.voting import ballot_box\n"),
    ],
    ids=["kernel to web", "accounts to voting", "selection to SQL", "foreign models", "ballot box"],
)
def test_a_breach_is_noticed(copy: Path, room: str, line: str) -> None:
    target = copy / "civic_budget" / room
    before = target.read_text(encoding="utf-8")
    try:
        target.write_text(before + "\n" + line, encoding="utf-8")
        assert lint(copy).returncode != 0
    finally:
        target.write_text(before, encoding="utf-8")


def test_the_house_keeps_its_contracts() -> None:
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout
