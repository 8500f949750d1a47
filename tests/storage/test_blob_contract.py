"""One contract for every place where blobs lie: a folder, obstore's memory and folder, an S3 service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from civic_budget.config import BadSettings, S3Place, Settings, from_environment
from civic_budget.residency.evidence import ensure_identity, open_reader, open_vault
from civic_budget.storage.blobs import BlobMissing, BlobStore, FolderStore
from civic_budget.storage.objects import ObjectStore, open_bucket
from civic_budget.storage.vault import EvidenceGone
from tests.s3_server import LittleS3, little_s3

NAME = "0123456789abcdef" * 2
PART = f"{NAME}-001"


def place_in(server: LittleS3, bucket: str, prefix: str = "") -> S3Place:
    """A bucket of the little S3."""
    return S3Place(bucket, prefix, server.url, "eu-test-1", "key", "secret")


@pytest.fixture(params=["folder", "memory", "local", "s3", "s3 with a prefix"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BlobStore]:
    """Each place that the platform can keep blobs in."""
    if request.param == "folder":
        yield FolderStore(tmp_path)
    elif request.param == "memory":
        yield ObjectStore(MemoryStore())
    elif request.param == "local":
        yield ObjectStore(LocalStore(tmp_path))
    else:
        with little_s3() as server:
            yield open_bucket(place_in(server, "pages", "a/b" if "prefix" in request.param else ""))


def test_what_is_put_is_there_until_it_is_deleted(store: BlobStore) -> None:
    assert not store.exists(NAME) and list(store.list()) == []
    store.put(NAME, b"whole \x00 bytes")
    store.put(PART, b"")
    assert store.exists(NAME) and store.get(NAME) == b"whole \x00 bytes" and store.get(PART) == b""
    assert store.delete(NAME) is True
    assert store.delete(NAME) is False
    assert not store.exists(NAME)
    with pytest.raises(BlobMissing):
        store.get(NAME)
    assert [blob.name for blob in store.list()] == [PART]


def test_a_taken_name_is_never_written_over(store: BlobStore) -> None:
    store.put(NAME, b"first")
    with pytest.raises(FileExistsError):
        store.put(NAME, b"second")
    assert store.get(NAME) == b"first"


def test_the_list_tells_names_sizes_and_moments_in_order(store: BlobStore) -> None:
    for name, data in ((PART, b"123"), (NAME, b"12345"), ("f" * 32, b"")):
        store.put(name, data)
    found = list(store.list())
    assert [(blob.name, blob.size) for blob in found] == [(NAME, 5), (PART, 3), ("f" * 32, 0)]
    for blob in found:
        assert blob.stored_at.tzinfo is not None
        assert blob.stored_at < datetime.now(UTC) + timedelta(minutes=1)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 32, "", NAME + "-1", f"{NAME}/x"])
def test_a_name_that_is_none_reaches_no_place(store: BlobStore, name: str) -> None:
    for deed in (
        lambda: store.put(name, b"x"),
        lambda: store.get(name),
        lambda: store.delete(name),
    ):
        with pytest.raises(ValueError, match="name"):
            deed()


def test_a_store_that_refuses_is_told_as_one_that_cannot_be_reached() -> None:
    with little_s3() as server:
        store = open_bucket(place_in(server, "pages"))
        server.is_broken = True
        for deed in (lambda: store.put(NAME, b"x"), lambda: store.get(NAME)):
            with pytest.raises(OSError, match="object store"):
                deed()


def test_a_vault_in_two_buckets_seals_opens_and_destroys(tmp_path: Path) -> None:
    with little_s3() as server:
        settings = replace(
            from_environment({"CIVIC_BUDGET_MODE": "demo", "CIVIC_BUDGET_INSTANCE": str(tmp_path)}),
            evidence_pages_place=place_in(server, "pages"),
            evidence_keys_place=place_in(server, "keys"),
        )
        ensure_identity(settings)
        vault, reader = open_vault(settings), open_reader(settings)
        sealed = vault.seal([b"page one", b"page two"])
        assert reader.open_page(sealed.file_id, 1) == b"page two"
        kept = dict(server.objects)
        assert {path.split("/")[1] for path in kept} == {"pages", "keys"}
        assert not any(b"page" in body[200:] for body in kept.values())
        vault.destroy(sealed.file_id, page_count=2)
        assert server.objects == {}
        # A backup brings the pages back, not the keys: nothing opens.
        server.objects.update({path: body for path, body in kept.items() if "/pages/" in path})
        with pytest.raises(EvidenceGone):
            reader.open_page(sealed.file_id, 0)


PRODUCTION = {
    "CIVIC_BUDGET_MODE": "production",
    "CIVIC_BUDGET_PEPPER": "p" * 43,
    "CIVIC_BUDGET_PUBLIC_URL": "https://bo.example.org",
    "CIVIC_BUDGET_MAIL_URL": "smtps://mail.example.org",
}


def read(**more: str) -> Settings:
    """Production settings with some more variables."""
    return from_environment(
        PRODUCTION | {f"CIVIC_BUDGET_{name}": said for name, said in more.items()}
    )


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"EVIDENCE_PAGES_S3": "s3://pages"}, "S3_KEY_ID"),
        ({"EVIDENCE_PAGES_S3": "pages", "S3_KEY_ID": "k", "S3_SECRET": "s"}, "s3://bucket"),
        ({"EVIDENCE_KEYS_S3": "s3://keys", "S3_KEY_ID": "k", "S3_SECRET": "s"}, "Set both"),
        (
            {
                "EVIDENCE_PAGES_S3": "s3://one/pages",
                "EVIDENCE_KEYS_S3": "s3://one/keys",
                "S3_KEY_ID": "k",
                "S3_SECRET": "s",
            },
            "two buckets",
        ),
        (
            {
                "EVIDENCE_PAGES_S3": "s3://pages",
                "S3_ENDPOINT": "http://s3.example.org",
                "S3_KEY_ID": "k",
                "S3_SECRET": "s",
            },
            "https://",
        ),
        ({"CLAMAV": "localhost"}, "unix:"),
    ],
)
def test_a_bad_combination_is_refused_at_start_in_words(
    variables: dict[str, str], words: str
) -> None:
    with pytest.raises(BadSettings, match=words):
        read(**variables)


def test_good_settings_are_read_and_the_secret_is_shown_to_no_log() -> None:
    settings = read(EVIDENCE_PAGES_S3="s3://pages/proofs/", S3_KEY_ID="k", S3_SECRET="very-secret")
    place = settings.evidence_pages_place
    assert place is not None and (place.bucket, place.prefix) == ("pages", "proofs")
    assert "very-secret" not in repr(settings)
