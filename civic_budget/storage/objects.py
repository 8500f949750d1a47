"""The same protocol as the folder of blobs, kept in an S3-compatible object store through obstore.

Writes are conditional (`If-None-Match: *`), so a taken name is never written over. What the store says
goes wrong reaches callers as OSError, as the protocol promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from civic_budget.config import S3Place
from civic_budget.storage.blobs import BlobMissing, StoredBlob

# obstore raises its own error or Python's, depending on the store.
_MISSING = (NotFoundError, FileNotFoundError)
_NAME = re.compile(r"[0-9a-f]{32}(-[0-9]{3})?")
if TYPE_CHECKING:
    from obstore.store import S3Config

TIMEOUT = timedelta(seconds=20)


class ObjectStore:
    """Blobs in one obstore store; the store's own prefix keeps them apart from others."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a new name, whole or not at all; FileExistsError if it is taken."""
        path = _path(name)
        try:
            with _as_os_error():
                obstore.put(self._store, path, data, mode="create", use_multipart=False)
        except (AlreadyExistsError, FileExistsError):
            raise FileExistsError(name) from None

    def get(self, name: str) -> bytes:
        """The bytes under a name; raises BlobMissing."""
        path = _path(name)
        try:
            with _as_os_error():
                return obstore.get(self._store, path).bytes().to_bytes()
        except _MISSING:
            raise BlobMissing(name) from None

    def delete(self, name: str) -> bool:
        """Forget a name for good; False when it was not there, which is no error."""
        if not self.exists(name):
            return False
        try:
            with _as_os_error():
                obstore.delete(self._store, _path(name))
        except _MISSING:
            return False
        return True

    def exists(self, name: str) -> bool:
        """Whether there is something under a name."""
        try:
            with _as_os_error():
                obstore.head(self._store, _path(name))
        except _MISSING:
            return False
        return True

    def list(self) -> Iterator[StoredBlob]:
        """Everything that is kept, by name; what has another name is somebody else's."""
        with _as_os_error():
            found = [entry for batch in obstore.list(self._store) for entry in batch]
        for entry in sorted(found, key=lambda each: each["path"]):
            name = entry["path"].rpartition("/")[2]
            if _NAME.fullmatch(name):
                yield StoredBlob(name, entry["size"], entry["last_modified"])


def open_bucket(place: S3Place) -> ObjectStore:
    """The blobs of a bucket; nothing is asked of it before the first deed."""
    config: S3Config = {
        "region": place.region,
        "access_key_id": place.key_id,
        "secret_access_key": place.secret,
    }
    if place.endpoint:
        config["endpoint"] = place.endpoint
    return ObjectStore(
        S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config=config,
            client_options={
                "timeout": TIMEOUT,
                "allow_http": place.endpoint.startswith("http://"),
            },
        )
    )


def _path(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a blob's name")
    return f"{name[:2]}/{name}"


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Errors that callers tell apart pass; every other one means that the place can't be reached."""
    try:
        yield
    except (AlreadyExistsError, FileExistsError, *_MISSING):
        raise
    except BaseError as error:
        # The message of the store may name the bucket and the request, never a blob's content.
        raise OSError(f"object store: {type(error).__name__}") from error
