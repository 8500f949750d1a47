"""A fake identity provider reached in the process itself: `requests` speaks with a WSGI program."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.exceptions import ConnectionError as NoConnection
from werkzeug.test import Client

from civic_budget.config import PROVIDER_CLAIMS, ProviderPlace
from civic_budget.demo.city_account import CLIENT_ID, CLIENT_SECRET, Claims, FakeProvider
from civic_budget.residency.openid_account import OpenIdAccount
from tests.conftest import NOW

ISSUER = "https://account.example.org"
OLENA = {
    "given_name": "OLENA",
    "family_name": "KOVALENKO",
    "birthdate": "1990-04-02",
    "street": "Zachodnia",
    "house": "5/7",
}


class Provider(FakeProvider):
    """The demo's provider, whose words a test may change."""

    def __init__(self) -> None:
        super().__init__(ISSUER, NOW.timestamp)
        self.changes: Claims = {}
        self.forged: str | None = None
        self.is_silent = False
        self.published: dict[str, Any] = {}
        self.asked: list[str] = []
        self.tried = 0

    def id_token(self, claims: Claims) -> dict[str, str]:
        """As the demo's, with what the test changed or forged."""
        token = super().id_token({**claims, **self.changes})
        return {"id_token": self.forged} if self.forged else token

    def configuration(self, request: Any) -> Any:
        """As the demo's, with what the test changed."""
        answer = super().configuration(request)
        answer.set_data(
            answer.get_data() if not self.published else _merged(answer, self.published)
        )
        return answer


def _merged(answer: Any, published: dict[str, Any]) -> bytes:
    return json.dumps({**json.loads(answer.get_data()), **published}).encode()


class _InProcess(BaseAdapter):
    """Hands a request to the provider's WSGI program; nothing leaves the process."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """One request."""
        self._provider.tried += 1
        if self._provider.is_silent:
            raise NoConnection("nobody answers")
        path = urlsplit(request.url or "").path
        self._provider.asked.append(path)
        answer = Client(self._provider).open(
            path,
            method=request.method,
            data=request.body,
            headers=list(request.headers.items()),
            base_url=ISSUER,
        )
        found = Response()
        found.status_code, found._content = answer.status_code, answer.get_data()
        found.headers.update(dict(answer.headers))
        found.url, found.request = str(request.url), request
        return found

    def close(self) -> None:
        """Nothing is open."""


def open_session(provider: Provider, *values: Any, **options: Any) -> OAuth2Session:
    """A session that reaches only this provider."""
    session = OAuth2Session(*values, **options)
    session.mount("https://", _InProcess(provider))
    return session


def account_at(provider: Provider, **claims: str) -> OpenIdAccount:
    """The platform's side of the provider."""
    place = ProviderPlace(ISSUER, CLIENT_ID, CLIENT_SECRET, claims={**PROVIDER_CLAIMS, **claims})
    return OpenIdAccount(place, partial(open_session, provider))
