"""The check before publication finds each fault, and nothing in an edition without any."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from civic_budget.editions.checking import City, blocking, check_edition, signature_limit
from civic_budget.editions.declared import preset_rules, rule_hash
from civic_budget.editions.drafts import DraftFacts, SignatureFacts, SourceFacts
from civic_budget.editions.labels import say_finding
from civic_budget.editions.rules import (
    Milestone,
    PoolFacts,
    city_time,
    read_city_time,
    share_of,
    year_later,
)
from civic_budget.kernel.errors import Conflict

AT = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = {"pl": "a", "en": "b", "uk": "c", "ru": "d"}
CITY = City(residents={8: 60_944, 18: 50_000}, categories=7, taken_years=frozenset({2026}))


def signed(preset: str, people: int = 2) -> tuple[SignatureFacts, ...]:
    digest = rule_hash(preset_rules(preset))
    return tuple(
        SignatureFacts(preset, digest, UUID(int=9), {}, UUID(int=n), AT) for n in range(people)
    )


def draft(**other: object) -> DraftFacts:
    whole = DraftFacts(
        id=UUID(int=1),
        slug="2027",
        year=2027,
        names=WORDS,
        is_training=False,
        published_at=None,
        moments={m: AT + timedelta(days=20 * n) for n, m in enumerate(Milestone, 1)},
        pools=(
            PoolFacts("city", None, 1000, 1, 500, 110),
            PoolFacts("d08", 8, 900, 1, 360, 60),
            PoolFacts("d18", 18, 900, 1, 360, 15),
        ),
        ballot_rule={"kind": "points", "points": [3, 2, 1], "minimum": 3, "maximum": 3},
        selection_rule={"preset": "krakow"},
        accepted_proofs=("statement",),
        texts={"introduction": WORDS},
        sources={
            code: SourceFacts(code, "Uchwała", "§ 1", "")
            for code in ("calendar", "pools", "categories", "ballot", "selection", "proofs")
        },
        signatures=signed("krakow"),
    )
    return replace(whole, **other)  # type: ignore[arg-type]


def codes(found: DraftFacts, city: City = CITY) -> list[str]:
    return [finding.code for finding in check_edition(found, city, at=AT)]


def moments(**days: int) -> dict[Milestone, datetime]:
    held = dict(draft().moments)
    return held | {Milestone(name): AT + timedelta(days=day) for name, day in days.items()}


def without(milestone: Milestone) -> dict[Milestone, datetime]:
    return {m: t for m, t in draft().moments.items() if m is not milestone}


def pools(**changes: object) -> tuple[PoolFacts, ...]:
    city, *rest = draft().pools
    return (replace(city, **changes), *rest)  # type: ignore[arg-type]


def test_an_edition_without_faults_has_no_findings() -> None:
    assert codes(draft()) == []


@pytest.mark.parametrize(
    ("other", "code", "blocks"),
    [
        ({"moments": without(Milestone.VOTING_OPENS)}, "moment_missing", True),
        ({"moments": moments(voting_opens=190)}, "phases_overlap", True),
        ({"moments": moments(submission_closes=20)}, "phase_empty", True),
        ({"moments": moments(submission_opens=-1)}, "opening_has_passed", False),
        ({"moments": moments(voting_closes=143)}, "voting_short", False),
        ({"moments": moments(appeals_close=63)}, "appeal_short", False),
        ({"pools": ()}, "no_pools", True),
        ({"pools": draft().pools[:2]}, "pool_missing", False),
        ({"pools": pools(money=0)}, "pool_without_money", True),
        ({"pools": pools(max_cost=1001)}, "max_above_pool", True),
        ({"pools": pools(min_cost=501)}, "min_above_max", True),
        ({"pools": pools(signatures=111)}, "too_many_signatures", True),
        ({"ballot_rule": {}}, "ballot_missing", True),
        (
            {"ballot_rule": {"kind": "points", "points": [1, 2], "minimum": 1, "maximum": 2}},
            "points_not_descending",
            True,
        ),
        (
            {"ballot_rule": {"kind": "points", "points": [3, 2, 1], "minimum": 1, "maximum": 5}},
            "points_and_maximum",
            True,
        ),
        (
            {"ballot_rule": {"kind": "approval", "points": [], "minimum": 4, "maximum": 3}},
            "minimum_above_maximum",
            True,
        ),
        ({"selection_rule": {}}, "rule_missing", True),
        ({"signatures": signed("krakow", 1)}, "rule_unsigned", True),
        ({"signatures": signed("warszawa")}, "rule_unsigned", True),
        (
            {"selection_rule": {"preset": "warszawa"}, "signatures": signed("warszawa")},
            "rule_and_ballot",
            True,
        ),
        ({"names": {"en": "b", "uk": "c", "ru": "d"}}, "name_missing", True),
        ({"names": {"pl": "a", "en": "b", "uk": "c"}}, "name_missing", False),
        ({"texts": {}}, "introduction_missing", False),
        ({"accepted_proofs": ()}, "no_proofs", True),
        ({"sources": {}}, "sources_missing", False),
        ({"year": 2026}, "year_taken", True),
    ],
)
def test_each_fault_is_found(other: dict[str, object], code: str, blocks: bool) -> None:
    found = [f for f in check_edition(draft(**other), CITY, at=AT) if f.code == code]
    assert found
    assert found[0].blocks is blocks
    assert say_finding(found[0], {8: "VIII Dębniki", 18: "XVIII Nowa Huta"})


def test_the_citys_own_lists_are_looked_at_too() -> None:
    assert "no_categories" in codes(draft(), replace(CITY, categories=0))
    assert "residents_unknown" in codes(draft(), replace(CITY, residents={8: None, 18: 50_000}))
    assert "year_taken" not in codes(draft(year=2026, is_training=True))


def test_warnings_alone_do_not_block() -> None:
    found = check_edition(draft(sources={}, texts={}), CITY, at=AT)
    assert found
    assert blocking(found) == []


def test_the_law_allows_one_signature_for_each_thousand_residents() -> None:
    assert signature_limit(60_944) == 60
    assert "too_many_signatures" in codes(draft(pools=(PoolFacts("d08", 8, 900, 1, 9, 61),)))
    assert "too_many_signatures" not in codes(draft(pools=(PoolFacts("d08", 8, 900, 1, 9, 60),)))


@pytest.mark.parametrize(
    ("typed", "milestone", "utc"),
    [
        ("2026-09-11T00:00", Milestone.VOTING_OPENS, "2026-09-10T22:00:00"),
        ("2026-09-28T23:59", Milestone.VOTING_CLOSES, "2026-09-28T21:59:59"),
        ("2026-02-16T12:00", Milestone.SUBMISSION_OPENS, "2026-02-16T11:00:00"),
        ("2026-10-25T02:30", Milestone.RESULTS_PUBLISHED, "2026-10-25T00:30:00"),
    ],
)
def test_typed_times_are_the_citys_and_closings_last_to_the_end_of_the_minute(
    typed: str, milestone: Milestone, utc: str
) -> None:
    moment = read_city_time(datetime.fromisoformat(typed), milestone)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert city_time(moment) == datetime.fromisoformat(typed)


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Conflict, match="no_such_time"):
        read_city_time(datetime.fromisoformat("2026-03-29T02:30"), Milestone.VOTING_OPENS)


def test_a_year_later_is_the_same_weekday_at_the_same_hour_across_summer_time() -> None:
    # 27 March 2026 is winter time, 26 March 2027 too; 30 March 2025 began summer time.
    before = read_city_time(datetime(2025, 3, 29, 9, 0), Milestone.VOTING_OPENS)
    after = city_time(year_later(before))
    assert (after.weekday(), after.hour) == (city_time(before).weekday(), 9)


def test_a_share_of_a_pool_is_rounded_down() -> None:
    assert share_of(316_016_447, 40) == 126_406_578
