"""Claims about votes: checked at once against what is public, answered once, kept without a name."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.kernel.workflow import WrongState
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from civic_budget.voting import claim_queries, service
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_rules import ClaimAction, ClaimKind, ClaimState, claims_close
from civic_budget.voting.codes import control_code, in_fours, sign_code
from civic_budget.voting.models import Participation
from civic_budget.voting.service import LineClaim
from tests.builders_commission import close_vote, open_box, publish
from tests.builders_residency import make_resident
from tests.builders_statistics import seal
from tests.builders_voting import HOMES, Round, cast, make_round, make_voter, new_nonce
from tests.conftest import NOW

NOBODYS = "0000-0000-0000"


def published_at(database: Database, opened: Round):
    with database.reading() as session:
        edition = get_edition(session, opened.edition_id)
        return edition.moment_of(Milestone.RESULTS_PUBLISHED)


def open_all(database: Database, opened: Round) -> None:
    close_vote(database, opened)
    open_box(database, opened, at=opened.closes_at + timedelta(days=1))


def file_line(database: Database, opened: Round, kind: ClaimKind, code: str, **more: object) -> str:
    with database.writing() as work:
        return service.file_line_claim(
            work,
            round_id=opened.id,
            claim=LineClaim(kind, code, str(more.get("signature", "")), "It is not there."),
            at=more.get("at") or published_at(database, opened),  # type: ignore[arg-type]
        )


def refusal(deed) -> str:
    with pytest.raises(DomainError) as refused:
        deed()
    return refused.value.code


def test_a_line_is_checked_at_once_against_board_and_signature(database: Database) -> None:
    opened, nonce = make_round(database), new_nonce()
    cast(database, opened, make_voter(database), nonce=nonce)
    open_all(database, opened)
    mine, missing = control_code("city", nonce), control_code("city", new_nonce())
    there = refusal(lambda: file_line(database, opened, ClaimKind.MISSING, in_fours(mine)))
    assert there == "line_is_there"
    gone = refusal(lambda: file_line(database, opened, ClaimKind.NOT_MY_CHOICE, missing))
    assert gone == "line_is_missing"
    assert refusal(lambda: file_line(database, opened, ClaimKind.MISSING, "U")) == "not_a_code"
    signature = sign_code(opened.secrets.signing, opened.id, "city", missing)
    reference = file_line(database, opened, ClaimKind.MISSING, missing, signature=signature)
    file_line(database, opened, ClaimKind.MISSING, NOBODYS, signature=signature)
    file_line(database, opened, ClaimKind.NOT_MY_CHOICE, mine)
    with database.reading() as session:
        claims = claim_queries.list_claims(session, opened.id)
        assert [(c.is_on_board, c.is_signed) for c in claims if c.reference == reference] == [
            (False, True)
        ]
        assert sorted((c.is_on_board, c.is_signed) for c in claims) == [
            (False, False),
            (False, True),
            (True, False),
        ]
        assert claim_queries.read_claim_words(session, claims[0].id) == "It is not there."
    again = refusal(lambda: file_line(database, opened, ClaimKind.MISSING, missing))
    assert again == "already_claimed"


def test_claims_have_their_time(database: Database) -> None:
    opened = make_round(database)
    begins = published_at(database, opened)

    def claim(at) -> str:
        return file_line(database, opened, ClaimKind.MISSING, NOBODYS, at=at)

    second = timedelta(seconds=1)
    assert refusal(lambda: claim(begins - second)) == "claims_not_open"
    assert refusal(lambda: claim(claims_close(begins))) == "claims_closed"
    assert claim(claims_close(begins) - second)


def test_a_claim_about_a_line_is_kept_without_a_name(database: Database) -> None:
    opened = make_round(database)
    file_line(database, opened, ClaimKind.MISSING, NOBODYS)
    with database.reading() as session:
        row = session.scalars(select(VoteClaim)).one()
        assert (row.account_id, row.person_id) == (None, None)
        assert b"not there" not in row.words
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        trail = [e for e in session.scalars(select(AuditEntry)) if "VoteClaimed" in str(vars(e))]
    assert entry is not None
    assert trail
    assert all("0000" * 3 not in str(vars(e)) for e in trail)


def claim_vote(
    database: Database, opened: Round, actor: Actor, person_id: UUID, *, at: datetime = NOW
) -> str:
    with database.writing() as work:
        return service.file_vote_claim(
            work, actor, round_id=opened.id, person_id=person_id, words="I was away.", at=at
        )


def answer(database: Database, member: Actor, claim_id: UUID, action: ClaimAction) -> None:
    with database.writing() as work:
        service.answer_claim(
            work, member, claim_id=claim_id, action=action, answer="We looked.", at=NOW
        )


def test_not_my_vote_is_claimed_by_the_person_and_answered_once(database: Database) -> None:
    opened = make_round(database)
    resident, person_id = make_resident(database, address=HOMES[8])
    stranger, _ = make_resident(database, address=HOMES[8])
    with pytest.raises(NotAllowed, match="not_your_person"):
        claim_vote(database, opened, stranger, person_id)
    reference = claim_vote(database, opened, resident, person_id)
    with pytest.raises(Conflict, match="already_claimed"):
        claim_vote(database, opened, resident, person_id)
    with database.reading() as session:
        claim = claim_queries.find_claim(session, reference)
    assert claim is not None
    with pytest.raises(NotAllowed, match="not_a_member_of_the_round"):
        answer(database, resident, claim.id, ClaimAction.UPHOLD)
    answer(database, opened.commission[0], claim.id, ClaimAction.UPHOLD)
    with pytest.raises(WrongState):
        answer(database, opened.commission[1], claim.id, ClaimAction.DISMISS)
    with database.reading() as session:
        assert claim_queries.count_claims(session, opened.id) == {
            (ClaimKind.NOT_MY_VOTE, ClaimState.UPHELD): 1
        }
    assert claim_vote(database, opened, resident, person_id)


def test_who_took_part_is_not_forgotten_while_a_claim_waits(database: Database) -> None:
    opened = make_round(database)
    resident, person_id = make_resident(database, address=HOMES[8])
    cast(database, opened, person_id)
    close_vote(database, opened)
    open_box(database, opened)
    at = publish(database, opened)
    seal(database, opened, at=at)
    reference = claim_vote(database, opened, resident, person_id, at=at)

    def finish() -> None:
        with database.writing() as work:
            service.finish_round(
                work,
                opened.commission[0],
                round_id=opened.id,
                keep_until=at + timedelta(days=30),
                at=at,
            )

    with pytest.raises(Conflict, match="claims_wait"):
        finish()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participation)) == 1
        claim = claim_queries.find_claim(session, reference)
    assert claim is not None
    answer(database, opened.commission[0], claim.id, ClaimAction.DISMISS)
    finish()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participation)) == 0


def test_a_member_does_not_answer_the_own_claim(database: Database) -> None:
    opened = make_round(database)
    resident, person_id = make_resident(database, address=HOMES[8])
    reference = claim_vote(database, opened, resident, person_id)
    with database.writing() as work:
        row = work.session.scalars(select(VoteClaim)).one()
        row.account_id = opened.commission[0].account_id
    with database.reading() as session:
        claim = claim_queries.find_claim(session, reference)
    assert claim is not None
    with pytest.raises(NotAllowed, match="own_claim"):
        answer(database, opened.commission[0], claim.id, ClaimAction.DISMISS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "missing", "code": "0" * 12, "person_id": uuid4()},
        {"kind": "missing", "code": None},
        {"kind": "not_my_vote", "code": "0" * 12, "person_id": uuid4()},
        {"kind": "missing", "code": "0" * 12, "state": "upheld"},
        {"kind": "lost", "code": "0" * 12},
    ],
    ids=["a name with a code", "no code", "a code with a name", "no answer", "unknown"],
)
def test_the_database_keeps_codes_and_names_apart(
    database: Database, wrong: dict[str, object]
) -> None:
    opened = make_round(database)
    row = {"state": "received", "reference": "R", "words": b"", "filed_at": NOW, "due_at": NOW}
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.add(VoteClaim(round_id=opened.id, **{**row, **wrong}))


def test_a_claim_that_comes_while_the_box_is_opened_waits_for_the_opening(
    database: Database,
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    resident, person_id = make_resident(database, address=HOMES[8])
    close_vote(database, opened)
    with ThreadPoolExecutor(1) as other:
        filed: list[Future[str]] = []

        def claim_now(_: int) -> None:
            if not filed:
                filed.append(other.submit(claim_vote, database, opened, resident, person_id))
                wait(filed, timeout=1)
                assert not filed[0].done()

        with database.writing() as work:
            service.open_round(
                work,
                opened.commission[0],
                round_id=opened.id,
                secrets=opened.secrets,
                held=opened.held[:2],
                at=opened.closes_at + timedelta(days=4),
                progress=claim_now,
            )
        assert filed[0].result(timeout=30)
