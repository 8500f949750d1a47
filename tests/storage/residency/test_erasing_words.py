"""What somebody wrote goes when they erase: complaints and claims; match keys once no round needs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency import service
from civic_budget.residency.complaint_rules import ComplaintKind, ComplaintState
from civic_budget.residency.models import Complaint, PersonMatchKey
from civic_budget.residency.queries.complaints import list_complaints
from civic_budget.storage.db import Database
from civic_budget.voting import claim_queries
from civic_budget.voting import service as voting
from civic_budget.voting.claim_rules import WORDS_KEPT, ClaimAction
from civic_budget.voting.models import Round as RoundRow
from civic_budget.wiring import COPY_PARTS, JOBS
from tests.builders import make_account, make_city, make_staff
from tests.builders_residency import make_case, make_resident
from tests.builders_voting import make_round
from tests.conftest import NOW

WORDS = "Ktoś się pode mnie podszywa."


def erase(database: Database, actor: Actor) -> None:
    assert actor.account_id is not None
    with database.writing() as work:
        service.erase_person(work, actor, account_id=actor.account_id, parts=COPY_PARTS, at=NOW)


def run_job(database: Database, name: str, at: datetime) -> None:
    (job,) = [one for one in JOBS if one.name == name]
    job.run(database, at)


def keys_of(database: Database, person_id: UUID) -> int:
    with database.reading() as session:
        return len(
            session.scalars(
                select(PersonMatchKey).where(PersonMatchKey.person_id == person_id)
            ).all()
        )


def test_a_complaint_from_before_the_person_is_wiped_and_an_open_one_leaves_the_queue(
    database: Database,
) -> None:
    make_city(database)
    olena, hanna = make_account(database), make_account(database)
    for who in (olena, hanna):
        with database.writing() as work:
            service.file_complaint(
                work,
                who,
                kind=ComplaintKind.REGISTRATION,
                words=WORDS,
                language="pl",
                name="Olena K",
                at=NOW,
            )
    make_case(database, olena)
    officer = make_staff(database, Role.OFFICER)
    with database.writing() as work:
        service.file_complaint(
            work, olena, kind=ComplaintKind.REGISTRATION, words=WORDS, language="pl", at=NOW
        )
        taken = work.session.scalars(
            select(Complaint.id).where(Complaint.person_id.is_not(None))
        ).one()
        service.take_complaint(work, officer, complaint_id=taken, at=NOW)
    erase(database, olena)
    with database.reading() as session:
        rows = session.scalars(select(Complaint)).all()
        gone = [one for one in rows if one.account_id == olena.account_id]
        assert {(one.sealed, one.state, one.taken_by) for one in gone} == {
            (None, ComplaintState.WITHDRAWN.value, None)
        }
        (left,) = list_complaints(session, is_open=True)
        assert session.get_one(Complaint, left.id).account_id == hanna.account_id


def test_match_keys_go_within_the_hour_when_no_round_runs(database: Database) -> None:
    make_city(database)
    olena, person = make_resident(database)
    erase(database, olena)
    assert keys_of(database, person) > 0
    run_job(database, "voting.forget-tombstones", NOW + timedelta(hours=1))
    assert keys_of(database, person) == 0


def test_match_keys_stay_while_a_round_runs_and_until_it_is_final(database: Database) -> None:
    opened = make_round(database)
    olena, person = make_resident(database)
    erase(database, olena)
    for status in ("ready", "suspended", "verification", "opened"):
        with database.writing() as work:
            work.session.execute(
                update(RoundRow).where(RoundRow.id == opened.id).values(status=status)
            )
        run_job(database, "voting.forget-tombstones", NOW + timedelta(days=700))
        assert keys_of(database, person) > 0, status
    with database.writing() as work:
        work.session.execute(
            update(RoundRow).where(RoundRow.id == opened.id).values(status="annulled")
        )
    run_job(database, "voting.forget-tombstones", NOW + timedelta(days=700))
    assert keys_of(database, person) == 0


def test_words_of_claims_go_with_their_author_or_a_year_after_the_answer(
    database: Database,
) -> None:
    opened = make_round(database)
    claims = []
    for _ in range(2):
        voter = make_resident(database)
        with database.writing() as work:
            reference = voting.file_vote_claim(
                work, voter[0], round_id=opened.id, person_id=voter[1], words=WORDS, at=NOW
            )
            found = claim_queries.find_claim(work.session, reference)
            assert found is not None
            voting.answer_claim(
                work,
                opened.commission[0],
                claim_id=found.id,
                action=ClaimAction.DISMISS,
                answer="To Państwa głos.",
                at=NOW,
            )
        claims.append((voter[0], found.id))
    (olena, hers), (_hanna, other) = claims
    assert olena.account_id is not None
    with database.writing() as work:
        service.erase_person(work, olena, account_id=olena.account_id, parts=COPY_PARTS, at=NOW)
    assert read(database, hers) == ("", "")
    assert read(database, other) == (WORDS, "To Państwa głos.")
    run_job(database, "voting.forget-claims", NOW + WORDS_KEPT - timedelta(days=1))
    assert read(database, other)[0] == WORDS
    hold(database, opened.id, "Court case 1")
    run_job(database, "voting.forget-claims", NOW + WORDS_KEPT)
    assert read(database, other)[0] == WORDS
    hold(database, opened.id, None)
    run_job(database, "voting.forget-claims", NOW + WORDS_KEPT)
    assert read(database, other) == ("", "")


def hold(database: Database, round_id: UUID, reason: str | None) -> None:
    with database.writing() as work:
        work.session.execute(
            update(RoundRow).where(RoundRow.id == round_id).values(legal_hold=reason)
        )


def read(database: Database, claim_id: UUID) -> tuple[str, str | None]:
    with database.reading() as session:
        answer = claim_queries.get_claim(session, claim_id).answer
        return claim_queries.read_claim_words(session, claim_id), answer
