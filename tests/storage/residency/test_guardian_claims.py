"""Claims of guardianship that nobody decided: how they end, what is told, what is forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import TieState
from civic_budget.residency.models import PersonMatchKey
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service.tie_rows import stop_acting
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next
from civic_budget.wiring import COPY_PARTS
from tests.builders import make_city, make_clerk, make_point, make_staff
from tests.builders_residency import CHILD, make_claim, make_guardian
from tests.conftest import NOW


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def messages(database: Database, account: Actor) -> list[str]:
    """What was sent to an account about a child, by its outcome."""
    found = []
    while (task := lease_next(database, at=NOW + timedelta(days=5000))) is not None:
        is_theirs = task.payload.get("account_id") == str(account.account_id)
        if is_theirs and task.payload.get("message") == "guardian_changed":
            found.append(task.payload["values"]["outcome"])
    return found


@pytest.mark.parametrize("end", ["unfinished", "case_refused", "dismissed", "outgrown"])
def test_an_undecided_claim_ends_with_what_it_was_for_and_the_guardian_is_told(
    city: Database, end: str
) -> None:
    mother = make_guardian(city)
    born = date(2013, 5, 25) if end == "outgrown" else CHILD[2]
    at = NOW
    if end == "unfinished":
        with city.writing() as work:
            assert mother.account_id is not None
            case_id = service.claim_child(
                work, mother, account_id=mother.account_id, proof="desk", language="uk", at=NOW
            )
        at = NOW + timedelta(days=90)
        with city.writing() as work:
            assert service.lapse_cases(work, at=at) == 1
            assert service.lapse_cases(work, at=at) == 0
    else:
        _, case_id = make_claim(city, mother, (*CHILD[:2], born))
    if end in {"case_refused", "dismissed"}:
        at = refuse(city, mother, case_id, is_appealed=end == "dismissed")
    if end == "outgrown":
        at = NOW + timedelta(days=5)
    with city.writing() as work:
        early = service.end_vain_claims(work, at=at - timedelta(days=1))
        late = service.end_vain_claims(work, at=at)
    assert (early, late) == ((0, 1) if end in {"case_refused", "outgrown"} else (0, 0))
    reason = "case_refused" if end == "dismissed" else end
    with city.reading() as session:
        assert mother.account_id is not None
        (tie,) = queries.list_ties(session, mother.account_id)
        assert (tie.state, tie.reason) == (TieState.ENDED, reason)
        assert not queries.may_see_case(session, mother.account_id, tie.person_id)
        assert queries.get_case(session, case_id).state in {
            CaseState.LAPSED,
            CaseState.REFUSED,
            CaseState.DISMISSED,
            CaseState.WITHDRAWN,
        }
    assert messages(city, mother) == [reason]
    with pytest.raises((Conflict, NotAllowed)), city.writing() as work:
        service.check_hand_over(work, mother, tie_id=tie.id, at=at)


def refuse(database: Database, guardian: Actor, case_id: UUID, *, is_appealed: bool) -> datetime:
    """Refuse a child's residence; the moment at which nobody can appeal any more."""
    said = {"case_id": case_id, "at": NOW}
    with database.writing() as work:
        service.refuse_case(work, SYSTEM, reason="outdated", sentence="Застаріло.", **said)
    with database.reading() as session:
        over = queries.get_case(session, case_id).appeal_due_at
    assert over is not None
    if is_appealed:
        with database.writing() as work:
            service.appeal(work, guardian, words="Ось чому.", **said)
        with database.writing() as work:
            service.dismiss_appeal(work, SYSTEM, reason="outdated", sentence="Ні.", **said)
    return over


def test_a_case_taken_back_takes_the_claim_and_documents_along(city: Database) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    with city.writing() as work:
        service.withdraw_case(work, mother, case_id=case_id, at=NOW)
    with city.reading() as session:
        assert session.get_one(Guardianship, tie_id).state == TieState.WITHDRAWN
    assert messages(city, mother) == []


def test_a_childs_residence_waits_for_the_word_on_its_guardian(city: Database) -> None:
    tie_id, case_id = make_claim(city, make_guardian(city))
    with pytest.raises(Conflict, match="guardian_first"), city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
    with city.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie_id, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)


def test_a_child_without_an_accepted_guardian_is_forgotten_after_the_days_of_its_papers(
    city: Database,
) -> None:
    mother = make_guardian(city)
    refused, refused_case = make_claim(city, mother)
    _, waiting_case = make_claim(city, mother, ("SOFIIA", *CHILD[1:]))
    with city.writing() as work:
        service.refuse_guardian(work, SYSTEM, tie_id=refused, at=NOW)
    over = NOW + timedelta(days=30)
    with city.writing() as work:
        assert service.forget_unaccepted_children(work, at=over - timedelta(seconds=1)) == 0
        assert service.forget_unaccepted_children(work, at=over) == 1
        assert service.forget_unaccepted_children(work, at=over) == 0
    with city.reading() as session:
        gone, kept = (queries.get_case(session, one) for one in (refused_case, waiting_case))
        assert queries.identity_of(session, gone.person_id) is None
        assert gone.answers.given_names == ""
        keys = select(PersonMatchKey.kind).where(PersonMatchKey.person_id == gone.person_id)
        assert session.scalars(keys).all() == []
        assert queries.identity_of(session, kept.person_id) is not None


def test_no_letter_and_no_desk_confirms_a_child_before_the_word_on_its_guardian(
    city: Database,
) -> None:
    mother = make_guardian(city)
    tie, case_id = make_claim(city, mother)
    printer, officer = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    point = make_point(city)
    clerk = make_clerk(city, point)
    with city.writing() as work:
        child = queries.get_case(work.session, case_id).person_id
        service.ask_letter(work, mother, case_id=case_id, at=NOW)
        (letter,) = service.print_letters(work, printer, at=NOW)
        visit = service.open_visit(
            work, clerk, person_id=child, reason=VisitReason.PROOF, point_id=point, at=NOW
        )
        service.note_seen_proof(work, clerk, visit_id=visit, kind="lease", document_on=None, at=NOW)
        assert not service.confirm_at_desk(work, clerk, visit_id=visit, at=NOW)
        assert not service.type_letter_code(work, mother, case_id=case_id, code=letter.code, at=NOW)
    for who in (officer, SYSTEM):
        with pytest.raises(Conflict, match="guardian_first"), city.writing() as work:
            if who is officer:
                service.claim_case(work, officer, case_id=case_id, at=NOW)
            service.confirm_case(work, who, case_id=case_id, at=NOW)
    with city.writing() as work:
        service.claim_case(work, officer, case_id=case_id, at=NOW)
        service.refuse_guardian(work, officer, tie_id=tie, at=NOW)
        assert queries.get_case(work.session, case_id).state is CaseState.WITHDRAWN


def test_an_account_is_erased_though_its_claim_was_left_behind_by_a_confirmation(
    city: Database,
) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    with city.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie_id, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
        # As it could come before a child waited for the word on its guardian.
        tie = work.session.get_one(Guardianship, tie_id)
        tie.state, tie.child_key = TieState.CLAIMED.value, None
        stop_acting(work, tie, NOW)
    assert mother.account_id is not None
    with city.writing() as work:
        service.erase_person(work, mother, account_id=mother.account_id, parts=COPY_PARTS, at=NOW)
    with city.reading() as session:
        assert session.get_one(Guardianship, tie_id).state == TieState.WITHDRAWN
        assert queries.get_case(session, case_id).state is CaseState.CONFIRMED
