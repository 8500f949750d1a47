"""An author's pages: nothing typed is lost, gaps are told at the field, corrections, withdrawal, agreement."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.proposals import queries, service
from civic_budget.proposals.rules import ProposalState
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
    return_it,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """A city in which proposals are being submitted."""
    make_city(database)
    make_checklists(database)
    return make_edition(database, Phase.SUBMISSION)


@pytest.fixture
def author(client: CheckedClient, database: Database, edition_id: UUID) -> tuple[Actor, UUID]:
    """A signed-in resident of Dębniki."""
    actor, person = make_resident(database)
    sign_in_as(client, database, actor)
    return actor, person


@pytest.fixture
def draft(database: Database, author: tuple[Actor, UUID], edition_id: UUID) -> UUID:
    """A complete draft."""
    return make_draft(database, *author, edition_id)


def facts(database: Database, proposal_id: UUID) -> queries.ProposalFacts:
    """A proposal as it is now."""
    with database.reading() as session:
        return queries.get_proposal(session, proposal_id)


def test_what_is_too_short_is_saved_and_told_at_its_field(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    for lang in LANGUAGES:
        path = f"/{lang}/my-proposals/{draft}/about"
        answer = client.send(path, {**TEXTS, "summary": "Лавки."})
        page = Page(answer.text)
        assert page.links.count("#summary") == 1  # in the summary of errors
        assert 'aria-invalid="true"' in answer.text
        assert "Лавки.</textarea>" in answer.text
        assert facts(database, draft).original.summary == "Лавки."


def test_a_section_may_be_left_half_done(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    left = client.send(
        f"/en/my-proposals/{draft}/about", {"title": "Тільки назва", "later": "yes"}, follow=False
    )
    assert left.status_code == 302
    assert left.location.endswith(f"/en/my-proposals/{draft}")
    assert facts(database, draft).original.title == "Тільки назва"


def test_switching_the_language_keeps_what_was_typed_and_saves_nothing(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    path = f"/en/my-proposals/{draft}/costs"
    typed = {"costs-0-name": "Щось нове", "costs-0-money": "абв", "_language": "uk"}
    switched = client.send(path, typed, to=f"/uk/my-proposals/{draft}/costs")
    page = Page(switched.text)
    assert page.lang == "uk"
    assert {"Щось нове", "абв"} <= {field.get("value") for field in page.fields}
    assert [c.name for c in facts(database, draft).costs] == ["Лавка", "Монтаж"]


def test_costs_are_told_line_by_line_and_lines_can_be_added(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    for lang in LANGUAGES:
        path = f"/{lang}/my-proposals/{draft}/costs"
        wrong = {
            "costs-0-name": "Лавка",
            "costs-0-money": "багато",
            "costs-1-name": "",
            "costs-1-money": "300",
            "upkeep": "-5",
        }
        page = Page(client.send(path, wrong).text)
        assert {"#costs-0-money", "#costs-1-name", "#upkeep"} <= set(page.links)
        more = Page(client.send(path, {**wrong, "add_row": "yes"}).text)
        assert "costs-4-name" in more.ids or "costs-2-name" in more.ids
        assert "багато" in {field.get("value") for field in more.fields}
        too_dear = client.send(path, {"costs-0-name": "Усе", "costs-0-money": "9 999 999 999"})
        assert "#costs-0" in Page(too_dear.text).links
        assert facts(database, draft).cost == 999_999_999_900


def test_a_line_is_counted_from_the_price_list_and_keeps_its_price(
    client: CheckedClient, database: Database, draft: UUID
) -> None:
    def offer(grosze: int) -> None:
        with database.writing() as work:
            names = {"pl": "Ławka parkowa", "uk": "Лавка паркова"}
            service.put_price(
                work, key="bench", names=names, unit="piece", grosze=grosze, position=1
            )

    offer(420_000)
    priced = {"costs-0-name": "", "costs-0-money": "", "costs-0-price": "bench"}
    for lang in LANGUAGES:
        path = f"/{lang}/my-proposals/{draft}/costs"
        for number in ("", "0", "-2", "1,5", "²", "100000"):
            page = Page(client.send(path, {**priced, "costs-0-quantity": number}).text)
            assert "#costs-0-quantity" in page.links
        both = {**priced, "costs-0-quantity": "3", "costs-0-money": "5"}
        assert "#costs-0-money" in Page(client.send(path, both).text).links
        alone = {"costs-0-name": "Лавка", "costs-0-money": "5", "costs-0-quantity": "3"}
        assert "#costs-0-price" in Page(client.send(path, alone).text).links
    path = f"/uk/my-proposals/{draft}/costs"
    kept = {**priced, "costs-0-quantity": "3"}
    client.send(path, kept)
    (line,) = facts(database, draft).costs
    assert (line.name, line.grosze) == ("Лавка паркова × 3", 1_260_000)
    assert (line.price_key, line.quantity) == ("bench", 3)
    offer(500_000)
    client.send(path, kept)
    assert facts(database, draft).cost == 1_260_000
    client.send(path, {**kept, "costs-0-quantity": "4"})
    assert facts(database, draft).cost == 2_000_000
    assert "Лавка паркова × 4" in client.get(path).text


def test_documentation_is_a_cost_of_its_own_and_upkeep_stands_beside(
    client: CheckedClient, database: Database, draft: UUID, author: tuple[Actor, UUID]
) -> None:
    path = f"/uk/my-proposals/{draft}/costs"
    lines = {
        "costs-0-name": "Лавки",
        "costs-0-money": "40 000",
        "costs-0-kind": "work",
        "costs-1-name": "Проєкт",
        "costs-1-money": "2 000",
        "costs-1-kind": "documentation",
        "upkeep": "500",
    }
    assert "#costs-1-kind" in Page(client.send(path, {**lines, "costs-1-kind": "x"}).text).links
    client.send(path, lines)
    saved = facts(database, draft)
    assert [line.kind for line in saved.costs] == ["work", "documentation"]
    assert (saved.cost, saved.documentation, saved.upkeep) == (4_200_000, 200_000, 50_000)
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    shown = client.get(f"/en/proposals/{draft}").text
    assert "Of that documentation" in shown
    assert "Each year afterwards" in shown
    with database.reading() as session:
        (version,) = queries.list_versions(session, draft)
    assert version.content["costs"][1] == ["Проєкт", 200_000, "documentation"]


def test_a_stale_page_loses_nothing(client: CheckedClient, database: Database, draft: UUID) -> None:
    answer = client.post(
        f"/en/my-proposals/{draft}/access", data={"accessibility": "Все рівне", "csrf_token": "x"}
    )
    assert "Все рівне" in answer.text
    assert facts(database, draft).accessibility == TEXTS["accessibility"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_returned_proposal_is_corrected_under_the_words_of_the_office(
    client: CheckedClient, database: Database, draft: UUID, author: tuple[Actor, UUID], lang: str
) -> None:
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    return_it(database, make_assessor(database), draft)
    said = {"uk": "Додайте опис місця.", "ru": "Добавьте описание места."}
    asked = said.get(lang, "Proszę dodać opis miejsca.")
    base = f"/{lang}/my-proposals/{draft}"
    for page in ("", "/about", "/category", "/place", "/costs", "/access"):
        assert asked in client.get(base + page).text, page
    client.send(f"{base}/place", {"place": "Навпроти будинку 5", "point": ""})
    sent = client.send(f"{base}/check", follow=False)
    assert sent.status_code == 302
    assert facts(database, draft).state is ProposalState.SUBMITTED
    changes = client.get(f"/{lang}/proposals/{draft}/versions").text
    assert "<ins>Навпроти будинку </ins>" in changes
    assert "<del>Zachodnia </del>" in changes


def test_each_state_says_what_may_be_done_and_why_not(
    client: CheckedClient,
    database: Database,
    author: tuple[Actor, UUID],
    edition_id: UUID,
    clock: Clock,
) -> None:
    assessor = make_assessor(database)
    made = [make_submitted(database, *author, edition_id) for _ in range(5)]
    make_draft(database, *author, edition_id)
    return_it(database, assessor, made[1])
    admit(database, assessor, made[2])
    reject(database, assessor, made[3])
    with database.writing() as work:
        service.withdraw_proposal(work, author[0], proposal_id=made[4], at=NOW)
    for lang in LANGUAGES:
        clock.at = NOW
        page = client.page(f"/{lang}/my-proposals")
        assert f"/{lang}/my-proposals/{made[3]}/appeal" in page.links
        assert f"/{lang}/my-proposals/{made[2]}/withdraw" in page.links
        assert f"/{lang}/my-proposals/{made[1]}" in page.links
        assert f"/{lang}/my-proposals/{made[4]}/withdraw" not in page.links
        # A year later only the forgotten draft can still be thrown away.
        clock.at = NOW + timedelta(days=300)
        late = client.page(f"/{lang}/my-proposals")
        open_deeds = [x for x in late.links if x.endswith(("/withdraw", "/appeal"))]
        assert len(open_deeds) == 1


def test_the_door_of_a_late_page_says_why(
    client: CheckedClient, database: Database, draft: UUID, clock: Clock
) -> None:
    clock.at = NOW + timedelta(days=30)
    for page in ("", "/about", "/check"):
        answer = client.get(f"/en/my-proposals/{draft}{page}", follow_redirects=True)
        assert "only while submission is open" in answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_withdrawing_asks_once_more(
    client: CheckedClient, database: Database, draft: UUID, author: tuple[Actor, UUID], lang: str
) -> None:
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    path = f"/{lang}/my-proposals/{draft}/withdraw"
    client.page(path)
    assert facts(database, draft).state is ProposalState.SUBMITTED
    client.send(path)
    assert facts(database, draft).state is ProposalState.WITHDRAWN
    client.page(path)  # the second time it says why not


def test_others_find_no_such_page(new_client, database: Database, draft: UUID) -> None:
    stranger: CheckedClient = new_client()
    sign_in_as(stranger, database, make_account(database))
    for page in ("", "/about", "/check", "/sent", "/withdraw", "/polish", "/appeal"):
        stranger.page(f"/en/my-proposals/{draft}{page}", status=404)
    officer: CheckedClient = new_client()
    sign_in_as(officer, database, make_assessor(database))
    officer.page("/en/my-proposals", status=403)


def test_without_a_residence_one_is_led_to_it(
    new_client, database: Database, edition_id: UUID
) -> None:
    newcomer: CheckedClient = new_client()
    actor = make_account(database)
    sign_in_as(newcomer, database, actor)
    for lang in LANGUAGES:
        assert f"/{lang}/residence" in newcomer.page(f"/{lang}/my-proposals").links
        newcomer.send(f"/{lang}/my-proposals/start", {"scope": "city"})
    with database.reading() as session:
        assert queries.list_of_author(session, actor.account_id) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_editor_translates_and_the_author_agrees(
    client: CheckedClient,
    new_client,
    database: Database,
    draft: UUID,
    author: tuple[Actor, UUID],
    lang: str,
) -> None:
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    editor: CheckedClient = new_client()
    sign_in_as(editor, database, make_staff(database, Role.EDITOR))
    queue = editor.page(f"/{lang}/office/translations")
    path = f"/{lang}/office/translations/{draft}/pl"
    assert path in queue.links
    refused = Page(editor.send(path, {"approve": "yes", "title": ""}).text)
    assert "#title" in refused.links
    editor.send(path, POLISH_TEXTS)
    assert not facts(database, draft).words["pl"].is_reviewed
    assert POLISH_TEXTS["title"] not in client.get(f"/pl/proposals/{draft}").text
    editor.send(path, {**POLISH_TEXTS, "approve": "yes"})
    assert 'id="waiting-title"' in editor.get(f"/{lang}/office/translations").text
    wanted = "uk" if lang != "uk" else "en"
    assert (
        f"/{lang}/office/translations/{draft}/{wanted}"
        in (editor.page(f"/{lang}/office/translations?to={wanted}").links)
        or wanted == "uk"
    )  # the author wrote in Ukrainian
    assert POLISH_TEXTS["title"] in client.get(f"/pl/proposals/{draft}").text
    assert f"/{lang}/my-proposals/{draft}/polish" in client.page(f"/{lang}/my-proposals").links
    client.send(f"/{lang}/my-proposals/{draft}/polish")
    assert facts(database, draft).words["pl"].author_agreed_at == NOW
    client.page(f"/{lang}/my-proposals/{draft}/polish")
    client.page(f"/{lang}/proposals/{draft}?text=pl")
    editor.page(f"/{lang}/office/translations/{draft}/uk", status=404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_draw_of_numbers_can_be_redone_by_anybody(
    client: CheckedClient,
    new_client,
    database: Database,
    draft: UUID,
    author: tuple[Actor, UUID],
    clock: Clock,
    lang: str,
) -> None:
    with database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=draft, at=NOW)
    admit(database, make_assessor(database), draft)
    office: CheckedClient = new_client()
    sign_in_as(office, database, make_staff(database, Role.COORDINATOR))
    office.page(f"/{lang}/office/ballot-numbers")  # too early: it says so
    visitor: CheckedClient = new_client()
    visitor.page(f"/{lang}/editions/2026/ballot-order", status=404)
    clock.at = NOW + timedelta(days=8)
    path = f"/{lang}/office/ballot-numbers"
    assert "#list-seed_source" in Page(office.send(path, {"publish": "yes"}).text).links
    told = {"publish": "yes", "list-is_physical": "physical", "list-seed_source": "Losowanie"}
    early = {**told, "list-seed_at": "2020-01-01T12:00"}
    assert "#list-seed_at" in Page(office.send(path, early).text).links
    soon = (clock.at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    office.send(path, {**told, "list-seed_at": soon})
    visitor.page(f"/{lang}/editions/2026/ballot-order")
    drawn = {"draw": "yes", "draw-seed": "7 14 21"}
    assert "#draw-seed" in Page(office.send(path, drawn).text).links  # the day has not come
    clock.at += timedelta(days=2)
    assert "#draw-protocol" in Page(office.send(path, drawn).text).links
    protocol = "Magistrat, sala 5; komisja i troje mieszkańców; kule 7, 14, 21."
    office.send(path, {**drawn, "draw-protocol": protocol})
    assert facts(database, draft).ballot_number == 1
    office.page(path)
    shown = visitor.get(f"/{lang}/editions/2026/ballot-order").text
    assert "7 14 21" in shown
    assert protocol in shown
    assert visitor.get(f"/{lang}/editions/2026/ballot-order.pdf").data.startswith(b"%PDF")
    text = visitor.get(f"/{lang}/proposals/{draft}/voted-text.json").data
    assert (
        hashlib.sha256(text).hexdigest()
        in visitor.get(f"/{lang}/editions/2026/ballot-order.txt").text
    )
    listed = visitor.get(f"/{lang}/editions/2026/ballot-order.txt").text
    assert listed.startswith("d08\tBO.D8.1/26\t5000000\t")
