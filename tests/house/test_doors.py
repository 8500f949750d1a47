"""Every door is marked: a route without an audience is closed, and the list of open ones is known."""

from __future__ import annotations

import pytest
from flask import Flask

from civic_budget.app import create_app
from civic_budget.config import Settings
from civic_budget.web.access import Audience, audience_of
from tests.conftest import Clock
from tests.pages import CheckedClient

# Pages that everybody may open. A new one is a decision: add it here with it.
PUBLIC_ROOMS = {"static", "front_door", "editions", "city", "accounts", "mailbox"}


def test_every_route_says_who_may_enter(app: Flask) -> None:
    unmarked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if audience_of(app, rule.endpoint) is None
    ]
    assert unmarked == []


def test_only_safe_methods_or_post(app: Flask) -> None:
    methods = {m for rule in app.url_map.iter_rules() for m in (rule.methods or set())}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_an_unmarked_view_is_closed(settings: Settings, clock: Clock) -> None:
    app = create_app(settings, clock=clock)
    app.add_url_rule("/<any(pl,en,uk,ru):lang>/forgotten", "forgotten", lambda: "open!")
    assert app.test_client().get("/en/forgotten").status_code == 403
    app.extensions["database"].dispose()


def test_a_visitor_is_asked_to_sign_in_at_every_closed_door(
    app: Flask, client: CheckedClient
) -> None:
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        if audience is Audience.PUBLIC or "GET" not in (rule.methods or set()):
            continue
        values = {name: _value(rule, name) for name in rule.arguments if name != "lang"}
        with app.test_request_context():
            from flask import url_for

            path = url_for(rule.endpoint, lang="en", **values)
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code in {301, 302, 308}, f"{rule.endpoint}: {answer.status}"
        assert "/sign-in" in answer.headers["Location"], rule.endpoint


def _value(rule: object, name: str) -> object:
    converter = getattr(rule, "_converters", {}).get(name)
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return sorted(converter.items)[0]
    if kind == "UUIDConverter":
        return "00000000-0000-0000-0000-000000000001"
    return 1 if kind == "IntegerConverter" else "x"


@pytest.mark.parametrize("path", ["/en/no-such-page", "/en/xx/", "/en/editions/none/results"])
def test_what_is_not_there_is_404_in_the_readers_language(client: CheckedClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_headers_close_what_pages_do_not_need(client: CheckedClient) -> None:
    answer = client.get("/en/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
