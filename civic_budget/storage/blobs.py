"""Named bytes outside the web root: a small protocol, and a folder that keeps it.

Knows nothing of what the bytes are. A name is chosen by the caller and never comes from a person.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_NAME = re.compile(r"[0-9a-f]{32}(-[0-9]{3})?")
_UNFINISHED = ".part"


class BlobMissing(KeyError):
    """There is nothing under this name."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """One entry of a store's list; size in bytes."""

    name: str
    size: int
    stored_at: datetime


class BlobStore(Protocol):
    """Where blobs lie. Each method may raise OSError when the place can't be reached."""

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a new name, whole or not at all; FileExistsError if it is taken."""

    def get(self, name: str) -> bytes:
        """The bytes under a name; raises BlobMissing."""

    def delete(self, name: str) -> bool:
        """Forget a name for good; False when it was not there, which is no error."""

    def exists(self, name: str) -> bool:
        """Whether there is something under a name."""

    def list(self) -> Iterator[StoredBlob]:
        """Everything that is kept, by name."""


class FolderStore:
    """A folder of files that only its owner may read.

    A name is 32 lower-case hexadecimal digits, with `-` and three digits for a part. Files lie in
    256 sub-folders named by the first two digits.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Written to a neighbour, flushed to the disk, then linked to its name in one step."""
        path = self._path(name)
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        neighbour = path.with_name(f"{secrets.token_hex(8)}{_UNFINISHED}")
        try:
            _write(neighbour, data)
            # A link, unlike a rename, refuses to replace what is already there.
            os.link(neighbour, path)
        finally:
            neighbour.unlink(missing_ok=True)
        flush_folder(path.parent)
        flush_folder(self._folder)

    def get(self, name: str) -> bytes:
        """The bytes under a name; raises BlobMissing."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(name) from None

    def delete(self, name: str) -> bool:
        """Gone after return, even if the machine stops right then."""
        path = self._path(name)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        flush_folder(path.parent)
        return True

    def exists(self, name: str) -> bool:
        """Whether there is something under a name."""
        return self._path(name).is_file()

    def list(self) -> Iterator[StoredBlob]:
        """Everything that is kept, by name; what a crash left half-written is not."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            if _NAME.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    told = path.stat()
                    at = datetime.fromtimestamp(told.st_mtime, UTC)
                    yield StoredBlob(path.name, told.st_size, at)

    def sweep(self, *, before: datetime) -> int:
        """Remove what crashes left half-written before a moment; tells how many."""
        removed = 0
        for path in self._folder.glob(f"[0-9a-f][0-9a-f]/*{_UNFINISHED}"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a blob's name")
        return self._folder / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    with created_for_owner(path) as descriptor:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)


@contextmanager
def created_for_owner(path: Path, mode: int = 0o600) -> Iterator[int]:
    """A new file's descriptor for writing, with this mode from its first moment on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        os.fchmod(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make the folder's own entries (new and removed names) survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
