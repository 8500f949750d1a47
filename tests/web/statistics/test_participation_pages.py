"""Public pages of participation: what leads, figures and their twins, the embargo, the same for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.statistics import labels, queries, service
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.views.reading import QUESTIONS
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_statistics import make_published, past_release
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

LANGUAGES = ["pl", "en", "uk", "ru"]
PAGES = ["", *(f"/{question.slug}" for question in QUESTIONS), "/method", "/technical"]
LEAD = {
    "pl": r"nie podał[oa]? obywatelstwa",
    "en": "gave no citizenship",
    "uk": "не вказал[аио] громадянств",
    "ru": "не указал[аио] гражданств",
}


@pytest.fixture
def published(database: Database) -> UUID:
    """A public edition of 2025."""
    make_city(database)
    return make_published(database)


def own_part(client: CheckedClient, path: str) -> str:
    """The words of a page's main part."""
    html = client.get(path).text
    return html[html.index("<main") : html.index("</main>")]


def test_before_the_first_publication_the_page_says_so(
    client: CheckedClient, database: Database
) -> None:
    assert "Nothing is published yet" in client.page("/en/participation").text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(
    client: CheckedClient, published: UUID, language: str
) -> None:
    for page in PAGES:
        found = client.page(f"/{language}/participation/2025{page}")
        assert found.lang == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_share_that_gave_no_citizenship_leads_every_page(
    client: CheckedClient, published: UUID, language: str
) -> None:
    for page in PAGES:
        if page == "/technical":
            continue
        html = own_part(client, f"/{language}/participation/2025{page}")
        lead = re.search(LEAD[language], html)
        assert lead is not None, page
        first_chart = html.find('class="chart"')
        assert first_chart == -1 or lead.start() < first_chart, page


def test_the_address_without_an_edition_leads_to_the_latest_public_one(
    client: CheckedClient, published: UUID, database: Database
) -> None:
    make_published(database, year=2024)
    make_edition(database, Phase.VOTING)
    answer = client.get("/en/participation")
    assert answer.headers["Location"].endswith("/en/participation/2025")


def test_numbers_on_the_page_are_the_published_ones(
    app: Flask, client: CheckedClient, published: UUID, database: Database
) -> None:
    html = own_part(client, "/en/participation/2025/voted")
    with database.reading() as session, app.test_request_context("/en/"):
        publication = queries.get_publication(session, published)
        for code in publication.classes.order:
            assert labels.say_estimate(publication.sum("voters", cls=code)) in html
            assert labels.class_name(code) in html


def test_analysts_read_the_same_page_and_nobody_anything_sooner(
    app: Flask,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    published: UUID,
    database: Database,
    clock: Clock,
) -> None:
    analyst = new_client()
    sign_in_as(analyst, database, make_staff(database, Role.ANALYST))
    for page in PAGES:
        path = f"/en/participation/2025{page}"
        assert own_part(client, path) == own_part(analyst, path)
    clock.at = NOW - timedelta(days=30)  # before the results
    sign_in_as(analyst, database, make_staff(database, Role.ANALYST), at=clock.at)
    for visitor in (client, analyst):
        for page in PAGES:
            visitor.page(f"/en/participation/2025{page}", status=404)
        for name in ("V1.csv", "V1.json", "release.json"):
            assert visitor.get(f"/open-data/participation/2025/{name}").status_code == 404
    assert "embargo" in analyst.page("/en/office/statistics").text()


@pytest.mark.parametrize("path", ["2026", "2025/nothing", "none"])
def test_what_is_not_published_is_not_found(
    client: CheckedClient, published: UUID, database: Database, path: str
) -> None:
    make_edition(database, Phase.VOTING)
    client.page(f"/en/participation/{path}", status=404)


@pytest.mark.parametrize("page", ["districts", "ages", "days"])
def test_a_reader_picks_a_sealed_class_and_nothing_else(
    client: CheckedClient, published: UUID, page: str
) -> None:
    base = f"/uk/participation/2025/{page}"
    assert "Грузія" not in str(client.page(f"{base}?class=UA").headings)
    assert "Україна" in str(client.page(f"{base}?class=UA").headings)
    for wrong in ("FR%27", "GE,UA", "PL", "ZZ", "rest:nowhere", "KP"):
        client.page(f"{base}?class={wrong}", status=404)


def test_a_small_number_is_told_as_fewer_than_and_drawn_as_protected(
    client: CheckedClient, published: UUID
) -> None:
    html = own_part(client, "/en/participation/2025/ages?class=UA")
    assert "fewer than 10" in html
    html = own_part(client, "/en/participation/2025/proposed")
    assert "fewer than" in html
    assert "protected-mark" in html


def test_every_chart_has_its_twin_and_its_files(client: CheckedClient, published: UUID) -> None:
    for question in QUESTIONS:
        html = own_part(client, f"/en/participation/2025/{question.slug}")
        charts = html.count('class="chart"')
        assert html.count("<table") >= charts
        if question.slug != "comparison":
            assert charts > 0
            assert html.count('class="downloads"') == charts


def test_a_first_edition_is_a_baseline(client: CheckedClient, published: UUID) -> None:
    text = client.page("/en/participation/2025/comparison").text()
    assert "This edition is a baseline" in text
    assert "Smallest visible changes" in text


def test_two_editions_are_compared_with_what_the_difference_is_worth(
    client: CheckedClient, published: UUID, database: Database
) -> None:
    make_published(database, year=2024, made=past_release("2024", seed=8))
    text = client.page("/en/participation/2025/comparison").text()
    assert "within the margin: it may be chance" in text
    assert "This edition is a baseline" not in text
    much = past_release("2023", people=20_000, seed=9)
    make_published(database, year=2026, made=past_release("2026", people=20_000, seed=9))
    assert much.edition == "2023"
    text = client.page("/en/participation/2026/comparison").text()
    assert "larger than the margin" in text


def test_two_groups_are_set_side_by_side_with_what_the_difference_is_worth(
    client: CheckedClient, published: UUID
) -> None:
    base = "/en/participation/2025/groups"
    text = client.page(f"{base}?class=UA&with=PL").text()
    assert "is larger than the margin." in text
    assert "Voters of the registered" in text
    same = client.page(f"{base}?class=UA&with=UA").text()
    assert "is within the margin: it may be chance." in same
    assert client.get(f"{base}?class=UA&with=GE1").status_code == 404


def test_outside_registers_are_shown_as_an_interval_with_their_sources(
    client: CheckedClient, published: UUID, database: Database
) -> None:
    for source, people in (("Register A", 2_900), ("Register B", 3_630)):
        with database.writing() as work:
            service.import_register(
                work,
                SYSTEM,
                residents=Residents(source, date(2025, 6, 30), "insured", "city", {"UA": people}),
                is_basis=False,
                at=NOW,
            )
    html = own_part(client, "/en/participation/2025/rates")
    assert "Register A, 2025-06-30" in html
    assert "Register B, 2025-06-30" in html
    assert html.count('class="chart"') == 2


def test_the_method_says_what_is_protected(client: CheckedClient, published: UUID) -> None:
    text = client.page("/en/participation/2025/method").text()
    assert "Nobody can find out from these figures which citizenship" in text
    assert "never drawn again and is not stored anywhere" in text


def test_the_technical_note_prints_what_was_really_sealed(
    client: CheckedClient, published: UUID, database: Database
) -> None:
    html = own_part(client, "/en/participation/2025/technical")
    with database.reading() as session:
        release = queries.get_release(session, published)
    assert release.seals[-1].sha256 in html
    for seal in release.seals:
        assert f'<th scope="row">{seal.table}</th>' in html
        assert f'<td class="n">{float(seal.eps):g}</td>' in html


@pytest.mark.parametrize("people", [600, 6_000, 60_000])
def test_few_and_many_classes_have_a_page(
    client: CheckedClient, database: Database, people: int
) -> None:
    make_city(database)
    make_published(database, made=past_release("2025", people=people))
    for page in PAGES:
        client.page(f"/pl/participation/2025{page}")
