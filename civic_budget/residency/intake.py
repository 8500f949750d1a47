"""Takes in a resident's evidence file: a fenced process decodes it, plain page pictures come back.

No Flask, no database, no key. Nothing of the original file survives: the worker hands over raw
pixels and this side encodes them anew, so a broken decoder can't smuggle a crafted file onwards.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO, Protocol

from PIL import Image

from civic_budget.kernel.errors import DomainError
from civic_budget.residency.intake_decoding import Kind, Limits, Reason
from civic_budget.residency.intake_worker import LENGTH_BYTES, settings_line

__all__ = ["EXTENSIONS", "Intake", "Kind", "Limits", "Reason", "Refused", "take_in"]

STANDARD = Limits()
JPEG_QUALITY = 85
EXTENSIONS = {
    ".pdf": Kind.PDF,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".jfif": Kind.JPEG,
    ".png": Kind.PNG,
    ".heic": Kind.HEIF,
    ".heif": Kind.HEIF,
    ".webp": Kind.WEBP,
}
_HEADER_LIMIT = 4096
_PACKAGES = str(Path(__file__).resolve().parents[2])
# Isolated mode leaves the checkout off the import path; it is put back by hand, nothing else is.
_COMMAND = (
    *(sys.executable, "-I", "-B", "-c"),
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from civic_budget.residency.intake_worker import main; main()",
    _PACKAGES,
)
# Each decoder may take a gigabyte: more than two at once could starve the machine.
_places = threading.BoundedSemaphore(2)


class Refused(DomainError):
    """A file that can't be evidence. `code` is a `Reason`; `details` fill its sentence's gaps."""

    def __init__(self, code: Reason, **details: object) -> None:
        super().__init__(code.value, **details)
        self.reason = code


@dataclass(frozen=True, slots=True)
class Intake:
    """An accepted file: its pages as JPEG files without metadata, in order.

    `warnings` holds EXTENSION_DIFFERS when the name promised another allowed kind, which phones do
    daily. `fences` names the confinements that stood while decoding.
    """

    pages: list[bytes] = field(repr=False)
    kind: Kind
    page_count: int
    warnings: tuple[Reason, ...] = ()
    fences: tuple[str, ...] = ()


def take_in(data: bytes, *, filename: str, limits: Limits = STANDARD) -> Intake:
    """Decode an uploaded file in a process of its own; raises Refused with the reason.

    The name is used for its extension only and never stored. Blocks up to `limits.wall_seconds`.
    """
    if not data:
        raise Refused(Reason.EMPTY)
    if len(data) > limits.file_bytes:
        raise Refused(Reason.TOO_LARGE, size=len(data), limit=limits.file_bytes)
    with _place(limits):
        answer = _ask_worker(data, limits)
    warnings = _judge_name(filename, answer.kind)
    return Intake(answer.pages, answer.kind, len(answer.pages), warnings, answer.fences)


def _judge_name(filename: str, kind: Kind) -> tuple[Reason, ...]:
    """Nothing to say, a warning, or Refused when the name claims a kind that is never evidence."""
    extension = PurePath(filename.replace("\\", "/")).suffix.lower()
    if not extension or EXTENSIONS.get(extension) is kind:
        return ()
    if extension in EXTENSIONS:
        return (Reason.EXTENSION_DIFFERS,)
    raise Refused(Reason.EXTENSION_DIFFERS, extension=extension[:16], kind=kind.value)


@contextmanager
def _place(limits: Limits) -> Iterator[None]:
    """Wait for one of the few places at the decoders."""
    if not _places.acquire(timeout=limits.wall_seconds):
        raise Refused(Reason.TIMED_OUT)
    try:
        yield
    finally:
        _places.release()


@dataclass(slots=True)
class _Answer:
    kind: Kind = Kind.PDF
    pages: list[bytes] = field(default_factory=list)
    fences: tuple[str, ...] = ()


class _Child(Protocol):
    """What is used of `subprocess.Popen`."""

    returncode: int | None

    def kill(self) -> None: ...


def _ask_worker(data: bytes, limits: Limits) -> _Answer:
    timed_out = threading.Event()
    with subprocess.Popen(  # noqa: S603 - a constant command
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        close_fds=True,
        cwd="/",
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        alarm = threading.Timer(limits.wall_seconds, _end, (child, timed_out))
        feeder = threading.Thread(
            target=_feed, args=(child.stdin, settings_line(limits), data), daemon=True
        )
        alarm.start()
        feeder.start()
        try:
            return _read_answer(child.stdout, limits)
        except _Broken as broken:
            child.kill()
            child.wait()
            raise _verdict(child.returncode, timed_out.is_set()) from broken
        except BaseException:
            child.kill()
            raise
        finally:
            alarm.cancel()
            feeder.join()


def _end(child: _Child, timed_out: threading.Event) -> None:
    timed_out.set()
    child.kill()


def _feed(pipe: IO[bytes], *parts: bytes) -> None:
    """Hand the file over; a worker that ended early simply doesn't read on."""
    with suppress(BrokenPipeError), pipe:
        for part in parts:
            pipe.write(part)


class _Broken(Exception):
    """The worker's answer ended early or makes no sense."""


def _read_answer(pipe: IO[bytes], limits: Limits) -> _Answer:
    answer = _Answer()
    while True:
        header, body_length = _read_header(pipe)
        match header.get("what"):
            case "fences":
                answer.fences = tuple(str(name) for name in _list(header.get("fences")))
            case "page":
                answer.pages.append(_read_page(pipe, header, body_length, limits))
                if len(answer.pages) > limits.pages:
                    raise _Broken
            case "done":
                answer.kind = _kind(header.get("kind"))
                if not answer.pages:
                    raise _Broken
                return answer
            case "unfit":
                raise _refusal(header)
            case _:
                raise _Broken


def _read_exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) != length:
        raise _Broken
    return data


def _read_header(pipe: IO[bytes]) -> tuple[dict[str, object], int]:
    length = int.from_bytes(_read_exactly(pipe, LENGTH_BYTES), "big")
    if length > _HEADER_LIMIT:
        raise _Broken
    try:
        header = json.loads(_read_exactly(pipe, length))
    except ValueError as nonsense:
        raise _Broken from nonsense
    if not isinstance(header, dict) or not isinstance(header.get("body"), int):
        raise _Broken
    return header, header["body"]


def _read_page(pipe: IO[bytes], header: dict[str, object], length: int, limits: Limits) -> bytes:
    """One page as a fresh JPEG file, encoded here from the worker's pixels."""
    width, height = header.get("width"), header.get("height")
    if not isinstance(width, int) or not isinstance(height, int):
        raise _Broken
    # Rounding up a page's edge may add one pixel to the limit.
    if not (0 < width <= limits.long_side + 1 and 0 < height <= limits.long_side + 1):
        raise _Broken
    if length != width * height * 3:
        raise _Broken
    picture = Image.frombytes("RGB", (width, height), _read_exactly(pipe, length))
    out = BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _kind(value: object) -> Kind:
    try:
        return Kind(str(value))
    except ValueError:
        raise _Broken from None


def _refusal(header: dict[str, object]) -> Refused:
    details = header.get("details")
    try:
        reason = Reason(str(header.get("reason")))
    except ValueError:
        raise _Broken from None
    if not isinstance(details, dict):
        raise _Broken
    known = {
        str(name): value
        for name, value in details.items()
        if isinstance(value, int) or (isinstance(value, str) and len(value) <= 64)
    }
    return Refused(reason, **known)


def _verdict(return_code: int | None, timed_out: bool) -> Refused:
    """What an early end of the worker means."""
    if timed_out or return_code == -signal.SIGXCPU:
        return Refused(Reason.TIMED_OUT)
    return Refused(Reason.UNREADABLE)
