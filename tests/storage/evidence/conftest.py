"""A socket's place and an office for each test of the evidence process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from civic_budget.residency import evidence_process
from tests.storage.evidence.office import Office


@pytest.fixture(autouse=True)
def _quick_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_process, "_GLANCE", 0.02)


@pytest.fixture
def socket_path() -> Iterator[Path]:
    # A Unix socket's path may have 107 bytes; pytest's own folders are longer.
    with tempfile.TemporaryDirectory(prefix="ev") as folder:
        yield Path(folder) / "evidence.sock"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)
