"""Figures by citizenship: who voted, registered, proposed; of the registered; on paper and online."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.statistics.estimate import Estimate, Rate, ratio
from civic_budget.statistics.figures.parts import (
    Figure,
    Reading,
    bar_figure,
    largest,
    number_column,
    ranked,
    rate_plot,
)
from civic_budget.statistics.labels import channel_name, class_name, say_estimate, say_rate
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.web.words import say_percent

Pairs = list[tuple[str, Estimate]]


def counts_of(reading: Reading, measure: str) -> Pairs:
    """Poland and every class of a measure."""
    publication = reading.publication
    codes = (POLISH, *publication.classes.order)
    return [(code, publication.sum(measure, cls=code)) for code in codes]


def foreign(reading: Reading, measure: str) -> Estimate:
    """Everybody who gave a citizenship that is not Polish."""
    order = reading.publication.classes.order
    return reading.publication.sum(measure, cls=[code for code in order if code != UNKNOWN])


def voted_figures(reading: Reading) -> list[Figure]:
    """Voters by class, and by every citizenship that may be named."""
    pairs = counts_of(reading, "voters")
    whole = reading.publication.sum("voters")
    finding = gettext(
        "%(foreign)s of %(all)s voters gave a citizenship other than Polish. Largest groups: "
        "%(groups)s.",
        foreign=say_estimate(foreign(reading, "voters")),
        all=say_estimate(whole),
        groups=largest(pairs) or "–",
    )
    figure = bar_figure(
        "voted",
        gettext("Voters by citizenship"),
        finding,
        pairs,
        whole=whole,
        measure=gettext("Voters"),
        downloads=reading.downloads("V1"),
    )
    named = _named(reading, "V1", "voters")
    return [figure, *([named] if named else [])]


def _named(reading: Reading, table: str, measure: str) -> Figure | None:
    """Citizenships without rows of their own that are numerous enough to be named."""
    publication = reading.publication
    own = set(publication.classes.own())
    codes = [code for code in publication.named(table) if code not in own]
    if not codes:
        return None
    pairs = ranked([(code, publication.sum(measure, nat=code)) for code in codes])
    return bar_figure(
        f"named-{measure}",
        gettext("Named in the city as a whole only"),
        gettext(
            "These citizenships are too few for rows in other tables, but numerous enough to be "
            "told from chance."
        ),
        pairs,
        whole=publication.sum(measure),
        measure=gettext("Persons"),
        downloads=reading.downloads(table),
    )


def registered_figures(reading: Reading) -> list[Figure]:
    """Registered residents by class."""
    pairs = counts_of(reading, "registered")
    whole = reading.publication.sum("registered")
    finding = gettext(
        "%(foreign)s of %(all)s registered residents gave a citizenship other than Polish. Largest "
        "groups: %(groups)s.",
        foreign=say_estimate(foreign(reading, "registered")),
        all=say_estimate(whole),
        groups=largest(pairs) or "–",
    )
    return [
        bar_figure(
            "registered",
            gettext("Registered residents by citizenship"),
            finding,
            pairs,
            whole=whole,
            measure=gettext("Registered residents"),
            downloads=reading.downloads("R1"),
        )
    ]


def proposed_figures(reading: Reading) -> list[Figure]:
    """Distinct authors by class, in the city as a whole alone."""
    pairs = counts_of(reading, "authors")
    whole = reading.publication.sum("authors")
    finding = gettext(
        "%(foreign)s of %(all)s authors gave a citizenship other than Polish.",
        foreign=say_estimate(foreign(reading, "authors")),
        all=say_estimate(whole),
    )
    return [
        bar_figure(
            "proposed",
            gettext("Authors of proposals by citizenship"),
            finding,
            pairs,
            whole=whole,
            measure=gettext("Authors of proposals"),
            downloads=reading.downloads("A1"),
            note=gettext(
                "Authors are public by name. So they are counted by citizenship in the city as a "
                "whole only, and each person once, however many proposals they submitted."
            ),
        )
    ]


def rate_figures(reading: Reading) -> list[Figure]:
    """Voters of the registered by class; against registers outside the platform, if there are any."""
    publication = reading.publication
    codes = (POLISH, *reading.classes)
    rates = [(code, publication.rate(cls=code)) for code in codes]
    voters, registered = publication.sum("voters"), publication.sum("registered")
    share = min(1.0, (voters.value or 0) / registered.value) if registered.value else None
    title = gettext("Voters of the registered")
    finding = gettext(
        "People register in order to vote, so this is not the turnout of all citizens of a country "
        "who live here."
    )
    drawing = rate_plot(
        "rates",
        title,
        finding,
        [(class_name(code), rate) for code, rate in rates],
        (share, gettext("All: %(share)s", share=say_percent(share))) if share is not None else None,
    )
    rows = [
        [
            class_name(code),
            say_estimate(publication.sum("voters", cls=code)),
            say_estimate(publication.sum("registered", cls=code)),
            say_rate(rate),
        ]
        for code, rate in rates
    ]
    rows.append([gettext("All"), say_estimate(voters), say_estimate(registered), ""])
    if share is not None:
        rows[-1][-1] = say_percent(share)
    columns = [
        gettext("Citizenship or region"),
        number_column(gettext("Voters")),
        number_column(gettext("Registered residents")),
        number_column(gettext("Voters of the registered")),
    ]
    downloads = [*reading.downloads("V1"), *reading.downloads("R1")]
    figure = Figure("rates", title, finding, drawing, columns, rows, downloads)
    outside = _outside(reading)
    return [figure, *([outside] if outside else [])]


def _outside(reading: Reading) -> Figure | None:
    publication = reading.publication
    found = [(code, publication.against(code, reading.registers)) for code in reading.classes]
    known = [(class_name(code), rate) for code, rate in found if rate is not None]
    if not known:
        return None
    title = gettext("Voters of all residents, by registers outside the platform")
    finding = gettext(
        "The registers disagree, so each line goes from the lowest to the highest share that they "
        "allow."
    )
    sources = "; ".join(
        f"{one.source}, {one.as_of.isoformat()} ({one.definition}, {one.geography})"
        for one in reading.registers
    )
    rows = [[label, say_rate(rate)] for label, rate in known]
    columns = [gettext("Citizenship or region"), number_column(gettext("Share"))]
    drawing = rate_plot("outside", title, finding, known)
    note = gettext("Registers: %(sources)s.", sources=sources)
    return Figure("outside", title, finding, drawing, columns, rows, (), note)


def channel_figures(reading: Reading) -> list[Figure]:
    """How each class voted: the share on paper, and the numbers by channel."""
    publication = reading.publication
    channels = publication.frame.channels
    codes = (POLISH, *reading.classes)
    shares = [(class_name(code), on_paper(reading, code)) for code in codes]
    title = gettext("Voters on paper")
    finding = gettext("The share of each group's voters who voted on paper, with its margin.")
    rows = [
        [
            class_name(code),
            *(say_estimate(publication.sum("voters", cls=code, channel=c)) for c in channels),
            say_rate(on_paper(reading, code)),
        ]
        for code in codes
    ]
    rows.append(
        [
            gettext("All"),
            *(say_estimate(publication.sum("voters", channel=c)) for c in channels),
            "",
        ]
    )
    columns = [
        gettext("Citizenship or region"),
        *(number_column(channel_name(channel)) for channel in channels),
        number_column(gettext("Share on paper")),
    ]
    drawing = rate_plot("channels", title, finding, shares)
    return [Figure("channels", title, finding, drawing, columns, rows, reading.downloads("V1"))]


def on_paper(reading: Reading, code: str) -> Rate | None:
    """The share of a class's voters who voted on paper; None when too few are shown."""
    publication = reading.publication
    if "paper" not in publication.frame.channels:
        return None
    part = publication.sum("voters", cls=code, channel="paper")
    whole = publication.sum("voters", cls=code)
    return None if part.value is None or not whole.value else ratio(part, whole)
