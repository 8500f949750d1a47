"""What goes to the public bulletin (BIP): documents as tables, their personal data, the package. Plain Python.

A document is plain data: name, title, header, rows of text. The same data give the page and the PDF.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from civic_budget.assessment.redaction import Suspicion, cover, find_personal_data

# A fixed day in every package: the same content gives the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Document:
    """One list of a package."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_data(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "name": self.name,
            "title": self.title,
            "header": list(self.header),
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True)
class Finding:
    """A place that may be personal data, in a cell; `is_covered` None while nobody has decided."""

    document: int
    row: int
    column: int
    place: Suspicion
    is_covered: bool | None = None

    def as_data(self) -> dict[str, Any]:
        """As it is stored: never the words themselves."""
        return {
            "document": self.document,
            "row": self.row,
            "column": self.column,
            "kind": self.place.kind,
            "start": self.place.start,
            "end": self.place.end,
            "is_covered": self.is_covered,
        }


def document_from(data: Mapping[str, Any]) -> Document:
    """A stored document."""
    rows = tuple(tuple(row) for row in data["rows"])
    return Document(data["name"], data["title"], tuple(data["header"]), rows)


def finding_from(data: Mapping[str, Any]) -> Finding:
    """A stored finding."""
    place = Suspicion(data["kind"], data["start"], data["end"])
    return Finding(data["document"], data["row"], data["column"], place, data["is_covered"])


def check_documents(documents: Sequence[Document]) -> list[Finding]:
    """Every place in every cell that may be personal data."""
    return [
        Finding(number, line, column, place)
        for number, document in enumerate(documents)
        for line, row in enumerate(document.rows)
        for column, cell in enumerate(row)
        for place in find_personal_data(cell)
    ]


def cover_documents(
    documents: Sequence[Document], findings: Iterable[Finding]
) -> tuple[Document, ...]:
    """The documents with every place covered that a person said is personal data."""
    places: dict[tuple[int, int, int], list[Suspicion]] = {}
    for one in findings:
        if one.is_covered:
            places.setdefault((one.document, one.row, one.column), []).append(one.place)
    return tuple(
        Document(
            document.name,
            document.title,
            document.header,
            tuple(
                tuple(
                    cover(cell, places.get((number, line, column), ()))
                    for column, cell in enumerate(row)
                )
                for line, row in enumerate(document.rows)
            ),
        )
        for number, document in enumerate(documents)
    )


def hash_documents(documents: Sequence[Document]) -> str:
    """SHA-256 of the documents as canonical JSON."""
    data = [document.as_data() for document in documents]
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pack(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """A zip of the files with `manifest.json`: what it is, and the SHA-256 of each file."""
    manifest = {
        **about,
        "files": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    said = json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (*sorted(files.items()), ("manifest.json", said)):
            package.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
