"""The office prepares an edition on its pages; the public reads it; two people correct it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from civic_budget.config import LANGUAGES
from civic_budget.editions import service
from civic_budget.editions.drafts import get_draft, list_corrections
from civic_budget.editions.queries import get_edition, get_edition_by_slug
from civic_budget.editions.rules import Milestone, Phase, city_time
from civic_budget.kernel.actor import Actor, Role
from civic_budget.results.importing import import_edition, read_sources
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_edition, make_staff, sign_in_as
from tests.builders_editions import CITY, DISTRICT, write_files
from tests.conftest import NOW
from tests.pages import CheckedClient, Page

PAGES = ("", "/calendar", "/pools", "/ballot", "/texts", "/sources", "/check", "/rule")


def draft_of(database: Database, actor: Actor, *, is_training: bool = False) -> None:
    make_city(database)
    earlier = make_edition(database, Phase.RESULTS)
    with database.writing() as work:
        service.prepare_edition(
            work,
            actor,
            slug="2027",
            year=2027,
            names={"pl": "Edycja 2027", "en": "Edition 2027", "uk": "2027", "ru": "2027"},
            copy_of=earlier,
            is_training=is_training,
            at=NOW,
        )


def coordinator(client: CheckedClient, database: Database) -> Actor:
    actor = make_staff(database, Role.COORDINATOR)
    sign_in_as(client, database, actor)
    return actor


def import_election(database: Database, folder: Path) -> None:
    files = write_files(folder, d=DISTRICT, c=CITY)
    with database.writing() as work:
        import_edition(work, read_sources(files), name="Kraków 2019", at=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_office_is_whole_in_each_language(
    client: CheckedClient, database: Database, language: str, tmp_path: Path
) -> None:
    actor = coordinator(client, database)
    draft_of(database, actor)
    import_election(database, tmp_path)
    for page in PAGES:
        assert client.get(f"/{language}/office/editions/2027{page}").status_code == 200, page
    for page in ("editions", "editions/new", "categories", "categories/new"):
        assert client.get(f"/{language}/office/{page}").status_code == 200, page
    for page in ("corrections", "corrections/new"):
        assert client.get(f"/{language}/office/editions/2026/{page}").status_code == 200, page
    tried = f"/{language}/office/editions/2027/rule?preset=krakow&tried=krakow-2019"
    for preset in ("krakow", "wieliczka", "gdynia", "swiecie"):
        assert client.get(tried.replace("krakow&", f"{preset}&")).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_pages_are_whole_in_each_language(
    client: CheckedClient, database: Database, language: str, tmp_path: Path
) -> None:
    make_city(database)
    make_edition(database, Phase.VOTING)
    import_election(database, tmp_path)
    for path in ("editions", "editions/2026", "editions/krakow-2019", ""):
        assert client.get(f"/{language}/{path}").status_code == 200, path
    assert client.get(f"/{language}/editions/2031").status_code == 404


def test_an_imported_edition_has_catalogue_results_and_downloads_like_any_other(
    client: CheckedClient, database: Database, tmp_path: Path
) -> None:
    make_city(database)
    import_election(database, tmp_path)
    catalogue = client.page("/pl/editions/krakow-2019/proposals")
    assert "Plac zabaw" in catalogue.text()
    results = client.page("/pl/editions/krakow-2019/results")
    assert "Dębniki" in results.text()
    for kind in ("csv", "json", "pb"):
        file = client.get(f"/pl/editions/krakow-2019/results/files/d08.{kind}")
        assert file.status_code == 200
        assert "BO.D8.9/19" in file.text


def test_from_a_copy_to_a_public_edition(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    tmp_path: Path,
) -> None:
    make_city(database)
    make_edition(database, Phase.RESULTS)
    import_election(database, tmp_path)
    coordinator(client, database)
    boss = new_client()
    sign_in_as(boss, database, make_staff(database, Role.ADMINISTRATOR))
    with database.reading() as session:
        copied = str(get_edition_by_slug(session, "2026").id)
    client.send("/en/office/editions/new", {"slug": "2027", "year": "2027", "copy_of": copied})
    office = "/en/office/editions/2027"
    client.send(
        f"{office}/pools",
        {
            "money_city": "10 000 000",
            "min_cost_city": "25000",
            "max_cost_city": "2 000 000,50",
            "signatures_city": "30",
            "money_d08": "3000000",
            "max_cost_d08": "1200000",
            "money_d18": "",
        },
    )
    with database.reading() as session:
        draft = get_draft(session, "2027")
    assert [(p.scope, p.money, p.max_cost, p.signatures) for p in draft.pools] == [
        ("city", 1_000_000_000, 200_000_050, 30),
        ("d08", 300_000_000, 120_000_000, 0),
    ]
    client.send(
        "/en/office/categories/new",
        {
            "code": "sport",
            "position": "1",
            **{f"name_{code}": "Sport" for code in LANGUAGES},
        },
    )
    for browser in (client, boss):
        blocked = browser.send(f"{office}/check", to="/en/office/editions/2027/publish")
        assert blocked.status_code in {200, 403}
        path = f"{office}/rule?preset=krakow&tried=krakow-2019"
        said = browser.send(path, {"preset": "krakow", "tried": "krakow-2019"})
        assert "equal in 2 of 2 pools" in said.text
    assert new_client().get("/en/editions/2027").status_code == 404
    boss.send(f"{office}/check", to="/en/office/editions/2027/publish")
    shown = Page(new_client().get("/uk/editions/2027").text)
    assert "VIII Dębniki" in shown.text()
    assert client.send(f"{office}/pools", {"money_city": "1"}).text.count("error-summary") >= 1


def test_wrong_amounts_stay_on_the_page_with_a_sentence_at_their_field(
    client: CheckedClient, database: Database
) -> None:
    draft_of(database, coordinator(client, database))
    typed = {"money_city": "much", "max_cost_city": "5"}
    page = Page(client.send("/ru/office/editions/2027/pools", typed).text)
    field = next(f for f in page.fields if f.get("name") == "money_city")
    assert (field["value"], field["aria-invalid"]) == ("much", "true")
    assert page.title.startswith("Ошибка:")


def test_the_usual_share_fills_the_districts_and_saves_nothing(
    client: CheckedClient, database: Database
) -> None:
    draft_of(database, coordinator(client, database))
    typed = {"money_d08": "1 000 000", "money_city": "9000000", "fill": "usual"}
    page = Page(client.send("/pl/office/editions/2027/pools", typed).text)
    values = {f.get("name"): f.get("value") for f in page.fields}
    assert values["max_cost_d08"] == "400\u00a0000"
    with database.reading() as session:
        assert get_draft(session, "2027").pool("d08") != 100_000_000


def test_times_are_typed_on_the_citys_clock(client: CheckedClient, database: Database) -> None:
    draft_of(database, coordinator(client, database))
    with database.reading() as session:
        held = get_draft(session, "2027").moments
    typed = {m.value: city_time(t).strftime("%Y-%m-%dT%H:%M") for m, t in held.items()}
    typed["voting_closes"] = "2027-05-12T23:59"
    client.send("/pl/office/editions/2027/calendar", typed)
    with database.reading() as session:
        moment = get_draft(session, "2027").moments[Milestone.VOTING_CLOSES]
    assert moment.isoformat() == "2027-05-12T21:59:59+00:00"
    skipped = client.send(
        "/en/office/editions/2027/calendar", {"voting_closes": "2027-03-28T02:30"}
    )
    assert "this hour does not exist" in skipped.text


def test_a_source_stands_on_the_public_page(client: CheckedClient, database: Database) -> None:
    actor = coordinator(client, database)
    draft_of(database, actor)
    path = "/pl/office/editions/2027/sources"
    cited = {
        "setting": "ballot",
        "act": "Uchwała nr XXX/1/26",
        "paragraph": "§ 12",
        "link": "javascript:alert(1)",
    }
    assert "error-summary" in client.send(path, cited).text
    client.send(path, {**cited, "link": "https://www.bip.krakow.pl/"})
    with database.reading() as session:
        assert get_draft(session, "2027").sources["ballot"].paragraph == "§ 12"
    with database.writing() as work:
        from civic_budget.kernel.actor import SYSTEM

        draft = get_draft(work.session, "2027")
        service.publish_edition(work, SYSTEM, edition_id=draft.id, at=NOW)
    assert "Uchwała nr XXX/1/26, § 12" in client.get("/uk/editions/2027").text


def test_a_correction_is_proposed_by_one_and_signed_by_another(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    coordinator(client, database)
    make_city(database)
    edition_id = make_edition(database, Phase.VOTING)
    with database.reading() as session:
        closes = get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES)
    later = (city_time(closes) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")
    office = "/en/office/editions/2026/corrections"
    client.send(f"{office}/new", {"voting_closes": later, "reason_pl": "Awaria."})
    with database.reading() as session:
        (one,) = list_corrections(session, edition_id)
    assert [change.setting for change in one.changes] == ["milestone:voting_closes"]
    own = client.send(office, {"answer": "sign"}, to=f"{office}/1")
    assert "A second person must sign" in own.text
    assert "Awaria." not in new_client().get("/pl/editions/2026").text
    second = new_client()
    sign_in_as(second, database, make_staff(database, Role.ADMINISTRATOR))
    second.send(office, {"answer": "sign"}, to=f"{office}/1")
    shown = new_client().get("/pl/editions/2026")
    assert "Awaria." in shown.text
    with database.reading() as session:
        moved = get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES)
    assert city_time(moved).strftime("%Y-%m-%dT%H:%M") == later


def test_a_training_edition_is_marked(client: CheckedClient, database: Database) -> None:
    draft_of(database, coordinator(client, database), is_training=True)
    assert "Nothing done here counts" in client.get("/en/office/editions/2027").text
    assert "Nothing done here counts" not in client.get("/en/office/editions/2026").text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.OFFICER, "calendar", 403),
        (Role.ADMINISTRATOR, "pools", 403),
        (Role.ADMINISTRATOR, "check", 200),
        (Role.COORDINATOR, "pools", 200),
    ],
)
def test_doors(
    client: CheckedClient, database: Database, role: Role, path: str, status: int
) -> None:
    draft_of(database, make_staff(database, Role.COORDINATOR))
    sign_in_as(client, database, make_staff(database, role))
    assert client.get(f"/en/office/editions/2027/{path}").status_code == status


def test_residents_do_not_see_the_office(client: CheckedClient, database: Database) -> None:
    draft_of(database, make_staff(database, Role.COORDINATOR))
    sign_in_as(client, database, make_account(database))
    assert client.get("/en/office/editions").status_code == 403
    assert client.get("/en/editions/2027").status_code == 404
