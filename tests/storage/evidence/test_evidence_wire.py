"""What web and evidence process say to each other: garbage, silence and lies harm nobody."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from civic_budget.residency import evidence_wire
from civic_budget.residency.evidence_process import ViewGranted
from civic_budget.residency.evidence_wire import (
    EvidenceRequest,
    EvidenceUnavailable,
    fetch_page,
    packed,
)
from tests.storage.evidence.office import REQUEST, Office, serving

ROOT = Path(evidence_wire.__file__).parents[2]


def talk(path: Path, message: bytes) -> bytes:
    """What the process answers to raw bytes, after which nothing more is said."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        line.connect(str(path))
        line.sendall(message)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
        return answer


def as_message(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "session_token": "officer-session",
        "case_id": "case-1",
        "file_id": "file-1",
        "page": 0,
    }
    return packed({name: v for name, v in {**fields, **changes}.items() if v is not None})


MALFORMED = [
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff" + b"x" * 100,
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x00\x00\x00\x02[]",
    b"\x00\x00\x00\x02\xff\xfe",
    b"\x00\x00\x0f\xa0" + b"[" * 4000,
    as_message(page=-1),
    as_message(page=True),
    as_message(page="0"),
    as_message(page=1.0),
    as_message(page=10**9),
    as_message(page=None),
    as_message(session_token=None),
    as_message(session_token=""),
    as_message(session_token="x" * 513),
    as_message(case_id={"$ne": 1}),
    as_message(file_id=["file-1"]),
    as_message(admin=1),
]


def test_malformed_requests_are_answered_so_and_harm_nobody(
    socket_path: Path, office: Office
) -> None:
    with serving(socket_path, office):
        for message in MALFORMED:
            answer = talk(socket_path, message)
            assert json.loads(answer[4:]) == {"status": "unavailable", "reason": "malformed"}
        for cut in (b"", b"\x00", b"\x00\x00\x00\x09half"):
            assert talk(socket_path, cut) == b""
        assert office.happened == []
        assert fetch_page(socket_path, REQUEST)


def test_clients_that_stay_silent_do_not_keep_others_waiting(
    socket_path: Path, office: Office
) -> None:
    with serving(socket_path, office, seconds=0.5):
        silent = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(10)]
        try:
            for line in silent:
                line.connect(str(socket_path))
                line.sendall(b"\x00")
            assert fetch_page(socket_path, REQUEST, timeout=5)
            silent[0].settimeout(5)
            assert silent[0].recv(1) == b""
        finally:
            for line in silent:
                line.close()


def test_a_dripping_client_is_given_no_more_time_than_a_silent_one(
    socket_path: Path, office: Office
) -> None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with serving(socket_path, office, seconds=0.4), line:
        line.connect(str(socket_path))
        began = time.monotonic()
        with pytest.raises(OSError, match=r"[Bb]roken pipe|reset"):
            for byte in as_message() * 9:
                line.sendall(bytes([byte]))
                time.sleep(0.02)
        assert time.monotonic() - began < 3


@contextmanager
def answering(path: Path, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """A process that is none of ours."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                answer(line)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02[]",
        packed({"status": "granted"}),
        packed({"status": "granted", "length": 10**12}),
        packed({"status": "granted", "length": 9}) + b"half",
        packed({"status": "perhaps", "length": 4}) + b"page",
        packed({"status": "refused", "reason": 5}),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_page(answer: bytes, socket_path: Path) -> None:
    lying = answering(socket_path, lambda line: line.sendall(answer))
    with lying, pytest.raises(EvidenceUnavailable) as told:
        fetch_page(socket_path, REQUEST)
    assert told.value.code == "broken_answer"


def test_the_web_does_not_wait_for_ever(socket_path: Path) -> None:
    with (
        answering(socket_path, lambda line: time.sleep(0.5)),
        pytest.raises(EvidenceUnavailable) as told,
    ):
        fetch_page(socket_path, REQUEST, timeout=0.1)
    assert told.value.code == "timed_out"


def test_a_request_shows_its_session_token_to_no_log(
    socket_path: Path, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    assert "officer-session" not in repr(REQUEST)

    def broken(request: EvidenceRequest) -> ViewGranted:
        raise LookupError(request)

    with serving(socket_path, office, authorise=broken), pytest.raises(EvidenceUnavailable):
        fetch_page(socket_path, REQUEST)
    assert "file-1" in caplog.text
    assert "officer-session" not in caplog.text


def test_the_webs_side_can_open_nothing() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        f"import {evidence_wire.__name__}; print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    for key_holder in ("pyrage", "civic_budget.storage.vault", "flask", "sqlalchemy"):
        assert key_holder not in loaded
