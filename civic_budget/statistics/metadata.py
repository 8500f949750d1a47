"""Tables of a release as JSON, and what each column of their CSV means (CSV on the Web). Pure."""

from __future__ import annotations

from typing import Any

from .publish import Publication

_TYPES = {"value": "nonNegativeInteger", "below": "positiveInteger", "margin": "nonNegativeInteger"}
_MEANING = {
    "nat": "statistical citizenship: ISO 3166-1 alpha-2, XK, XX stateless, ZZ not given; or a class",
    "class": "a citizenship with rows of its own, rest:<region>, or other; PL is the remainder",
    "district": "d01 to d18; small districts are joined with +",
    "age": "whole years, both ends included",
    "sex": "F, M, X (another or not given)",
    "channel": "paper or web",
    "day": "the day on which the person's vote was first counted",
    "value": "persons, with noise drawn once; empty when below is given",
    "below": "the number is smaller than this and is not shown",
    "margin": "the number lies within this of the truth 19 times out of 20",
}


def table_json(publication: Publication, name: str) -> dict[str, Any]:
    """A published table: its name, dimensions, seal, and rows like those of the CSV."""
    table = publication.catalogue.table(name)
    sealed = publication.release.seal_of(name)
    return {
        "edition": publication.release.edition,
        "table": name,
        "measure": table.measure,
        "epsilon": str(table.eps),
        "seal": sealed.sha256 if sealed else None,
        "rows": [
            {
                **dict(zip(table.dims, key, strict=True)),
                "value": one.value,
                "below": one.below,
                "margin": one.margin,
            }
            for key, one in publication.table(name)
        ],
    }


def table_metadata(publication: Publication, name: str) -> dict[str, Any]:
    """CSVW metadata of a table's CSV."""
    table = publication.catalogue.table(name)
    columns = [
        {
            "name": column,
            "titles": column,
            "datatype": _TYPES.get(column, "date" if column == "day" else "string"),
            "dc:description": _MEANING[column],
            **({} if column in {"value", "below"} else {"required": True}),
        }
        for column in (*table.dims, "value", "below", "margin")
    ]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": f"{table.measure} by {', '.join(table.dims)}, edition {publication.release.edition}",
        "tableSchema": {"columns": columns, "primaryKey": list(table.dims)},
    }
