"""A guardian votes for a child: who has voted is seen, what was chosen never; the youngest vote at a point."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency import service as residency
from civic_budget.residency.queries import get_case, persons_acting_for
from civic_budget.storage.db import Database
from civic_budget.voting.models import EnvelopeRow
from tests.builders import make_staff, sign_in_as
from tests.builders_booth import Voter
from tests.builders_residency import claim, make_claim, make_identity, make_resident
from tests.builders_voting import HOMES, make_round
from tests.conftest import NOW
from tests.pages import CheckedClient

CHILD = ("MAKSYM", "KOVALENKO", date(2018, 3, 4))
FIRST_OF_CHILD, FIRST_OF_MOTHER = bytes(range(32)), bytes(range(1, 33))


def make_family(database: Database) -> tuple[Actor, UUID, UUID]:
    """A mother with a confirmed residence, and her child: (account, her person, the child's)."""
    with database.writing() as work:
        residency.set_limits(work, {"sample_permille": 0})
    mother, own = make_resident(
        database, identity=make_identity("OLENA", "KOVALENKO"), address=HOMES[8]
    )
    tie_id, case_id = make_claim(database, mother, CHILD)
    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case_id)
    with database.writing() as work:
        residency.accept_guardian(work, officer, tie_id=tie_id, is_second=False, at=NOW)
        if get_case(work.session, case_id).decided_at is None:
            residency.confirm_case(work, officer, case_id=case_id, at=NOW)
    assert mother.account_id is not None
    with database.reading() as session:
        acting = persons_acting_for(session, mother.account_id, at=NOW)
    (child,) = [one.person_id for one in acting if one.relation == "guardian"]
    return mother, own, child


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(EnvelopeRow)) or 0


def test_a_guardian_votes_for_herself_and_for_the_child(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    mother, own, child = make_family(database)
    sign_in_as(client, database, mother)
    start = client.get("/uk/vote").text
    assert "MAKSYM" in start
    for person in (own, child):
        assert f'id="shared-{person}"' in start, "a shared device is shared whoever votes on it"
    for number, (person, secret) in enumerate(((child, FIRST_OF_CHILD), (own, FIRST_OF_MOTHER)), 1):
        voter = Voter(client, mother, person, "uk")
        voter.begin(secret.hex())
        voter.mark()
        if person == child:
            for path in ("list/district", "list/city", "check"):
                assert "Голос від імені: MAKSYM" in client.get(f"/uk/vote/{path}").text
        codes = voter.cast()
        assert envelopes(database) == number
        if person == child:
            # On the screen it is said whose codes these are; on paper it would say whose choice they show.
            assert '<p class="caption no-print">Голос від імені: MAKSYM</p>' in codes
            start = client.get("/uk/vote").text
            assert "Голос у скриньці: MAKSYM" in start
            assert "Ваш голос у скриньці" not in start
        else:
            assert "MAKSYM" not in codes
    after = client.get("/uk/vote").text
    assert after.count("/uk/vote/not-mine") == 2
    assert "BO.OM" not in after


def test_the_youngest_vote_at_a_point_where_the_city_says_so(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    mother, _, child = make_family(database)
    with database.writing() as work:
        residency.set_limits(work, {"sample_permille": 0, "online_vote_age": 10})
    sign_in_as(client, database, mother)
    page = client.get("/en/vote").text
    assert "At this age one votes at a point" in page
    voter = Voter(client, mother, child)
    voter.begin(FIRST_OF_CHILD.hex())
    assert "Check your ballot" not in client.get("/en/vote/check", follow_redirects=True).text
    assert envelopes(database) == 0


def test_nobody_else_votes_for_the_child(database: Database, client: CheckedClient) -> None:
    make_round(database)
    _, _, child = make_family(database)
    stranger, _ = make_resident(database, address=HOMES[8])
    sign_in_as(client, database, stranger)
    Voter(client, stranger, child).begin(FIRST_OF_CHILD.hex())
    assert client.get_cookie("ballot") is None
