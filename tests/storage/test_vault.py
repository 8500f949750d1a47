"""Evidence at rest: nothing readable on the disk, gone when it should be, whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic_budget.storage import blobs, vault
from civic_budget.storage.blobs import BlobMissing, FolderStore
from civic_budget.storage.vault import (
    Destroyed,
    EvidenceDoesNotOpen,
    EvidenceGone,
    IdentityExists,
    IdentityExposed,
    SealedFile,
    Vault,
    VaultReader,
    create_identity,
    load_identities,
    load_recipient,
)

NAME = "0123456789abcdef" * 2
PAGES = [b"first page: Rynek 1/2", b"second page: Kowalska"]
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def secrets_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    create_identity(folder)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def evidence(secrets_folder: Path, store: Path) -> Vault:
    return Vault.in_folder(load_recipient(secrets_folder / vault.RECIPIENT_FILE), store)


@pytest.fixture
def reader(secrets_folder: Path, store: Path) -> VaultReader:
    return VaultReader.in_folder(load_identities(secrets_folder / vault.IDENTITY_FILE), store)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_sealed_pages_open_again_in_their_order(evidence: Vault, reader: VaultReader) -> None:
    sealed = evidence.seal(PAGES)
    assert sealed.page_count == 2
    assert [reader.open_page(sealed.file_id, number) for number in range(2)] == PAGES


def test_no_plaintext_and_no_bare_key_reaches_the_disk(evidence: Vault, store: Path) -> None:
    evidence.seal(PAGES)
    written = files(store)
    assert len(written) == 3
    for path in written:
        data = path.read_bytes()
        assert data.startswith(b"age-encryption.org/v1")
        for trace in (b"Kowalska", b"Rynek", b"AGE-SECRET-KEY"):
            assert trace not in data


def test_names_are_random_and_tell_nothing(evidence: Vault) -> None:
    names = {evidence.seal(PAGES).file_id for _ in range(20)}
    assert len(names) == 20
    assert all(len(bytes.fromhex(name)) == 16 for name in names)


def test_only_the_owner_may_read_or_enter(evidence: Vault, store: Path) -> None:
    evidence.seal(PAGES)
    for path in store.rglob("*"):
        wanted = 0o600 if path.is_file() else 0o700
        assert stat.S_IMODE(path.stat().st_mode) == wanted


def test_a_backup_without_the_keys_opens_nothing(
    evidence: Vault, secrets_folder: Path, store: Path, tmp_path: Path
) -> None:
    sealed = evidence.seal(PAGES)
    backup = tmp_path / "backup"
    shutil.copytree(store / vault.PAGES_FOLDER, backup / vault.PAGES_FOLDER)
    identities = load_identities(secrets_folder / vault.IDENTITY_FILE)
    with pytest.raises(EvidenceGone):
        VaultReader.in_folder(identities, backup).open_page(sealed.file_id, 0)


def test_destroying_the_key_makes_a_kept_copy_of_the_pages_unreadable(
    evidence: Vault, reader: VaultReader, store: Path, tmp_path: Path
) -> None:
    sealed, other = evidence.seal(PAGES), evidence.seal(PAGES)
    backup = tmp_path / "backup"
    shutil.copytree(store / vault.PAGES_FOLDER, backup)
    assert evidence.destroy(sealed.file_id, page_count=2) == Destroyed(key=True, pages=2)
    shutil.copytree(backup, store / vault.PAGES_FOLDER, dirs_exist_ok=True)
    with pytest.raises(EvidenceGone):
        reader.open_page(sealed.file_id, 0)
    # Not even the identity helps, nor another file's key.
    keys = store / vault.KEYS_FOLDER
    (keys / sealed.file_id[:2]).mkdir(exist_ok=True)
    shutil.copy(
        keys / other.file_id[:2] / other.file_id, keys / sealed.file_id[:2] / sealed.file_id
    )
    with pytest.raises(EvidenceDoesNotOpen):
        reader.open_page(sealed.file_id, 0)
    assert reader.open_page(other.file_id, 1) == PAGES[1]


def test_destruction_may_be_repeated_and_finishes_what_a_crash_left(
    evidence: Vault, store: Path
) -> None:
    sealed = evidence.seal(PAGES)
    assert evidence.is_whole(sealed.file_id, page_count=2)
    vault.keys_store(store).delete(sealed.file_id)  # the worker died here
    assert not evidence.is_whole(sealed.file_id, page_count=2)
    assert evidence.destroy(sealed.file_id, page_count=2) == Destroyed(key=False, pages=2)
    assert evidence.destroy(sealed.file_id, page_count=2) == Destroyed(key=False, pages=0)
    assert files(store) == []


def test_the_key_goes_before_the_pages(
    evidence: Vault, reader: VaultReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = evidence.seal(PAGES)

    def unreachable(_: object, name: str) -> bool:
        raise OSError(name)

    real = FolderStore.delete
    monkeypatch.setattr(
        FolderStore, "delete", lambda s, name: (unreachable if "-" in name else real)(s, name)
    )
    with pytest.raises(OSError, match="-000"):
        evidence.destroy(sealed.file_id, page_count=2)
    with pytest.raises(EvidenceGone):
        reader.open_page(sealed.file_id, 0)


@pytest.mark.parametrize("change", ["flip", "cut", "swap"])
def test_changed_or_swapped_pages_do_not_open(
    change: str, evidence: Vault, reader: VaultReader, store: Path
) -> None:
    sealed = evidence.seal(PAGES)
    first, second = files(store / vault.PAGES_FOLDER)
    data = first.read_bytes()
    changed = {
        "flip": data[:-1] + bytes([data[-1] ^ 1]),
        "cut": data[:-1],
        "swap": second.read_bytes(),
    }
    first.write_bytes(changed[change])
    with pytest.raises(EvidenceDoesNotOpen):
        reader.open_page(sealed.file_id, 0)


def test_another_vaults_identity_opens_nothing(
    evidence: Vault, store: Path, tmp_path: Path
) -> None:
    sealed = evidence.seal(PAGES)
    create_identity(tmp_path / "stranger")
    stranger = load_identities(tmp_path / "stranger" / vault.IDENTITY_FILE)
    with pytest.raises(EvidenceDoesNotOpen):
        VaultReader.in_folder(stranger, store).open_page(sealed.file_id, 0)


def test_old_files_open_after_a_change_of_keys(
    evidence: Vault, secrets_folder: Path, store: Path, tmp_path: Path
) -> None:
    old = evidence.seal(PAGES)
    new_recipient = create_identity(tmp_path / "new")
    new = Vault.in_folder(new_recipient, store).seal(PAGES)
    both = tmp_path / "both.txt"
    both.touch(0o600)
    for folder in (secrets_folder, tmp_path / "new"):
        both.write_text(both.read_text() + (folder / vault.IDENTITY_FILE).read_text())
    reader = VaultReader.in_folder(load_identities(both), store)
    assert reader.open_page(old.file_id, 0) == reader.open_page(new.file_id, 0) == PAGES[0]


@pytest.mark.parametrize("number", [2, 999, 1000, -1])
def test_a_page_that_is_not_there_is_gone(
    number: int, evidence: Vault, reader: VaultReader
) -> None:
    with pytest.raises(EvidenceGone):
        reader.open_page(evidence.seal(PAGES).file_id, number)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 31, NAME.upper(), NAME + "/x"])
def test_a_name_that_is_none_never_becomes_a_path(
    name: str, reader: VaultReader, store: Path
) -> None:
    with pytest.raises(EvidenceGone):
        reader.open_page(name, 0)
    folder = FolderStore(store)
    for deed in (folder.get, folder.delete, folder.exists):
        with pytest.raises(ValueError, match="not a blob's name"):
            deed(name)
    with pytest.raises(ValueError, match="not a blob's name"):
        folder.put(name, b"")


def test_a_file_has_at_least_one_page(evidence: Vault) -> None:
    for pages in ([], [b"x"] * 1000):
        with pytest.raises(ValueError, match="1 to 999"):
            evidence.seal(pages)


class PowerCut(BaseException):
    """The machine stops: no handler runs."""


@pytest.mark.parametrize("moment", ["fsync", "link"])
def test_a_crash_before_the_name_is_given_leaves_no_half_file(
    moment: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = FolderStore(store)

    def stop(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as cut:
        cut.setattr(blobs.os, moment, stop)
        cut.setattr(Path, "unlink", stop)
        with pytest.raises(PowerCut):
            folder.put(NAME, b"half")
    assert not folder.exists(NAME)
    assert list(folder.list()) == []
    with pytest.raises(BlobMissing):
        folder.get(NAME)
    assert len(files(store)) == 1
    assert folder.sweep(before=LATER - timedelta(days=2)) == 0
    assert folder.sweep(before=LATER) == 1
    folder.put(NAME, b"whole")
    assert folder.get(NAME) == b"whole"
    assert [blob.name for blob in folder.list()] == [NAME]


def test_a_taken_name_is_never_written_over(store: Path) -> None:
    folder = FolderStore(store)
    folder.put(NAME, b"first")
    with pytest.raises(FileExistsError):
        folder.put(NAME, b"second")
    assert folder.get(NAME) == b"first"
    assert len(files(store)) == 1


def test_bytes_reach_the_disk_before_the_name_does(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    for name in ("fsync", "link"):
        real = getattr(os, name)
        monkeypatch.setattr(blobs.os, name, lambda *a, n=name, r=real: (order.append(n), r(*a))[1])
    FolderStore(store).put(NAME, b"x")
    assert order == ["fsync", "link", "fsync", "fsync"]


def test_a_failed_upload_leaves_nothing(
    evidence: Vault, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FolderStore.put

    def full(folder: FolderStore, name: str, data: bytes) -> None:
        if name.endswith("-001"):
            raise OSError("disk full")
        real(folder, name, data)

    monkeypatch.setattr(FolderStore, "put", full)
    with pytest.raises(OSError, match="disk full"):
        evidence.seal(PAGES)
    assert files(store) == []


def test_strays_are_old_files_that_nobody_knows(evidence: Vault, store: Path) -> None:
    known, stray = evidence.seal(PAGES), evidence.seal(PAGES)
    keyless = evidence.seal(PAGES[:1])
    vault.keys_store(store).delete(keyless.file_id)
    pageless = evidence.seal(PAGES[:1])
    vault.pages_store(store).delete(f"{pageless.file_id}-000")
    assert evidence.find_strays([known.file_id], before=LATER - timedelta(days=2)) == []
    found = evidence.find_strays([known.file_id], before=LATER)
    wanted = [stray, keyless, SealedFile(pageless.file_id, 0)]
    assert found == sorted(wanted, key=lambda sealed: sealed.file_id)
    for sealed in found:
        evidence.destroy(sealed.file_id, page_count=sealed.page_count)
    assert evidence.find_strays([known.file_id], before=LATER) == []
    assert evidence.is_whole(known.file_id, page_count=2)


def test_an_identity_is_for_its_owner_and_never_replaced(secrets_folder: Path) -> None:
    secret = secrets_folder / vault.IDENTITY_FILE
    before = secret.read_bytes()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert b"AGE-SECRET-KEY" not in (secrets_folder / vault.RECIPIENT_FILE).read_bytes()
    with pytest.raises(IdentityExists):
        create_identity(secrets_folder)
    assert secret.read_bytes() == before
    (identity,) = load_identities(secret)
    assert str(identity.to_public()) == load_recipient(secrets_folder / vault.RECIPIENT_FILE)


def test_an_identity_that_others_may_read_is_not_used(secrets_folder: Path) -> None:
    secret = secrets_folder / vault.IDENTITY_FILE
    secret.chmod(0o640)
    with pytest.raises(IdentityExposed):
        load_identities(secret)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "AGE-SECRET-KEY-1NONSENSE\n"])
def test_a_file_without_keys_is_told_apart(text: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(ValueError, match="no age identity"):
        load_identities(path)
    with pytest.raises(ValueError, match="no age recipient"):
        load_recipient(path)
