"""What a city may set for residence: bounds, sense, and nothing that is set nowhere."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from civic_budget.kernel.errors import Conflict
from civic_budget.residency.labels.settings import GROUP_LEADS, GROUP_NAMES, SETTING_NAMES
from civic_budget.residency.limits import BOUNDS, Group, Limits, checked, names_in

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)


def test_every_limit_stands_on_one_page_and_has_words() -> None:
    on_pages = [name for group in Group for name in names_in(group)]
    assert sorted(on_pages) == sorted(asdict(Limits())) == sorted(SETTING_NAMES)
    assert set(GROUP_NAMES) == set(GROUP_LEADS) == set(Group)


def test_the_defaults_make_sense() -> None:
    assert checked(Limits(), asdict(Limits())) == Limits()


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_number_stays_between_its_bounds(name: str) -> None:
    bounds = BOUNDS[name]
    for wrong in (bounds.lowest - 1, bounds.highest + 1, True, "7"):
        with pytest.raises(Conflict) as refused:
            checked(Limits(), {name: wrong})
        assert (refused.value.code, refused.value.field) == ("out_of_bounds", name)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"guardian_youngest_age": 13}, "hand_over_too_young", "hand_over_age"),
        ({"decide_days": 80, "answer_days": 30}, "documents_too_short", "evidence_days_unfinished"),
        ({"sample_seed": ""}, "bad_seed", "sample_seed"),
        ({"sample_seed": "a\nb"}, "bad_seed", "sample_seed"),
        ({"statement_confirms": 1}, "unknown_setting", "statement_confirms"),
        ({"pesel_needed": True}, "unknown_setting", None),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    values: dict[str, object], code: str, field: str | None
) -> None:
    with pytest.raises(Conflict) as refused:
        checked(Limits(), values)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (code, field)


def test_deadlines_follow_the_settings() -> None:
    limits = checked(Limits(), {"complaint_days": 7, "renewal_months": 2, "posted_code_days": 40})
    assert limits.complaint_by(NOW) == NOW + timedelta(days=7)
    assert limits.renewal_from(NOW) == NOW - timedelta(days=60)
    assert limits.posted_code_until(NOW) == NOW + timedelta(days=40)
    assert limits.activation_code_until(NOW) == NOW + timedelta(days=21)
