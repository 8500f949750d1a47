"""A release as an entry of an open-data catalogue: DCAT-AP 3 in JSON-LD, one distribution a file. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .publish import Publication

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
THEME = "http://publications.europa.eu/resource/authority/data-theme/"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
ACCESS = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
ONCE = "http://publications.europa.eu/resource/authority/frequency/NEVER"
CSVW = "http://www.w3.org/ns/csvw"
MEDIA = "http://www.iana.org/assignments/media-types/"
KINDS = {"csv": ("CSV", "text/csv"), "json": ("JSON", "application/json")}
KEYWORDS = {
    "pl": ("budżet obywatelski", "obywatelstwo", "partycypacja"),
    "en": ("civic budget", "citizenship", "participation"),
}


def dataset(
    publication: Publication,
    *,
    titles: Mapping[str, str],
    descriptions: Mapping[str, str],
    publisher: str,
    licence: str,
    page: str,
    issued: datetime,
    digests: Mapping[str, str],
    address: Callable[[str], str],
) -> dict[str, Any]:
    """The entry of one release. Titles and descriptions by language, `address` of a file by its name.

    `licence` is the address of a licence; empty: the entry names none. `digests` are the SHA-256 of
    the sealed files by name; generated forms have none.
    """
    days = publication.frame.days
    return {
        "@context": CONTEXT,
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:title": _words(titles),
        "dct:description": _words(descriptions),
        "dct:identifier": publication.release.seals[-1].sha256,
        "dct:issued": _typed(issued.isoformat(), "dateTime"),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher},
        "dct:accessRights": {"@id": ACCESS},
        "dct:accrualPeriodicity": {"@id": ONCE},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(days[0], "date"),
            "dcat:endDate": _typed(days[-1], "date"),
        },
        "dct:language": [{"@id": LANGUAGE + code} for code in ("POL", "ENG", "UKR", "RUS")],
        "dcat:theme": [{"@id": THEME + code} for code in ("GOVE", "SOCI")],
        "dcat:keyword": [
            {"@value": word, "@language": code}
            for code, words in KEYWORDS.items()
            for word in words
        ],
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [
            _distribution(name, address, digests.get(name, ""), issued) | _licensed(licence)
            for name in names_of(publication)
        ],
    }


def names_of(publication: Publication) -> list[str]:
    """The files of a release that an open-data catalogue lists."""
    names = ["release.json", "totals.csv"]
    for table in publication.tables:
        names += [f"{table.name}.{ending}" for ending in ("csv", "json", "measured.csv")]
    return names


def _distribution(
    name: str, address: Callable[[str], str], digest: str, issued: datetime
) -> dict[str, Any]:
    code, media = KINDS[name.rpartition(".")[2]]
    found: dict[str, Any] = {
        "@id": address(name),
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dct:issued": _typed(issued.isoformat(), "dateTime"),
        "dct:format": {"@id": FILE_TYPE + code},
        "dcat:mediaType": {"@id": MEDIA + media},
        "dcat:accessURL": {"@id": address(name)},
        "dcat:downloadURL": {"@id": address(name)},
    }
    table, _dot, ending = name.partition(".")
    if ending == "csv" and name != "totals.csv":
        found["dct:conformsTo"] = {"@id": CSVW}
        found["foaf:page"] = {"@id": address(f"{table}.csv-metadata.json")}
    if digest:
        found["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(digest, "hexBinary"),
        }
    return found


def _licensed(licence: str) -> dict[str, Any]:
    return {"dct:license": {"@id": licence}} if licence else {}


def _words(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": words, "@language": code} for code, words in by_language.items()]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}
