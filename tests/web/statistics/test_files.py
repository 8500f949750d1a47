"""Open data of a release: stable addresses, the sealed bytes, metadata that fits the columns."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from uuid import UUID

import pytest

from civic_budget.statistics import attack, files, queries
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.builders_statistics import make_published
from tests.pages import CheckedClient

BASE = "/open-data/participation/2025"


@pytest.fixture
def published(database: Database) -> UUID:
    """A public edition of 2025."""
    make_city(database)
    return make_published(database)


def test_the_files_are_those_of_the_release_byte_by_byte(
    client: CheckedClient, published: UUID, database: Database, tmp_path: Path
) -> None:
    with database.reading() as session:
        release = queries.get_release(session, published)
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name, content in files.rendered(release).items():
        answer = client.get(f"{BASE}/{name}")
        assert answer.text == content
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        (folder / name).write_text(answer.text, encoding="utf-8", newline="")
    assert attack.verify_folder(folder) == []
    digests = client.get(f"{BASE}/release.json").get_json()["files"]
    for name, digest in digests.items():
        assert hashlib.sha256(client.get(f"{BASE}/{name}").data).hexdigest() == digest


@pytest.mark.parametrize("table", ["R1", "R2", "R3", "A1", "V1", "V2", "V3", "V4"])
def test_json_and_metadata_say_the_same_as_the_csv(
    client: CheckedClient, published: UUID, table: str
) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{BASE}/{table}.csv").text)))
    told = client.get(f"{BASE}/{table}.json").get_json()
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in told["rows"]
    ] == rows
    about = client.get(f"{BASE}/{table}.csv-metadata.json").get_json()
    columns = [column["name"] for column in about["tableSchema"]["columns"]]
    assert columns == list(rows[0])
    assert about["url"] == f"{table}.csv"


def test_a_known_file_is_not_sent_twice(client: CheckedClient, published: UUID) -> None:
    first = client.get(f"{BASE}/V1.csv")
    again = client.get(f"{BASE}/V1.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["X9.csv", "V1.txt", "V1", "people.csv", "..%2Fapp.db"])
def test_there_are_no_other_files(client: CheckedClient, published: UUID, name: str) -> None:
    assert client.get(f"{BASE}/{name}").status_code == 404
