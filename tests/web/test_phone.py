"""A phone is enough: sign-up and recovery by text message; the gateway is asked once for each message."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from civic_budget.config import Mode, Settings
from civic_budget.notifications import delivery
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from civic_budget.wiring import PERFORMERS
from tests.conftest import NOW
from tests.pages import CheckedClient


def last_message(app: Flask, database: Database, settings: Settings) -> dict[str, Any]:
    with app.app_context():
        work_off(database, PERFORMERS, at=NOW)
    newest = max(settings.mailbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    found: dict[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
    return found


def test_an_account_with_a_phone_alone(
    app: Flask, client: CheckedClient, database: Database, settings: Settings
) -> None:
    values = {"contact": "600 000 999", "password": "три нові слова"}
    client.send("/uk/sign-up", values)
    message = last_message(app, database, settings)
    assert (message["kind"], message["to"], message["language"]) == ("sms", "+48600000999", "uk")
    assert len(message["body"]) <= 160
    code = re.search(r"\b\d{6}\b", message["body"])
    assert code
    assert client.send("/uk/sign-up/code", {"code": code[0]}, follow=False).status_code == 302
    assert client.page("/uk/residence").headings
    client.send("/uk/account", {}, to="/uk/sign-out")
    client.send("/uk/forgotten-password", {"contact": "+48 600 000 999"})
    again = re.search(r"\b\d{6}\b", last_message(app, database, settings)["body"])
    assert again
    fresh = {"code": again[0], "password": "чотири зовсім нові слова"}
    assert client.send("/uk/forgotten-password/code", fresh, follow=False).status_code == 302


def test_the_gateway_gets_one_key_however_often_it_is_asked(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    class Answer:
        def __enter__(self) -> None:
            return None

        def __exit__(self, *_error: object) -> None:
            return None

    def urlopen(request: Any, timeout: int) -> Answer:
        asked.append(request)
        if len(asked) == 1:
            raise OSError("the gateway is away")
        return Answer()

    city = replace(
        settings,
        mode=Mode.PRODUCTION,
        sms_url="https://gateway.example.org/messages",
        sms_token="a token",
    )
    monkeypatch.setattr(delivery.urllib.request, "urlopen", urlopen)
    monkeypatch.setitem(app.extensions, "settings", city)
    payload = {
        "message": "sign_up_code",
        "kind": "phone",
        "address": "+48600000999",
        "language": "pl",
        "values": {"code": "123456"},
    }
    task = Task(uuid4(), "message", payload, 1)
    with app.app_context():
        with pytest.raises(OSError, match="away"):
            delivery.perform_message(task)
        delivery.perform_message(task)
    keys = {request.get_header("Idempotency-key") for request in asked}
    bodies = [json.loads(request.data) for request in asked]
    assert (len(asked), keys) == (2, {str(task.id)})
    assert {body["id"] for body in bodies} == {str(task.id)}
    assert bodies[0]["to"] == "+48600000999"
    assert "123456" in bodies[0]["text"]
    assert asked[0].get_header("Authorization") == "Bearer a token"


def test_without_a_gateway_nothing_pretends_to_be_sent(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = replace(settings, mode=Mode.PRODUCTION, sms_url="http://plain.example.org")
    monkeypatch.setitem(app.extensions, "settings", city)
    payload = {
        "message": "sign_up_code",
        "kind": "phone",
        "address": "+48600000999",
        "language": "pl",
        "values": {"code": "123456"},
    }
    with app.app_context(), pytest.raises(RuntimeError, match="SMS_URL"):
        delivery.perform_message(Task(uuid4(), "message", payload, 1))
