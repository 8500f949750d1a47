"""Evidence at rest: pages encrypted with age (X25519), each file under a key of its own.

Whoever seals holds the public recipient only; whoever opens holds the identity. A file's key lies
wrapped in a second store that backups leave out, so deleting it makes every copy unreadable. Knows
no resident, no case, no Flask and no ORM.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from pyrage import x25519

from civic_budget.storage.blobs import (
    BlobMissing,
    BlobStore,
    FolderStore,
    created_for_owner,
    flush_folder,
)

IDENTITY_FILE = "identity.txt"
RECIPIENT_FILE = "recipient.txt"
PAGES_FOLDER = "evidence"
KEYS_FOLDER = "evidence-keys"
MOST_PAGES = 999


class EvidenceGone(Exception):
    """The file, its page or its key has been deleted, or never was."""


class EvidenceDoesNotOpen(Exception):
    """The bytes or the key were changed, or belong to another page or another vault."""


class IdentityExists(Exception):
    """There already is an identity: a new one would make all that was sealed unreadable."""


class IdentityExposed(Exception):
    """The identity file may be read by others than its owner."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What the database keeps of a sealed file: its random 128-bit name and its page count."""

    file_id: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What a destruction found: nothing at all when it repeats one that was finished before."""

    key: bool
    pages: int


class Vault:
    """Seals pages and destroys them; holds the public recipient and can't open anything."""

    def __init__(self, recipient: str, *, pages: BlobStore, keys: BlobStore) -> None:
        self._recipient = x25519.Recipient.from_str(recipient)
        self._pages = pages
        self._keys = keys

    @classmethod
    def in_folder(cls, recipient: str, folder: Path) -> Vault:
        """A vault whose pages and keys lie in the two sub-folders of one folder."""
        return cls(recipient, pages=pages_store(folder), keys=keys_store(folder))

    def seal(self, pages: Sequence[bytes]) -> SealedFile:
        """Encrypt a file's pages under a new key and keep them; ValueError for none or over 999.

        The key is stored last: what a crash leaves behind can't be opened, and `find_strays` finds
        it. If storing fails, what was stored is removed and the error is raised.
        """
        if not 0 < len(pages) <= MOST_PAGES:
            raise ValueError("a file has 1 to 999 pages")
        file_id = secrets.token_hex(16)
        key = x25519.Identity.generate()
        lock = key.to_public()
        try:
            for number, page in enumerate(pages):
                bound = _label(file_id, number) + page
                self._pages.put(_page_name(file_id, number), pyrage.encrypt(bound, [lock]))
            wrapped: bytes = pyrage.encrypt(_label(file_id) + str(key).encode(), [self._recipient])
            self._keys.put(file_id, wrapped)
        except BaseException:
            self.destroy(file_id, page_count=len(pages))
            raise
        return SealedFile(file_id, len(pages))

    def destroy(self, file_id: str, *, page_count: int) -> Destroyed:
        """Delete the key, then the pages. May be repeated after a crash until it returns."""
        key = self._keys.delete(file_id)
        names = [_page_name(file_id, number) for number in range(page_count)]
        return Destroyed(key, sum(self._pages.delete(name) for name in names))

    def is_whole(self, file_id: str, *, page_count: int) -> bool:
        """Whether the key and every page are still there (not whether they open)."""
        names = (_page_name(file_id, number) for number in range(page_count))
        return self._keys.exists(file_id) and all(map(self._pages.exists, names))

    def find_strays(self, known: Iterable[str], *, before: datetime) -> list[SealedFile]:
        """Files stored before a moment that nobody knows: an upload whose transaction failed.

        Page counts are what `destroy` needs; ordered by name.
        """
        kept = set(known)
        strays: dict[str, int] = {}
        for blob in self._pages.list():
            file_id, _, number = blob.name.partition("-")
            if file_id not in kept and blob.stored_at < before:
                strays[file_id] = max(strays.get(file_id, 0), int(number or 0) + 1)
        for blob in self._keys.list():
            if blob.name not in kept and blob.stored_at < before:
                strays.setdefault(blob.name, 0)
        return [SealedFile(name, strays[name]) for name in sorted(strays)]


class VaultReader:
    """Opens pages; lives only in the process that holds the identity."""

    def __init__(
        self, identities: Sequence[x25519.Identity], *, pages: BlobStore, keys: BlobStore
    ) -> None:
        self._identities = list(identities)
        self._pages = pages
        self._keys = keys

    @classmethod
    def in_folder(cls, identities: Sequence[x25519.Identity], folder: Path) -> VaultReader:
        """A reader of the vault whose sub-folders lie in one folder."""
        return cls(identities, pages=pages_store(folder), keys=keys_store(folder))

    def open_page(self, file_id: str, number: int) -> bytes:
        """One page as it was sealed; pages count from 0.

        Raises EvidenceGone, or EvidenceDoesNotOpen when anything was changed or swapped.
        """
        try:
            wrapped = self._keys.get(file_id)
            sealed = self._pages.get(_page_name(file_id, number))
        except (BlobMissing, ValueError):
            raise EvidenceGone(file_id) from None
        key = self._unwrap(wrapped, file_id)
        return _without_label(_decrypt(sealed, [key]), _label(file_id, number))

    def _unwrap(self, wrapped: bytes, file_id: str) -> x25519.Identity:
        secret = _without_label(_decrypt(wrapped, self._identities), _label(file_id))
        return x25519.Identity.from_str(secret.decode())


def pages_store(folder: Path) -> FolderStore:
    """Where sealed pages lie; backups take it."""
    return FolderStore(folder / PAGES_FOLDER)


def keys_store(folder: Path) -> FolderStore:
    """Where wrapped file keys lie; backups leave it out."""
    return FolderStore(folder / KEYS_FOLDER)


def create_identity(folder: Path) -> str:
    """Make the vault's key pair: two files in the folder; answers the public recipient.

    The identity is for its owner only (0600) and must never lie where the web process can read it.
    Raises IdentityExists instead of replacing one.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    secret = f"# public recipient: {recipient}\n{identity}\n"
    try:
        _write_text(folder / IDENTITY_FILE, secret, mode=0o600)
    except FileExistsError:
        raise IdentityExists(str(folder / IDENTITY_FILE)) from None
    # The recipient can always be derived again, so an old one is simply replaced.
    (folder / RECIPIENT_FILE).unlink(missing_ok=True)
    _write_text(folder / RECIPIENT_FILE, recipient + "\n", mode=0o644)
    flush_folder(folder)
    return recipient


def load_identities(path: Path) -> list[x25519.Identity]:
    """The identities in a file, one a line, `#` begins a comment (age's own format).

    Several lines let old files open after a change of keys. Raises IdentityExposed when others may
    read the file, ValueError when it holds none, FileNotFoundError.
    """
    if path.stat().st_mode & 0o077:
        raise IdentityExposed(str(path))
    lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    try:
        found = [x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise ValueError(f"{path} holds no age identity")
    return found


def load_recipient(path: Path) -> str:
    """The public recipient in a file; ValueError when it holds none, FileNotFoundError."""
    text = path.read_text(encoding="ascii").strip()
    try:
        x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise ValueError(f"{path} holds no age recipient") from None
    return text


def _write_text(path: Path, text: str, *, mode: int) -> None:
    with created_for_owner(path, mode) as descriptor:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)


def _page_name(file_id: str, number: int) -> str:
    return f"{file_id}-{number:03d}"


def _label(file_id: str, number: int | None = None) -> bytes:
    """Binds ciphertext to its place: age has no associated data, so the place is sealed along."""
    return f"evidence {file_id} {'key' if number is None else number}\n".encode()


def _decrypt(sealed: bytes, identities: Sequence[x25519.Identity]) -> bytes:
    try:
        plain: bytes = pyrage.decrypt(sealed, identities)
    except pyrage.DecryptError as error:
        raise EvidenceDoesNotOpen from error
    return plain


def _without_label(plain: bytes, label: bytes) -> bytes:
    if not plain.startswith(label):
        raise EvidenceDoesNotOpen
    return plain[len(label) :]
