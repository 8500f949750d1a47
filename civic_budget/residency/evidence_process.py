"""The process that holds the evidence identity: shows one page for one granted request.

Plain Python; knows no Flask and no database. Who may see what, and the log of it, come in as
`authorise`, which is asked before anything is opened. Pages leave watermarked, over a Unix socket.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from civic_budget.residency.evidence_wire import (
    MEDIA_TYPE,
    REQUEST_LIMIT,
    ConnectionLost,
    EvidenceRequest,
    MalformedRequest,
    packed,
    read_request,
    receive_message,
)
from civic_budget.residency.watermark import NotAPage, watermark
from civic_budget.storage.vault import EvidenceDoesNotOpen, EvidenceGone

log = logging.getLogger(__name__)

_GLANCE = 0.2  # seconds between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class ViewGranted:
    """A view that is allowed *and already logged*.

    `sealed_file` and `page` name what is opened. They come from the case that was authorised, never
    from the request: asking with a stranger's file id opens nothing. `mark` is written on the page
    (officer and moment).
    """

    sealed_file: str
    page: int
    mark: str


@dataclass(frozen=True, slots=True)
class ViewRefused:
    """A view that is not allowed, with the reason's code."""

    reason: str


Authorise = Callable[[EvidenceRequest], ViewGranted | ViewRefused]
OpenPage = Callable[[str, int], bytes]


class AlreadyServing(Exception):
    """Another evidence process listens on this socket."""


class SocketPathTaken(Exception):
    """Something that is no socket lies where the socket should be."""


class EvidenceProcess:
    """Listens on a Unix socket until stopped; each connection is answered by a thread of a few.

    `open_page` is `VaultReader.open_page`. `mode` 0o600 lets only the same user ask, 0o660 the
    socket's group too. `request_seconds` bounds how long a silent client is listened to.
    """

    def __init__(
        self,
        socket_path: Path,
        *,
        open_page: OpenPage,
        authorise: Authorise,
        mode: int = 0o600,
        request_seconds: float = 5.0,
        most_at_once: int = 8,
    ) -> None:
        self.socket_path = socket_path
        self.ready = threading.Event()
        self._open_page = open_page
        self._authorise = authorise
        self._mode = mode
        self._request_seconds = request_seconds
        self._most_at_once = most_at_once
        self._stopping = threading.Event()

    def serve(self) -> None:
        """Answer requests until `stop`; then finish those under way and remove the socket.

        Raises AlreadyServing or SocketPathTaken; a socket that a crash left behind is replaced.
        """
        with (
            _sole_server(self.socket_path),
            ThreadPoolExecutor(self._most_at_once) as pool,
            _listener(self.socket_path, self._mode) as listener,
        ):
            self.ready.set()
            while not self._stopping.is_set():
                with suppress(TimeoutError, ConnectionAbortedError):
                    line, _ = listener.accept()
                    pool.submit(self._serve_one, line)

    def stop(self) -> None:
        """Ask `serve` to end; safe from another thread and from a signal handler, and repeatable."""
        self._stopping.set()

    def _serve_one(self, line: socket.socket) -> None:
        with line:
            try:
                header, image = self._answer(line)
                line.settimeout(self._request_seconds)
                line.sendall(packed(header) + image)
            except (ConnectionLost, OSError):
                log.info("a client left before its answer")
            except Exception:
                log.exception("an answer failed")

    def _answer(self, line: socket.socket) -> tuple[dict[str, object], bytes]:
        """Header and image for the one request of a connection."""
        deadline = time.monotonic() + self._request_seconds
        try:
            request = read_request(receive_message(line, REQUEST_LIMIT, deadline))
        except MalformedRequest as malformed:
            log.warning("malformed request: %s", malformed)
            return _unavailable("malformed"), b""
        try:
            decided = self._authorise(request)
            if isinstance(decided, ViewRefused):
                return {"status": "refused", "reason": decided.reason}, b""
            image = watermark(self._open_page(decided.sealed_file, decided.page), decided.mark)
        except EvidenceGone:
            return _unavailable("gone"), b""
        except (EvidenceDoesNotOpen, NotAPage):
            log.error("page %d of file %r does not open", request.page, request.file_id)
            return _unavailable("does_not_open"), b""
        except Exception:
            log.exception("file %r of case %r failed", request.file_id, request.case_id)
            return _unavailable("failed"), b""
        return {"status": "granted", "media_type": MEDIA_TYPE, "length": len(image)}, image


def serve_until_told(process: EvidenceProcess) -> None:
    """Serve in the main thread until SIGTERM or SIGINT; the signals' old handlers come back."""
    told = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: process.stop()) for number in told}
    try:
        process.serve()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unavailable(reason: str) -> dict[str, object]:
    return {"status": "unavailable", "reason": reason}


@contextmanager
def _sole_server(socket_path: Path) -> Iterator[None]:
    """Hold the socket's lock: the kernel lets go of it however the process ends."""
    lock = os.open(f"{socket_path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServing(str(socket_path)) from None
        yield
    finally:
        os.close(lock)


@contextmanager
def _listener(socket_path: Path, mode: int) -> Iterator[socket.socket]:
    """A listening socket that has its permissions before it has its name."""
    if socket_path.exists() and not stat.S_ISSOCK(socket_path.stat().st_mode):
        raise SocketPathTaken(str(socket_path))
    unnamed = socket_path.with_name(socket_path.name + ".new")
    unnamed.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(unnamed))
        unnamed.chmod(mode)
        listener.settimeout(_GLANCE)
        listener.listen(64)
        unnamed.replace(socket_path)
        try:
            yield listener
        finally:
            socket_path.unlink(missing_ok=True)
