"""A release as one workbook: a sheet about it, a sheet for each table, the exact totals."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.statistics.figures import Reading
from civic_budget.statistics.labels import (
    DIMENSION_NAMES,
    MEASURE_NAMES,
    SEX_NAMES,
    age_name,
    channel_name,
    class_name,
    district_name,
)
from civic_budget.statistics.printing import method_of
from civic_budget.web.spreadsheets import Cell, Sheet, write_workbook


def render_workbook(reading: Reading, *, edition: str, head: str) -> bytes:
    """The published tables: codes as in the CSV, and names in the reader's language beside them."""
    publication = reading.publication
    title = str(gettext("Participation by citizenship"))
    sheets = [_about(reading, edition, head)]
    sheets += [_table(reading, table.name) for table in publication.tables]
    return write_workbook([*sheets, _totals(reading)], title=f"{title} · {edition}")


def _about(reading: Reading, edition: str, head: str) -> Sheet:
    rows: list[list[Cell]] = [
        [str(gettext("Edition")), edition],
        [str(gettext("Last seal")), head],
    ]
    for words in method_of(reading):
        rows.append([str(gettext("How these numbers are made")), words])
    for table in reading.publication.tables:
        dims = ", ".join(str(DIMENSION_NAMES[dim]) for dim in table.dims)
        rows.append([table.name, f"{MEASURE_NAMES[table.measure]}: {dims}"])
    return Sheet(str(gettext("About")), ["", ""], rows)


def _table(reading: Reading, name: str) -> Sheet:
    table = reading.publication.catalogue.table(name)
    header = [word for dim in table.dims for word in (dim, str(DIMENSION_NAMES[dim]))]
    header += [
        str(gettext("Persons")),
        str(gettext("Fewer than")),
        str(gettext("Margin")),
    ]
    rows: list[list[Cell]] = []
    for key, one in reading.publication.table(name):
        codes: list[Cell] = [
            word
            for dim, code in zip(table.dims, key, strict=True)
            for word in (code, _say(reading, dim, code))
        ]
        rows.append([*codes, one.value, one.below, one.margin])
    return Sheet(f"{name} {MEASURE_NAMES[table.measure]}", header, rows)


def _totals(reading: Reading) -> Sheet:
    totals = reading.publication.release.totals
    rows: list[list[Cell]] = [
        [
            str(MEASURE_NAMES[measure]),
            ", ".join(_say(reading, dim, code) for dim, code in zip(dims, key, strict=True)),
            value,
            totals.small if value is None else None,
        ]
        for (measure, dims, key), value in totals.values.items()
    ]
    header = [
        str(gettext("What is counted")),
        str(gettext("Of whom")),
        str(gettext("Persons")),
        str(gettext("Fewer than")),
    ]
    return Sheet(str(gettext("Exact totals")), header, rows)


def _say(reading: Reading, dim: str, code: str) -> str:
    if dim in {"nat", "class"}:
        return class_name(code)
    if dim == "district":
        return district_name(code, reading.districts)
    if dim == "age":
        return age_name(code)
    if dim == "sex":
        return str(SEX_NAMES[code])
    return channel_name(code) if dim == "channel" else code
