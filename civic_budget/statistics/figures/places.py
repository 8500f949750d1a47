"""Figures by district: one class on the map and as ranked bars, all classes as the twin table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from markupsafe import Markup

from civic_budget.city.district_map import Look, draw_map, krakow_centres, steps_of
from civic_budget.statistics.estimate import Estimate
from civic_budget.statistics.figures.parts import (
    Figure,
    Reading,
    count_plot,
    number_column,
    rate_plot,
)
from civic_budget.statistics.labels import (
    class_name,
    district_name,
    districts_in,
    say_estimate,
    say_rate,
)
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.web.charts import Panel, small_multiples
from civic_budget.web.words import say_number, say_percent

FEWEST = 3
STEPS = 4
MOST = 8
"""Groups in one small chart; the others stand in the table of all."""


def district_figures(reading: Reading) -> list[Figure]:
    """The voters of the chosen class by district, and every class in every district."""
    return [_chosen(reading), _everyone(reading), _profiles(reading)]


def _chosen(reading: Reading) -> Figure:
    publication, code = reading.publication, reading.chosen
    voters = {
        d: publication.sum("voters", cls=code, district=d) for d in publication.frame.districts
    }
    order = sorted(voters, key=lambda d: (voters[d].value is None, -(voters[d].value or 0), d))
    title = gettext("Voters by district: %(group)s", group=class_name(code))
    finding = gettext(
        "In the whole city: %(number)s. The margin of one district is %(margin)s.",
        number=say_estimate(publication.sum("voters", cls=code)),
        margin=f"±{say_number(publication.catalogue.margin('V2'))}",
    )
    named = [(district_name(d, reading.districts), voters[d]) for d in order]
    return Figure(
        "districts",
        title,
        finding,
        count_plot("districts", title, finding, named),
        [
            gettext("District"),
            number_column(gettext("Voters")),
            number_column(gettext("Registered residents")),
            number_column(gettext("Voters of the registered")),
        ],
        [_row(reading, d, voters[d]) for d in order],
        [*reading.downloads("V2"), *reading.downloads("R2")],
        map=_map(reading, voters, title, finding),
        map_key=_key(bounds_of(voters)),
    )


def _row(reading: Reading, district: str, voters: Estimate) -> list[str]:
    publication, code = reading.publication, reading.chosen
    return [
        district_name(district, reading.districts),
        say_estimate(voters),
        say_estimate(publication.sum("registered", cls=code, district=district)),
        say_rate(publication.rate(cls=code, district=district), digits=0),
    ]


def _map(reading: Reading, voters: dict[str, Estimate], title: str, finding: str) -> Markup | None:
    """The city's map in steps of the number of voters; None in a city too small to draw."""
    values: dict[int, float | None] = {}
    words: dict[int, str] = {}
    for code, estimate in voters.items():
        for number in districts_in(code):
            values[number] = estimate.value
            words[number] = f"{district_name(code, reading.districts)}: {say_estimate(estimate)}"
    centres = [centre for centre in krakow_centres() if centre.number in values]
    if len(centres) < FEWEST:
        return None
    return draw_map(
        centres,
        map_id="districts-map",
        title=title,
        description=finding,
        look=Look(words=words, steps=steps_of(values, bounds_of(voters))),
    )


def bounds_of(voters: Mapping[str, Estimate]) -> list[int]:
    """Where the map's steps begin, so that about as many districts fall into each."""
    known = sorted(one.value for one in voters.values() if one.value is not None)
    places = (len(known) * step // (STEPS + 1) for step in range(1, STEPS + 1))
    return sorted({known[place] for place in places}) if known else []


def _key(bounds: Sequence[int]) -> list[tuple[str, str]]:
    """What each step of the map means."""
    if not bounds:
        return []
    said = [say_number(bound) for bound in bounds]
    words = [gettext("fewer than %(limit)s", limit=said[0])]
    words += [f"{low}–{say_number(high - 1)}" for low, high in zip(said, bounds[1:], strict=False)]
    words.append(gettext("%(number)s and more", number=said[-1]))
    return [(one, f"step-{step}") for step, one in enumerate(words, start=1)]


def _everyone(reading: Reading) -> Figure:
    publication = reading.publication
    districts = publication.frame.districts
    codes = (POLISH, *reading.classes, UNKNOWN)
    shares = [
        (d, publication.share("voters", cls=list(reading.classes), district=d)) for d in districts
    ]
    title = gettext("Share of voters with a citizenship other than Polish")
    finding = gettext("All citizenships other than Polish together, by district.")
    order = sorted(shares, key=lambda one: (one[1] is None, -float(one[1].value if one[1] else 0)))
    rows = [
        [
            district_name(d, reading.districts),
            say_rate(share),
            *(say_estimate(publication.sum("voters", cls=code, district=d)) for code in codes),
        ]
        for d, share in order
    ]
    columns = [
        gettext("District"),
        number_column(gettext("Share")),
        *(number_column(class_name(code)) for code in codes),
    ]
    city = publication.share("voters", cls=list(reading.classes))
    reference = None
    if city is not None:
        words = gettext("City: %(share)s", share=say_percent(float(city.value)))
        reference = (float(city.value), words)
    named = [(district_name(d, reading.districts), share) for d, share in order]
    drawing = rate_plot("shares", title, finding, named, reference)
    return Figure("shares", title, finding, drawing, columns, rows, reading.downloads("V2"))


def _profiles(reading: Reading) -> Figure:
    """One small chart for each district: the classes in one order, so that shapes can be compared."""
    publication, codes = reading.publication, reading.classes[:MOST]
    names = [class_name(code) for code in codes]
    panels, rows = [], []
    for d in publication.frame.districts:
        counts = [publication.sum("voters", cls=code, district=d) for code in codes]
        whole = publication.sum("voters", cls=list(reading.classes), district=d)
        values = [
            None if one.value is None or not whole.value else min(1.0, one.value / whole.value)
            for one in counts
        ]
        name = district_name(d, reading.districts)
        panels.append(Panel(name, values, say_estimate(whole), names))
        rows.append([name, say_estimate(whole), *(say_estimate(one) for one in counts)])
    title = gettext("Every district at a glance")
    finding = gettext(
        "Each column is a group's part of the district's voters with a citizenship other than "
        "Polish, in this order: %(groups)s. Hatched: too few to show.",
        groups=", ".join(names),
    )
    columns = [
        gettext("District"),
        number_column(gettext("All but Polish")),
        *(number_column(name) for name in names),
    ]
    drawing = small_multiples(
        panels, chart_id="profiles-plot", title=title, finding=finding, columns=True
    )
    return Figure("profiles", title, finding, drawing, columns, rows, reading.downloads("V2"))
