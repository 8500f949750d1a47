"""Plain functions that make what a test needs, through the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from flask.testing import FlaskClient

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.models import SignIn
from civic_budget.city import service as city
from civic_budget.city.addresses import Stretch
from civic_budget.city.points import PointWords
from civic_budget.editions import service as editions
from civic_budget.editions.queries import PoolFacts
from civic_budget.editions.rules import Calendar, Milestone, Phase, scope_of
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.residency import service as residency
from civic_budget.storage.db import Database
from tests.conftest import NOW

_numbers = count(1)
PASSWORD = "three words here"


def make_account(database: Database, *, contact: str | None = None, at: datetime = NOW) -> Actor:
    """A resident's account."""
    with database.writing() as work:
        account_id = accounts.open_account_without_code(
            work,
            SYSTEM,
            contact=read_contact(contact or f"resident{next(_numbers)}@example.org"),
            password=PASSWORD,
            language="en",
            at=at,
        )
    return Actor(account_id)


def make_staff(database: Database, *roles: Role, at: datetime = NOW) -> Actor:
    """A member of staff with roles."""
    number = next(_numbers)
    with database.writing() as work:
        account_id = accounts.create_staff_account(
            work,
            SYSTEM,
            contact=read_contact(f"staff{number}@example.org"),
            name=f"Staff {number}",
            password=PASSWORD,
            roles=roles,
            at=at,
        )
    return Actor(account_id, frozenset(roles))


def make_point(database: Database, name: str = "Library", *, district: int | None = None) -> UUID:
    """An open assistance point."""
    words = dict.fromkeys(("pl", "en", "uk", "ru"), name)
    with database.writing() as work:
        return city.put_point(
            work,
            SYSTEM,
            point_id=None,
            version=0,
            words=PointWords(
                names=words,
                hours=words,
                notes={},
                address="rynek Dębnicki 1",
                phone="+48 12 000 00 09",
                languages=["pl", "uk"],
                district=district,
                is_accessible=True,
                is_active=True,
                position=1,
            ),
            at=NOW,
        )


def make_clerk(database: Database, *points: UUID, at: datetime = NOW) -> Actor:
    """Somebody appointed to assistance points for half a year; to a new one when none is named."""
    clerk = make_staff(database, Role.DESK, at=at)
    where = points or (make_point(database),)
    assert clerk.account_id is not None
    with database.writing() as work:
        residency.appoint(
            work,
            SYSTEM,
            account_id=clerk.account_id,
            point_ids=where,
            first_on=city_day(at),
            last_on=city_day(at) + timedelta(days=180),
            at=at,
        )
    return clerk


def sign_in_as(
    client: FlaskClient, database: Database, actor: Actor, *, at: datetime = NOW
) -> None:
    """Give a browser a running session of an account (second factor passed, for staff)."""
    assert actor.account_id is not None
    with database.writing() as work:
        started: SignIn = accounts.start_session(work, account_id=actor.account_id, at=at)
        started.second_factor_at = at if actor.roles else None
        started.expires_at = at + timedelta(days=400)
        sign_in_id: UUID = started.id
    with client.session_transaction() as session:
        session["_user_id"] = str(sign_in_id)
        session["_fresh"] = True


def make_city(database: Database) -> None:
    """Two districts with a street each, and one street that crosses both; nobody is drawn by chance."""
    with database.writing() as work:
        residency.set_limits(work, {"sample_permille": 0})
        city.put_district(work, number=8, roman="VIII", name="Dębniki", residents=60_944)
        city.put_district(work, number=18, roman="XVIII", name="Nowa Huta", residents=50_000)
        work.session.flush()
        city.add_street(work, name="Zachodnia", stretches=[Stretch(8)])
        city.add_street(work, name="aleja Róż", stretches=[Stretch(18)])
        city.add_street(work, name="Długa", stretches=[Stretch(8, 1, 20), Stretch(18, 21)])


def make_edition(database: Database, phase: Phase, *, at: datetime = NOW, year: int = 2026) -> UUID:
    """A published edition that is in a phase at a moment; its districts are those of `make_city`."""
    order = [
        Milestone.SUBMISSION_OPENS,
        Milestone.SUBMISSION_CLOSES,
        Milestone.ASSESSMENT_PUBLISHED,
        Milestone.APPEALS_CLOSE,
        Milestone.LIST_PUBLISHED,
        Milestone.WITHDRAWAL_CLOSES,
        Milestone.VOTING_OPENS,
        Milestone.VOTING_CLOSES,
        Milestone.RESULTS_PUBLISHED,
    ]
    begun = {
        Phase.PREPARATION: 0,
        Phase.SUBMISSION: 1,
        Phase.ASSESSMENT: 2,
        Phase.BEFORE_VOTING: 5,
        Phase.VOTING: 7,
        Phase.VERIFICATION: 8,
        Phase.RESULTS: 9,
    }[phase]
    moments = {
        milestone: at + timedelta(days=10 * (index - begun) + 5)
        for index, milestone in enumerate(order)
    }
    pools = [PoolFacts("city", None, 1_020_000_000, 2_500_000, 200_000_000)]
    pools += [
        PoolFacts(scope_of(district), district, money, 250_000, money * 2 // 5)
        for district, money in ((8, 316_016_447), (18, 318_732_061))
    ]
    with database.writing() as work:
        edition_id = editions.create_edition(
            work,
            SYSTEM,
            slug=str(year),
            year=year,
            names={"pl": "Budżet obywatelski", "en": "Civic budget"},
            calendar=Calendar(moments),
            pools=pools,
            ballot_rule={"kind": "points", "points": [3, 2, 1], "minimum": 3, "maximum": 3},
            selection_rule={"preset": "krakow"},
            accepted_proofs=["statement", "document"],
            at=at - timedelta(days=200),
        )
        editions.publish_edition(work, SYSTEM, edition_id=edition_id, at=at - timedelta(days=199))
    return edition_id
