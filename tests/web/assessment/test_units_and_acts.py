"""Pages of units and of the mayor's acts, walked in four languages; messages that they send."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from civic_budget.assessment import queries as assessment_queries
from civic_budget.assessment import service
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.proposals import queries
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import OutboxTask
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")
SOON = (NOW + timedelta(days=7)).date().isoformat()


@pytest.fixture
def author(database: Database) -> tuple[Actor, UUID]:
    """A resident of Dębniki."""
    make_city(database)
    make_checklists(database)
    return make_resident(database)


def messages(database: Database) -> list[str]:
    """The kinds of messages in the outbox."""
    with database.writing() as work:
        return [
            json.loads(work.keyring.unseal("outbox", row.sealed or b"", bound_to=str(row.id)))[
                "message"
            ]
            for row in work.session.scalars(select(OutboxTask))
        ]


def test_a_unit_is_set_up_asked_and_answers(
    client: CheckedClient, new_client, database: Database, author: tuple[Actor, UUID]
) -> None:
    edition_id = make_edition(database, Phase.SUBMISSION)
    coordinator, gardener = make_coordinator(database), make_assessor(database)
    sign_in_as(client, database, coordinator)
    other: CheckedClient = new_client()
    sign_in_as(other, database, gardener)
    for lang in LANGUAGES:
        proposal_id = make_submitted(database, *author, edition_id)
        assert "zieleni" in " ".join(client.page(f"/{lang}/office/units").links)
        client.send(f"/{lang}/office/units/zieleni", {"members": str(gardener.account_id)})
        case = f"/{lang}/office/assessment/{proposal_id}"
        incomplete = client.send(case, {"ask-department": "zieleni"}, to=f"{case}/opinions")
        assert "#ask-question" in Page(incomplete.text).links
        asked = {"ask-department": "zieleni", "ask-question": "Drzewa?", "ask-due": SOON}
        client.send(case, asked, to=f"{case}/opinions")
        assert "Drzewa?" in other.get(case).text
        with database.reading() as session:
            (one,) = assessment_queries.list_opinions(session, proposal_id)
        assert f"/{lang}/office/opinions/{one.id}" in other.page(f"/{lang}/office/opinions").links
        path = f"/{lang}/office/opinions/{one.id}"
        assert "#answer" in Page(other.send(path, {"is_for": "yes"}).text).links
        other.send(path, {"is_for": "yes", "answer": "Zostają wszystkie."})
        assert "Zostają wszystkie." in client.get(case).text
    assert messages(database).count("opinion_asked") == len(LANGUAGES)


def test_an_assessor_gives_back_what_was_assigned_with_a_deadline(
    client: CheckedClient, new_client, database: Database, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, make_edition(database, Phase.SUBMISSION))
    assessor = make_assessor(database)
    sign_in_as(client, database, make_coordinator(database))
    other: CheckedClient = new_client()
    sign_in_as(other, database, assessor)
    for lang in LANGUAGES:
        case = f"/{lang}/office/assessment/{proposal_id}"
        late = {"department": "zieleni", "assessor": str(assessor.account_id), "due": "2020-01-01"}
        assert "#due" in Page(client.send(case, late, to=f"{case}/assign").text).links
        client.send(case, {**late, "due": SOON}, to=f"{case}/assign")
        assert "#back-reason" in Page(other.send(case, {}, to=f"{case}/hand-back").text).links
        other.send(case, {"back-reason": f"Nie moja ulica ({lang})."}, to=f"{case}/hand-back")
        assert f"Nie moja ulica ({lang})." in client.get(case).text


def test_one_act_is_entered_and_read_by_everybody(
    client: CheckedClient,
    new_client,
    database: Database,
    author: tuple[Actor, UUID],
    clock: Clock,
) -> None:
    edition_id = make_edition(database, Phase.SUBMISSION)
    judge = make_assessor(database)
    clock.at = at = NOW + timedelta(days=8)
    visitor: CheckedClient = new_client()
    for number, lang in enumerate(LANGUAGES):
        made = [make_submitted(database, *author, edition_id) for _ in range(2)]
        for one in made:
            reject(database, judge, one)
            with database.writing() as work:
                service.lodge_appeal(
                    work,
                    author[0],
                    proposal_id=one,
                    reasons="Teren jest miasta od marca 2025.",
                    language="uk",
                    at=at,
                )
        sign_in_as(client, database, make_coordinator(database), at=at)
        path = f"/{lang}/office/acts"
        sent = {"number": f"{number}/2026", "signed_on": at.date().isoformat()}
        empty = client.send(path, sent)
        assert Page(empty.text).text().count(f"{number}/2026") == 0  # nothing was entered
        sent |= {f"outcome_{made[0].hex}": "restore", f"words_{made[0].hex}": "Teren jest miasta."}
        sent |= {f"outcome_{made[1].hex}": "refuse", f"words_{made[1].hex}": "Brak zgody."}
        answer = client.send(path, sent, follow=False)
        assert answer.status_code == 302
        act = answer.location
        read = visitor.get(act).text
        assert "Teren jest miasta." in read
        assert f"{number}/2026" in read
        assert visitor.get(f"{act}.pdf").data.startswith(b"%PDF")
        assert act in visitor.page(f"/{lang}/proposals/{made[0]}").links
        with database.reading() as session:
            states = [queries.get_proposal(session, one).state for one in made]
        assert states == [ProposalState.ADMITTED, ProposalState.REJECTED]
    told = messages(database)
    assert told.count("proposal_admitted") == len(LANGUAGES)
    assert told.count("proposal_appeal_dismissed") == len(LANGUAGES)


def test_a_training_edition_sends_no_messages(
    database: Database, author: tuple[Actor, UUID]
) -> None:
    edition_id = make_edition(database, Phase.SUBMISSION)
    make_submitted(database, *author, edition_id)
    assert "proposal_received" in messages(database)
    before = len(messages(database))
    with database.writing() as work:
        work.session.execute(text("UPDATE edition SET is_training = true"))
    made = make_submitted(database, *author, edition_id)
    with database.writing() as work:
        service.put_members(
            work,
            SYSTEM,
            department="zieleni",
            accounts=frozenset({make_assessor(database).account_id}),  # type: ignore[arg-type]
            at=NOW,
        )
        service.ask_opinion(
            work,
            SYSTEM,
            proposal_id=made,
            department="zieleni",
            question="?",
            due_at=NOW + timedelta(days=3),
            at=NOW,
        )
    assert len(messages(database)) == before
