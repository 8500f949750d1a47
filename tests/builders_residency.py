"""Plain functions that make persons and residence cases, through the services."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from uuid import UUID

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.residency import queries, service
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next
from tests.builders import make_account, make_city, make_staff
from tests.conftest import NOW

_letters = count(0)
ZACHODNIA = HomeAddress("Zachodnia", "5", "7")
CHILD = ("MAKSYM", "KOVALENKO", date(2018, 3, 4))


def make_city_that_decides_nothing_alone(database: Database) -> None:
    """A city where every case waits for an officer, and no confirmation is drawn for a second look."""
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0, "statement_confirms": False})


def make_identity(
    given_names: str = "OLENA", family_name: str = "KOVALENKO", born_on: date = date(1990, 4, 2)
) -> Identity:
    """An identity as told on the first pages."""
    return Identity(given_names=given_names, family_name=family_name, born_on=born_on)


def make_case(
    database: Database,
    account: Actor,
    *,
    identity: Identity | None = None,
    address: HomeAddress = ZACHODNIA,
    road: Road = Road.STATEMENT,
    language: str = "en",
    at: datetime = NOW,
) -> UUID:
    """A sent case of an account that has no person yet; returns the case's id."""
    with database.writing() as work:
        return service.register_person(
            work,
            SYSTEM,
            account_id=account.account_id,
            identity=identity or make_identity(),
            address=address,
            road=road,
            language=language,
            at=at,
        )


def make_resident(
    database: Database,
    *,
    identity: Identity | None = None,
    address: HomeAddress = ZACHODNIA,
    at: datetime = NOW,
) -> tuple[Actor, UUID]:
    """An account whose person's residence is confirmed: the actor and the person's id."""
    account = make_account(database, at=at)
    name = "".join(chr(65 + int(digit)) for digit in f"{next(_letters):04d}")
    who = identity or make_identity(f"MARTA{name}", f"NOWAK{name}")
    case_id = make_case(database, account, identity=who, address=address, at=at)
    with database.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=at)
        person_id = queries.get_case(work.session, case_id).person_id
    return account, person_id


def make_guardian(database: Database, name: str = "OLENA") -> Actor:
    """Somebody confirmed, who has a child."""
    return make_resident(database, identity=make_identity(name, "KOVALENKO"))[0]


def make_claim(
    database: Database, guardian: Actor, child: tuple[str, str, date] = CHILD
) -> tuple[UUID, UUID]:
    """A sent claim: the tie's id and the case's."""
    given, family, born = child
    assert guardian.account_id is not None
    with database.writing() as work:
        case_id = service.claim_child(
            work, guardian, account_id=guardian.account_id, proof="desk", language="uk", at=NOW
        )
        service.tell_name(
            work, guardian, case_id=case_id, given_names=given, family_name=family, at=NOW
        )
        service.tell_birth_date(work, guardian, case_id=case_id, born_on=born, at=NOW)
        service.tell_sex(work, guardian, case_id=case_id, sex=None, at=NOW)
        person = queries.own_person(work.session, guardian.account_id)
        assert person is not None
        own = queries.identity_of(work.session, person)
        assert own is not None
        service.sign_statement(
            work, guardian, case_id=case_id, signature=own.full_name, language="uk", at=NOW
        )
        service.submit_case(work, guardian, case_id=case_id, at=NOW)
        child_id = queries.get_case(work.session, case_id).person_id
        (tie,) = queries.list_ties_of_child(work.session, child_id)
    return tie.id, case_id


def make_desk_record(database: Database) -> UUID:
    """What a desk took down for Olena, who has no account there, under another home; the person's id."""
    with database.writing() as work:
        case_id = service.register_person(
            work,
            SYSTEM,
            account_id=None,
            identity=make_identity(),
            address=HomeAddress("Zachodnia", "9", "1"),
            at=NOW,
        )
        return queries.get_case(work.session, case_id).person_id


def merge_records(database: Database, one: UUID, other: UUID) -> None:
    """Two officers say that two records are one human."""
    for officer in (make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)):
        with database.writing() as work:
            service.say_same(work, officer, one=one, other=other, at=NOW)


def claim(database: Database, officer: Actor, case_id: UUID, *, at: datetime = NOW) -> None:
    """An officer takes a case."""
    with database.writing() as work:
        service.claim_case(work, officer, case_id=case_id, at=at)


def last_signing_code(
    database: Database, *, at: datetime = NOW, message: str = "signing_code"
) -> str:
    """The newest code that waits to be sent for a signature; takes all waiting messages."""
    found = ""
    while (task := lease_next(database, at=at)) is not None:
        if task.payload.get("message") == message:
            found = task.payload["values"]["code"]
    return found
