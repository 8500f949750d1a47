"""Preparing, publishing and correcting an edition: every deed, and who is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from civic_budget.editions import service
from civic_budget.editions.declared import preset_rules, rule_hash
from civic_budget.editions.drafts import get_draft, get_draft_by_id, list_corrections
from civic_budget.editions.queries import (
    find_current_edition,
    get_edition,
    get_edition_by_slug,
)
from civic_budget.editions.rules import Milestone, Phase, PoolFacts, city_time
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff
from tests.conftest import NOW

REASON = {"pl": "Awaria platformy przez cztery godziny."}


def begin(database: Database, actor: Actor, *, copy_of: UUID | None = None, **more: object) -> UUID:
    values = {"slug": "2027", "year": 2027, "names": {"pl": "Edycja 2027"}, "is_training": False}
    with database.writing() as work:
        return service.prepare_edition(work, actor, copy_of=copy_of, at=NOW, **{**values, **more})


def sign(database: Database, actor: Actor, edition_id: UUID, tried_on: UUID, preset: str) -> bool:
    with database.writing() as work:
        return service.sign_rule(
            work,
            actor,
            edition_id=edition_id,
            preset=preset,
            tried_on=tried_on,
            dry_run={"pools": 1, "equal": 1, "differ": {}},
            at=NOW,
        )


def propose(
    database: Database,
    actor: Actor,
    edition_id: UUID,
    *,
    moments: dict[Milestone, datetime] | None = None,
    pools: list[PoolFacts] | None = None,
    reasons: dict[str, str] = REASON,
    at: datetime = NOW,
) -> int:
    with database.writing() as work:
        return service.propose_correction(
            work,
            actor,
            edition_id=edition_id,
            moments=moments or {},
            pools=pools or [],
            reasons=reasons,
            at=at,
        )


def answer(
    database: Database, actor: Actor, edition_id: UUID, *, sign: bool, at: datetime = NOW
) -> None:
    with database.writing() as work:
        service.answer_correction(work, actor, edition_id=edition_id, number=1, sign=sign, at=at)


def test_a_copy_is_a_year_later_on_the_same_weekday_and_hour_and_nobody_sees_it(
    database: Database,
) -> None:
    make_city(database)
    first = make_edition(database, Phase.VOTING)
    copy = begin(database, make_staff(database, Role.COORDINATOR), copy_of=first)
    with database.reading() as session:
        model, draft = get_draft_by_id(session, first), get_draft_by_id(session, copy)
        assert draft.pools == model.pools
        assert draft.ballot_rule == model.ballot_rule
        assert not draft.is_published
        for milestone, moment in model.moments.items():
            was, becomes = city_time(moment), city_time(draft.moments[milestone])
            assert becomes - was == timedelta(weeks=52)
        with pytest.raises(NotFound):
            get_edition_by_slug(session, "2027")
        current = find_current_edition(session, at=NOW)
        assert current is not None
        assert current.id == first


def test_a_training_edition_keeps_this_years_days_and_is_never_the_current_one(
    database: Database,
) -> None:
    make_city(database)
    first = make_edition(database, Phase.VOTING)
    copy = begin(
        database,
        make_staff(database, Role.COORDINATOR),
        copy_of=first,
        slug="training",
        is_training=True,
    )
    with database.reading() as session:
        assert get_draft(session, "training").moments == get_draft_by_id(session, first).moments
        current = find_current_edition(session, at=NOW)
        assert current is not None
        assert current.id != copy


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"slug": "2026"}, "slug_taken"), ({"slug": "2 7"}, "bad_slug"), ({"year": 27}, "bad_year")],
)
def test_an_edition_needs_an_address_and_a_year_of_its_own(
    database: Database, values: dict[str, object], reason: str
) -> None:
    make_city(database)
    make_edition(database, Phase.VOTING)
    with pytest.raises(Conflict) as refused:
        begin(database, make_staff(database, Role.COORDINATOR), **values)
    assert refused.value.code == reason


def test_only_coordinators_prepare_and_only_before_publication(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    coordinator = make_staff(database, Role.COORDINATOR)
    for actor, reason in (
        (make_staff(database, Role.ADMINISTRATOR, Role.OFFICER), "not_a_coordinator"),
        (coordinator, "published"),
    ):
        with pytest.raises(NotAllowed) as refused, database.writing() as work:
            service.set_pools(work, actor, edition_id=edition_id, pools=[], at=NOW)
        assert refused.value.code == reason


@pytest.mark.parametrize(
    ("pool", "reason", "field"),
    [
        (PoolFacts("city", None, 0, 0, 0), "pool_without_money", "money_city"),
        (PoolFacts("city", None, 100, 0, 101), "max_above_pool", "max_cost_city"),
        (PoolFacts("city", None, 100, 51, 50), "min_above_max", "min_cost_city"),
        (PoolFacts("city", None, 100, 0, 0), "max_missing", "max_cost_city"),
    ],
)
def test_amounts_that_contradict_each_other_are_refused_at_their_field(
    database: Database, pool: PoolFacts, reason: str, field: str
) -> None:
    coordinator = make_staff(database, Role.COORDINATOR)
    edition_id = begin(database, coordinator)
    with pytest.raises(Conflict) as refused, database.writing() as work:
        service.set_pools(work, coordinator, edition_id=edition_id, pools=[pool], at=NOW)
    assert (refused.value.code, refused.value.field) == (reason, field)


def test_pools_come_change_and_go(database: Database) -> None:
    make_city(database)
    coordinator = make_staff(database, Role.COORDINATOR)
    edition_id = begin(database, coordinator)
    city, district = PoolFacts("city", None, 900, 1, 9), PoolFacts("d08", 8, 500, 0, 200, 15)
    for wanted in ([city, district], [replace(district, money=600)], [district, city]):
        with database.writing() as work:
            service.set_pools(work, coordinator, edition_id=edition_id, pools=wanted, at=NOW)
        with database.reading() as session:
            held = get_draft_by_id(session, edition_id).pools
        assert list(held) == sorted(wanted, key=lambda pool: pool.scope)


def test_publication_needs_an_administrator_and_an_edition_without_faults(
    database: Database,
) -> None:
    make_city(database)
    coordinator = make_staff(database, Role.COORDINATOR)
    administrator = make_staff(database, Role.ADMINISTRATOR)
    earlier = make_edition(database, Phase.RESULTS)
    edition_id = begin(database, coordinator, copy_of=earlier)
    with pytest.raises(NotAllowed), database.writing() as work:
        service.publish_edition(work, coordinator, edition_id=edition_id, at=NOW)
    with pytest.raises(Conflict, match="incomplete"), database.writing() as work:
        service.publish_edition(work, administrator, edition_id=edition_id, at=NOW)
    with database.writing() as work:
        service.change_category(
            work, coordinator, code="sport", names={"pl": "Sport"}, position=1, at=NOW
        )
    assert sign(database, coordinator, edition_id, earlier, "krakow") is False
    assert sign(database, administrator, edition_id, earlier, "krakow") is True
    with database.writing() as work:
        service.publish_edition(work, administrator, edition_id=edition_id, at=NOW)
    with database.reading() as session:
        assert get_edition_by_slug(session, "2027").id == edition_id


def test_two_signatures_count_only_under_the_same_rule_by_two_people(database: Database) -> None:
    make_city(database)
    earlier = make_edition(database, Phase.RESULTS)
    first, second, third = (make_staff(database, Role.COORDINATOR) for _ in range(3))
    edition_id = begin(database, first)
    assert sign(database, first, edition_id, earlier, "krakow") is False
    assert sign(database, second, edition_id, earlier, "wieliczka") is False
    with pytest.raises(NotAllowed) as refused:
        sign(database, first, edition_id, earlier, "krakow")
    assert refused.value.code == "already_signed"
    with database.reading() as session:
        assert get_draft_by_id(session, edition_id).selection_rule == {}
    assert sign(database, third, edition_id, earlier, "krakow") is True
    with database.reading() as session:
        draft = get_draft_by_id(session, edition_id)
    assert draft.selection_rule == {"preset": "krakow"}
    signers = draft.signers(rule_hash(preset_rules("krakow")))
    assert set(signers) == {first.account_id, third.account_id}


def test_a_correction_holds_only_when_a_second_person_signs(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.VOTING)
    first, second = make_staff(database, Role.COORDINATOR), make_staff(database, Role.ADMINISTRATOR)
    with database.reading() as session:
        closes = get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES)
    later = closes + timedelta(hours=4)
    propose(database, first, edition_id, moments={Milestone.VOTING_CLOSES: later})
    with database.reading() as session:
        assert get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES) == closes
    with pytest.raises(NotAllowed) as refused:
        answer(database, first, edition_id, sign=True)
    assert refused.value.code == "needs_second_person"
    answer(database, second, edition_id, sign=True)
    with database.reading() as session:
        assert get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES) == later
        (one,) = list_corrections(session, edition_id)
        deeds = set(session.scalars(select(AuditEntry.deed)))
    assert (one.is_signed, one.proposed_by, one.given_by) == (
        True,
        first.account_id,
        second.account_id,
    )
    assert {"CorrectionProposed", "CorrectionSigned", "MilestoneMoved"} <= deeds
    with pytest.raises(Conflict, match="correction_answered"):
        answer(database, second, edition_id, sign=True)


def test_a_declined_correction_changes_nothing_and_makes_room(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    coordinator = make_staff(database, Role.COORDINATOR)
    with database.reading() as session:
        city = get_edition(session, edition_id).pool("city")
    dearer = replace(city, max_cost=city.max_cost + 1)
    propose(database, coordinator, edition_id, pools=[dearer])
    with pytest.raises(Conflict, match="correction_waits"):
        propose(database, coordinator, edition_id, pools=[dearer])
    answer(database, coordinator, edition_id, sign=False)
    with database.reading() as session:
        assert get_edition(session, edition_id).pool("city") == city
    assert propose(database, coordinator, edition_id, pools=[dearer]) == 2


def test_limits_change_until_the_list_for_the_vote_is_public(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    first, second = (make_staff(database, Role.COORDINATOR) for _ in range(2))
    with database.reading() as session:
        edition = get_edition(session, edition_id)
    wanted = replace(edition.pool("d08"), max_cost=100_000_000, signatures=20)
    propose(database, first, edition_id, pools=[wanted])
    late = edition.moment_of(Milestone.LIST_PUBLISHED)
    with pytest.raises(Conflict, match="list_is_public"):
        answer(database, second, edition_id, sign=True, at=late)
    answer(database, second, edition_id, sign=True, at=late - timedelta(seconds=1))
    with database.reading() as session:
        assert get_edition(session, edition_id).pool("d08") == wanted


@pytest.mark.parametrize(
    ("milestone", "shift", "reason"),
    [
        (Milestone.VOTING_OPENS, timedelta(days=1), "moment_has_passed"),
        (Milestone.VOTING_CLOSES, timedelta(days=-60), "moved_into_past"),
        (Milestone.VOTING_CLOSES, timedelta(days=60), "phases_overlap"),
        (Milestone.VOTING_CLOSES, timedelta(0), "nothing_differs"),
    ],
)
def test_what_has_passed_stays_and_the_order_holds(
    database: Database, milestone: Milestone, shift: timedelta, reason: str
) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.VOTING)
    with database.reading() as session:
        moment = get_edition(session, edition_id).moment_of(milestone)
    with pytest.raises(DomainError) as refused:
        propose(
            database,
            make_staff(database, Role.COORDINATOR),
            edition_id,
            moments={milestone: moment + shift},
        )
    assert refused.value.code == reason


def test_a_correction_tells_why_in_polish(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    with database.reading() as session:
        city = get_edition(session, edition_id).pool("city")
    with pytest.raises(Conflict, match="reason_missing"):
        propose(
            database,
            make_staff(database, Role.COORDINATOR),
            edition_id,
            pools=[replace(city, min_cost=1)],
            reasons={"uk": "Бо так."},
        )


@pytest.mark.parametrize("table", ["edition_correction", "correction_verdict", "rule_signature"])
def test_signed_things_cannot_be_rewritten(database: Database, table: str) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    first, second = (make_staff(database, Role.COORDINATOR) for _ in range(2))
    with database.reading() as session:
        city = get_edition(session, edition_id).pool("city")
    propose(database, first, edition_id, pools=[replace(city, min_cost=1)])
    answer(database, second, edition_id, sign=True)
    sign(database, first, begin(database, first), edition_id, "krakow")
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET edition_id = edition_id"):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as work:
            work.session.execute(text(statement))


def test_the_database_itself_wants_two_people(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    first = make_staff(database, Role.COORDINATOR)
    with database.reading() as session:
        city = get_edition(session, edition_id).pool("city")
    propose(database, first, edition_id, pools=[replace(city, min_cost=1)])
    from civic_budget.editions.models import CorrectionVerdict

    with pytest.raises(DBAPIError, match="two_people"), database.writing() as work:
        assert first.account_id is not None
        work.session.add(
            CorrectionVerdict(
                edition_id=edition_id,
                number=1,
                proposed_by=first.account_id,
                is_signed=True,
                given_by=first.account_id,
                given_at=NOW,
            )
        )
