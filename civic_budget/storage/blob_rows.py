"""Bytes that belong to a row: stored before it, taken away if it is refused, swept when no row knows them."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from civic_budget.storage.blobs import FolderStore
from civic_budget.storage.types import Base


def keep_with_row(session: Session, store: FolderStore, row: Base, name: str, data: bytes) -> None:
    """Keep bytes and their row; a row that the database refuses leaves no bytes behind.

    Raises whatever the database says of the row. A transaction that fails later leaves the bytes to
    `sweep_unknown`.
    """
    store.put(name, data)
    try:
        session.add(row)
        session.flush()
    except BaseException:
        with suppress(OSError):
            store.delete(name)
        raise


def sweep_unknown(store: FolderStore, known: Container[str], *, before: datetime) -> int:
    """Remove bytes that no row knows and that were stored before a moment; tells how many."""
    removed = 0
    for blob in list(store.list()):
        if blob.name not in known and blob.stored_at < before:
            removed += store.delete(blob.name)
    store.sweep(before=before)
    return removed
