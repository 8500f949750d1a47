"""What was shown, signed or compared speaks of the answers of that moment: changed ones are another matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import queries, service
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource, VisitReason
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.residency.rules import CaseState, Flag, Purpose, Road
from civic_budget.residency.service.case_rows import load_case
from civic_budget.residency.service.proofs import note_proof
from civic_budget.storage.db import Database, Work
from tests.builders import make_account, make_clerk, make_point, make_staff
from tests.builders_residency import (
    ZACHODNIA,
    claim,
    make_case,
    make_city_that_decides_nothing_alone,
    make_identity,
    make_resident,
)
from tests.conftest import NOW

ELSEWHERE = HomeAddress("aleja Róż", "3")
VICTIM = make_identity("ANNA", "NOWAKOWSKA", date(1980, 1, 5))
PROOFS = (
    (ProofSource.DESK, "utility_bill", ProofOutcome.SEEN),
    (ProofSource.LETTER, "address_letter", ProofOutcome.ARRIVED),
    (ProofSource.REGISTER, "university", ProofOutcome.MATCH),
    (ProofSource.REGISTER, "city_account", ProofOutcome.NO_MATCH),
)
Edit = Callable[[Work, Actor, UUID], service.Voided]


def other_name(work: Work, account: Actor, case_id: UUID) -> service.Voided:
    return service.tell_name(
        work,
        account,
        case_id=case_id,
        given_names=VICTIM.given_names,
        family_name=VICTIM.family_name,
        at=NOW,
    )


def other_birth_date(work: Work, account: Actor, case_id: UUID) -> service.Voided:
    return service.tell_birth_date(work, account, case_id=case_id, born_on=VICTIM.born_on, at=NOW)


def other_home(work: Work, account: Actor, case_id: UUID) -> service.Voided:
    return service.tell_address(work, account, case_id=case_id, address=ELSEWHERE, at=NOW)


def described_home(work: Work, account: Actor, case_id: UUID) -> service.Voided:
    return service.describe_home(
        work, account, case_id=case_id, description="A hut near the old bridge", district=8, at=NOW
    )


EDITS: tuple[Edit, ...] = (other_name, other_birth_date, other_home, described_home)


@pytest.fixture
def city(database: Database) -> Database:
    make_city_that_decides_nothing_alone(database)
    return database


def draft(work: Work, account: Actor, purpose: Purpose | None = None, name: str = "OLENA") -> UUID:
    """An application with everything told and signed, not sent."""
    assert account.account_id is not None
    case_id = service.start_case(
        work, account, account_id=account.account_id, language="en", purpose=purpose, at=NOW
    )
    service.tell_name(
        work, account, case_id=case_id, given_names=name, family_name="KOVALENKO", at=NOW
    )
    service.tell_birth_date(work, account, case_id=case_id, born_on=date(1990, 4, 2), at=NOW)
    service.tell_sex(work, account, case_id=case_id, sex=None, at=NOW)
    service.tell_address(work, account, case_id=case_id, address=ZACHODNIA, at=NOW)
    sign(work, account, case_id, f"{name} Kovalenko")
    return case_id


def sign(work: Work, account: Actor, case_id: UUID, name: str) -> None:
    service.sign_statement(work, account, case_id=case_id, signature=name, language="en", at=NOW)


def asked_for_more(
    city: Database, account: Actor, identity: Identity | None = None
) -> tuple[UUID, Actor]:
    """A sent case whose officer asked for more and let it go: its id, and the officer."""
    case_id = make_case(city, account, identity=identity or make_identity())
    officer = make_staff(city, Role.OFFICER)
    claim(city, officer, case_id)
    with city.writing() as work:
        service.ask_for_more(
            work, officer, case_id=case_id, reason="name_differs", sentence="Please.", at=NOW
        )
        service.release_case(work, officer, case_id=case_id, at=NOW)
    return case_id, officer


def letter_code(city: Database, account: Actor, case_id: UUID) -> str:
    """The code of the letter that was printed for a case."""
    printer = make_staff(city, Role.OFFICER)
    with city.writing() as work:
        service.ask_letter(work, account, case_id=case_id, at=NOW)
        (letter,) = service.print_letters(work, printer, at=NOW)
    return letter.code


def visit_of(city: Database, case_id: UUID) -> tuple[Actor, UUID]:
    """A clerk and a visit in which a paper that is enough was seen."""
    point = make_point(city)
    clerk = make_clerk(city, point)
    with city.writing() as work:
        person = queries.get_case(work.session, case_id).person_id
        visit = service.open_visit(
            work, clerk, person_id=person, reason=VisitReason.PROOF, point_id=point, at=NOW
        )
        service.note_seen_proof(work, clerk, visit_id=visit, kind="lease", document_on=None, at=NOW)
    return clerk, visit


def state_of(city: Database, case_id: UUID) -> CaseState:
    with city.reading() as session:
        return queries.get_case(session, case_id).state


def test_each_proof_and_the_signature_end_with_each_answer_they_spoke_of(city: Database) -> None:
    for edit in EDITS:
        account = make_account(city)
        case_id, officer = asked_for_more(city, account)
        with city.writing() as work:
            case = load_case(work, case_id)
            for source, kind, outcome in PROOFS:
                note_proof(work, officer, case, source=source, kind=kind, outcome=outcome, at=NOW)
        with city.writing() as work:
            told = queries.get_case(work.session, case_id).answers
            assert told.born_on and told.address
            same = [
                service.tell_name(
                    work,
                    account,
                    case_id=case_id,
                    given_names=f" {told.given_names} ",
                    family_name=told.family_name,
                    at=NOW,
                ),
                service.tell_birth_date(
                    work, account, case_id=case_id, born_on=told.born_on, at=NOW
                ),
                service.tell_address(work, account, case_id=case_id, address=told.address, at=NOW),
            ]
            service.tell_sex(work, account, case_id=case_id, sex="F", at=NOW)
            assert same == [service.Voided()] * 3
            assert len(list_proofs(work.session, case_id)) == len(PROOFS)
            assert queries.find_statement(work.session, case_id) is not None
            assert edit(work, account, case_id) == service.Voided(signature=True, proofs=True)
            assert list_proofs(work.session, case_id) == []
            assert queries.find_statement(work.session, case_id) is None
        with pytest.raises(Conflict) as refused, city.writing() as work:
            service.answer_request(work, account, case_id=case_id, words="", at=NOW)
        assert refused.value.details == {"step": "statement"}


@pytest.mark.parametrize("edit", EDITS)
def test_changed_answers_are_confirmed_by_nobody_before_they_are_sent(
    city: Database, edit: Edit
) -> None:
    account = make_account(city)
    case_id, officer = asked_for_more(city, account)
    clerk, visit = visit_of(city, case_id)
    with city.writing() as work:
        edit(work, account, case_id)
    with city.writing() as work:
        service.note_seen_proof(work, clerk, visit_id=visit, kind="lease", document_on=None, at=NOW)
    with pytest.raises(Conflict, match="answers_unsent"), city.writing() as work:
        service.confirm_at_desk(work, clerk, visit_id=visit, at=NOW)
    claim(city, officer, case_id)
    for who in (officer, SYSTEM):
        with pytest.raises(Conflict, match="answers_unsent"), city.writing() as work:
            service.confirm_case(work, who, case_id=case_id, at=NOW)
    if edit is not described_home:
        code = letter_code(city, account, case_id)
        with city.writing() as work:
            assert not service.type_letter_code(work, account, case_id=case_id, code=code, at=NOW)
    assert state_of(city, case_id) is CaseState.NEEDS_MORE
    with city.writing() as work:
        told = queries.get_case(work.session, case_id).answers
        sign(work, account, case_id, f"{told.given_names} {told.family_name}")
        service.answer_request(work, account, case_id=case_id, words="", at=NOW)
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    assert state_of(city, case_id) is CaseState.CONFIRMED


def test_unchanged_answers_are_confirmed_while_more_is_asked(city: Database) -> None:
    at_desk, _ = asked_for_more(city, make_account(city))
    clerk, visit = visit_of(city, at_desk)
    account = make_account(city)
    by_letter, _ = asked_for_more(city, account, make_identity("BORYS", "TKACHUK"))
    code = letter_code(city, account, by_letter)
    with city.writing() as work:
        assert service.confirm_at_desk(work, clerk, visit_id=visit, at=NOW)
        assert service.type_letter_code(work, account, case_id=by_letter, code=code, at=NOW)


def test_another_humans_name_told_in_an_answer_meets_that_human(city: Database) -> None:
    make_resident(city, identity=VICTIM)
    account = make_account(city)
    case_id, _ = asked_for_more(city, account)
    code = letter_code(city, account, case_id)
    with city.writing() as work:
        other_name(work, account, case_id)
        other_birth_date(work, account, case_id)
    with pytest.raises(Conflict, match="no_letter"), city.writing() as work:
        # The letter went to another name: its code opens nothing.
        service.type_letter_code(work, account, case_id=case_id, code=code, at=NOW)
    with city.writing() as work:
        sign(work, account, case_id, VICTIM.full_name)
        service.answer_request(work, account, case_id=case_id, words="", at=NOW)
        assert queries.get_case(work.session, case_id).flags == (Flag.DUPLICATE,)
    clerk, visit = visit_of(city, case_id)
    code = letter_code(city, account, case_id)
    with city.writing() as work:
        assert not service.confirm_at_desk(work, clerk, visit_id=visit, at=NOW)
        assert not service.type_letter_code(work, account, case_id=case_id, code=code, at=NOW)
    assert state_of(city, case_id) is CaseState.SUBMITTED


def test_an_appeal_sends_what_was_changed_before_the_refusal(city: Database) -> None:
    make_resident(city, identity=VICTIM)
    account = make_account(city)
    case_id, officer = asked_for_more(city, account)
    with city.writing() as work:
        other_name(work, account, case_id)
        other_birth_date(work, account, case_id)
    claim(city, officer, case_id)
    with city.writing() as work:
        service.refuse_case(
            work, officer, case_id=case_id, reason="no_answer", sentence="No answer.", at=NOW
        )
    with city.writing() as work:
        service.appeal(work, account, case_id=case_id, words="I am she.", at=NOW)
        assert queries.get_case(work.session, case_id).flags == (Flag.DUPLICATE,)
    second = make_staff(city, Role.OFFICER)
    claim(city, second, case_id)
    with city.writing() as work:
        service.confirm_case(work, second, case_id=case_id, at=NOW)
    assert state_of(city, case_id) is CaseState.CONFIRMED


@pytest.mark.parametrize("edit", EDITS)
def test_a_signature_under_former_answers_sends_nothing(city: Database, edit: Edit) -> None:
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": True})
    account = make_account(city)
    with city.writing() as work:
        case_id = draft(work, account)
        assert edit(work, account, case_id) == service.Voided(signature=True)
    with pytest.raises(Conflict) as refused, city.writing() as work:
        service.submit_case(work, account, case_id=case_id, at=NOW)
    assert refused.value.details == {"step": "statement"}
    with city.writing() as work:
        told = queries.get_case(work.session, case_id).answers
        sign(work, account, case_id, f"{told.given_names} {told.family_name}")
        service.submit_case(work, account, case_id=case_id, at=NOW)
    assert state_of(city, case_id) is CaseState.CONFIRMED


def test_a_desk_that_writes_other_answers_takes_no_signature_along(city: Database) -> None:
    account = make_account(city)
    point = make_point(city)
    clerk = make_clerk(city, point)
    with city.writing() as work:
        case_id = draft(work, account)
        person = queries.get_case(work.session, case_id).person_id
        visit = service.open_visit(
            work, clerk, person_id=person, reason=VisitReason.REGISTER, point_id=point, at=NOW
        )
        service.apply_at_desk(
            work,
            clerk,
            visit_id=visit,
            identity=VICTIM,
            address=ELSEWHERE,
            sex=None,
            language="en",
            at=NOW,
        )
        assert queries.find_statement(work.session, case_id) is None


def test_another_name_in_a_move_is_a_correction_and_waits_for_an_officer(city: Database) -> None:
    account, person = make_resident(city, identity=make_identity())
    other, _ = make_resident(city, identity=make_identity("BORYS", "TKACHUK"))
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": True})
        moved = service.start_case(work, other, account_id=_id(other), language="en", at=NOW)
        service.tell_address(work, other, case_id=moved, address=ELSEWHERE, at=NOW)
        sign(work, other, moved, "Borys Tkachuk")
        service.submit_case(work, other, case_id=moved, at=NOW)
        renamed = draft(work, account, name="OTHER")
        assert queries.get_case(work.session, renamed).purpose is Purpose.MOVE
        service.submit_case(work, account, case_id=renamed, at=NOW)
    with city.reading() as session:
        assert queries.get_case(session, moved).state is CaseState.CONFIRMED
        waiting = queries.get_case(session, renamed)
        held = queries.identity_of(session, person)
    assert waiting.state is CaseState.SUBMITTED and waiting.purpose is Purpose.CORRECTION
    assert held is not None and held.given_names == "OLENA"
    code = letter_code(city, account, renamed)
    with city.writing() as work:
        assert not service.type_letter_code(work, account, case_id=renamed, code=code, at=NOW)
    assert state_of(city, renamed) is CaseState.SUBMITTED
    clerk, visit = visit_of(city, renamed)
    with city.writing() as work:
        assert service.confirm_at_desk(work, clerk, visit_id=visit, at=NOW)
        held = queries.identity_of(work.session, person)
    assert held is not None and held.given_names == "OTHER"


def _id(account: Actor) -> UUID:
    assert account.account_id is not None
    return account.account_id


def test_a_correction_by_letter_waits_for_an_officer(city: Database) -> None:
    account, _ = make_resident(city, identity=make_identity())
    with city.writing() as work:
        case_id = draft(work, account, Purpose.CORRECTION)
        service.tell_address(work, account, case_id=case_id, address=ELSEWHERE, at=NOW)
        service.choose_road(work, account, case_id=case_id, road=Road.LETTER, at=NOW)
        service.submit_case(work, account, case_id=case_id, at=NOW)
    code = letter_code(city, account, case_id)
    with city.writing() as work:
        assert not service.type_letter_code(work, account, case_id=case_id, code=code, at=NOW)
    assert state_of(city, case_id) is CaseState.SUBMITTED


def test_a_no_is_not_the_second_proof(city: Database) -> None:
    case_id = make_case(city, make_account(city), road=Road.DOCUMENT)
    officer = make_staff(city, Role.OFFICER)
    claim(city, officer, case_id)
    with city.writing() as work:
        case = load_case(work, case_id)
        bill, no = ProofOutcome.SEEN, ProofOutcome.NO_MATCH
        desk, register = ProofSource.DESK, ProofSource.REGISTER
        note_proof(work, officer, case, source=desk, kind="bill_transfer", outcome=bill, at=NOW)
        note_proof(work, officer, case, source=register, kind="city_account", outcome=no, at=NOW)
    with pytest.raises(Conflict, match="second_proof_needed"), city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    with city.writing() as work:
        yes = ProofOutcome.MATCH
        case = load_case(work, case_id)
        note_proof(work, officer, case, source=register, kind="city_account", outcome=yes, at=NOW)
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    assert state_of(city, case_id) is CaseState.CONFIRMED


@pytest.mark.parametrize("end", ["waits", "withdrawn", "confirmed"])
def test_who_was_confirmed_is_met_until_a_correction_is_decided(city: Database, end: str) -> None:
    account, person = make_resident(city, identity=make_identity())
    with city.writing() as work:
        correction = draft(work, account, Purpose.CORRECTION, name="ZOFIA")
        service.tell_address(work, account, case_id=correction, address=ELSEWHERE, at=NOW)
        sign(work, account, correction, "Zofia Kovalenko")
        service.submit_case(work, account, case_id=correction, at=NOW)
        if end == "withdrawn":
            service.withdraw_case(work, account, case_id=correction, at=NOW)
        if end == "confirmed":
            service.confirm_case(work, SYSTEM, case_id=correction, at=NOW)
    again = make_case(city, make_account(city), identity=make_identity())
    with city.reading() as session:
        double = queries.get_case(session, again)
        met = person in queries.duplicates.find_same_keys(session, double.person_id)
    assert met == (end != "confirmed")
    assert (Flag.DUPLICATE in double.flags) == met
