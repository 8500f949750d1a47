"""Confirming with an account at the city, from the proof page and back, in a small city with a provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic_budget.kernel.actor import Actor
from civic_budget.residency import queries, service
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.models import (
    CaseProof,
    PersonMatchKey,
    ProviderIdentity,
    ProviderQuestion,
    ResidenceCase,
)
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, sign_in_as
from tests.builders_residency import ZACHODNIA
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient
from tests.provider import ISSUER, OLENA, Provider, account_at

BACK = "/pl/residence/city-account/return"


@pytest.fixture
def provider(app: Flask, database: Database) -> Provider:
    """A city whose provider answers."""
    make_city(database)
    provider = Provider()
    app.extensions["city_account"] = account_at(provider)
    return provider


def tell(database: Database, account: Actor, home: HomeAddress = ZACHODNIA) -> str:
    """A draft with name, birth date and home told; returns its reference."""
    assert account.account_id is not None
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="uk", at=NOW
        )
        service.tell_name(
            work,
            account,
            case_id=case_id,
            given_names="Ołena",
            family_name="Kowalenko",
            original_name="",
            patronymic="",
            at=NOW,
        )
        service.tell_birth_date(work, account, case_id=case_id, born_on=date(1990, 4, 2), at=NOW)
        service.tell_sex(work, account, case_id=case_id, sex=None, at=NOW)
        service.tell_address(work, account, case_id=case_id, address=home, at=NOW)
        return work.session.get_one(ResidenceCase, case_id).reference


def leave(client: CheckedClient, reference: str) -> dict[str, str]:
    """Press the button; the request as the provider gets it."""
    path = f"/uk/residence/{reference}/city-account"
    answer = client.send(path, {}, follow=False)
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith(f"{ISSUER}/authorize?")
    return dict(parse_qsl(urlsplit(str(answer.location)).query))


def come_back(client: CheckedClient, provider: Provider, asked: dict[str, str], **told: str) -> str:
    """Sign in at the provider and come back; the page that one lands on."""
    code = provider.issue(asked, {**OLENA, **told})
    path = f"{BACK}?code={code}&state={asked['state']}"
    return client.get(path, follow_redirects=True).text


def state_of(database: Database, reference: str) -> tuple[str, list[str]]:
    with database.reading() as session:
        case = session.scalars(
            select(ResidenceCase).where(ResidenceCase.reference == reference)
        ).one()
        return case.state, list(case.flags)


def send(client: CheckedClient, reference: str) -> None:
    path = f"/uk/residence/{reference}/check"
    assert client.send(path, {}).status_code == 200


def enter(client: CheckedClient, database: Database) -> tuple[Actor, str]:
    account = make_account(database)
    sign_in_as(client, database, account)
    return account, tell(database, account)


def test_a_match_confirms_and_nothing_of_the_answer_stays(
    client: CheckedClient, provider: Provider, database: Database, clock: Clock
) -> None:
    _account, reference = enter(client, database)
    assert "city-account" in client.get(f"/uk/residence/{reference}/proof").text
    page = client.get(f"/uk/residence/{reference}/city-account")
    assert f"form-action 'self' {ISSUER};" in page.headers["Content-Security-Policy"]
    assert "form-action 'self';" in client.get("/uk/residence").headers["Content-Security-Policy"]
    # What the account tells, and that it is asked at all, stands in the clause of that day.
    assert "ст. 14 GDPR" not in page.text
    clock.at = NOW.replace(month=12)
    assert "ст. 14 GDPR" in client.get(f"/uk/residence/{reference}/city-account").text
    with database.reading() as session:
        case = queries.find_case_by_reference(session, reference)
        assert case is not None
        shown = queries.list_clauses_shown(session, case.person_id)
    assert sorted((one.purpose, one.version) for one in shown) == [
        ("registration", "1"),
        ("registration", "2"),
    ]
    clock.at = NOW
    asked = leave(client, reference)
    assert asked["redirect_uri"].endswith(BACK)
    provider.changes = {"email": "olena@example.org"}
    landed = come_back(client, provider, asked)
    assert "Ваш міський обліковий запис відповів" in landed
    send(client, reference)
    assert state_of(database, reference) == ("confirmed", [])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProviderQuestion)) == 0
        proof = session.scalars(select(CaseProof)).one()
        assert (proof.kind, proof.outcome, proof.document_on) == ("city_account", "match", None)
        key = session.scalars(select(ProviderIdentity)).one().identity_key
    assert len(key) == 32


def test_no_match_says_the_same_and_an_officer_decides(
    client: CheckedClient, provider: Provider, database: Database
) -> None:
    _account, reference = enter(client, database)
    landed = come_back(client, provider, leave(client, reference), given_name="IRYNA")
    assert "Ваш міський обліковий запис відповів" in landed
    assert "IRYNA" not in landed
    send(client, reference)
    assert state_of(database, reference) == ("submitted", [])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProviderIdentity)) == 0


def test_one_account_confirms_one_person(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    provider: Provider,
    database: Database,
) -> None:
    _first, reference = enter(client, database)
    come_back(client, provider, leave(client, reference))
    send(client, reference)
    other = new_client()
    _second, again = enter(other, database)
    landed = come_back(other, provider, leave(other, again))
    assert "Ваш міський обліковий запис відповів" in landed  # nothing about the first one
    send(other, again)
    assert state_of(database, reference)[0] == "confirmed"
    assert state_of(database, again) == ("submitted", ["duplicate"])
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProviderIdentity)) == 1
        kinds = session.scalars(
            select(PersonMatchKey.kind).where(PersonMatchKey.kind == "account")
        ).all()
    assert len(kinds) == 2


def test_an_answer_counts_once_soon_and_for_whom_it_was_asked(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    provider: Provider,
    database: Database,
    clock: Clock,
) -> None:
    _account, reference = enter(client, database)
    asked = leave(client, reference)
    stranger = new_client()
    enter(stranger, database)
    old = "is used already or too old"
    assert old in come_back(stranger, provider, asked)
    come_back(client, provider, asked)
    assert old in come_back(client, provider, asked)
    asked = leave(client, reference)
    clock.at += timedelta(minutes=16)
    with database.writing() as work:
        assert work.session.scalar(select(func.count()).select_from(ProviderQuestion)) == 1
        service.lapse_cases(work, at=clock.at)
        assert work.session.scalar(select(func.count()).select_from(ProviderQuestion)) == 0
    provider.now = clock.at.timestamp
    assert old in come_back(client, provider, asked)
    # A second button press makes the first one's answer void.
    first, second = leave(client, reference), leave(client, reference)
    assert old in come_back(client, provider, first)
    assert "відповів" in come_back(client, provider, second)


def test_faults_are_said_and_lose_nothing(
    client: CheckedClient, provider: Provider, database: Database
) -> None:
    _account, reference = enter(client, database)
    page = f"/uk/residence/{reference}/city-account"
    asked = leave(client, reference)
    refused = client.get(
        f"{BACK}?error=access_denied&state={asked['state']}", follow_redirects=True
    )
    assert "Ви не погодилися" in refused.text
    provider.changes = {"nonce": "of another journey"}
    assert "ми їй не повірили" in come_back(client, provider, leave(client, reference))
    provider.changes = {}
    asked = leave(client, reference)
    provider.is_silent = True
    assert "не відповідає" in come_back(client, provider, asked)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CaseProof)) == 0
    assert client.get(page).status_code == 200


def test_it_is_offered_only_where_it_may_be_asked(
    client: CheckedClient, app: Flask, database: Database
) -> None:
    make_city(database)
    _account, reference = enter(client, database)
    for path in (f"/uk/residence/{reference}/city-account", f"{BACK}?state=x&code=y"):
        assert client.get(path).status_code == 404, path
    assert "city-account" not in client.get(f"/uk/residence/{reference}/proof").text
    silent = Provider()
    silent.is_silent = True
    app.extensions["city_account"] = account_at(silent)
    assert "city-account" in client.get(f"/uk/residence/{reference}/proof").text
    page = client.get(f"/uk/residence/{reference}/city-account")
    assert "не відповідає" in page.text
    for language in ("pl", "en", "ru"):
        assert client.get(f"/{language}/residence/{reference}/city-account").status_code == 200
    stranger = make_account(database)
    sign_in_as(client, database, stranger)
    assert client.get(f"/uk/residence/{reference}/city-account").status_code == 404


def test_another_home_needs_another_answer(
    client: CheckedClient, provider: Provider, database: Database
) -> None:
    account, reference = enter(client, database)
    come_back(client, provider, leave(client, reference))
    with database.writing() as work:
        case = work.session.scalars(
            select(ResidenceCase).where(ResidenceCase.reference == reference)
        ).one()
        service.tell_address(
            work, account, case_id=case.id, address=HomeAddress("Zachodnia", "9"), at=NOW
        )
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CaseProof)) == 0
    come_back(client, provider, leave(client, reference))
    send(client, reference)
    assert state_of(database, reference)[0] == "submitted"
