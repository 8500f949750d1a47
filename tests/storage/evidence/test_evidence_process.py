"""The process that opens evidence: nothing without a grant, the log before the bytes, no way round."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from civic_budget.residency.evidence_process import (
    AlreadyServing,
    EvidenceProcess,
    SocketPathTaken,
    ViewGranted,
    ViewRefused,
)
from civic_budget.residency.evidence_wire import (
    EvidenceRefused,
    EvidenceRequest,
    EvidenceUnavailable,
    fetch_page,
)
from civic_budget.storage import vault
from tests.storage.evidence.office import MARK, REQUEST, Office, jpeg, picture, serving

ROOT = Path(vault.__file__).parents[2]


def test_a_granted_page_comes_watermarked(socket_path: Path, office: Office) -> None:
    with serving(socket_path, office):
        page = picture(fetch_page(socket_path, REQUEST))
    assert page.width == 400
    assert page.height > 600  # the strip that names officer and moment
    plain = Image.new("RGB", page.size, "white")
    changed = ImageChops.difference(page, plain).convert("L").point(lambda v: 255 * (v > 24))
    across = changed.crop((0, 0, 400, 600)).getbbox()
    assert across is not None
    assert across[2] - across[0] > 300
    assert across[3] - across[1] > 400
    assert changed.crop((0, 600, 400, page.height)).getbbox() is not None


def test_another_officer_or_moment_gives_another_picture(socket_path: Path, office: Office) -> None:
    marks = iter(["officer A / 10:00", "officer B / 10:00"])

    def authorise(request: EvidenceRequest) -> ViewGranted:
        return ViewGranted(office.file.file_id, request.page, next(marks))

    with serving(socket_path, office, authorise=authorise):
        assert fetch_page(socket_path, REQUEST) != fetch_page(socket_path, REQUEST)


def test_the_view_is_logged_before_anything_is_opened(socket_path: Path, office: Office) -> None:
    with serving(socket_path, office):
        fetch_page(socket_path, REQUEST)
    assert office.happened == ["logged", "opened"]


def test_a_view_that_cannot_be_logged_shows_nothing(socket_path: Path, office: Office) -> None:
    def cannot_log(request: EvidenceRequest) -> ViewGranted:
        raise OSError("the database is away")

    with (
        serving(socket_path, office, authorise=cannot_log),
        pytest.raises(EvidenceUnavailable) as told,
    ):
        fetch_page(socket_path, REQUEST)
    assert told.value.code == "failed"
    assert office.happened == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"session_token": "nobody"}, "not_signed_in"),
        ({"case_id": "case-2"}, "not_claimed"),
        ({"file_id": "file-2"}, "not_claimed"),
        ({"page": 2}, "not_claimed"),
    ],
)
def test_nothing_is_opened_without_a_grant(
    changes: dict[str, str], reason: str, socket_path: Path, office: Office
) -> None:
    """CVE-2026-45378: a scan reachable without a session of somebody who may see it."""
    with serving(socket_path, office), pytest.raises(EvidenceRefused) as told:
        fetch_page(socket_path, replace(REQUEST, **changes))
    assert told.value.code == reason
    assert office.happened == []


def test_a_claim_on_one_case_opens_no_other_cases_file(socket_path: Path, office: Office) -> None:
    """CVE-2026-45330: the document of another tenant, by its id beside one's own claim."""
    office.cases["case-2"] = {"file-2": office.strangers_file}
    with serving(socket_path, office):
        for foreign in ("file-2", office.strangers_file.file_id, office.file.file_id):
            with pytest.raises(EvidenceRefused):
                fetch_page(socket_path, replace(REQUEST, file_id=foreign))
    assert office.happened == []


def test_the_grant_not_the_request_says_what_is_opened(socket_path: Path, office: Office) -> None:
    """Even a clerk who forgets to compare ids can't be talked into another file."""

    def careless(request: EvidenceRequest) -> ViewGranted:
        return ViewGranted(office.file.file_id, 1, MARK)

    asked = replace(REQUEST, file_id=office.strangers_file.file_id)
    with serving(socket_path, office, authorise=careless):
        page = picture(fetch_page(socket_path, asked))
    red, green, blue = page.getpixel((1, 1))  # type: ignore[misc]
    assert green > 100 > max(red, blue)


def test_a_deleted_file_is_told_as_gone(socket_path: Path, office: Office) -> None:
    office.vault.destroy(office.file.file_id, page_count=2)
    with serving(socket_path, office), pytest.raises(EvidenceUnavailable) as told:
        fetch_page(socket_path, REQUEST)
    assert told.value.code == "gone"


@pytest.mark.parametrize("damage", ["not a picture", "png", "giant"])
def test_what_intake_did_not_make_is_not_decoded_beside_the_identity(
    damage: str, socket_path: Path, office: Office
) -> None:
    png = BytesIO()
    Image.new("RGB", (300, 300)).save(png, "PNG")
    data = {"not a picture": b"%PDF", "png": png.getvalue(), "giant": jpeg("red", (4001, 20))}
    office.cases["case-1"]["file-1"] = office.vault.seal([data[damage]])
    with serving(socket_path, office), pytest.raises(EvidenceUnavailable) as told:
        fetch_page(socket_path, REQUEST)
    assert told.value.code == "does_not_open"


def test_many_officers_are_answered_at_once(socket_path: Path, office: Office) -> None:
    together = threading.Barrier(4, timeout=5)

    def authorise(request: EvidenceRequest) -> ViewGranted | ViewRefused:
        together.wait()
        return office.authorise(request)

    with serving(socket_path, office, authorise=authorise), ThreadPoolExecutor(4) as officers:
        pages = list(officers.map(lambda _: fetch_page(socket_path, REQUEST), range(4)))
    assert len(set(pages)) == 1


def test_stopping_finishes_what_is_under_way(socket_path: Path, office: Office) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: EvidenceRequest) -> ViewGranted | ViewRefused:
        asked.set()
        assert go_on.wait(5)
        return office.authorise(request)

    with ThreadPoolExecutor(1) as officer:
        with serving(socket_path, office, authorise=slow) as process:
            page = officer.submit(fetch_page, socket_path, REQUEST)
            assert asked.wait(5)
            process.stop()
            go_on.set()
        assert page.result(5)
    assert not socket_path.exists()


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_socket_is_for_its_owner_or_group_only(
    mode: int, socket_path: Path, office: Office
) -> None:
    with serving(socket_path, office, mode=mode):
        assert stat.S_IMODE(socket_path.stat().st_mode) == mode
        assert stat.S_ISSOCK(socket_path.stat().st_mode)
    assert not socket_path.exists()


def test_a_socket_that_a_crash_left_is_replaced(socket_path: Path, office: Office) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(socket_path))
    assert socket_path.exists()
    with pytest.raises(EvidenceUnavailable) as told:
        fetch_page(socket_path, REQUEST)
    assert told.value.code == "not_running"
    with serving(socket_path, office):
        assert fetch_page(socket_path, REQUEST)


def test_a_second_process_does_not_push_the_first_aside(socket_path: Path, office: Office) -> None:
    with serving(socket_path, office):
        second = EvidenceProcess(
            socket_path, open_page=office.open_page, authorise=office.authorise
        )
        with pytest.raises(AlreadyServing):
            second.serve()
        assert fetch_page(socket_path, REQUEST)


def test_a_file_in_the_sockets_place_is_not_removed(socket_path: Path, office: Office) -> None:
    socket_path.write_text("somebody's notes")
    process = EvidenceProcess(socket_path, open_page=office.open_page, authorise=office.authorise)
    with pytest.raises(SocketPathTaken):
        process.serve()
    assert socket_path.read_text() == "somebody's notes"


SERVE = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from civic_budget.residency.evidence_process import EvidenceProcess, ViewRefused, serve_until_told
serve_until_told(EvidenceProcess(
    Path(sys.argv[2]), open_page=None, authorise=lambda request: ViewRefused("no")))
print("ended well")
"""


@contextmanager
def own_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-I", "-c", SERVE, str(ROOT), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(500):
                try:
                    fetch_page(path, REQUEST)
                except EvidenceRefused:
                    break
                except EvidenceUnavailable:
                    time.sleep(0.02)
            yield process
        finally:
            process.kill()


def test_a_real_process_ends_gracefully_when_told_and_returns_after_a_kill(
    socket_path: Path,
) -> None:
    with own_process(socket_path) as killed:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(5)
    assert socket_path.exists()
    with own_process(socket_path) as told:
        with pytest.raises(EvidenceRefused):
            fetch_page(socket_path, REQUEST)
        os.kill(told.pid, signal.SIGTERM)
        said, _ = told.communicate(timeout=5)
    assert (told.returncode, said.strip()) == (0, "ended well")
    assert not socket_path.exists()
