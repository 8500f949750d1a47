"""The worker: does what the outbox holds and what the schedule says, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from types import FrameType

from flask import Flask

from civic_budget import wiring
from civic_budget.kernel.clock import utc_now
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import work_off
from civic_budget.storage.schedule import run_due

PAUSE_SECONDS = 1.0


def run_once(app: Flask, *, at: datetime) -> int:
    """Do all that is due at a moment; returns how many outbox tasks were done."""
    database: Database = app.extensions["database"]
    with app.app_context():
        run_due(database, wiring.JOBS, at=at)
        return work_off(database, wiring.PERFORMERS, at=at)


def run_for_ever(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; the task in hand is finished first."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    while not stop.is_set():
        if run_once(app, at=utc_now()) == 0:
            stop.wait(PAUSE_SECONDS)
