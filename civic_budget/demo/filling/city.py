"""The city itself: districts, streets, places, points of assistance, categories, prices, editions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from babel import Locale

from civic_budget.city import service as city
from civic_budget.city.addresses import Parity, Stretch
from civic_budget.config import LANGUAGES
from civic_budget.demo import content
from civic_budget.demo.content.records import AssistancePoint, OpeningHours, Words
from civic_budget.demo.filling.town import Town
from civic_budget.editions import service as editions
from civic_budget.editions.queries import PoolFacts
from civic_budget.editions.rules import CITY_WIDE, Calendar, Milestone, scope_of
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import SYSTEM
from civic_budget.proposals import service as proposals
from civic_budget.residency import service as residency
from civic_budget.storage.db import Work

BALLOT_RULE = {"kind": "points", "points": [3, 2, 1], "minimum": 3, "maximum": 3}
SELECTION_RULE = {"preset": "krakow"}
ACCEPTED_PROOFS = ("statement", "document", "letter", "register", "desk")
EDITION_NAMES = Words(
    pl="Budżet obywatelski {year}",
    en="Civic budget {year}",
    uk="Громадський бюджет {year}",
    ru="Гражданский бюджет {year}",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAST_COST, MOST_CITY_COST = 250_000, 200_000_000
LEAST_CITY_COST = 2_500_000
SIGNATURES = 15
"""Supporters of a proposal in Kraków, in a district as in the whole city."""

# Further days of the calendar, in days before or after a milestone.
SIDE_DAYS = {
    SideDate.SUPPORT_LISTS_DUE: (Milestone.SUBMISSION_CLOSES, 10),
    SideDate.PAPER_PROPOSALS_UNTIL: (Milestone.SUBMISSION_CLOSES, 3),
    SideDate.CARDS_DUE: (Milestone.ASSESSMENT_PUBLISHED, -7),
    SideDate.HEARINGS_END: (Milestone.APPEALS_CLOSE, 8),
    SideDate.POINTS_PUBLISHED: (Milestone.VOTING_OPENS, -14),
}


def fill_city(town: Town) -> None:
    """Districts, streets, places, points, categories, the price list, the limits of residence."""
    town.progress.begin("Districts and streets")
    with town.database.writing() as work:
        _put_districts(work)
        work.session.flush()
        town.progress.add(_add_streets(work))
        for position, point in enumerate(content.assistance_points(), 1):
            _add_point(work, point, position)
        for position, category in enumerate(content.categories(), 1):
            names = asdict(category.name)
            editions.put_category(work, code=category.key, names=names, position=position)
        for position, price in enumerate(content.price_list(), 1):
            proposals.put_price(
                work,
                key=price.key,
                names=asdict(price.name),
                unit=price.unit,
                grosze=price.unit_grosze,
                position=position,
            )
        # The demo city trusts a signed statement; officers look at flags and at a drawn sample.
        residency.set_limits(work, {"statement_confirms": True, "sample_seed": "demo"})


def add_edition(town: Town, *, year: int, names: Words | None, calendar: Calendar) -> UUID:
    """Prepare an edition with the pools of the 18 districts and of the city, and publish it."""
    opens = min(calendar.moments.values())
    words = asdict(names or EDITION_NAMES)
    with town.database.writing() as work:
        edition_id = editions.create_edition(
            work,
            SYSTEM,
            slug=str(year),
            year=year,
            names={code: text.format(year=year) for code, text in words.items()},
            calendar=calendar,
            pools=list_pools(),
            ballot_rule=BALLOT_RULE,
            selection_rule=SELECTION_RULE,
            accepted_proofs=ACCEPTED_PROOFS,
            side_dates={
                date: calendar.moments[milestone] + timedelta(days=days)
                for date, (milestone, days) in SIDE_DAYS.items()
            },
            at=opens,
        )
        editions.publish_edition(work, SYSTEM, edition_id=edition_id, at=opens)
    return edition_id


def list_pools() -> list[PoolFacts]:
    """The pools of 2025; a district's proposal may take at most 40 % of its district's pool."""
    city_pool = content.city_pool_grosze()
    pools = [PoolFacts(CITY_WIDE, None, city_pool, LEAST_CITY_COST, MOST_CITY_COST, SIGNATURES)]
    for district in content.districts():
        money = district.pool_grosze
        scope = scope_of(district.number)
        pools.append(
            PoolFacts(scope, district.number, money, LEAST_COST, money * 2 // 5, SIGNATURES)
        )
    return pools


def _put_districts(work: Work) -> None:
    for district in content.districts():
        city.put_district(
            work,
            number=district.number,
            roman=district.roman,
            name=district.name,
            residents=district.residents,
            latitude=district.latitude,
            longitude=district.longitude,
        )


def _add_streets(work: Work) -> int:
    stretches: dict[str, list[Stretch]] = defaultdict(list)
    for part in content.streets():
        parity = Parity(part.parity) if part.parity else Parity.BOTH
        stretch = Stretch(part.district, part.numbers_from or 1, part.numbers_to, parity)
        stretches[part.name].append(stretch)
    for name, parts in stretches.items():
        city.add_street(work, name=name, stretches=parts)
    for place in content.places():
        home = [Stretch(place.district)]
        city.add_street(work, name=place.name.pl, stretches=home, is_place=True)
    return len(stretches) + len(content.places())


def _add_point(work: Work, point: AssistancePoint, position: int) -> None:
    # An estate names itself; anything else without a title is a street.
    is_titled = point.street.startswith(("os.", "al.", "pl."))
    city.add_assistance_point(
        work,
        key=point.key,
        names=asdict(point.name),
        address=f"{'' if is_titled else 'ul. '}{point.street} {point.number}",
        phone=point.phone,
        hours={language: _hours_in(point.hours, language) for language in LANGUAGES},
        notes=asdict(point.note),
        languages=point.languages,
        is_accessible=point.accessible,
        district=point.district,
        position=position,
    )


def _hours_in(hours: tuple[OpeningHours, ...], language: str) -> str:
    """Opening hours in words: "pon.–czw. 10:00–18:00"."""
    names = Locale.parse(language).days["format"]["abbreviated"]
    said = []
    for open_on in hours:
        days = "–".join(names[DAYS.index(day)] for day in open_on.days.split("-"))
        said.append(f"{days} {open_on.opens}–{open_on.closes}")
    return ", ".join(said)
