"""The officers' pages: queue, claim, documents through the evidence process, decisions."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from civic_budget.config import Settings
from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency import queries, service
from civic_budget.residency.evidence import ensure_identity, open_reader, open_vault
from civic_budget.residency.evidence_process import EvidenceProcess
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.models import EvidenceView
from civic_budget.residency.queries import CaseFacts
from civic_budget.residency.rules import CaseState, Road
from civic_budget.residency.viewing import make_authorise
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import claim, make_case, make_identity
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

POINTS = ["name", "address", "date", "whole"]
STATEMENT_POINTS = ["name", "address", "flags"]


@pytest.fixture
def officer(database: Database, client: CheckedClient) -> Actor:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    officer = make_staff(database, Role.OFFICER)
    sign_in_as(client, database, officer)
    return officer


def test_the_start_page_says_what_waits_and_by_when(
    client: CheckedClient, database: Database, officer: Actor, clock: Clock
) -> None:
    assert "Nothing waits." in client.get("/en/office").text
    for name in ("OLENA", "BORYS"):
        make_case(database, make_account(database), identity=make_identity(name, "TKACHUK"))
    text = client.get("/en/office").text
    assert "2 matters wait." in text and "The nearest deadline:" in text
    clock.at = NOW + timedelta(days=90)
    sign_in_as(client, database, officer)
    assert "Overdue since" in client.get("/en/office").text
    for lang, waits in (("pl", "Czekają 2 sprawy."), ("uk", "Чекають 2 справи.")):
        assert waits in client.get(f"/{lang}/office").text


def get_case(database: Database, case_id: UUID) -> CaseFacts:
    with database.reading() as session:
        return queries.get_case(session, case_id)


def path_of(database: Database, case_id: UUID, lang: str = "en") -> str:
    return f"/{lang}/office/residence/{get_case(database, case_id).reference}"


def test_the_queue_is_ordered_by_deadline_and_shows_no_names(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    late = make_case(database, make_account(database), at=NOW - timedelta(days=1))
    later = make_case(database, make_account(database), identity=make_identity("BORYS", "TKACHUK"))
    text = client.get("/en/office/residence").text
    references = [get_case(database, case).reference for case in (late, later)]
    assert text.index(references[0]) < text.index(references[1])
    assert "KOVALENKO" not in text and "Zachodnia" not in text


@pytest.mark.parametrize("lang", ["pl", "en", "uk", "ru"])
def test_the_queue_and_a_case_speak_the_officers_language(
    client: CheckedClient, database: Database, officer: Actor, lang: str
) -> None:
    case_id = make_case(database, make_account(database))
    make_case(database, make_account(database))
    claim(database, officer, case_id)
    for tab in queries.Tab:
        assert client.get(f"/{lang}/office/residence?tab={tab.value}").status_code == 200
    assert client.get(path_of(database, case_id, lang)).status_code == 200
    for deed in ("ask", "refuse"):
        assert client.get(f"{path_of(database, case_id, lang)}/{deed}").status_code == 200


def test_filters_and_references_find_cases(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    here = make_case(database, make_account(database))
    there = make_case(
        database,
        make_account(database),
        identity=make_identity("BORYS", "TKACHUK"),
        address=HomeAddress("aleja Róż", "2"),
        road=Road.DOCUMENT,
    )
    text = client.get("/en/office/residence?district=18&road=document").text
    assert get_case(database, there).reference in text
    assert get_case(database, here).reference not in text
    typed = get_case(database, here).reference.lower().replace("-", " ")
    found = client.get(f"/en/office/residence?reference={typed}", follow_redirects=True)
    assert found.request.path == path_of(database, here)


def test_data_opens_only_for_the_officer_who_took_the_case(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database))
    path = path_of(database, case_id)
    assert "KOVALENKO" not in client.get(path).text
    taken = client.send(path, to=f"{path}/claim")
    assert "KOVALENKO" in taken.text


def test_the_second_officer_gets_a_clear_message(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    officer: Actor,
) -> None:
    case_id = make_case(database, make_account(database))
    path = path_of(database, case_id)
    second = new_client()
    sign_in_as(second, database, make_staff(database, Role.OFFICER))
    page = Page(second.get(path).text)
    assert any(form.get("action", "").endswith("/claim") for form in page.forms)
    client.send(path, to=f"{path}/claim")
    answer = second.send(path, to=f"{path}/claim")
    assert "Another officer has just taken this case" in answer.text
    assert "KOVALENKO" not in answer.text
    refused = second.send(path, {"points": STATEMENT_POINTS}, to=f"{path}/confirm")
    assert "Another officer has just taken this case" in refused.text
    assert get_case(database, case_id).state is CaseState.SUBMITTED


def test_confirming_needs_the_whole_checklist(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database))
    path = path_of(database, case_id)
    claim(database, officer, case_id)
    half = client.send(path, {"points": ["name"]}, to=f"{path}/confirm")
    assert "Tick every point of the checklist" in half.text
    assert get_case(database, case_id).state is CaseState.SUBMITTED
    client.send(path, {"points": STATEMENT_POINTS}, to=f"{path}/confirm")
    assert get_case(database, case_id).state is CaseState.CONFIRMED


def test_a_refusal_is_drafted_in_the_persons_language_and_can_be_changed(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database), language="uk")
    claim(database, officer, case_id)
    path = f"{path_of(database, case_id, 'pl')}/refuse"
    draft = client.get(f"{path}?reason=outdated").text
    assert "Документ застарий, щоб підтвердити" in draft
    client.send(f"{path}?reason=outdated", {"sentence": "Цей документ з 2019 року."})
    case = get_case(database, case_id)
    assert case.state is CaseState.REFUSED
    with database.reading() as session:
        facts = queries.get_message_facts(session, case_id)
    assert (facts.reason, facts.sentence) == ("outdated", "Цей документ з 2019 року.")


def test_asking_for_more_moves_the_case_and_names_the_deadline(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database))
    claim(database, officer, case_id)
    path = f"{path_of(database, case_id)}/ask?reason=second_proof"
    client.send(path, {"sentence": "Please send one more."})
    case = get_case(database, case_id)
    assert case.state is CaseState.NEEDS_MORE
    assert case.answer_due_at == NOW + timedelta(days=14)


def test_an_officer_who_knows_the_person_steps_aside(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database))
    path = path_of(database, case_id)
    client.send(path, to=f"{path}/interest")
    answer = client.get(path).text
    assert "You said that you know this person" in answer
    page = Page(answer)
    assert not any(form.get("action", "").endswith("/claim") for form in page.forms)


def test_a_possible_double_is_shown_with_reasons(
    client: CheckedClient, database: Database, officer: Actor
) -> None:
    first = make_case(database, make_account(database))
    second = make_case(
        database, make_account(database), identity=make_identity("Олена", "Коваленко")
    )
    claim(database, officer, second)
    text = client.get(path_of(database, second)).text
    assert get_case(database, first).reference in text
    assert "Same name and birth date" in text and "birth dates are the same" in text


def test_residents_and_other_staff_find_no_queue(
    new_client: Callable[[], CheckedClient], database: Database, officer: Actor
) -> None:
    case_id = make_case(database, make_account(database))
    for stranger in (make_account(database), make_staff(database, Role.ANALYST)):
        browser = new_client()
        sign_in_as(browser, database, stranger)
        assert browser.get("/en/office/residence").status_code == 403
        assert browser.get(path_of(database, case_id)).status_code == 403


@pytest.fixture
def short_settings(settings: Settings) -> Iterator[Settings]:
    """A Unix socket's path must be short: an instance in a folder with a short name."""
    with tempfile.TemporaryDirectory(prefix="cb") as folder:
        yield replace(settings, instance=Path(folder))


@pytest.fixture
def evidence(
    app: Flask, database: Database, short_settings: Settings, clock: Clock
) -> Iterator[EvidenceProcess]:
    """The evidence process in a thread, over the application's own vault."""
    app.extensions["settings"] = short_settings
    ensure_identity(short_settings)
    process = EvidenceProcess(
        short_settings.evidence_socket,
        open_page=open_reader(short_settings).open_page,
        authorise=make_authorise(database, clock),
    )
    thread = threading.Thread(target=process.serve)
    thread.start()
    assert process.ready.wait(5)
    yield process
    process.stop()
    thread.join(5)


def case_with_document(database: Database, settings: Settings) -> tuple[UUID, UUID]:
    """A sent case with a document of one page: the case's id and the document's."""
    account = make_account(database)
    case_id = make_case(database, account, road=Road.DOCUMENT)
    out = io.BytesIO()
    Image.new("RGB", (400, 500), "white").save(out, "JPEG")
    sealed = open_vault(settings).seal([out.getvalue()])
    with database.writing() as work:
        service.ask_for_more(
            work,
            Actor(is_system=True),
            case_id=case_id,
            reason="second_proof",
            sentence="One more.",
            at=NOW,
        )
        file_id = service.add_evidence(
            work,
            account,
            case_id=case_id,
            vault_id=sealed.file_id,
            kind="lease",
            page_count=1,
            at=NOW,
        )
        service.answer_request(work, account, case_id=case_id, words="", at=NOW)
    return case_id, file_id


def list_views(database: Database) -> list[EvidenceView]:
    with database.reading() as session:
        return list(session.scalars(select(EvidenceView)))


def test_a_page_comes_watermarked_and_the_view_is_logged(
    client: CheckedClient,
    database: Database,
    officer: Actor,
    evidence: EvidenceProcess,
    short_settings: Settings,
) -> None:
    case_id, file_id = case_with_document(database, short_settings)
    claim(database, officer, case_id)
    page = f"{path_of(database, case_id)}/evidence/{file_id}/0"
    assert page in client.get(path_of(database, case_id)).text
    answer = client.get(page)
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    (view,) = list_views(database)
    assert (view.account_id, view.file_id, view.page) == (officer.account_id, file_id, 0)


def test_without_the_claim_no_page_opens_and_nothing_is_logged(
    client: CheckedClient,
    database: Database,
    officer: Actor,
    evidence: EvidenceProcess,
    short_settings: Settings,
    clock: Clock,
) -> None:
    case_id, file_id = case_with_document(database, short_settings)
    page = f"{path_of(database, case_id)}/evidence/{file_id}/0"
    assert client.get(page).status_code == 403
    claim(database, officer, case_id)
    other, _ = case_with_document(database, short_settings)
    assert client.get(f"{path_of(database, other)}/evidence/{file_id}/0").status_code == 403
    assert client.get(f"{path_of(database, case_id)}/evidence/{file_id}/1").status_code == 403
    clock.at = NOW + timedelta(hours=9)
    assert client.get(page).status_code == 403
    assert list_views(database) == []


def test_a_page_is_closed_to_everybody_but_officers(
    new_client: Callable[[], CheckedClient],
    database: Database,
    officer: Actor,
    evidence: EvidenceProcess,
    short_settings: Settings,
) -> None:
    case_id, file_id = case_with_document(database, short_settings)
    page = f"{path_of(database, case_id)}/evidence/{file_id}/0"
    visitor = new_client()
    assert visitor.get(page).status_code == 302
    sign_in_as(visitor, database, make_staff(database, Role.ADMINISTRATOR))
    assert visitor.get(page).status_code == 403
    assert list_views(database) == []


def test_when_the_evidence_process_rests_the_page_says_so(
    client: CheckedClient, database: Database, officer: Actor, settings: Settings
) -> None:
    case_id, file_id = case_with_document(database, settings)
    claim(database, officer, case_id)
    assert client.get(f"{path_of(database, case_id)}/evidence/{file_id}/0").status_code == 503
