"""Where this installation keeps uploaded documents: the vault for writers, the reader for one process.

The web process and the worker get the public recipient only. Opens nothing by itself.
"""

from __future__ import annotations

from pathlib import Path

from civic_budget.config import Settings
from civic_budget.kernel.errors import DomainError
from civic_budget.storage.blobs import BlobStore
from civic_budget.storage.objects import open_bucket
from civic_budget.storage.vault import (
    IDENTITY_FILE,
    RECIPIENT_FILE,
    IdentityExists,
    Vault,
    VaultReader,
    create_identity,
    keys_store,
    load_identities,
    load_recipient,
    pages_store,
)


def identity_folder(settings: Settings) -> Path:
    """The folder with the evidence identity and its public recipient."""
    return settings.evidence_identity.parent


def ensure_identity(settings: Settings) -> str:
    """Make the evidence key pair unless there is one; answers the public recipient."""
    folder = identity_folder(settings)
    try:
        return create_identity(folder)
    except IdentityExists:
        return load_recipient(folder / RECIPIENT_FILE)


def open_vault(settings: Settings) -> Vault:
    """The vault that seals and destroys; raises DomainError `vault_missing` before it was set up.

    A demo sets itself up. A city runs `flask evidence init` where the evidence process lives.
    """
    recipient = settings.evidence_recipient
    if not recipient and settings.is_demo:
        recipient = ensure_identity(settings)
    if not recipient:
        try:
            recipient = load_recipient(identity_folder(settings) / RECIPIENT_FILE)
        except (OSError, ValueError):
            raise DomainError("vault_missing") from None
    return Vault(recipient, pages=_pages(settings), keys=_keys(settings))


def has_vault(settings: Settings) -> bool:
    """Whether documents can be taken in and destroyed here."""
    try:
        open_vault(settings)
    except DomainError:
        return False
    return True


def open_reader(settings: Settings) -> VaultReader:
    """The reader, for the evidence process alone; raises FileNotFoundError before `evidence init`."""
    identities = load_identities(identity_folder(settings) / IDENTITY_FILE)
    return VaultReader(identities, pages=_pages(settings), keys=_keys(settings))


def _pages(settings: Settings) -> BlobStore:
    place = settings.evidence_pages_place
    return open_bucket(place) if place else pages_store(settings.instance)


def _keys(settings: Settings) -> BlobStore:
    place = settings.evidence_keys_place
    return open_bucket(place) if place else keys_store(settings.instance)
