"""The office's pages: cards, decisions, two at once, appeals, doors, in every language."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.assessment import queries as assessment_queries
from civic_budget.assessment import service as assessment
from civic_budget.assessment.rules import Answer, AppealState, Said
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.proposals import queries
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    pass_cards,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")


@pytest.fixture
def author(database: Database) -> tuple[Actor, UUID]:
    """A resident of Dębniki."""
    make_city(database)
    make_checklists(database)
    return make_resident(database)


@pytest.fixture
def proposal_id(database: Database, author: tuple[Actor, UUID]) -> UUID:
    """A submitted proposal, while others are still being submitted."""
    return make_submitted(database, *author, make_edition(database, Phase.SUBMISSION))


@pytest.fixture
def assessor(client: CheckedClient, database: Database) -> Actor:
    """A signed-in assessor."""
    actor = make_assessor(database)
    sign_in_as(client, database, actor)
    return actor


def test_the_start_page_counts_ones_own_matters_or_for_a_coordinator_all(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    assert "1 matter waits." not in client.get("/en/office").text
    sign_in_as(client, database, make_coordinator(database))
    assert "1 matter waits." in client.get("/en/office").text


def state_of(database: Database, proposal_id: UUID) -> ProposalState:
    """Where a proposal stands."""
    with database.reading() as session:
        return queries.get_proposal(session, proposal_id).state


def version(client: CheckedClient, path: str) -> str:
    """The version that a form carries."""
    page = client.page(path)
    return next(field["value"] for field in page.fields if field.get("name") == "version")


def test_a_shortcoming_without_a_comment_is_told_at_its_criterion(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    for lang in LANGUAGES:
        path = f"/{lang}/office/assessment/{proposal_id}/card/formal"
        sent = {"version": version(client, path), "answer_fields_complete": "correctable"}
        page = Page(client.send(path, sent).text)
        assert "#comment_fields_complete" in page.links
        with database.reading() as session:
            assert assessment_queries.get_answers(session, proposal_id) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_second_of_two_assessors_gets_a_clear_message_and_keeps_what_they_typed(
    client: CheckedClient, new_client, database: Database, proposal_id: UUID, lang: str
) -> None:
    sign_in_as(client, database, make_coordinator(database))
    other: CheckedClient = new_client()
    sign_in_as(other, database, make_coordinator(database))
    path = f"/{lang}/office/assessment/{proposal_id}/card/merit"
    seen = version(client, path)
    assert version(other, path) == seen
    client.send(path, {"version": seen, "answer_own_task": "met"})
    late = {"version": seen, "answer_own_task": "not_met", "comment_own_task": "Powiatu."}
    refused = other.send(path, late)
    assert "Staff" in Page(refused.text).text()
    assert "Powiatu.</textarea>" in refused.text
    with database.reading() as session:
        assert assessment_queries.get_answers(session, proposal_id)["own_task"].answer is (
            Answer.MET
        )
    again = {
        **late,
        "version": next(
            f["value"] for f in Page(refused.text).fields if f.get("name") == "version"
        ),
    }
    assert other.send(path, again, follow=False).status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
def test_returning_drafts_the_words_from_the_cards(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor, lang: str
) -> None:
    said = {"fields_complete": Said(Answer.CORRECTABLE, "Brak mapy.")}
    pass_cards(database, assessor, proposal_id, but=said)
    path = f"/{lang}/office/assessment/{proposal_id}/return"
    drafted = client.get(path).text
    assert "Kompletne (pl) Brak mapy." in drafted
    assert "Kompletne (uk) Brak mapy." in drafted
    words = {"version": version(client, path), "words_pl": "Proszę o mapę.", "words_uk": " "}
    assert "#words_uk" in Page(client.send(path, words).text).links
    client.send(path, {**words, "words_uk": "Додайте карту."})
    assert state_of(database, proposal_id) is ProposalState.RETURNED
    assert "Додайте карту." in client.get(f"/uk/proposals/{proposal_id}").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rejecting_goes_from_the_reason_to_its_words(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor, lang: str
) -> None:
    said = {"city_land": Said(Answer.NOT_MET, "Spółdzielnia odmówiła.")}
    pass_cards(database, assessor, proposal_id, but=said)
    base = f"/{lang}/office/assessment/{proposal_id}"
    assert f"{base}/reject" in client.page(base).links
    reasons = client.page(f"{base}/reject")
    checked = [f["value"] for f in reasons.fields if "checked" in f]
    assert checked == ["land_not_city"]
    path = f"{base}/reject?reason=land_not_city"
    drafted = client.get(path).text
    assert "Teren nie należy do miasta. (pl)\nSpółdzielnia odmówiła." in drafted
    client.send(
        path,
        {
            "version": version(client, path),
            "reason": "land_not_city",
            "words_pl": "Działka jest spółdzielni.",
            "words_uk": "Ділянка кооперативу.",
        },
    )
    assert state_of(database, proposal_id) is ProposalState.REJECTED
    assert "Działka jest spółdzielni." in client.get(f"/{lang}/proposals/{proposal_id}").text or (
        lang == "uk"
    )


def test_a_decided_proposal_says_why_no_card_opens(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    reject(database, assessor, proposal_id)
    for page in ("card/formal", "return", "admit", "reject", "reject?reason=late"):
        answer = client.get(f"/en/office/assessment/{proposal_id}/{page}", follow_redirects=True)
        assert "is not being assessed now" in answer.text, page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_notes_and_interests(
    client: CheckedClient, new_client, database: Database, proposal_id: UUID, lang: str
) -> None:
    coordinator, colleague = make_coordinator(database), make_assessor(database)
    sign_in_as(client, database, coordinator)
    base = f"/{lang}/office/assessment/{proposal_id}"
    client.send(
        base,
        {"department": "zieleni", "assessor": str(colleague.account_id)},
        to=f"{base}/assign",
    )
    client.send(base, {"text": "Zadzwonić do wydziału."}, to=f"{base}/notes")
    assert "Zadzwonić do wydziału." in client.get(base).text
    empty = client.send(base, {"text": ""}, to=f"{base}/notes")
    assert "#text" in Page(empty.text).links
    theirs: CheckedClient = new_client()
    sign_in_as(theirs, database, colleague)
    assert base in theirs.page(f"/{lang}/office/assessment?mine=yes").links
    theirs.send(base, to=f"{base}/interest")
    assert base not in theirs.page(f"/{lang}/office/assessment?mine=yes").links
    stopped = theirs.get(f"{base}/card/formal", follow_redirects=False)
    assert stopped.status_code == 302
    assert "Zadzwonić" not in new_client().get(f"/{lang}/proposals/{proposal_id}").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_appeal_from_the_authors_page_to_the_decision(
    client: CheckedClient,
    new_client,
    database: Database,
    author: tuple[Actor, UUID],
    proposal_id: UUID,
    clock: Clock,
    lang: str,
) -> None:
    judge, other = make_coordinator(database), make_coordinator(database)
    reject(database, judge, proposal_id)
    clock.at = NOW + timedelta(days=8)
    sign_in_as(client, database, author[0])
    path = f"/{lang}/my-proposals/{proposal_id}/appeal"
    assert "#reasons" in Page(client.send(path, {"reasons": "Ні!"}).text).links
    client.send(path, {"reasons": "Ділянка належить місту від березня."})
    assert state_of(database, proposal_id) is ProposalState.APPEALED
    assert f"{path}/state" in client.page(f"/{lang}/my-proposals").links

    office: CheckedClient = new_client()
    sign_in_as(office, database, judge)
    desk = f"/{lang}/office/assessment/{proposal_id}/appeal"
    assert "decide-form" not in office.page(desk).ids  # who judged before is not even asked
    sign_in_as(office, database, other)
    past = {"deed": "hearing", "day": "2026-01-01T10:00", "place": "Sala 5"}
    assert "#day" in Page(office.send(desk, past).text).links
    office.send(desk, {**past, "day": "2026-06-05T10:00"})
    office.send(desk, {"deed": "opinion", "is_for": "yes", "opinion": "Rada jest za."})
    assert "Sala 5" in client.get(f"{path}/state").text
    decision = {"deed": "decide", "outcome": "grant", "words_pl": "Słusznie."}
    assert "#words_uk" in Page(office.send(desk, decision).text).links
    office.send(desk, {**decision, "words_uk": "Слушно."})
    assert state_of(database, proposal_id) is ProposalState.ADMITTED
    client.page(f"{path}/state")
    with database.reading() as session:
        lodged = assessment_queries.find_appeal(session, proposal_id)
    assert lodged is not None
    assert lodged.state is AppealState.GRANTED
    # Ten o'clock on the city's wall clock is eight in UTC in summer.
    assert lodged.hearing_at is not None
    assert lodged.hearing_at.hour == 8


def test_other_roles_find_the_doors_closed(
    client: CheckedClient, database: Database, proposal_id: UUID
) -> None:
    base = f"/en/office/assessment/{proposal_id}"
    others = set(Role) - {Role.ASSESSOR, Role.COORDINATOR}
    sign_in_as(client, database, make_staff(database, *others))
    for path in ("/en/office/assessment", base, f"{base}/card/formal", f"{base}/reject"):
        client.page(path, status=403)


def test_assessors_do_not_reach_a_coordinators_pages(
    client: CheckedClient, database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    client.page(f"/en/office/assessment/{proposal_id}/appeal", status=403)
    client.page("/en/office/ballot-numbers", status=403)
    with database.writing() as work:
        assessment.add_note(work, assessor, proposal_id=proposal_id, text="Uwaga.", at=NOW)
    client.page(f"/en/office/assessment/{proposal_id}/card/other", status=404)
