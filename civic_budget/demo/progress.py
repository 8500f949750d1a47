"""Progress on a plain terminal: one line per step, with counts. Knows nothing of what is done."""

from __future__ import annotations

import sys
import time
from typing import TextIO

WIDTH = 34


class Progress:
    """Says which step runs and how far it is; on a file or pipe only the finished steps are told."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._is_terminal = self._out.isatty()
        self._step = ""
        self._began = 0.0
        self._count = 0

    def begin(self, step: str) -> None:
        """Start a step, ending the one before."""
        self.end()
        self._step, self._began, self._count = step, time.monotonic(), 0
        self._show()

    def add(self, number: int = 1) -> None:
        """Count things done in this step."""
        self._count += number
        self._show()

    def end(self) -> None:
        """Finish the step with its count and duration."""
        if self._step:
            seconds = time.monotonic() - self._began
            self._write(f"{self._line()}  {seconds:5.1f} s", ends=True)
            self._step = ""

    def _show(self) -> None:
        if self._is_terminal:
            self._write(self._line(), ends=False)

    def _line(self) -> str:
        counted = str(self._count) if self._count else ""
        return f"  {(self._step + ' ').ljust(WIDTH, '.')} {counted:>6}"

    def _write(self, line: str, *, ends: bool) -> None:
        start = "\r" if self._is_terminal else ""
        self._out.write(start + line + ("\n" if ends else ""))
        self._out.flush()
