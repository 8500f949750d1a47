"""An opening at work: in a thread of its own, with a progress that every page can read.

The private key lives in that thread only. A crash writes nothing: the round is as it was, and its
members begin again. Knows nothing of pages.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from civic_budget.kernel.errors import DomainError
from civic_budget.voting.opening import OpeningRefused

PATIENCE = 30.0
"""Seconds without a sign of life after which an opening counts as interrupted."""
PULSE = 1.0
"""Seconds between two signs of life."""
QUICK = 2.5
"""Seconds that a small opening is waited for, so that it needs no page of its own."""


@dataclass(frozen=True)
class Progress:
    """How far an opening is; `state` is running, done or refused, `heard_at` its last sign of life.

    `why` are the codes of what a refused one found.
    """

    state: str
    done: int
    of: int
    heard_at: float
    why: Sequence[str] = ()

    @property
    def is_interrupted(self) -> bool:
        """Whether the process that opened has died."""
        return self.state == "running" and time.time() - self.heard_at > PATIENCE

    @property
    def percent(self) -> int:
        """How much is opened, 0 to 100."""
        return min(100, self.done * 100 // self.of) if self.of else 0


def read_progress(folder: Path, round_id: UUID) -> Progress | None:
    """The progress of the opening that runs or ran last; None when there was none."""
    try:
        return Progress(**json.loads(_path(folder, round_id).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def say_progress(
    folder: Path, round_id: UUID, state: str, done: int, of: int, why: Sequence[str] = ()
) -> None:
    """Write a sign of life, whole or not at all."""
    path = _path(folder, round_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    fresh.write_text(
        json.dumps(asdict(Progress(state, done, of, time.time(), why))), encoding="utf-8"
    )
    fresh.replace(path)


def run_opening(
    deed: Callable[[Callable[[int], None]], object], *, folder: Path, round_id: UUID, of: int
) -> bool:
    """Open in a thread; True when it ended within the first moments.

    What the deed refuses in these moments is raised here; later refusals are left in the progress, as codes.
    """
    refused: list[DomainError] = []
    signs = _SignsOfLife(folder, round_id, of)

    def work() -> None:
        try:
            with signs:
                deed(signs.note)
            say_progress(folder, round_id, "done", of, of)
        except DomainError as error:
            refused.append(error)
            say_progress(folder, round_id, "refused", 0, of, codes_of(error))
        except Exception:
            say_progress(folder, round_id, "refused", 0, of)
            raise

    thread = threading.Thread(target=work, name=f"opening-{round_id}", daemon=True)
    thread.start()
    thread.join(QUICK)
    if refused:
        raise refused[0]
    return not thread.is_alive()


def codes_of(error: DomainError) -> list[str]:
    """What an opening was refused for: everything found in the urn, or the one reason."""
    if isinstance(error, OpeningRefused):
        return sorted({problem.trouble.value for problem in error.problems})
    return [error.code]


class _SignsOfLife:
    """Says every few seconds how far the opening is, also while it inserts, hashes and commits.

    Only a process that died is silent, so nobody begins a second opening beside a living one.
    """

    def __init__(self, folder: Path, round_id: UUID, of: int) -> None:
        self._place = folder, round_id
        self._of, self._done = of, 0
        self._ended = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name=f"pulse-{round_id}", daemon=True)

    def note(self, done: int) -> None:
        """How many envelopes are opened."""
        self._done = done

    def __enter__(self) -> None:
        self._say()
        self._pulse.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._pulse.join()

    def _beat(self) -> None:
        while not self._ended.wait(PULSE):
            self._say()

    def _say(self) -> None:
        say_progress(*self._place, "running", self._done, self._of)


def _path(folder: Path, round_id: UUID) -> Path:
    return folder / "openings" / f"{round_id}.json"
