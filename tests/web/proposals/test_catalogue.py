"""The public catalogue: search, filters, languages, map, Kraków's number of proposals in few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from civic_budget.city.service import put_district
from civic_budget.editions.rules import Phase, scope_of
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.proposals import service
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.models import Proposal, ProposalCost, ProposalPlace, ProposalText
from civic_budget.proposals.search import fold
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import (
    POLISH_TEXTS,
    TEXTS,
    admit,
    make_assessor,
    make_checklists,
    make_draft,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient, Page
from tests.statements import listening

MOST_QUERIES_OF_ONE = 12  # one proposal with all that belongs to it; no more with more of it
KRAKOW_2025 = 1152
LANGUAGES = ("pl", "en", "uk", "ru")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    with listening(database, before_cursor_execute=note):
        yield statements


def fill(database: Database, edition_id: UUID, number: int) -> None:
    """Many admitted proposals at once, in eighteen districts."""
    account = make_account(database).account_id
    ids = [uuid4() for _ in range(number)]
    rows = [
        {
            "id": one,
            "edition_id": edition_id,
            "scope": scope_of(n % 18 + 1),
            "reference": f"BO.D{n % 18 + 1}.{n}/26",
            "state": "admitted",
            "author_account": account,
            "author_person": uuid4(),
            "language": "pl",
            "category": "green",
            "place": "Park",
            "cost": 1_000_000 + n,
            "upkeep": 0,
            "search_text": fold(f"Drzewo numer {n}"),
            "created_at": NOW,
            "changed_at": NOW,
            "submitted_at": NOW + timedelta(seconds=n),
        }
        for n, one in enumerate(ids)
    ]
    texts = [
        {
            "proposal_id": one,
            "language": "pl",
            "source": "author",
            "title": f"Drzewo numer {n}",
            "summary": "Zielono.",
            "description": "Opis.",
            "justification": "Cień.",
            "audience": "Wszyscy.",
            "accessibility": "Tak.",
        }
        for n, one in enumerate(ids)
    ]
    costs = [
        {"proposal_id": one, "position": 1, "name": "Drzewo", "grosze": 1_000_000} for one in ids
    ]
    places = [
        {
            "proposal_id": one,
            "position": position,
            "words": f"Miejsce {position}",
            "latitude": 49.99 + (number * 3 + position) % 97 / 1000,
            "longitude": 19.85 + (number * 7 + position) % 251 / 1000,
        }
        for number, one in enumerate(ids)
        for position in (1, 2, 3)
    ]
    with database.writing() as work:
        for n in range(1, 19):
            put_district(work, number=n, roman=f"{n}.", name=f"Dzielnica {n}")
        work.session.flush()
        for model, values in (
            (Proposal, rows),
            (ProposalText, texts),
            (ProposalCost, costs),
            (ProposalPlace, places),
        ):
            work.session.execute(insert(model), values)


def test_krakows_number_of_proposals_takes_at_most_six_queries_a_page(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    fill(database, make_edition(database, Phase.BEFORE_VOTING), KRAKOW_2025)
    first = client.page("/en/proposals")
    assert "1152 proposals found" in [words for _level, words in first.headings]
    with counted(database) as frame:
        client.get("/en/no-such-page")  # what every page asks for its frame alone
    for path in (
        "/en/proposals",
        "/en/proposals?page=20",
        "/en/proposals?text=drzewo+77&scope=d08&category=green&state=admitted&sort=dearest",
        "/en/proposals?text=drzwo+77",
    ):
        with counted(database) as statements:
            client.page(path)
        assert len(statements) - len(frame) <= 6, "\n".join(statements)
    one = next(link for link in first.links if link.startswith("/en/proposals/"))
    with counted(database) as statements:
        client.page(one)
    assert len(statements) - len(frame) <= MOST_QUERIES_OF_ONE, "\n".join(statements)


def test_pages_follow_one_another_without_loss(client: CheckedClient, database: Database) -> None:
    make_city(database)
    fill(database, make_edition(database, Phase.BEFORE_VOTING), 60)
    found = [
        link
        for page in (1, 2, 3)
        for link in client.page(f"/en/proposals?page={page}&sort=newest").links
        if link.startswith("/en/proposals/")
    ]
    assert len(found) == len(set(found)) == 60
    # A page beyond the last one, or none at all, is answered with what there is.
    assert client.page("/en/proposals?page=99")
    assert client.page("/en/proposals?page=x&scope=zz&state=draft&sort=sideways")


@pytest.fixture
def bench(database: Database) -> UUID:
    """One proposal of a Ukrainian author with approved Polish words, and a draft that nobody sees."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    author, person = make_resident(database)
    make_draft(database, author, person, edition_id, texts={**TEXTS, "title": "Таємниця"})
    proposal_id = make_submitted(database, author, person, edition_id)
    with database.writing() as work:
        service.put_translation(
            work,
            make_staff(database, Role.EDITOR),
            proposal_id=proposal_id,
            language="pl",
            texts=POLISH_TEXTS,
            at=NOW,
        )
    return proposal_id


def test_a_proposal_is_found_by_any_of_its_marks(client: CheckedClient, bench: UUID) -> None:
    for query in (
        "text=lawki",
        "text=ŁAWKAMI",
        "text=лавка",
        "text=BO.D8.1",
        "text=zachodnia+lawka",
        "scope=d08",
        "category=infrastructure",
        "state=submitted",
    ):
        assert f"/en/proposals/{bench}" in client.page(f"/en/proposals?{query}").links, query


def test_a_proposal_is_not_found_where_it_does_not_belong(
    client: CheckedClient, bench: UUID
) -> None:
    for query in ("text=basen", "scope=d18", "scope=city", "category=green", "state=rejected"):
        assert f"/en/proposals/{bench}" not in client.page(f"/en/proposals?{query}").links, query


def test_a_reader_gets_approved_words_and_can_always_read_the_original(
    client: CheckedClient, bench: UUID
) -> None:
    for lang, language, title in (
        ("pl", "pl", POLISH_TEXTS["title"]),
        ("en", "pl", POLISH_TEXTS["title"]),
        ("uk", "uk", TEXTS["title"]),
        ("ru", "pl", POLISH_TEXTS["title"]),
    ):
        shown = client.get(f"/{lang}/proposals/{bench}").text
        assert f'<h1 id="page-title" lang="{language}">{title}</h1>' in shown
        original = client.get(f"/{lang}/proposals/{bench}?text=uk").text
        assert f'lang="uk">{TEXTS["title"]}</h1>' in original
        assert title in client.get(f"/{lang}/proposals").text


def test_a_draft_is_nobody_elses_business(
    client: CheckedClient, database: Database, bench: UUID
) -> None:
    assert "Таємниця" not in client.get("/uk/proposals").text
    with database.reading() as session:
        draft = session.query(Proposal.id).where(Proposal.state == "draft").scalar()
    client.page(f"/uk/proposals/{draft}", status=404)
    client.page(f"/uk/proposals/{draft}/versions", status=404)
    client.page(f"/uk/proposals/{uuid4()}", status=404)


def test_a_rejection_is_public_with_its_reasons_in_the_readers_language(
    client: CheckedClient, database: Database, bench: UUID
) -> None:
    reject(database, make_assessor(database), bench)
    assert "Ділянка не належить місту." in client.get(f"/uk/proposals/{bench}").text
    assert "Teren nie należy do miasta." in client.get(f"/en/proposals/{bench}").text


def test_past_editions_have_their_own_list(
    client: CheckedClient, database: Database, bench: UUID
) -> None:
    past = make_edition(database, Phase.RESULTS, at=NOW - timedelta(days=365), year=2025)
    with database.writing() as work:
        row = work.session.get_one(Proposal, bench)
        row.edition_id = past
        work.session.flush()
        service.add_step(
            work,
            SYSTEM,
            proposal_id=bench,
            step=StepWords(
                stage=Stage.DELAYED,
                happened_on=NOW.date(),
                notes={"pl": "Czekamy na dostawę.", "uk": "Чекаємо на доставку."},
            ),
            at=NOW,
        )
    assert f"/uk/proposals/{bench}" not in client.page("/uk/proposals").links
    assert f"/uk/proposals/{bench}" in client.page("/uk/editions/2025/proposals").links
    assert "Чекаємо на доставку." in client.get(f"/uk/proposals/{bench}").text
    client.page("/uk/editions/1999/proposals", status=404)


def test_the_map_is_a_filter_with_a_twin_as_a_list(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    fill(database, make_edition(database, Phase.BEFORE_VOTING), 40)
    for lang in LANGUAGES:
        page = client.page(f"/{lang}/proposals?text=drzewo&sort=cost")
        to_district = [link for link in page.links if "scope=d08" in link]
        assert len(to_district) == 2  # on the map and in the list
        assert all("text=drzewo" in link and "sort=cost" in link for link in to_district)
        assert client.page(to_district[0])


def test_the_author_is_shown_the_way_to_their_own_pages(
    client: CheckedClient, database: Database, bench: UUID
) -> None:
    with database.reading() as session:
        account = session.get_one(Proposal, bench).author_account
    admit(database, make_assessor(database), bench)
    assert "/en/my-proposals" not in _own_links(client, bench)

    sign_in_as(client, database, Actor(account))
    assert "/en/my-proposals" in _own_links(client, bench)


def _own_links(client: CheckedClient, proposal_id: UUID) -> list[str]:
    page: Page = client.page(f"/en/proposals/{proposal_id}")
    return page.links
