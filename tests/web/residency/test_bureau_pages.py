"""The bureau's pages: many claims at once, lists in four languages, draws, figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.residency import citizenship, queries, service
from civic_budget.residency.models import ResidenceCase
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries.figures import get_figures
from civic_budget.residency.rules import CaseState, Road
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import claim, make_case, make_identity
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

QUEUE = "/en/office/residence"
LISTS = "/en/office/residence-settings/lists"
NAMES = [("BORYS", "TKACHUK"), ("ANNA", "NOWAK"), ("RAHUL", "SHARMA"), ("MARTA", "ZIELIŃSKA")]


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def cases(database: Database, count: int, *, language: str = "en") -> list[UUID]:
    """Sent cases of different people."""
    return [
        make_case(
            database, make_account(database), identity=make_identity(*name), language=language
        )
        for name in NAMES[:count]
    ]


def reference_of(database: Database, case_id: UUID) -> str:
    with database.reading() as session:
        return queries.get_case(session, case_id).reference


def test_picked_cases_are_taken_and_what_a_colleague_holds_is_told(
    client: CheckedClient, city: Database
) -> None:
    officer, colleague = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    sign_in_as(client, city, officer)
    found = cases(city, 3)
    claim(city, colleague, found[2])
    references = [reference_of(city, case) for case in found]
    page = Page(client.get(QUEUE).text)
    assert any(form.get("action", "").endswith("/take") for form in page.forms)
    told = client.send(QUEUE, {"case": [*references, "R-ZZZZ-ZZZZ"]}, to=f"{QUEUE}/take")
    assert "You have taken 2 cases." in told.text
    assert f"{references[2]}: Another officer has just taken this case" in told.text
    with city.reading() as session:
        holders = [queries.get_case(session, case).claimed_by for case in found]
    assert holders == [officer.account_id, officer.account_id, colleague.account_id]
    nothing = client.send(QUEUE, {}, to=f"{QUEUE}/take")
    assert "Pick at least one case first." in nothing.text


def test_keys_on_the_page_lead_somewhere(client: CheckedClient, city: Database) -> None:
    officer = make_staff(city, Role.OFFICER)
    sign_in_as(client, city, officer)
    (case,) = cases(city, 1)
    text = client.get(QUEUE).text
    for key in ("n", "j", "t", "/"):
        assert f"<kbd>{key}</kbd>" in text and f'data-key="{key}"' in text
    claim(city, officer, case)
    opened = client.get(f"{QUEUE}/{reference_of(city, case)}").text
    for key in ("c", "a", "r", "g"):
        assert f"<kbd>{key}</kbd>" in opened and f'data-key="{key}"' in opened


def test_the_queue_filters_by_flag_and_purpose(client: CheckedClient, city: Database) -> None:
    sign_in_as(client, city, make_staff(city, Role.OFFICER))
    first, other = cases(city, 2)
    twin = make_case(city, make_account(city), identity=make_identity(*NAMES[0]))
    flagged = client.get(f"{QUEUE}?flag=duplicate&purpose=first").text
    assert reference_of(city, twin) in flagged
    assert reference_of(city, first) not in flagged and reference_of(city, other) not in flagged
    assert reference_of(city, other) not in client.get(f"{QUEUE}?purpose=move").text


def test_the_next_case_is_never_ones_own_or_a_friends(city: Database) -> None:
    officer = make_staff(city, Role.OFFICER)
    assert officer.account_id is not None
    friend, stranger = cases(city, 2)
    with city.writing() as work:
        service.declare_interest(work, officer, case_id=friend, at=NOW)
    with city.reading() as session:
        limits = queries.get_limits(session)
        found = queries.next_case(session, limits, officer=officer.account_id, at=NOW)
    assert found == stranger


def test_a_citys_own_kind_of_proof_and_reason_reach_people_in_their_language(
    client: CheckedClient, new_client: Callable[[], CheckedClient], city: Database
) -> None:
    sign_in_as(client, city, make_staff(city, Role.COORDINATOR))
    for lang in ("pl", "en", "uk", "ru"):
        for catalogue in Catalogue:
            page = f"/{lang}/office/residence-settings/lists/{catalogue}"
            assert client.get(page).status_code == 200
            assert client.get(f"{page}/add").status_code == 200
    words = {"name_pl": "List od parafii", "name_en": "Parish letter", "name_uk": "Лист парафії"}
    hints = {f"text_{code}": f"hint {code}" for code in ("pl", "en", "uk", "ru")}
    typed = {"code": "parish_letter", "is_offered": "y", "confirms_alone": "y", **words, **hints}
    half = client.send(f"{LISTS}/proof/add", typed)
    assert "Write it in all four languages" in half.text and "Лист парафії" in half.text
    client.send(f"{LISTS}/proof/add", typed | {"name_ru": "Письмо прихода"})
    with city.reading() as session:
        assert "parish_letter" in queries.offered_codes(session, Catalogue.PROOF)
    officer = make_staff(city, Role.OFFICER)
    browser = new_client()
    sign_in_as(browser, city, officer)
    reason = {f"name_{code}": "Empty flat" for code in ("pl", "en", "uk", "ru")}
    said = {"text_pl": "Mieszkanie stoi puste.", "text_en": "The flat is empty."}
    said |= {"text_uk": "Помешкання порожнє.", "text_ru": "Квартира пуста."}
    client.send(f"{LISTS}/refusal/add", {"code": "empty_flat", "is_offered": "y", **reason, **said})
    (case,) = cases(city, 1, language="uk")
    claim(city, officer, case)
    draft = browser.get(f"{QUEUE}/{reference_of(city, case)}/refuse?reason=empty_flat").text
    assert "Помешкання порожнє." in draft


def test_words_that_were_not_changed_stay_the_products(
    client: CheckedClient, city: Database
) -> None:
    sign_in_as(client, city, make_staff(city, Role.ADMINISTRATOR))
    path = f"{LISTS}/proof/lease"
    fields = {
        field["name"]: field.get("value", "")
        for form in Page(client.get(path).text).forms
        for field in form["fields"]
        if field.get("name", "").startswith("name_")
    }
    assert fields["name_en"] == "Lease or loan-for-use agreement"
    client.send(path, {**fields, "needs_landlord": "y", "confirms_alone": "y"})
    with city.reading() as session:
        lease = next(o for o in queries.list_options(session, Catalogue.PROOF) if o.code == "lease")
    assert not lease.is_offered and not lease.names


def test_the_draw_from_fixing_the_list_to_the_second_look(
    client: CheckedClient, new_client: Callable[[], CheckedClient], city: Database, clock: Clock
) -> None:
    first, second = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    (case,) = cases(city, 1)
    claim(city, first, case)
    with city.writing() as work:
        service.confirm_case(work, first, case_id=case, at=NOW)
    coordinator, officer, visitor = new_client(), new_client(), new_client()
    sign_in_as(coordinator, city, make_staff(city, Role.COORDINATOR))
    sign_in_as(officer, city, second)
    draws = "/en/office/residence-settings/draws"
    coordinator.send(draws, {"source": "Lotto of 21 May", "permille": "1000"})
    assert "Lotto of 21 May" in visitor.get("/en/residence-checks").text
    clock.at = NOW + timedelta(days=2)
    coordinator.send(draws, {"seed": "3 11 24 30 41 49"})
    reference = reference_of(city, case)
    for lang in ("pl", "en", "uk", "ru"):
        page = visitor.get(f"/{lang}/residence-checks?reference={reference}").text
        assert "3 11 24 30 41 49" in page
    assert "below 1000: drawn" in visitor.get(f"/en/residence-checks?reference={reference}").text
    listed = officer.get(f"{QUEUE}?tab=checks").text
    assert reference in listed and "after a complaint" not in listed
    path = f"{QUEUE}/{reference}"
    officer.send(path, to=f"{path}/claim")
    opened = officer.get(path)
    assert "You are the second officer" in opened.text and "BORYS" in opened.text
    upheld = officer.send(path, {"points": ["name", "address", "flags"]}, to=f"{path}/uphold")
    assert "the confirmation holds" in upheld.text
    listed = coordinator.get(draws).text
    download = next(part for part in listed.split('"') if part.endswith(".txt"))
    assert coordinator.get(download).text == f"{reference}\n"
    assert officer.get(download).status_code == 403


def decide(database: Database, officer: Actor, case_id: UUID, reason: str | None) -> None:
    claim(database, officer, case_id)
    with database.writing() as work:
        if reason is None:
            service.confirm_case(work, officer, case_id=case_id, at=NOW)
        else:
            service.refuse_case(
                work, officer, case_id=case_id, reason=reason, sentence="No.", at=NOW
            )


def test_figures_count_work(client: CheckedClient, city: Database) -> None:
    officer, other = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    sign_in_as(client, city, officer)
    one, two, three, _waits = cases(city, 4)
    decide(city, officer, one, None)
    decide(city, officer, two, "outdated")
    decide(city, officer, three, "outdated")
    account = queries_account(city, two)
    with city.writing() as work:
        service.appeal(work, account, case_id=two, words="It is new.", at=NOW)
    claim(city, other, two)
    with city.writing() as work:
        service.confirm_case(work, other, case_id=two, at=NOW)
    with city.reading() as session:
        figures = get_figures(
            session, queries.get_limits(session), since=NOW - timedelta(days=1), at=NOW
        )
    assert figures.waiting == 1 and dict(figures.waiting_by_road) == {Road.STATEMENT: 1}
    assert figures.refusals == (("outdated", 2),)
    assert (figures.appeals_allowed, figures.appeals_decided) == (1, 1)
    assert figures.decided_per_day[-1][1] == 4
    for lang in ("pl", "en", "uk", "ru"):
        assert client.get(f"/{lang}/office/residence-figures").status_code == 200


def queries_account(database: Database, case_id: UUID) -> Actor:
    with database.reading() as session:
        return Actor(queries.get_case(session, case_id).account_id)


def test_figures_do_not_know_language_or_citizenship(client: CheckedClient, city: Database) -> None:
    """The same work by people of any language and citizenship gives the same page, byte by byte."""
    sign_in_as(client, city, make_staff(city, Role.OFFICER))
    found = cases(city, 3)
    before = figures_page(client)
    with city.writing() as work:
        said = zip(found, ("uk", "ru", "pl"), ("UA", "BY", "IN"), strict=True)
        for case_id, language, country in said:
            case = queries.get_case(work.session, case_id)
            person = Actor(case.account_id)
            citizenship.answer(work, person, person_id=case.person_id, codes=[country], at=NOW)
            work.session.get_one(ResidenceCase, case_id).language = language
    assert figures_page(client) == before


def figures_page(client: CheckedClient) -> str:
    text = client.get("/en/office/residence-figures").text
    return text[text.index("<main") : text.index("</main>")]


def test_a_document_that_does_not_confirm_alone_needs_a_second_one(
    client: CheckedClient, city: Database
) -> None:
    officer, account = make_staff(city, Role.OFFICER), make_account(city)
    sign_in_as(client, city, officer)
    case_id = make_case(city, account, road=Road.DOCUMENT)
    add_document(city, account, case_id, "bill_transfer")
    claim(city, officer, case_id)
    path, points = f"{QUEUE}/{reference_of(city, case_id)}", ["name", "address", "date", "whole"]
    assert "The title names rent or bills" in client.get(path).text
    said = client.send(path, {"points": [*points, "transfer"]}, to=f"{path}/confirm")
    assert "This kind of document is not enough alone" in said.text
    add_document(city, account, case_id, "university_certificate")
    client.send(path, {"points": [*points, "transfer", "year"]}, to=f"{path}/confirm")
    with city.reading() as session:
        assert queries.get_case(session, case_id).state is CaseState.CONFIRMED


def add_document(database: Database, account: Actor, case_id: UUID, kind: str) -> None:
    """A document is asked for and comes; its pages are of no interest here."""
    with database.writing() as work:
        service.ask_for_more(
            work, SYSTEM, case_id=case_id, reason="second_proof", sentence="More.", at=NOW
        )
        service.add_evidence(
            work,
            account,
            case_id=case_id,
            vault_id=uuid4().hex,
            kind=kind,
            page_count=1,
            at=NOW,
        )
        service.answer_request(work, account, case_id=case_id, words="", at=NOW)
