"""Web, worker and evidence process started together and ended together. Knows nothing of what they do."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

GRACE_SECONDS = 8.0


@dataclass(frozen=True)
class Part:
    """One process of the house: a name for people and the command that runs it."""

    name: str
    command: Sequence[str]


class Supervisor:
    """Runs parts until one of them ends or somebody asks to stop; then ends all of them."""

    def __init__(self, parts: Sequence[Part], environment: Mapping[str, str]) -> None:
        self.parts = parts
        self.environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = False

    def run(self) -> int:
        """Start all parts and wait; 0 when asked to stop, 1 when a part ended by itself."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        try:
            for part in self.parts:
                # A group of its own, so that Ctrl-C reaches us first and the parts end in order.
                self._running[part.name] = subprocess.Popen(  # noqa: S603 - our own commands
                    list(part.command), env=self.environment, start_new_session=True
                )
            return self._wait()
        finally:
            self._end_all()

    def _wait(self) -> int:
        while not self._asked_to_stop:
            for name, process in self._running.items():
                if process.poll() is not None:
                    sys.stderr.write(f"The {name} process ended ({process.returncode}).\n")
                    return 1
            time.sleep(0.2)
        return 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _end_all(self) -> None:
        running = [p for p in self._running.values() if p.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
