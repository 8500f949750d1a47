"""Codes of leaflets: bare counts of visits, starts and confirmations, and nobody behind them for long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from civic_budget.accounts.events import AccountClosed
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import service as residency
from civic_budget.residency.events import ResidenceConfirmed
from civic_budget.residency.queries import get_case
from civic_budget.statistics import outreach, outreach_queries
from civic_budget.statistics.models import CampaignArrival, CampaignTally, StatisticsTarget
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition, make_staff
from tests.conftest import NOW


@pytest.fixture
def code(database: Database) -> str:
    """The code of a leaflet of the present edition."""
    make_city(database)
    edition_id = make_edition(database, Phase.VOTING)
    with database.writing() as work:
        outreach.make_campaign(
            work,
            make_staff(database, Role.ANALYST),
            edition_id=edition_id,
            name="Library",
            targets={"confirmed": 20},
            at=NOW,
        )
    with database.reading() as session:
        return outreach_queries.list_campaigns(session)[0].code


def tallies(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {row.step: row.persons for row in session.scalars(select(CampaignTally))}


def arrivals(database: Database) -> list[UUID]:
    with database.reading() as session:
        return list(session.scalars(select(CampaignArrival.account_id)))


def arrive(database: Database, code: str, account: Actor) -> None:
    with database.writing() as work:
        outreach.note_arrival(work, account, code=code, at=NOW)


def start(database: Database, account: Actor) -> UUID:
    """The account begins to tell where it lives; returns the case."""
    assert account.account_id is not None
    with database.writing() as work:
        return residency.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )


def confirm(database: Database, case_id: UUID) -> UUID:
    """Tell that the person of a case is confirmed; returns the person."""
    with database.writing() as work:
        person_id = get_case(work.session, case_id).person_id
        work.publish(
            ResidenceConfirmed(case_id=case_id, person_id=person_id, district=8, at=NOW, by=None)
        )
    return person_id


def test_a_person_is_counted_on_each_step_once_and_then_forgotten(
    database: Database, code: str
) -> None:
    account = make_account(database)
    with database.writing() as work:
        outreach.count_visit(work, code=code.lower())
    arrive(database, code, account)
    arrive(database, code, account)
    case_id = start(database, account)
    start(database, account)
    confirm(database, case_id)
    confirm(database, case_id)
    assert tallies(database) == {"visited": 1, "started": 1, "confirmed": 1}
    assert arrivals(database) == []


def test_who_did_not_agree_is_not_counted(database: Database, code: str) -> None:
    confirm(database, start(database, make_account(database)))
    assert tallies(database) == {"visited": 0, "started": 0, "confirmed": 0}


def test_nothing_of_a_code_reaches_the_audit_of_a_person(database: Database, code: str) -> None:
    account = make_account(database)
    arrive(database, code, account)
    person = confirm(database, start(database, account))
    with database.reading() as session:
        entries = [str(one.__dict__) for one in session.scalars(select(AuditEntry))]
    told = [one for one in entries if str(account.account_id) in one or str(person) in one]
    assert told
    assert not [one for one in told if "ampaign" in one or code in one]


def test_arrivals_end_with_the_account_the_code_and_after_ninety_days(
    database: Database, code: str
) -> None:
    first, second, third = (make_account(database) for _ in range(3))
    for one in (first, second):
        arrive(database, code, one)
    with database.writing() as work:
        assert first.account_id is not None
        work.publish(AccountClosed(account_id=first.account_id, at=NOW, by=None))
    assert arrivals(database) == [second.account_id]
    with database.writing() as work:
        outreach.forget_arrivals(work, at=NOW + outreach.KEPT_FOR)
    assert arrivals(database) == [second.account_id]
    with database.writing() as work:
        outreach.forget_arrivals(work, at=NOW + outreach.KEPT_FOR + timedelta(seconds=1))
    assert arrivals(database) == []
    arrive(database, code, third)
    with database.writing() as work:
        outreach.end_campaign(work, SYSTEM, code=code, at=NOW)
    assert arrivals(database) == []
    arrive(database, code, third)
    with database.writing() as work:
        outreach.count_visit(work, code=code)
    assert tallies(database)["visited"] == 0


def test_a_count_is_told_from_ten_in_fives() -> None:
    told = [outreach_queries.shown(count) for count in (0, 9, 10, 14, 15, 103)]
    assert told == [None, None, 10, 10, 15, 100]


def test_only_analysts_make_codes_and_a_name_is_given_once(database: Database, code: str) -> None:
    with database.reading() as session:
        edition_id = outreach_queries.get_campaign(session, code).edition_id
    with pytest.raises(NotAllowed), database.writing() as work:
        outreach.make_campaign(
            work, make_account(database), edition_id=edition_id, name="Tram", at=NOW
        )
    for name, reason in ((" Library ", "campaign_taken"), ("  ", "words_missing")):
        with pytest.raises(Conflict, match=reason), database.writing() as work:
            outreach.make_campaign(work, SYSTEM, edition_id=edition_id, name=name, at=NOW)


def test_the_latest_target_of_a_figure_holds_and_none_is_changed(
    database: Database, code: str
) -> None:
    with database.reading() as session:
        edition_id = outreach_queries.get_campaign(session, code).edition_id
    for hours, target in ((0, 100), (1, 120)):
        with database.writing() as work:
            outreach.note_target(
                work,
                SYSTEM,
                edition_id=edition_id,
                measure="voters",
                group="UA",
                target=target,
                note="",
                at=NOW + timedelta(hours=hours),
            )
    with database.reading() as session:
        assert [one.target for one in outreach_queries.list_targets(session, edition_id)] == [120]
    with pytest.raises(DBAPIError), database.writing() as work:
        work.session.query(StatisticsTarget).update({"target": 1})
    with pytest.raises(Conflict, match="words_missing"), database.writing() as work:
        outreach.note_target(
            work,
            SYSTEM,
            edition_id=edition_id,
            measure="voters",
            group="",
            target=None,
            note=" ",
            at=NOW,
        )
