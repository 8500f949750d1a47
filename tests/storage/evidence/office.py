"""An office for the tests: a vault, one case with one file, a clerk who grants and logs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image

from civic_budget.residency.evidence_process import (
    Authorise,
    EvidenceProcess,
    ViewGranted,
    ViewRefused,
)
from civic_budget.residency.evidence_wire import EvidenceRequest
from civic_budget.storage import vault
from civic_budget.storage.vault import (
    SealedFile,
    Vault,
    VaultReader,
    create_identity,
    load_identities,
)

REQUEST = EvidenceRequest("officer-session", "case-1", "file-1", 0)
MARK = "officer 7f3a / 2026-05-20 10:00:00 UTC"


def jpeg(colour: str, size: tuple[int, int] = (400, 600)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Office:
    """A vault with one case of one file of two pages, and a clerk who grants and logs."""

    def __init__(self, folder: Path) -> None:
        recipient = create_identity(folder / "identity")
        self.vault = Vault.in_folder(recipient, folder)
        identity = folder / "identity" / vault.IDENTITY_FILE
        self.reader = VaultReader.in_folder(load_identities(identity), folder)
        self.file = self.vault.seal([jpeg("white"), jpeg("green")])
        self.strangers_file = self.vault.seal([jpeg("blue")])
        self.cases: dict[str, dict[str, SealedFile]] = {"case-1": {"file-1": self.file}}
        self.happened: list[str] = []

    def authorise(self, request: EvidenceRequest) -> ViewGranted | ViewRefused:
        if request.session_token != "officer-session":
            return ViewRefused("not_signed_in")
        file = self.cases.get(request.case_id, {}).get(request.file_id)
        if file is None or request.page >= file.page_count:
            return ViewRefused("not_claimed")
        self.happened.append("logged")
        return ViewGranted(file.file_id, request.page, MARK)

    def open_page(self, file_id: str, number: int) -> bytes:
        self.happened.append("opened")
        return self.reader.open_page(file_id, number)


@contextmanager
def serving(
    path: Path,
    office: Office,
    *,
    authorise: Authorise | None = None,
    seconds: float = 5.0,
    mode: int = 0o600,
) -> Iterator[EvidenceProcess]:
    process = EvidenceProcess(
        path,
        open_page=office.open_page,
        authorise=authorise or office.authorise,
        request_seconds=seconds,
        mode=mode,
    )
    thread = threading.Thread(target=process.serve)
    thread.start()
    try:
        assert process.ready.wait(5)
        yield process
    finally:
        process.stop()
        thread.join(10)
        assert not thread.is_alive()


def picture(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    assert image.format == "JPEG"
    return image.convert("RGB")
