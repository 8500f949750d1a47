"""Open data of a release: stable addresses, the sealed bytes, metadata that fits the columns."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from flask_babel import force_locale

from civic_budget.config import Settings
from civic_budget.statistics import attack, files, labels, queries
from civic_budget.statistics.publish import Publication
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.builders_statistics import make_published, past_release
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


def test_every_table_fits_its_own_metadata(client: CheckedClient, published: UUID) -> None:
    """The check that a reader of CSV on the Web makes: columns, types, what must be there, the key."""
    for table in ("R1", "R2", "R3", "A1", "V1", "V2", "V3", "V4"):
        metadata = json.loads(client.get(f"{BASE}/{table}.csv-metadata.json").text)
        rows = list(csv.DictReader(io.StringIO(client.get(f"{BASE}/{metadata['url']}").text)))
        columns = metadata["tableSchema"]["columns"]
        assert list(rows[0]) == [column["name"] for column in columns]
        for column in columns:
            values = [row[column["name"]] for row in rows]
            assert "" not in values or not column.get("required", False), column["name"]
            assert all(fits(value, column["datatype"]) for value in values if value), column["name"]
        key = [tuple(row[name] for name in metadata["tableSchema"]["primaryKey"]) for row in rows]
        assert len(set(key)) == len(key)


def fits(value: str, datatype: str) -> bool:
    """Whether a text is a value of the datatype."""
    if datatype == "date":
        return date.fromisoformat(value).isoformat() == value
    if datatype == "nonNegativeInteger":
        return value.isdigit()
    return value.isdigit() and int(value) > 0 if datatype == "positiveInteger" else True


def test_the_catalogue_entry_lists_files_that_are_there_with_their_digests(
    client: CheckedClient, published: UUID, settings: Settings
) -> None:
    answer = client.get(f"{BASE}/dcat.jsonld")
    assert answer.mimetype == "application/ld+json"
    entry = json.loads(answer.text)
    assert entry["@type"] == "dcat:Dataset"
    assert {one["@language"] for one in entry["dct:title"]} == {"pl", "en", "uk", "ru"}
    digests = 0
    for file in entry["dcat:distribution"]:
        url = file["dcat:downloadURL"]["@id"]
        assert url.startswith(settings.public_url)
        found = client.get(url.removeprefix(settings.public_url))
        assert found.status_code == 200
        assert file["dcat:mediaType"]["@id"].endswith(found.mimetype)
        if "spdx:checksum" in file:
            digests += 1
            said = file["spdx:checksum"]["spdx:checksumValue"]["@value"]
            assert hashlib.sha256(found.data).hexdigest() == said
    assert digests == 17  # eight tables twice and the totals


def test_publisher_and_licence_are_what_the_city_says(
    client: CheckedClient, published: UUID, settings: Settings
) -> None:
    unsaid = client.get(f"{BASE}/dcat.jsonld")
    entry = json.loads(unsaid.text)
    assert entry["dct:publisher"]["foaf:name"] == "localhost"
    assert all("dct:license" not in file for file in entry["dcat:distribution"])
    licence = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    client.application.extensions["settings"] = replace(
        settings, data_publisher="Gmina Testowo", data_licence=licence
    )
    seen = {"If-None-Match": unsaid.headers["ETag"]}
    entry = json.loads(client.get(f"{BASE}/dcat.jsonld", headers=seen).text)
    assert entry["dct:publisher"]["foaf:name"] == "Gmina Testowo"
    assert {file["dct:license"]["@id"] for file in entry["dcat:distribution"]} == {licence}


@pytest.mark.parametrize("language", ["pl", "en", "uk", "ru"])
def test_report_and_workbook_hold_the_published_numbers(
    client: CheckedClient, published: UUID, language: str
) -> None:
    report = client.get(f"/{language}/participation/2025/report.pdf")
    assert report.mimetype == "application/pdf"
    release = past_release("2025")
    words = words_of(report.data)
    assert release.seals[-1].sha256[:40] in words
    book = Publication(release)
    with client.application.test_request_context(f"/{language}/"), force_locale(language):
        for said in (labels.say_estimate(book.sum("voters", cls="UA")), labels.class_name("UA")):
            assert said.replace("\u00a0", " ") in words.replace("\u00a0", " ")
    tables = client.get(f"/{language}/participation/2025/tables.xlsx")
    assert tables.data.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(tables.data)) as parts:
        assert sum(name.startswith("xl/worksheets/sheet") for name in parts.namelist()) == 10


def words_of(content: bytes) -> str:
    """The text of a PDF."""
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_a_known_file_is_not_sent_twice(client: CheckedClient, published: UUID) -> None:
    first = client.get(f"{BASE}/V1.csv")
    again = client.get(f"{BASE}/V1.csv", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["X9.csv", "V1.txt", "V1", "people.csv", "..%2Fapp.db"])
def test_there_are_no_other_files(client: CheckedClient, published: UUID, name: str) -> None:
    assert client.get(f"{BASE}/{name}").status_code == 404
