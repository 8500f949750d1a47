"""Files of others are the very files that vendored.toml names, and every one of them is named."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from civic_budget.paths import ROOT, STATIC

SHELVES = {STATIC / "vendored.toml": "fonts", ROOT / "tests/browser/vendor/vendored.toml": "."}


@pytest.mark.parametrize(("record", "folder"), SHELVES.items())
def test_vendored_files_are_what_they_say(record: Path, folder: str) -> None:
    packages = tomllib.loads(record.read_text(encoding="utf-8"))["package"]
    named: set[Path] = set()
    for package in packages:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"] in {"OFL-1.1", "MPL-2.0"}
        assert package["licence_file"] in package["sha256"]
        for name, digest in package["sha256"].items():
            file = record.parent / name
            named.add(file.resolve())
            assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, name
    present = {file.resolve() for file in (record.parent / folder).iterdir() if file != record}
    assert named == present


def test_the_typeface_of_the_styles_is_there() -> None:
    tokens = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
    urls = re.findall(r'url\("\.\./([^"]+)"\)', tokens)
    assert len(urls) == 4
    assert all((STATIC / url).is_file() for url in urls)


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in (*STATIC.rglob("*.css"), *STATIC.rglob("*.js")):
        assert not re.search(r"https?://|@import", file.read_text(encoding="utf-8")), file.name
