"""A guardian erases a child's record: what goes, what stays while a round runs, who is told, who may not."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.residency import queries, service
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import ERASED, TieState
from civic_budget.residency.models import (
    EvidenceFile,
    Person,
    PersonHolder,
    PersonIdentity,
    PersonMatchKey,
    ResidenceCase,
    Tombstone,
)
from civic_budget.residency.rules import CaseState, Purpose, Standing
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.builders_residency import make_claim, make_guardian
from tests.conftest import NOW
from tests.storage.residency.test_guardian_claims import messages
from tests.storage.residency.test_guardianship import at_once

Family = tuple[Actor, Actor, UUID, UUID]


@pytest.fixture
def family(database: Database) -> Family:
    """A mother who acts, a father who is told, her tie, the child; the child's residence is confirmed."""
    make_city(database)
    mother, father = make_guardian(database), make_guardian(database, "TARAS")
    tie, case = make_claim(database, mother)
    second, _spare = make_claim(database, father)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case, at=NOW)
        child = queries.get_case(work.session, case).person_id
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=second, is_second=True, at=NOW)
    return mother, father, tie, child


def erase(database: Database, actor: Actor, tie: UUID) -> list[UUID]:
    with database.writing() as work:
        return list(service.erase_child(work, actor, tie_id=tie, at=NOW))


def test_all_that_was_told_goes_and_the_mark_stays_until_the_round_is_final(
    database: Database, family: Family
) -> None:
    mother, father, tie, child = family
    with database.writing() as work:
        moving = service.start_case(
            work,
            mother,
            account_id=mother.account_id or UUID(int=0),
            person_id=child,
            purpose=Purpose.MOVE,
            language="uk",
            at=NOW,
        )
        file_id = service.add_evidence(
            work, mother, case_id=moving, vault_id="b" * 32, kind="lease", page_count=1, at=NOW
        )
        keys = work.session.scalars(
            select(PersonMatchKey.value).where(PersonMatchKey.person_id == child)
        ).all()
    messages(database, mother)
    assert erase(database, mother, tie) == [file_id]
    with database.reading() as session:
        assert session.get(PersonIdentity, child) is None
        cases = session.scalars(select(ResidenceCase).where(ResidenceCase.person_id == child))
        assert all(case.answers_sealed is None for case in cases)
        assert session.get_one(EvidenceFile, file_id).deleted_why == "erased"
        assert queries.get_case(session, moving).state is CaseState.WITHDRAWN
        ties = session.scalars(select(Guardianship)).all()
        assert {(one.state, one.reason, one.child_key) for one in ties} == {
            (TieState.ENDED, ERASED, None)
        }
        held = select(PersonHolder.id).where(
            PersonHolder.person_id == child, PersonHolder.until_at.is_(None)
        )
        assert session.scalars(held).all() == []
        # A vote keeps its worth, and the child who comes back is met.
        assert queries.standing_of(session, child, at=NOW) is Standing.CONFIRMED
        left = select(PersonMatchKey.value).where(PersonMatchKey.person_id == child)
        assert sorted(session.scalars(left)) == sorted(keys) != []
        # Nothing of the record that the father had begun for the same child is left either.
        children = select(Person.id).where(Person.erased_at.is_not(None))
        erased = set(session.scalars(children))
        assert len(erased) == 2 and set(session.scalars(select(Tombstone.person_id))) == erased
    assert messages(database, father) == [ERASED]
    with database.writing() as work:
        assert service.clear_tombstones(work, at=NOW) == 2
        assert queries.standing_of(work.session, child, at=NOW) is Standing.NONE


def test_who_acts_is_told_too_and_the_child_can_come_back(
    database: Database, family: Family
) -> None:
    mother, _father, tie, child = family
    erase(database, mother, tie)
    assert messages(database, mother)[-1] == ERASED
    again, case = make_claim(database, mother)
    with database.writing() as work:
        known = queries.get_case(work.session, case).person_id
        assert child in {one.person_id for one in queries.list_suspects(work.session, known)}
        service.accept_guardian(work, SYSTEM, tie_id=again, at=NOW)
    with pytest.raises(NotAllowed, match="other_guardian_erases"):
        erase(database, mother, tie)


def test_a_dispute_the_other_guardian_and_strangers_do_not_erase(
    database: Database, family: Family
) -> None:
    mother, father, tie, child = family
    with database.reading() as session:
        (his,) = queries.list_ties(session, father.account_id or UUID(int=0))
    with pytest.raises(NotAllowed, match="other_guardian_erases"):
        erase(database, father, his.id)
    for stranger in (father, make_guardian(database, "HANNA")):
        with pytest.raises(NotFound):
            erase(database, stranger, tie)
    with database.writing() as work:
        service.dispute_guardian(work, father, tie_id=tie, at=NOW)
    for guardian, own in ((mother, tie), (father, his.id)):
        with pytest.raises(NotAllowed, match="guardians_disagree"):
            erase(database, guardian, own)
    with database.reading() as session:
        assert session.get(PersonIdentity, child) is not None


def test_a_dispute_and_an_erasure_at_once_leave_one_of_them(
    database: Database, family: Family
) -> None:
    mother, father, tie, child = family

    def dispute() -> None:
        with database.writing() as work:
            service.dispute_guardian(work, father, tie_id=tie, at=NOW)

    outcomes = at_once([dispute, lambda: erase(database, mother, tie) and None])
    assert outcomes.count("done") == 1
    with database.reading() as session:
        is_erased = session.get(PersonIdentity, child) is None
        state = session.get_one(Guardianship, tie).state
    assert (is_erased, state) in {(True, TieState.ENDED), (False, TieState.DISPUTED)}
