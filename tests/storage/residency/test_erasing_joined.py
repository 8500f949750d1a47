"""A record that officers joined to one's own, and that no account has, is copied and erased with it."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.residency import queries, service
from civic_budget.residency.models import PersonIdentity, ResidenceCase, Tombstone
from civic_budget.residency.own_copy import render_copy
from civic_budget.storage.db import Database
from civic_budget.wiring import COPY_PARTS
from tests.builders import make_account, make_city
from tests.builders_residency import (
    make_case,
    make_claim,
    make_desk_record,
    make_guardian,
    merge_records,
)
from tests.conftest import NOW
from tests.storage.residency.test_own_copy import text_of

Joined = tuple[Actor, UUID, UUID]


def person_of(database: Database, case_id: UUID) -> UUID:
    with database.reading() as session:
        return queries.get_case(session, case_id).person_id


@pytest.fixture
def joined(database: Database) -> Joined:
    """Olena's account and record, and the desk's record of her that two officers joined to it."""
    make_city(database)
    olena = make_account(database)
    own = person_of(database, make_case(database, olena))
    spare = make_desk_record(database)
    merge_records(database, own, spare)
    return olena, own, spare


def test_a_joined_record_without_an_account_is_copied_and_erased_with_ones_own(
    app: Flask, database: Database, joined: Joined
) -> None:
    olena, own, spare = joined
    assert olena.account_id is not None
    with database.writing() as work:
        copied = service.export_person(work, olena, person_id=own, parts=COPY_PARTS, at=NOW)
    (other,) = copied["joined_records"]
    assert (other["person"], other["identity"]["address"]["house"]) == (str(spare), "9")
    assert len(other["cases"]) == 1 and copied["joined_records_of_other_accounts"] == 0
    with app.test_request_context("/uk/"), database.reading() as session:
        content = render_copy(
            copied, session, parts=COPY_PARTS, title="X", language="uk", city_locale="uk"
        )
    said = " ".join(text_of(content).split())
    assert "Приєднаний запис" in said and "Zachodnia 9/1" in said
    with database.writing() as work:
        service.erase_person(work, olena, account_id=olena.account_id, parts=COPY_PARTS, at=NOW)
    with database.reading() as session:
        assert session.scalars(select(PersonIdentity)).all() == []
        assert set(session.scalars(select(Tombstone.person_id))) == {own, spare}
        assert all(one.answers_sealed is None for one in session.scalars(select(ResidenceCase)))


def test_a_joined_record_of_another_account_is_told_of_and_left_alone(
    database: Database, joined: Joined
) -> None:
    olena, own, _spare = joined
    assert olena.account_id is not None
    again = make_account(database)
    second = person_of(database, make_case(database, again))
    merge_records(database, own, second)
    with database.writing() as work:
        copied = service.export_person(work, olena, person_id=own, at=NOW)
        assert copied["joined_records_of_other_accounts"] == 1
        assert str(second) not in json.dumps(copied)
        service.erase_person(work, olena, account_id=olena.account_id, at=NOW)
    with database.reading() as session:
        assert list(session.scalars(select(PersonIdentity.person_id))) == [second]


def test_a_childs_copy_does_not_tell_where_the_other_guardian_lives(database: Database) -> None:
    make_city(database)
    mother, father = make_guardian(database), make_guardian(database, "TARAS")
    (tie, case), (second, spare_case) = make_claim(database, mother), make_claim(database, father)
    spare = person_of(database, spare_case)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie, at=NOW)
        child = queries.get_case(work.session, case).person_id
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=second, is_second=True, at=NOW)
        copied = service.export_person(work, mother, person_id=child, at=NOW)
    assert str(spare) not in json.dumps(copied) and copied["joined_records"] == []
