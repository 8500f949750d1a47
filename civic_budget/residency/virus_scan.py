"""Asks a ClamAV daemon about a file before it is read, where a city has one; tells whether it answers.

The fenced decoder does not rely on it: what residents send is turned into plain pictures in any case.
Speaks clamd's INSTREAM: chunks with a length before each, an empty one ends the file.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from enum import StrEnum

from civic_budget.kernel.errors import Conflict

CHUNK = 64 * 1024
SECONDS = 20.0
LONGEST_ANSWER = 4096


class Scanner(StrEnum):
    """What is known of the scanner."""

    NONE = "none"
    ANSWERS = "answers"
    SILENT = "silent"


@dataclass(frozen=True)
class ScannerState:
    """The scanner's state, and its version when it answers."""

    state: Scanner
    version: str = ""


def look_at_scanner(address: str) -> ScannerState:
    """Whether the scanner at an address answers; an empty address: there is none."""
    if not address:
        return ScannerState(Scanner.NONE)
    try:
        version = _ask(address, b"zVERSION\0")
    except OSError:
        return ScannerState(Scanner.SILENT)
    return ScannerState(Scanner.ANSWERS, version)


def require_clean(address: str, data: bytes) -> None:
    """Refuse a file that the scanner knows as harmful; nothing happens where there is none.

    Raises Conflict at `file`: `infected`, `scanner_silent` (then nobody can tell, so nothing is taken).
    """
    if not address:
        return
    parts = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    try:
        answer = _ask(address, b"zINSTREAM\0" + framed + bytes(4))
    except OSError:
        raise Conflict("scanner_silent", field="file") from None
    if answer.endswith("FOUND"):
        raise Conflict("infected", field="file")
    if not answer.endswith("OK"):
        raise Conflict("scanner_silent", field="file")


def _ask(address: str, request: bytes) -> str:
    with _connected(address) as line:
        line.sendall(request)
        answer = bytearray()
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            part = line.recv(1024)
            if not part:
                break
            answer += part
    if not answer:
        raise ConnectionError("no answer")
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    kind, _, where = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        raise ConnectionError("no port")
    return socket.create_connection((host, int(port)), SECONDS)
