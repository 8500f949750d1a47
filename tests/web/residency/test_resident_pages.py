"""The resident's road through the pages: questions, proof, check, citizenship, reference, my residence."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from civic_budget.city.addresses import Stretch
from civic_budget.city.service import add_street
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.residency import citizenship, queries, service
from civic_budget.residency.models import ResidenceCase
from civic_budget.residency.queries import CaseFacts
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.rules import CaseState, Road
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, sign_in_as
from tests.builders_residency import last_signing_code, make_case
from tests.conftest import NOW
from tests.pages import CheckedClient, Page

LANGUAGES = ["pl", "en", "uk", "ru"]


@pytest.fixture
def account(database: Database, client: CheckedClient) -> Actor:
    make_city(database)
    account = make_account(database)
    sign_in_as(client, database, account)
    return account


def case_of(database: Database, account: Actor) -> CaseFacts:
    assert account.account_id is not None
    with database.reading() as session:
        person = queries.own_person(session, account.account_id)
        assert person is not None
        case = queries.find_last_case(session, person)
    assert case is not None
    return case


def begin(client: CheckedClient, database: Database, account: Actor, lang: str = "en") -> str:
    """Start a case; the address of its pages."""
    client.send(f"/{lang}/residence", to=f"/{lang}/residence/start")
    return f"/{lang}/residence/{case_of(database, account).reference}"


def tell_all(client: CheckedClient, base: str) -> None:
    client.send(f"{base}/name", {"given_names": "OLENA", "family_name": "KOVALENKO"})
    client.send(f"{base}/birth-date", {"birth_date": "2", "month": "4", "year": "1990"})
    client.send(f"{base}/sex", {"sex": "F"})
    client.send(f"{base}/address", {"street": "ul. Długa", "house": "40", "flat": "2"})


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(out, "JPEG")
    return out.getvalue()


def upload(client: CheckedClient, base: str, data: bytes, name: str, kind: str = "lease") -> Page:
    response = client.send(
        f"{base}/documents/add",
        {"kind": kind, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    return Page(response.text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_road_by_statement(
    client: CheckedClient, database: Database, account: Actor, lang: str
) -> None:
    base = begin(client, database, account, lang)
    tell_all(client, base)
    client.send(f"{base}/proof", {"road": "statement"})
    asked = client.send(f"{base}/statement", {"signature": "Olena Kovalenko"})
    assert asked.request.path.endswith("/statement/code")
    wrong = client.send(f"{base}/statement/code", {"code": "000000"})
    assert "error-summary" in wrong.text
    code = last_signing_code(database)
    checked = client.send(f"{base}/statement/code", {"code": f"{code[:3]} {code[3:]}"})
    assert checked.request.path.endswith("/check")
    assert "XVIII Nowa Huta" in checked.text and "Długa 40/2" in checked.text
    asked = client.send(f"{base}/check")
    assert asked.request.path.endswith("/citizenship")
    case = case_of(database, account)
    assert case.state is CaseState.SUBMITTED
    assert (case.district, case.road, case.language) == (18, Road.STATEMENT, lang)
    with database.reading() as session:
        signed = queries.find_statement(session, case.id)
    assert signed is not None and (signed.language, signed.confirmed_by) == (lang, "email")
    ukraine = {"pl": "Ukraina", "en": "Ukraine", "uk": "Україна", "ru": "Украина"}[lang]
    done = client.send(f"{base}/citizenship", {"codes": ukraine})
    assert case.reference in Page(done.text).text()
    with database.reading() as session:
        told = citizenship.read_for_own_page(session, account, case.person_id)
    assert told == ("UA",)
    assert ukraine in client.get(f"/{lang}/residence").text


def test_answers_survive_on_another_device(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    account: Actor,
) -> None:
    base = begin(client, database, account)
    client.send(f"{base}/name", {"given_names": "OLENA", "family_name": "KOVALENKO"})
    phone = new_client()
    sign_in_as(phone, database, account)
    page = phone.page("/en/residence")
    going_on = next(link for link in page.links if link.endswith("/birth-date"))
    assert phone.page(going_on).headings[0] == (1, "When were you born?")


def test_starting_twice_opens_one_case(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    base = begin(client, database, account)
    client.send(f"{base}/name", to="/en/residence/start")
    assert base.endswith(case_of(database, account).reference)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"birth_date": "30", "month": "2", "year": "1990"}, "There is no such day"),
        ({"birth_date": "1", "month": "1", "year": "2027"}, "This day is still to come"),
        ({"birth_date": "1", "month": "1", "year": "1890"}, "over 120 years"),
    ],
)
def test_a_wrong_birth_date_is_told_at_the_field_and_kept(
    client: CheckedClient, database: Database, account: Actor, answer: dict[str, str], words: str
) -> None:
    base = begin(client, database, account)
    page = client.send(f"{base}/birth-date", answer)
    assert words in page.text
    assert f'value="{answer["year"]}"' in page.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"street": "Marszałkowska", "house": "1"}, "We do not know “Marszałkowska” in Kraków"),
        ({"street": "Długa", "house": ""}, "Write the number of the house"),
    ],
)
def test_an_address_outside_the_list_gets_a_sentence_that_helps(
    client: CheckedClient, database: Database, account: Actor, answer: dict[str, str], words: str
) -> None:
    base = begin(client, database, account)
    assert words in client.send(f"{base}/address", answer).text


def test_another_name_does_not_sign(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    base = begin(client, database, account)
    tell_all(client, base)
    page = client.send(f"{base}/statement", {"signature": "Someone Else"})
    assert "Sign with the name that you gave" in page.text


def test_the_statement_stands_beside_its_polish_original(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    base = begin(client, database, account, "uk")
    tell_all(client, base)
    page = client.get(f"{base}/statement").text
    assert re.search(r'<div class="flow" lang="pl">.*Oświadczam', page, re.DOTALL)


def test_a_document_is_added_listed_and_removed(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    base = begin(client, database, account)
    tell_all(client, base)
    listed = upload(client, base, picture(), "lease.jpg")
    assert "Lease or loan-for-use agreement" in listed.text()
    case = case_of(database, account)
    with database.reading() as session:
        (file,) = queries.list_evidence(session, case.id)
    assert client.get(f"{base}/check").status_code == 200
    client.send(f"{base}/documents", to=f"{base}/documents/{file.id}/remove")
    with database.reading() as session:
        assert queries.list_evidence(session, case.id) == []


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"PK\x03\x04 a letter", "letter.docx", "document of an office program"),
        (b"%PDF-1.7 cut off", "letter.pdf", "The file is damaged or cut off"),
        (b"", "letter.pdf", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    client: CheckedClient,
    database: Database,
    account: Actor,
    data: bytes,
    name: str,
    words: str,
) -> None:
    base = begin(client, database, account)
    tell_all(client, base)
    page = upload(client, base, data, name, kind="school_letter")
    assert words in page.text()
    assert any(
        field.get("value") == "school_letter" and "checked" in field for field in page.fields
    )


def test_strangers_find_nothing_under_a_reference(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    account: Actor,
) -> None:
    base = begin(client, database, account)
    stranger = new_client()
    sign_in_as(stranger, database, make_account(database))
    for page in ("name", "check", "citizenship", "sent", "withdraw"):
        assert stranger.get(f"{base}/{page}").status_code == 404


def test_citizenships_are_added_removed_and_withdrawn(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    make_case(database, account)
    case = case_of(database, account)
    path = f"/en/residence/{case.reference}/citizenship"
    client.send(path, {"codes": "Ukraine", "add": "1"})
    client.send(path, {"codes": "poland", "add": "1"})
    wrong = client.send(path, {"codes": "Atlantis"})
    assert "Choose a country from the list" in wrong.text
    with database.reading() as session:
        assert citizenship.read_for_own_page(session, account, case.person_id) == ("UA", "PL")
    assert "cannot stand beside a country" in client.send(path, {"codes": "Stateless"}).text
    client.send(path, {"remove": "UA"})
    client.send(path, {"remove": "PL"})
    with database.reading() as session:
        assert citizenship.read_for_own_page(session, account, case.person_id) == ()


def test_a_request_for_more_is_answered(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    case_id = make_case(database, account, language="uk")
    with database.writing() as work:
        service.ask_for_more(
            work, SYSTEM, case_id=case_id, reason="second_proof", sentence="Ще один.", at=NOW
        )
    case = case_of(database, account)
    mine = client.get("/en/residence").text
    assert '<p lang="uk">Ще один.</p>' in mine
    client.send(f"/en/residence/{case.reference}/answer", {"words": "Here it is."})
    case = case_of(database, account)
    assert (case.state, case.words) == (CaseState.SUBMITTED, "Here it is.")


def test_a_changed_answer_asks_for_a_new_signature_and_says_so(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    case_id = make_case(database, account)
    with database.writing() as work:
        service.ask_for_more(
            work, SYSTEM, case_id=case_id, reason="name_differs", sentence="The name?", at=NOW
        )
    base = f"/en/residence/{case_of(database, account).reference}"
    assert "open again" not in client.get(f"{base}/answer").text
    same = client.send(f"{base}/name", {"given_names": "OLENA", "family_name": "KOVALENKO"})
    assert "counts no more" not in same.text
    changed = client.send(f"{base}/name", {"given_names": "OLHA", "family_name": "KOVALENKO"})
    assert changed.request.path.endswith("/statement")
    assert "the statement that you signed before counts no more" in changed.text
    refused = client.send(f"{base}/answer", {"words": "Corrected."}).text
    assert "Go to the open question first" in refused and "Corrected." in refused
    assert f"{base}/statement" in Page(refused).links
    client.send(f"{base}/statement", {"signature": "Olha Kovalenko"})
    client.send(f"{base}/statement/code", {"code": last_signing_code(database)})
    client.send(f"{base}/answer", {"words": "Corrected."})
    case = case_of(database, account)
    assert (case.state, case.answers.given_names) == (CaseState.SUBMITTED, "OLHA")


def test_a_refusal_is_shown_and_appealed(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    case_id = make_case(database, account)
    with database.writing() as work:
        service.refuse_case(
            work, SYSTEM, case_id=case_id, reason="outdated", sentence="It is old.", at=NOW
        )
    case = case_of(database, account)
    assert "It is old." in client.get("/en/residence").text
    path = f"/en/residence/{case.reference}/appeal"
    assert "Write in a sentence or two" in client.send(path, {"words": ""}).text
    client.send(path, {"words": "It is from May."})
    assert case_of(database, account).state is CaseState.APPEALED


def test_a_case_is_withdrawn_after_one_more_question(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    make_case(database, account)
    case = case_of(database, account)
    client.send(f"/en/residence/{case.reference}/withdraw")
    assert case_of(database, account).state is CaseState.WITHDRAWN


def test_the_language_switch_keeps_what_was_typed(
    client: CheckedClient, database: Database, account: Actor, app: Flask
) -> None:
    base = begin(client, database, account)
    page = client.send(
        f"{base}/name", {"given_names": "HALF TYPED", "_language": "en"}, follow=False
    )
    assert page.status_code == 200
    assert 'value="HALF TYPED"' in page.text
    assert case_of(database, account).answers.given_names == ""


def test_where_the_list_leaves_the_district_open_the_person_chooses(
    client: CheckedClient, database: Database, account: Actor
) -> None:
    with database.writing() as work:
        add_street(work, name="Graniczna", stretches=[Stretch(8), Stretch(18)])
    page = begin(client, database, account) + "/address"
    answer = {"street": "graniczna", "house": "14a"}
    asked = client.send(page, answer).text
    assert "Graniczna lies in more than one district" in asked
    assert "VIII Dębniki" in asked and "XVIII Nowa Huta" in asked and 'value="14a"' in asked
    assert "lies in more than one district" in client.send(page, {**answer, "district": "4"}).text
    reference = page.split("/")[3]
    for chosen in ("18", "8"):
        assert client.send(page, {**answer, "district": chosen}, follow=False).status_code == 302
        with database.reading() as session:
            case = session.scalars(
                select(ResidenceCase).where(ResidenceCase.reference == reference)
            ).one()
            told = answers_of(session, case)
        assert told.district == int(chosen) and told.address is not None
        assert (told.address.street, told.address.district) == ("Graniczna", None)
    # A street of one district stays in it, whatever somebody sends.
    client.send(page, {"street": "Zachodnia", "house": "5", "district": "18"})
    with database.reading() as session:
        case = session.scalars(
            select(ResidenceCase).where(ResidenceCase.reference == reference)
        ).one()
        assert answers_of(session, case).district == 8
