"""Figures by age and sex: a small profile for each class, and one class as a table."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.statistics.catalogue import SEXES
from civic_budget.statistics.figures.parts import Figure, Reading, number_column
from civic_budget.statistics.labels import SEX_NAMES, age_name, class_name, say_estimate
from civic_budget.statistics.nationality import POLISH
from civic_budget.web.charts import Panel, small_multiples
from civic_budget.web.words import say_number


def age_figures(reading: Reading) -> list[Figure]:
    """Ages of the voters of every class, and age by sex of the chosen one."""
    return [_profiles(reading), _pyramid(reading)]


def _profiles(reading: Reading) -> Figure:
    """Shares of each class's own voters, so that small and large classes have one scale."""
    publication = reading.publication
    bands = [band.code for band in publication.catalogue.bands]
    codes = (POLISH, *reading.classes)
    panels, rows = [], []
    for code in codes:
        counts = [publication.sum("voters", cls=code, age=band) for band in bands]
        whole = publication.sum("voters", cls=code)
        values = [
            None if one.value is None or not whole.value else one.value / whole.value
            for one in counts
        ]
        panels.append(Panel(class_name(code), values, say_estimate(whole)))
        rows.append([class_name(code), *(say_estimate(one) for one in counts)])
    title = gettext("Ages of the voters of each group")
    finding = gettext(
        "Each line goes from the youngest voters to the oldest; its height is the share of the "
        "group's own voters. Gaps are numbers too small to show."
    )
    columns = [
        gettext("Citizenship or region"),
        *(number_column(age_name(band)) for band in bands),
    ]
    drawing = small_multiples(panels, chart_id="ages-plot", title=title, finding=finding)
    return Figure("ages", title, finding, drawing, columns, rows, reading.downloads("V3"))


def _pyramid(reading: Reading) -> Figure:
    publication, code = reading.publication, reading.chosen
    bands = [band.code for band in publication.catalogue.bands]
    cells = {
        (band, sex): publication.sum("voters", cls=code, age=band, sex=sex)
        for band in bands
        for sex in SEXES
    }
    title = gettext("Voters by age and sex: %(group)s", group=class_name(code))
    finding = gettext(
        "The margin of one number is %(margin)s.",
        margin=f"±{say_number(publication.catalogue.margin('V3'))}",
    )
    panels = [
        Panel(
            str(SEX_NAMES[sex]),
            [cells[band, sex].value for band in bands],
            say_estimate(publication.sum("voters", cls=code, sex=sex)),
        )
        for sex in SEXES
    ]
    rows = [[age_name(b), *(say_estimate(cells[b, sex]) for sex in SEXES)] for b in bands]
    columns = [gettext("Age"), *(number_column(str(SEX_NAMES[sex])) for sex in SEXES)]
    drawing = small_multiples(panels, chart_id="sexes-plot", title=title, finding=finding)
    return Figure("sexes", title, finding, drawing, columns, rows, reading.downloads("V3"))
