"""What the web and the evidence process say to each other over a Unix socket, and the web's side.

Knows neither key nor vault: whoever imports this can ask for a page, not open one. One connection
carries one request (length, JSON) and one answer (length, JSON, image bytes).
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from civic_budget.kernel.errors import DomainError

MEDIA_TYPE = "image/jpeg"
LENGTH_BYTES = 4
REQUEST_LIMIT = 4096
IMAGE_LIMIT = 32 * 1024 * 1024
_TEXT_LIMITS = {"session_token": 512, "case_id": 64, "file_id": 64}


class EvidenceRefused(DomainError):
    """The evidence process says that this session may not see this page; `code` is its reason."""


class EvidenceUnavailable(DomainError):
    """The page can't be shown now.

    Codes: `not_running` (nobody listens), `timed_out`, `broken_answer`; from the process itself
    `gone` (deleted), `does_not_open` (changed on the disk), `malformed` and `failed`.
    """


class MalformedRequest(ValueError):
    """A request that is not one."""


class ConnectionLost(Exception):
    """The other side ended before the message did."""


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """One officer's wish to see one page; pages count from 0. Claims nothing about permission."""

    session_token: str = field(repr=False)
    case_id: str
    file_id: str
    page: int


def fetch_page(socket_path: Path, request: EvidenceRequest, *, timeout: float = 10.0) -> bytes:
    """The page as a watermarked JPEG file, after the view was logged.

    Raises EvidenceRefused or EvidenceUnavailable. `timeout` in seconds bounds the whole exchange.
    """
    deadline = time.monotonic() + timeout
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(str(socket_path))
            line.sendall(packed(asdict(request)))
            answer = unpacked(receive_message(line, REQUEST_LIMIT, deadline))
            return _image(line, answer, deadline)
    except TimeoutError:
        raise EvidenceUnavailable("timed_out") from None
    except (MalformedRequest, ConnectionLost):
        raise EvidenceUnavailable("broken_answer") from None
    except OSError:
        raise EvidenceUnavailable("not_running") from None


def _image(line: socket.socket, answer: dict[str, object], deadline: float) -> bytes:
    status, length, reason = (answer.get(name) for name in ("status", "length", "reason"))
    if status == "refused" and isinstance(reason, str):
        raise EvidenceRefused(reason)
    if status == "unavailable" and isinstance(reason, str):
        raise EvidenceUnavailable(reason)
    if status != "granted" or not isinstance(length, int) or not 0 < length <= IMAGE_LIMIT:
        raise EvidenceUnavailable("broken_answer")
    return receive(line, length, deadline)


def read_request(message: bytes) -> EvidenceRequest:
    """The request in a message; raises MalformedRequest for anything but the four fields."""
    values = unpacked(message)
    if set(values) != {*_TEXT_LIMITS, "page"}:
        raise MalformedRequest("fields")
    texts: dict[str, str] = {}
    for name, limit in _TEXT_LIMITS.items():
        value = values[name]
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            raise MalformedRequest(name)
        texts[name] = value
    page = values["page"]
    if not isinstance(page, int) or isinstance(page, bool) or not 0 <= page < 1000:
        raise MalformedRequest("page")
    return EvidenceRequest(**texts, page=page)


def packed(header: dict[str, object]) -> bytes:
    """A JSON object with its length before it."""
    body = json.dumps(header).encode()
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpacked(message: bytes) -> dict[str, object]:
    """The JSON object in a message; raises MalformedRequest."""
    try:
        values = json.loads(message)
    except (ValueError, RecursionError):
        raise MalformedRequest("json") from None
    if not isinstance(values, dict):
        raise MalformedRequest("json")
    return values


def receive_message(line: socket.socket, limit: int, deadline: float) -> bytes:
    """A length and that many bytes; raises MalformedRequest over the limit, see `receive`."""
    length = int.from_bytes(receive(line, LENGTH_BYTES, deadline), "big")
    if not 0 < length <= limit:
        raise MalformedRequest("length")
    return receive(line, length, deadline)


def receive(line: socket.socket, length: int, deadline: float) -> bytes:
    """Exactly that many bytes before `deadline` (monotonic seconds).

    Raises TimeoutError, or ConnectionLost when the other side ends early.
    """
    data = bytearray()
    while len(data) < length:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        part = line.recv(min(length - len(data), 1 << 20))
        if not part:
            raise ConnectionLost
        data += part
    return bytes(data)
