"""What is missing or contradictory in an edition before it is published. Looks at values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from civic_budget.editions.declared import (
    SIGNATURES_NEEDED,
    declared_rules,
    fits_ballot,
    rule_hash,
)
from civic_budget.editions.drafts import DraftFacts
from civic_budget.editions.rules import CITY_WIDE, STARTS, Milestone, PoolFacts, scope_of
from civic_budget.editions.side_dates import find_misplaced

LANGUAGES = ("pl", "en", "uk", "ru")
SHORT = timedelta(days=7)
# Municipal Self-Government Act (ustawa o samorządzie gminnym), art. 5a(7)(2): at most 0.1 % of the
# residents of the area that the pool covers.
RESIDENTS_PER_SIGNATURE = 1000
SETTINGS_TO_CITE = ("calendar", "pools", "categories", "ballot", "selection", "proofs")


class Section(StrEnum):
    """The pages of the office on which a setting is made."""

    CALENDAR = "calendar"
    POOLS = "pools"
    CATEGORIES = "categories"
    BALLOT = "ballot"
    SELECTION = "selection"
    TEXTS = "texts"
    SOURCES = "sources"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong; `blocks` keeps the edition from being published.

    `values` fill the sentence: milestones and scopes by code, money in grosze.
    """

    code: str
    section: Section
    blocks: bool = True
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class City:
    """What the check must know of the city: residents by district, categories, years already taken."""

    residents: Mapping[int, int | None]
    categories: int
    taken_years: frozenset[int]


def check_edition(draft: DraftFacts, city: City, *, at: datetime) -> list[Finding]:
    """Everything that is missing or contradictory, section by section."""
    return [
        *_calendar(draft, at),
        *_pools(draft, city),
        *_ballot(draft),
        *_selection(draft),
        *_words(draft, city),
    ]


def blocking(findings: list[Finding]) -> list[Finding]:
    """Those findings with which an edition cannot be published."""
    return [finding for finding in findings if finding.blocks]


def signature_limit(residents: int) -> int:
    """The most signatures that may be asked for in an area with so many residents."""
    return residents // RESIDENTS_PER_SIGNATURE


def _calendar(draft: DraftFacts, at: datetime) -> Iterator[Finding]:
    section = Section.CALENDAR
    for milestone in Milestone:
        if milestone not in draft.moments:
            yield Finding("moment_missing", section, values={"milestone": milestone.value})
    known = [(m, draft.moments[m]) for m in Milestone if m in draft.moments]
    for (earlier, begins), (later, follows) in pairwise(known):
        if follows < begins:
            values = {"milestone": later.value, "earlier": earlier.value}
            yield Finding("phases_overlap", section, values=values)
    starts = [(m, draft.moments[m]) for m, _ in STARTS if m in draft.moments]
    for (milestone, begins), (_, ends) in pairwise(starts):
        if begins == ends:
            yield Finding("phase_empty", section, values={"milestone": milestone.value})
    opening = draft.moments.get(Milestone.SUBMISSION_OPENS)
    if opening is not None and opening <= at and not draft.is_published:
        yield Finding("opening_has_passed", section, blocks=False)
    for date, crossed in find_misplaced(draft.moments, draft.side_dates):
        values = {"side": date.value, "milestone": crossed.value}
        yield Finding("side_date_misplaced", section, values=values)
    yield from _short(draft, Milestone.ASSESSMENT_PUBLISHED, Milestone.APPEALS_CLOSE, "appeal")
    yield from _short(draft, Milestone.VOTING_OPENS, Milestone.VOTING_CLOSES, "voting")


def _short(draft: DraftFacts, first: Milestone, last: Milestone, what: str) -> Iterator[Finding]:
    begins, ends = draft.moments.get(first), draft.moments.get(last)
    if begins is not None and ends is not None and begins < ends < begins + SHORT:
        yield Finding(f"{what}_short", Section.CALENDAR, blocks=False)


def _pools(draft: DraftFacts, city: City) -> Iterator[Finding]:
    section = Section.POOLS
    if not draft.pools:
        yield Finding("no_pools", section)
        return
    scopes = {pool.scope for pool in draft.pools}
    expected = [CITY_WIDE, *(scope_of(number) for number in sorted(city.residents))]
    for scope in expected:
        if scope not in scopes:
            yield Finding("pool_missing", section, blocks=False, values={"scope": scope})
    for pool in draft.pools:
        yield from _pool(pool, city)


def _pool(pool: PoolFacts, city: City) -> Iterator[Finding]:
    where: dict[str, str | int] = {"scope": pool.scope}
    if pool.money <= 0:
        yield Finding("pool_without_money", Section.POOLS, values=where)
    if pool.max_cost > pool.money:
        yield Finding("max_above_pool", Section.POOLS, values=where)
    if pool.min_cost > pool.max_cost:
        yield Finding("min_above_max", Section.POOLS, values=where)
    if pool.max_cost <= 0:
        yield Finding("max_missing", Section.POOLS, values=where)
    if pool.signatures:
        residents = _residents(pool, city)
        if residents is None:
            yield Finding("residents_unknown", Section.POOLS, blocks=False, values=where)
        elif pool.signatures > signature_limit(residents):
            limit = {"limit": signature_limit(residents), "signatures": pool.signatures}
            yield Finding("too_many_signatures", Section.POOLS, values={**where, **limit})


def _residents(pool: PoolFacts, city: City) -> int | None:
    if pool.district is not None:
        return city.residents.get(pool.district)
    known = [count for count in city.residents.values() if count is not None]
    return sum(known) if known and len(known) == len(city.residents) else None


def _ballot(draft: DraftFacts) -> Iterator[Finding]:
    rule, section = draft.ballot_rule, Section.BALLOT
    if not rule:
        yield Finding("ballot_missing", section)
        return
    points, most = list(rule.get("points", [])), rule.get("maximum")
    if rule.get("kind") == "points":
        if not points:
            yield Finding("points_missing", section)
        elif points != sorted(points, reverse=True) or points[-1] <= 0:
            yield Finding("points_not_descending", section)
        if points and most is not None and most != len(points):
            yield Finding("points_and_maximum", section)
    if most is not None and int(rule.get("minimum", 1)) > int(most):
        yield Finding("minimum_above_maximum", section)


def _selection(draft: DraftFacts) -> Iterator[Finding]:
    section = Section.SELECTION
    rules = declared_rules(draft.selection_rule)
    if not rules:
        yield Finding("rule_missing", section)
        return
    if len(set(draft.signers(rule_hash(rules)))) < SIGNATURES_NEEDED:
        yield Finding("rule_unsigned", section)
    if draft.ballot_rule and not all(
        fits_ballot(rule, draft.ballot_rule) for rule in rules.values()
    ):
        yield Finding("rule_and_ballot", section)


def _words(draft: DraftFacts, city: City) -> Iterator[Finding]:
    if not city.categories:
        yield Finding("no_categories", Section.CATEGORIES)
    if draft.year in city.taken_years and not draft.is_training:
        yield Finding("year_taken", Section.TEXTS, values={"year": draft.year})
    for language in LANGUAGES:
        if not draft.names.get(language):
            blocks = language == "pl"
            yield Finding("name_missing", Section.TEXTS, blocks, {"language": language})
        if not draft.texts.get("introduction", {}).get(language):
            yield Finding("introduction_missing", Section.TEXTS, False, {"language": language})
    if not draft.accepted_proofs:
        yield Finding("no_proofs", Section.TEXTS)
    without = [setting for setting in SETTINGS_TO_CITE if setting not in draft.sources]
    if without:
        yield Finding("sources_missing", Section.SOURCES, False, {"count": len(without)})
