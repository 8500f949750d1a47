"""Co-authors and supporters on real databases: single links, one human once, officers' counts, admission."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.proposals import queries, service
from civic_budget.proposals.models import CoAuthor, ProposalSupport, SupportListView
from civic_budget.proposals.support_rules import INVITATION_TIME, SUPPORT_TIME
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import OutboxTask
from tests.builders import make_staff
from tests.builders_proposals import (
    admit,
    make_assessor,
    make_draft,
    make_edition_for_supporters,
    make_submitted,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """An edition that asks each proposal for two supporters."""
    return make_edition_for_supporters(database)


def invite(database: Database, author: Actor, draft: UUID, address: str) -> str:
    """An invitation's token."""
    with database.writing() as work:
        return service.invite_co_author(
            work, author, proposal_id=draft, address=address, language="uk", at=NOW
        )


def test_a_link_makes_one_co_author_who_writes_but_does_not_withdraw(
    database: Database, edition_id: UUID
) -> None:
    (ada, person), (bea, _bea) = make_resident(database), make_resident(database)
    draft = make_draft(database, ada, person, edition_id)
    token = invite(database, ada, draft, "Bea@Example.org")
    with database.reading() as session:
        row = session.scalars(select(CoAuthor)).one()
        assert token not in (row.token_hash or "") and "bea@" not in row.masked
        assert session.scalars(select(OutboxTask)).all()
    with pytest.raises(NotFound), database.writing() as work:
        service.accept_invitation(work, bea, token=token + "x", at=NOW)
    with pytest.raises(NotFound), database.writing() as work:
        service.accept_invitation(work, bea, token=token, at=NOW + INVITATION_TIME)
    with database.writing() as work:
        assert service.accept_invitation(work, bea, token=token, at=NOW) == draft
    with pytest.raises(NotFound), database.writing() as work:
        service.accept_invitation(work, bea, token=token, at=NOW)
    with database.writing() as work:
        service.save_texts(work, bea, proposal_id=draft, texts={"title": "Від нас двох"}, at=NOW)
    with pytest.raises(NotAllowed, match="not_the_author"), database.writing() as work:
        service.withdraw_proposal(work, bea, proposal_id=draft, at=NOW)
    with database.reading() as session:
        assert [p.id for p in queries.list_of_author(session, bea.account_id or uuid4())] == [draft]
        co_author = queries.list_co_authors(session, draft)[0]
    with database.writing() as work:
        service.show_name(work, bea, proposal_id=draft, name=" Беа  К. ", language="uk", at=NOW)
    with database.reading() as session:
        assert list(queries.list_names(session, draft)) == ["Беа К."]
    with database.writing() as work:
        service.end_co_author(work, bea, proposal_id=draft, co_author_id=co_author.id, at=NOW)
    with pytest.raises(NotAllowed, match="not_the_author"), database.writing() as work:
        service.save_texts(work, bea, proposal_id=draft, texts={"title": "Чуже"}, at=NOW)
    with database.reading() as session:
        assert not queries.list_names(session, draft)


def test_there_are_at_most_three_authors(database: Database, edition_id: UUID) -> None:
    ada, person = make_resident(database)
    draft = make_draft(database, ada, person, edition_id)
    for n in range(2):
        invite(database, ada, draft, f"n{n}@example.org")
    with pytest.raises(Conflict, match="too_many_co_authors"):
        invite(database, ada, draft, "one-more@example.org")
    with pytest.raises(Conflict, match="bad_email"):
        invite(database, ada, draft, "+48 600 100 200")


def give(database: Database, actor: Actor, proposal: UUID, *, days: int = 0) -> None:
    """One click."""
    with database.writing() as work:
        service.support_proposal(work, actor, proposal_id=proposal, at=NOW + timedelta(days=days))


def test_a_resident_of_the_district_supports_once_in_time(
    database: Database, edition_id: UUID
) -> None:
    ada, person = make_resident(database)
    bea, _bea = make_resident(database)
    proposal = make_submitted(database, ada, person, edition_id)
    give(database, bea, proposal)
    for actor, days, why in (
        (bea, 0, "already_supported"),
        (ada, 0, "own_proposal"),
        (bea, SUPPORT_TIME.days, "support_closed"),
        (Actor(uuid4()), 0, "residence_needed"),
        (make_staff(database, Role.OFFICER), 0, "residents_only"),
        (Actor(), 0, "residents_only"),
    ):
        with pytest.raises(NotAllowed, match=why):
            give(database, actor, proposal, days=days)
    with database.reading() as session:
        support = queries.support_of(session, proposal, needed=2)
        assert (support.total, support.missing) == (1, 1)
    with database.writing() as work:
        service.take_support_back(work, bea, proposal_id=proposal, at=NOW)
    give(database, bea, proposal)


def test_the_database_refuses_a_second_row_and_a_race_gives_one(
    database: Database, edition_id: UUID
) -> None:
    ada, person = make_resident(database)
    bea, bea_person = make_resident(database)
    proposal = make_submitted(database, ada, person, edition_id)

    def click(_n: int) -> bool:
        try:
            give(database, bea, proposal)
        except NotAllowed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(click, range(8))) == 1
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.add(ProposalSupport(proposal_id=proposal, person_id=bea_person, at=NOW))


def test_an_officer_counts_a_list_that_only_they_see(database: Database, edition_id: UUID) -> None:
    ada, person = make_resident(database)
    proposal = make_submitted(database, ada, person, edition_id)
    officer, other = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    with database.writing() as work:
        sent = service.add_support_list(
            work, ada, proposal_id=proposal, vault_id="a" * 32, page_count=2, at=NOW
        )
    assert list(service.list_vault_names(database)) == ["a" * 32]

    def look(actor: Actor, page: int = 0, hours: int = 0) -> str | None:
        with database.writing() as work:
            return service.authorise_list_view(
                work,
                roles=actor.roles,
                account_id=actor.account_id or uuid4(),
                sign_in_id=uuid4(),
                proposal_id=proposal,
                list_id=sent,
                page=page,
                at=NOW + timedelta(hours=hours),
            )

    assert look(officer) is None  # not taken yet
    with database.writing() as work:
        service.claim_list(work, officer, list_id=sent, at=NOW)
    assert look(officer) == "a" * 32
    assert [look(other), look(officer, page=2), look(officer, hours=5), look(ada)] == [None] * 4
    with pytest.raises(NotAllowed, match="list_claimed"), database.writing() as work:
        service.claim_list(work, other, list_id=sent, at=NOW)
    with pytest.raises(NotAllowed, match="not_an_officer"), database.writing() as work:
        service.count_list(work, ada, list_id=sent, counted=15, at=NOW)
    with pytest.raises(Conflict, match="bad_count"), database.writing() as work:
        service.count_list(work, officer, list_id=sent, counted=-1, at=NOW)
    assessor = make_assessor(database)
    with pytest.raises(Conflict, match="supporters_missing"):
        admit(database, assessor, proposal)
    with database.writing() as work:
        service.count_list(work, officer, list_id=sent, counted=2, at=NOW)
    with database.reading() as session:
        assert len(session.scalars(select(SupportListView)).all()) == 1
        assert queries.support_of(session, proposal, needed=2).missing == 0
    with database.writing() as work:
        from civic_budget.assessment import service as assessment

        assessment.admit_proposal(work, assessor, proposal_id=proposal, at=NOW)
