"""No page of a document is reachable but by a logged, bound and authorised view.

Two advisories of another platform are test cases here. CVE-2026-45378: scans could be fetched by their
signed links without signing in, for days. CVE-2026-45330: an administrator of one tenant saw and decided
another tenant's documents, because the id in the address was looked up without its owner.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from civic_budget.accounts import service as accounts
from civic_budget.accounts.models import SignIn
from civic_budget.config import Settings
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service
from civic_budget.residency.evidence import ensure_identity, open_reader
from civic_budget.residency.evidence_process import EvidenceProcess
from civic_budget.residency.evidence_wire import EvidenceRefused, EvidenceRequest, fetch_page
from civic_budget.residency.session_token import sign_session
from civic_budget.residency.viewing import make_authorise
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import claim
from tests.conftest import NOW, PEPPER, Clock
from tests.pages import CheckedClient
from tests.web.residency.test_officer_pages import (
    case_with_document,
    get_case,
    list_views,
    path_of,
)

Opened = list[tuple[str, int, int]]


@pytest.fixture
def short(settings: Settings) -> Iterator[Settings]:
    """An instance in a folder with a short name: a Unix socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="cb") as folder:
        yield replace(settings, instance=Path(folder))


@pytest.fixture
def opened(app: Flask, database: Database, short: Settings, clock: Clock) -> Iterator[Opened]:
    """What the running evidence process opened: file, page, and how many views were logged by then."""
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    app.extensions["settings"] = short
    ensure_identity(short)
    reader, found = open_reader(short), Opened()

    def open_page(name: str, page: int) -> bytes:
        found.append((name, page, len(list_views(database))))
        return reader.open_page(name, page)

    process = EvidenceProcess(
        short.evidence_socket, open_page=open_page, authorise=make_authorise(database, clock)
    )
    thread = threading.Thread(target=process.serve)
    thread.start()
    assert process.ready.wait(5)
    yield found
    process.stop()
    thread.join(5)


def addresses(
    app: Flask, reference: str, file_id: UUID, case_id: UUID, *, room: str = ""
) -> Iterator[str]:
    """Every page of a room that can be fetched, with this case's and document's names in its gaps."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        if not rule.endpoint.startswith(room):
            continue
        for identifier in (file_id, case_id):
            values = {name: _value(rule, name, reference, identifier) for name in rule.arguments}
            with app.test_request_context():
                yield url_for(rule.endpoint, **(values | {"lang": "en"}))
            if not any(isinstance(value, UUID) for value in values.values()):
                break


def _value(rule: Rule, name: str, reference: str, identifier: UUID) -> object:
    converter = rule._converters[name]
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return sorted(converter.items)[0]
    if kind == "UUIDConverter":
        return identifier
    return 0 if kind == "IntegerConverter" else reference


def walk(app: Flask, database: Database, actor: Actor | None, paths: list[str]) -> list[str]:
    """The pages that answered this actor, or a visitor, with a picture."""
    browser = app.test_client()
    if actor is not None:
        sign_in_as(browser, database, actor)
    answers = ((path, browser.get(path)) for path in paths)
    return [path for path, answer in answers if answer.mimetype.startswith("image/")]


def everybody(database: Database, owner: Actor, short: Settings) -> dict[str, Actor | None]:
    """Whoever might try: a visitor, the person of the case, a neighbour, each role, a busy officer."""
    busy = make_staff(database, Role.OFFICER)
    other_case, _file = case_with_document(database, short)
    claim(database, busy, other_case)
    return {
        "visitor": None,
        "person of the case": owner,
        "another resident": make_account(database),
        "officer with another case": busy,
        **{role.value: make_staff(database, role) for role in Role},
    }


def test_no_address_of_a_case_shows_its_document_without_its_claim(
    app: Flask, database: Database, short: Settings, opened: Opened
) -> None:
    case_id, file_id = case_with_document(database, short)
    case = get_case(database, case_id)
    paths = [
        path
        for path in addresses(app, case.reference, file_id, case_id, room="residency.")
        if str(file_id) in path or str(case_id) in path or case.reference in path
    ]
    assert sum(f"/evidence/{file_id}/0" in path for path in paths) == 1
    assert len(paths) > 40
    for name, actor in everybody(database, Actor(case.account_id), short).items():
        assert walk(app, database, actor, paths) == [], name
        assert opened == [] and list_views(database) == [], name
    # The walk would have seen it: with the claim, one of these addresses is the page.
    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case_id)
    shown = walk(app, database, officer, [path for path in paths if "/evidence/" in path])
    assert shown == [f"/en/office/residence/{case.reference}/evidence/{file_id}/0"]
    assert [(page, views) for _, page, views in opened] == [(0, 1)]


@pytest.mark.proof
def test_no_route_of_the_whole_site_shows_a_document_without_its_claim(
    app: Flask, database: Database, short: Settings, opened: Opened
) -> None:
    case_id, file_id = case_with_document(database, short)
    case = get_case(database, case_id)
    paths = list(addresses(app, case.reference, file_id, case_id))
    assert len(paths) > 250
    for name, actor in everybody(database, Actor(case.account_id), short).items():
        assert walk(app, database, actor, paths) == [], name
        assert opened == [] and list_views(database) == [], name


def test_cve_2026_45378_a_link_is_worth_nothing_without_its_session(
    app: Flask,
    new_client: Callable[[], CheckedClient],
    database: Database,
    short: Settings,
    opened: Opened,
    clock: Clock,
) -> None:
    case_id, file_id = case_with_document(database, short)
    officer = make_staff(database, Role.OFFICER)
    browser = new_client()
    sign_in_as(browser, database, officer)
    claim(database, officer, case_id)
    page = browser.get(path_of(database, case_id)).text
    link = f"{path_of(database, case_id)}/evidence/{file_id}/0"
    assert link in page and not urlsplit(link).query  # no signature, no expiry, no token
    assert browser.get(link).status_code == 200
    stranger = new_client()
    assert "/sign-in" in stranger.get(link, follow_redirects=False).headers["Location"]
    for other in (make_account(database), make_staff(database, Role.OFFICER)):
        visitor = new_client()
        sign_in_as(visitor, database, other)
        assert visitor.get(link).status_code == 403
    browser.send(path_of(database, case_id), to=f"{path_of(database, case_id)}/release")
    assert browser.get(link).status_code == 403
    claim(database, officer, case_id)
    clock.at = NOW + timedelta(hours=9)
    assert browser.get(link).status_code == 403
    assert len(opened) == len(list_views(database)) == 1


def test_cve_2026_45378_a_session_that_ended_opens_nothing_from_the_process_itself(
    database: Database, short: Settings, opened: Opened
) -> None:
    case_id, file_id = case_with_document(database, short)
    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case_id)
    with database.writing() as work:
        started: SignIn = accounts.start_session(work, account_id=make_id(officer), at=NOW)
        started.second_factor_at = NOW
        sign_in_id = started.id
    wish = request_of(case_id, file_id, sign_session(short.keyring, str(sign_in_id)))
    assert fetch_page(short.evidence_socket, wish)
    with database.writing() as work:
        work.session.delete(work.session.get_one(SignIn, sign_in_id))
    forged = KeyRing(PEPPER[::-1])
    tokens = (
        wish.session_token,
        sign_session(short.keyring, str(uuid4())),
        sign_session(forged, str(sign_in_id)),
    )
    for token in tokens:
        with pytest.raises(EvidenceRefused, match="bad_session"):
            fetch_page(short.evidence_socket, request_of(case_id, file_id, token))
    assert len(opened) == 1


def test_cve_2026_45330_a_claim_opens_its_own_case_and_no_other(
    new_client: Callable[[], CheckedClient],
    database: Database,
    short: Settings,
    opened: Opened,
) -> None:
    mine, my_file = case_with_document(database, short)
    other, others_file = case_with_document(database, short)
    officer = make_staff(database, Role.OFFICER)
    browser = new_client()
    sign_in_as(browser, database, officer)
    claim(database, officer, mine)
    for case_id, file_id in ((mine, others_file), (other, others_file), (other, my_file)):
        link = f"{path_of(database, case_id)}/evidence/{file_id}/0"
        assert browser.get(link).status_code == 403
    deed = browser.send(
        path_of(database, other),
        {"points": ["name", "address", "date", "whole", "parties"]},
        to=f"{path_of(database, other)}/confirm",
    )
    assert "Take the case first" in deed.text
    assert opened == [] and list_views(database) == []


def make_id(actor: Actor) -> UUID:
    """The account of an actor."""
    assert actor.account_id is not None
    return actor.account_id


def request_of(case_id: UUID, file_id: UUID, token: str) -> EvidenceRequest:
    """A wish for the first page."""
    return EvidenceRequest(session_token=token, case_id=str(case_id), file_id=str(file_id), page=0)
