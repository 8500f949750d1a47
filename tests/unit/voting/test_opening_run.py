"""An opening that works in silence still lives; what it says last is how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from civic_budget.kernel.errors import DomainError
from civic_budget.voting import opening_run
from civic_budget.voting.opening_run import read_progress, run_opening

ROUND = UUID(int=7)


def test_a_silent_opening_is_alive_and_ends_as_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_run, "PULSE", 0.02)
    monkeypatch.setattr(opening_run, "QUICK", 0.01)
    may_end = threading.Event()

    def deed(note: Callable[[int], None]) -> None:
        note(900)
        may_end.wait(10)

    assert run_opening(deed, folder=tmp_path, round_id=ROUND, of=1000) is False
    heard = set()
    for _ in range(500):
        progress = read_progress(tmp_path, ROUND)
        if progress is not None and progress.done == 900:
            heard.add(progress.heard_at)
        if len(heard) > 2:
            break
        time.sleep(0.01)
    assert len(heard) > 2
    may_end.set()
    _wait_for(tmp_path, "done")
    time.sleep(0.1)
    assert read_progress(tmp_path, ROUND).state == "done"  # type: ignore[union-attr]


def test_a_refusal_of_the_first_moments_is_raised(tmp_path: Path) -> None:
    def deed(_note: Callable[[int], None]) -> None:
        raise DomainError("too_early")

    with pytest.raises(DomainError, match="too_early"):
        run_opening(deed, folder=tmp_path, round_id=ROUND, of=10)
    _wait_for(tmp_path, "refused")


def _wait_for(folder: Path, state: str) -> None:
    for _ in range(500):
        progress = read_progress(folder, ROUND)
        if progress is not None and progress.state == state:
            return
        time.sleep(0.01)
    raise AssertionError(f"never {state}")
