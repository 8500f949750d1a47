"""An invented identity provider for the demo and the tests: OpenID Connect, in one small WSGI program.

Whoever comes types what the invented city knows of them; nothing is checked, and the page says so. It
keeps its answers in memory and signs with a key made at its start.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from waitress import serve
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

CLIENT_ID, CLIENT_SECRET = "civic-budget", "no secret: everything here is invented"
FIELDS = {
    "given_name": "Imię · Given name · Ім’я · Имя",
    "family_name": "Nazwisko · Family name · Прізвище · Фамилия",
    "birthdate": "Data urodzenia · Birth date · Дата народження · Дата рождения (1990-04-02)",
    "street": "Ulica · Street · Вулиця · Улица",
    "house": "Numer · House · Будинок · Дом",
}
STYLE = (
    "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}"
    "label{display:block;margin-top:1rem}input{font:inherit;width:100%;padding:.5rem;"
    "box-sizing:border-box}button{font:inherit;padding:.7rem 1.2rem;margin:1.5rem .5rem 0 0}"
)
PAGE = (
    '<!doctype html><html lang="pl"><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width"><title>Konto miejskie (demo)</title><style>{style}</style>'
    "<h1>Konto miejskie (demo)</h1><p>To zmyślony dostawca tożsamości: wpisz, co miasto o Tobie wie. "
    '<span lang="en">An invented provider: type what the city knows of you.</span> '
    '<span lang="uk">Вигаданий постачальник: напишіть, що місто про вас знає.</span> '
    '<span lang="ru">Вымышленный поставщик: напишите, что город о вас знает.</span></p>'
    '<form method="post">{fields}<button>OK</button>'
    '<button name="refuse" value="y">Anuluj · Cancel · Скасувати · Отмена</button></form></html>'
)
Claims = dict[str, Any]


class FakeProvider:
    """The provider: discovery, authorization, token and key endpoints."""

    def __init__(self, issuer: str, now: Callable[[], float] = time.time) -> None:
        self.issuer = issuer
        self.now = now
        self.key = RSAKey.generate_key(2048, {"kid": "demo", "use": "sig"})
        self._codes: dict[str, tuple[Claims, dict[str, str]]] = {}
        self._pages = Map(
            [
                Rule("/.well-known/openid-configuration", endpoint=self.configuration),
                Rule("/authorize", endpoint=self.authorize),
                Rule("/token", endpoint=self.token, methods=["POST"]),
                Rule("/keys", endpoint=self.keys),
            ]
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request, as WSGI wants it."""
        request = Request(environ)
        try:
            endpoint, _values = self._pages.bind_to_environ(environ).match()
            answer: Any = endpoint(request)
        except HTTPException as error:
            answer = error
        return answer(environ, start_response)  # type: ignore[no-any-return]

    def configuration(self, _request: Request) -> Response:
        """What the provider says about itself."""
        return _json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    def keys(self, _request: Request) -> Response:
        """The public key."""
        return _json({"keys": [self.key.as_dict(private=False)]})

    def authorize(self, request: Request) -> Response:
        """Ask who comes, then send them back with a code that works once."""
        asked = request.args.to_dict()
        if request.method != "POST":
            fields = "".join(
                f'<label for="{name}">{escape(words)}</label><input id="{name}" name="{name}">'
                for name, words in FIELDS.items()
            )
            return Response(PAGE.format(style=STYLE, fields=fields), mimetype="text/html")
        if request.form.get("refuse"):
            return _back(asked, {"error": "access_denied"})
        return _back(asked, {"code": self.issue(asked, request.form.to_dict())})

    def issue(self, asked: dict[str, str], told: dict[str, str]) -> str:
        """A code for somebody, bound to the request that it answers."""
        who = "|".join(told.get(name, "").strip().casefold() for name in FIELDS)
        claims: Claims = {
            "sub": hashlib.sha256(who.encode()).hexdigest()[:24],
            "given_name": told.get("given_name", ""),
            "family_name": told.get("family_name", ""),
            "birthdate": told.get("birthdate", ""),
            "address": {"street_address": f"{told.get('street', '')} {told.get('house', '')}"},
        }
        code = secrets.token_urlsafe(16)
        self._codes[code] = (claims, asked)
        return code

    def token(self, request: Request) -> Response:
        """Exchange a code, once, for whoever began the request (client secret and PKCE)."""
        known = self._codes.pop(request.form.get("code", ""), None)
        verifier = request.form.get("code_verifier", "")
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        login = request.authorization
        is_client = login and (login.username, login.password) == (CLIENT_ID, CLIENT_SECRET)
        if not is_client:
            return _json({"error": "invalid_client"}, 401)
        if known is None or proof.rstrip(b"=").decode() != known[1].get("code_challenge"):
            return _json({"error": "invalid_grant"}, 400)
        claims, asked = known
        token = self.id_token({**claims, "nonce": asked.get("nonce", "")})
        return _json({"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", **token})

    def id_token(self, claims: Claims) -> dict[str, str]:
        """The signed word of the provider."""
        at = int(self.now())
        told = {"iss": self.issuer, "aud": CLIENT_ID, "iat": at, "exp": at + 300, **claims}
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "demo"}, told, self.key)}


def _back(asked: dict[str, str], answer: dict[str, str]) -> Response:
    query = urlencode({**answer, "state": asked.get("state", "")})
    target = f"{asked.get('redirect_uri', '')}?{query}"
    return Response(status=303, headers={"Location": target})


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, mimetype="application/json")


def main(port: int) -> None:
    """Serve it on loopback until it is stopped."""
    serve(FakeProvider(f"http://127.0.0.1:{port}"), host="127.0.0.1", port=port, threads=2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
