"""The rules of a residence case: every state with every action, references, standing, the sample."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict
from civic_budget.kernel.workflow import WrongState
from civic_budget.residency import policy
from civic_budget.residency.policy import CaseRelations
from civic_budget.residency.rules import (
    CASE,
    CaseAction,
    CaseState,
    Limits,
    Standing,
    check_birth_date,
    is_in_sample,
    is_same_name,
    new_reference,
    read_reference,
    standing,
)

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
LIMITS = Limits()

ALLOWED = {
    "draft": {"submit": "submitted", "withdraw": "withdrawn", "lapse": "lapsed"},
    "submitted": {
        "confirm": "confirmed",
        "ask_more": "needs_more",
        "refuse": "refused",
        "withdraw": "withdrawn",
    },
    "needs_more": {
        "answer": "submitted",
        "confirm": "confirmed",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "lapse": "lapsed",
    },
    "refused": {"appeal": "appealed"},
    "appealed": {
        "allow_appeal": "confirmed",
        "dismiss_appeal": "dismissed",
        "withdraw": "withdrawn",
    },
    "confirmed": {"revoke": "revoked"},
    "revoked": {"appeal": "appealed"},
}


@pytest.mark.parametrize(("state", "action"), list(product(CaseState, CaseAction)))
def test_every_state_with_every_action(state: CaseState, action: CaseAction) -> None:
    expected = ALLOWED.get(state, {}).get(action)
    if expected is None:
        with pytest.raises(WrongState):
            CASE.next(state, action)
    else:
        assert CASE.next(state, action) == expected


def test_a_reference_is_read_however_it_is_typed() -> None:
    reference = new_reference()
    assert read_reference(reference) == reference
    assert read_reference(f"  {reference.lower().replace('-', ' ')} ") == reference
    assert read_reference(reference[2:]) == reference
    for nonsense in ("", "R-1111-OOOO", "R-22", "hello"):
        assert read_reference(nonsense) is None


def test_a_reference_that_begins_with_r_keeps_its_letter() -> None:
    assert read_reference("R-R234-5678") == "R-R234-5678"
    assert read_reference("R2345678") == "R-R234-5678"


@pytest.mark.parametrize("born_on", [date(1906, 5, 20), date(2026, 5, 20), date(1990, 2, 28)])
def test_possible_birth_dates_pass(born_on: date) -> None:
    check_birth_date(born_on, NOW)


def test_the_day_is_the_citys_not_utcs() -> None:
    just_after_midnight_in_krakow = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
    check_birth_date(date(2026, 5, 21), just_after_midnight_in_krakow)
    with pytest.raises(Conflict, match="born_in_future"):
        check_birth_date(date(2026, 5, 21), NOW)


@pytest.mark.parametrize(
    ("confirmed", "until", "revoked", "undecided", "expected"),
    [
        (None, None, None, None, Standing.NONE),
        (None, None, None, 0, Standing.PROVISIONAL),
        (None, None, None, 1, Standing.NONE),
        (-1, 1, None, None, Standing.CONFIRMED),
        (0, 1, None, None, Standing.CONFIRMED),
        (-2, 0, None, None, Standing.NONE),
        (-2, 0, None, -1, Standing.PROVISIONAL),
        (-2, 2, 0, None, Standing.NONE),
        (-2, 2, 1, None, Standing.CONFIRMED),
    ],
)
def test_standing_at_a_moment(
    confirmed: int | None,
    until: int | None,
    revoked: int | None,
    undecided: int | None,
    expected: Standing,
) -> None:
    def moment(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    assert (
        standing(
            confirmed_at=moment(confirmed),
            valid_until=moment(until),
            revoked_at=moment(revoked),
            undecided_since=moment(undecided),
            at=NOW,
        )
        is expected
    )


def test_a_signature_may_stand_in_either_order_and_any_case() -> None:
    assert is_same_name("kovalenko  Olena", "OLENA", "KOVALENKO")
    assert is_same_name("Олена Коваленко", "Олена Коваленко", "")
    assert not is_same_name("Olena", "OLENA", "KOVALENKO")
    assert not is_same_name("", "", "")


def test_the_sample_is_the_same_for_everybody_who_knows_the_seed() -> None:
    references = [f"R-2222-{number:04d}" for number in range(2000)]
    drawn = [is_in_sample(reference, LIMITS) for reference in references]
    assert drawn == [is_in_sample(reference, LIMITS) for reference in references]
    assert 40 <= sum(drawn) <= 120
    other = Limits(sample_seed="another")
    assert drawn != [is_in_sample(reference, other) for reference in references]


OFFICER, OTHER, RESIDENT = uuid4(), uuid4(), uuid4()


def relations(
    state: CaseState = CaseState.SUBMITTED,
    *,
    claimed_by: UUID | None = None,
    refused_by: UUID | None = None,
    acting: UUID = RESIDENT,
    interested: frozenset[UUID] = frozenset(),
) -> CaseRelations:
    return CaseRelations(
        state=state,
        acting_accounts=frozenset({acting}),
        claimed_by=claimed_by,
        claimed_at=NOW if claimed_by else None,
        refused_by=refused_by,
        interested=interested,
    )


@pytest.mark.parametrize(
    ("actor", "case", "reason"),
    [
        (Actor(RESIDENT), relations(), "not_an_officer"),
        (Actor(OFFICER, frozenset({Role.ASSESSOR})), relations(), "not_an_officer"),
        (Actor(OFFICER, frozenset({Role.OFFICER})), relations(acting=OFFICER), "own_case"),
        (
            Actor(OFFICER, frozenset({Role.OFFICER})),
            relations(interested=frozenset({OFFICER})),
            "declared_interest",
        ),
        (
            Actor(OFFICER, frozenset({Role.OFFICER})),
            relations(claimed_by=OTHER),
            "claimed_by_other",
        ),
        (Actor(OFFICER, frozenset({Role.OFFICER})), relations(), "claim_first"),
        (
            Actor(OFFICER, frozenset({Role.OFFICER})),
            relations(CaseState.CONFIRMED, claimed_by=OFFICER),
            "already_decided",
        ),
        (
            Actor(OFFICER, frozenset({Role.OFFICER})),
            relations(CaseState.APPEALED, claimed_by=OFFICER, refused_by=OFFICER),
            "second_officer",
        ),
    ],
)
def test_who_may_not_decide_and_why(actor: Actor, case: CaseRelations, reason: str) -> None:
    decision = policy.may_decide(actor, case, CaseAction.CONFIRM, LIMITS, at=NOW)
    assert not decision and getattr(decision, "reason", "") == reason


def test_the_holder_of_the_claim_may_decide_until_it_runs_out() -> None:
    officer = Actor(OFFICER, frozenset({Role.OFFICER}))
    held = relations(claimed_by=OFFICER)
    assert policy.may_decide(officer, held, CaseAction.CONFIRM, LIMITS, at=NOW)
    others = Actor(OTHER, frozenset({Role.OFFICER}))
    late = NOW + timedelta(hours=LIMITS.claim_hours)
    assert policy.may_claim(others, held, LIMITS, at=late)
