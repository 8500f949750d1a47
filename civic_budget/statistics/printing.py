"""The report for a meeting of the council: figures, tables and the method, as a tagged PDF.

The same drawings and numbers as the pages, in the language of the page. Must not read anything by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext

from civic_budget.statistics.figures import Figure, Reading
from civic_budget.statistics.figures.groups import foreign
from civic_budget.statistics.figures.parts import Column
from civic_budget.statistics.labels import MEASURE_NAMES, channel_name, say_estimate, say_rate
from civic_budget.statistics.nationality import UNKNOWN
from civic_budget.web.chart_prints import key_picture, pictures_of
from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_moment, say_number, say_percent

ABREAST = 5
"""So many columns beside the first one fit on a sheet; a wider table goes on beneath itself."""

Section = tuple[str, Sequence[Figure]]


def render_report(
    reading: Reading,
    sections: Iterable[Section],
    *,
    edition: str,
    language: str,
    head: str,
    sealed_at: datetime,
) -> bytes:
    """The report as PDF/UA-1. `head` is the seal that a quotation cites."""
    title = str(gettext("Participation by citizenship"))
    data = {
        "lang": language,
        "title": title,
        "foot": f"{title} · {edition}",
        "edition": edition,
        "lead": _silence(reading),
        "keys": _keys(reading),
        "sections": [
            {"title": name, "figures": [_figure(one) for one in figures]}
            for name, figures in sections
            if figures
        ],
        "method_title": str(gettext("How these numbers are made")),
        "method": method_of(reading),
        "seal": str(
            gettext(
                "Sealed on %(when)s. To quote this release, cite its last seal:",
                when=say_moment(sealed_at),
            )
        ),
        "head": head,
    }
    return render_pdf("participation", data)


def method_of(reading: Reading) -> list[str]:
    """The method in one paragraph for a council member, and what the reader must keep in mind."""
    catalogue = reading.publication.catalogue
    return [
        str(
            gettext(
                "We publish a fixed set of tables. Each number in them is the true count plus a small "
                "random whole number drawn once, when the table is sealed; it is never redrawn and is "
                "not stored anywhere. Next to each number stands the margin that it keeps 19 times out "
                "of 20 (±%(margin)s for voters by district). Numbers below %(limit)s are shown as "
                "“fewer than %(limit)s”; some tables have a higher limit. A citizenship has rows of "
                "its own when about %(own)s of its citizens live here; smaller ones are counted with "
                "the rest of their region. Because of the random part, no table, no two tables, no two "
                "days and no number of queries can establish which citizenship a particular "
                "participant has; totals always agree with the official results, because the row "
                "“Poland” is what remains.",
                margin=say_number(catalogue.margin("V2")),
                limit=say_number(catalogue.k),
                own=say_number(catalogue.k_class),
            )
        ),
        str(
            gettext(
                "Compare two numbers only by the words beside the difference: “within the margin” may "
                "be chance, “larger than the margin” is not."
            )
        ),
        str(
            gettext(
                "People with several citizenships count once: as Polish if they are Polish, otherwise "
                "under a country of the EU or EFTA, otherwise under the first that they named."
            )
        ),
    ]


def _silence(reading: Reading) -> str:
    """Non-response leads, here as on every page."""
    silent = reading.publication.non_response()
    whole = silent[""]
    if whole is None:
        return str(
            gettext(
                "Those who did not are too few to show. All other figures are about those who did."
            )
        )
    parts = [
        str(
            gettext(
                "%(share)s of voters gave no citizenship", share=say_percent(float(whole.value))
            )
        )
    ]
    parts += [
        f"{channel_name(channel)}: {say_rate(rate)}"
        for channel, rate in silent.items()
        if channel and rate
    ]
    return f"{'. '.join(parts)}. {gettext('All other figures are about those who did.')}"


def _keys(reading: Reading) -> list[tuple[str, str]]:
    publication = reading.publication
    keys = [
        (str(MEASURE_NAMES[measure]), say_estimate(publication.sum(measure)))
        for measure in ("voters", "registered", "authors")
    ]
    others = str(gettext("Voters with a citizenship other than Polish"))
    keys.insert(1, (others, say_estimate(foreign(reading, "voters"))))
    silent = str(gettext("Citizenship not given"))
    return [*keys, (silent, say_estimate(publication.sum("voters", cls=UNKNOWN)))]


def _figure(figure: Figure) -> dict[str, object]:
    drawn = pictures_of(figure.drawing)
    return {
        "title": figure.title,
        "finding": figure.finding,
        "note": figure.note,
        "abreast": any(one.caption for one in drawn),
        "pictures": [
            {"svg": one.svg, "words": one.words or figure.title, "caption": one.caption}
            for one in drawn
        ],
        "map": pictures_of(figure.map)[0].svg if figure.map else "",
        "key": [{"svg": key_picture(step), "words": words} for words, step in figure.map_key],
        "tables": _tables(figure.columns, figure.rows),
    }


def _tables(
    columns: Sequence[Column | str], rows: Sequence[Sequence[object]]
) -> list[dict[str, object]]:
    """The twin in pieces that fit the sheet, each beginning with the same first column."""
    heads = [one if isinstance(one, Mapping) else {"label": one} for one in columns]
    pieces = []
    for start in range(1, len(heads), ABREAST):
        part = [0, *range(start, min(start + ABREAST, len(heads)))]
        pieces.append(
            {
                "header": [str(heads[n]["label"]) for n in part],
                "numbers": [bool(heads[n].get("n")) for n in part],
                "rows": [[str(row[n]) for n in part] for row in rows],
            }
        )
    return pieces
