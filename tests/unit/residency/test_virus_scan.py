"""The scanner's adapter, against a daemon that speaks clamd's protocol."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from civic_budget.kernel.errors import Conflict
from civic_budget.residency.virus_scan import Scanner, look_at_scanner, require_clean

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def answer_one(line: socket.socket) -> None:
    """What clamd would say to one question."""
    with line:
        got = bytearray()
        while b"\0" not in got:
            got += line.recv(1024)
        if got.startswith(b"zVERSION"):
            line.sendall(b"ClamAV 1.4.1/27500\0")
            return
        body = got[len(b"zINSTREAM\0") :]
        while not body.endswith(bytes(4)):
            body += line.recv(65536)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in body else b"stream: OK\0"
        line.sendall(found)


@pytest.fixture
def address() -> Iterator[str]:
    """A running daemon's address."""
    with tempfile.TemporaryDirectory(prefix="cb") as folder:
        path = str(Path(folder) / "clamd.ctl")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(4)
            listener.settimeout(5)

            def serve() -> None:
                try:
                    while True:
                        answer_one(listener.accept()[0])
                except OSError:
                    return

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield f"unix:{path}"
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def test_a_harmful_file_is_refused_and_a_clean_one_passes(address: str) -> None:
    require_clean(address, b"a lease" * 50_000)
    with pytest.raises(Conflict, match="infected"):
        require_clean(address, b"a lease" + EICAR)
    assert look_at_scanner(address).version == "ClamAV 1.4.1/27500"


def test_no_scanner_is_no_hindrance_and_a_silent_one_is(tmp_path: Path) -> None:
    require_clean("", EICAR)
    assert look_at_scanner("").state is Scanner.NONE
    for silent in (f"unix:{tmp_path / 'nobody.ctl'}", "tcp:127.0.0.1:1", "tcp:nowhere"):
        assert look_at_scanner(silent).state is Scanner.SILENT
        with pytest.raises(Conflict, match="scanner_silent"):
            require_clean(silent, b"x")
