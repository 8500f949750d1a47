"""The city's identity provider by OpenID Connect: code flow with PKCE, state and nonce (Authlib).

It must not know the database or pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from requests import ConnectionError as NoConnection
from requests import RequestException, Timeout

from civic_budget.config import ProviderPlace
from civic_budget.residency.city_account import Holder, Journey, ProviderFault
from civic_budget.residency.identity import HomeAddress

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")
"""Signatures with a public key only: none at all, and ours shared with the provider, are refused."""
TIMEOUT = (3, 8)
"""Seconds to reach the provider, and to wait for an answer of it."""
LEEWAY = 60
METADATA_LASTS = timedelta(hours=6)
FAILURE_LASTS = timedelta(minutes=1)
"""A provider that did not answer is not asked again at once: nobody waits for what somebody else saw."""
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(/[^\s;]*)?")


class OpenIdAccount:
    """The provider of a city that speaks OpenID Connect."""

    def __init__(
        self, place: ProviderPlace, session: Callable[..., OAuth2Session] = OAuth2Session
    ) -> None:
        self._place = place
        self._session = session
        self._metadata: dict[str, Any] = {}
        self._read_at: datetime | None = None
        self._failure: tuple[datetime, str] | None = None
        self._turn = Lock()

    def origin(self, at: datetime) -> str:
        """Scheme and host of the authorization page."""
        parts = urlsplit(str(self._known(at)["authorization_endpoint"]))
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, journey: Journey, return_url: str, language: str, at: datetime) -> str:
        """The authorization request: code flow, state, nonce, PKCE with S256."""
        with self._client(return_url) as client:
            url, _state = client.create_authorization_url(
                self._known(at)["authorization_endpoint"],
                state=journey.state,
                code_verifier=journey.verifier,
                nonce=journey.nonce,
                ui_locales=language,
            )
        return str(url)

    def read(
        self, journey: Journey, return_url: str, said: Mapping[str, str], at: datetime
    ) -> Holder:
        """Exchange the code, believe the signed token only, complete it from the userinfo endpoint."""
        if said.get("error"):
            raise ProviderFault("provider_declined")
        known = self._known(at)
        # RFC 9207: an answer of another provider is not ours.
        if said.get("iss", self._place.issuer) != self._place.issuer or not said.get("code"):
            raise ProviderFault("provider_answer_bad")
        try:
            with self._client(return_url) as client:
                token = client.fetch_token(
                    known["token_endpoint"],
                    code=said["code"],
                    code_verifier=journey.verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
                claims = self._checked(client, token, journey.nonce, known, at)
                return self._holder({**self._more(client, claims, known), **claims})
        except (NoConnection, Timeout) as error:
            self._failure = (at, "provider_silent")
            raise ProviderFault("provider_silent") from error
        except RequestException as error:
            self._metadata = {}
            raise ProviderFault("provider_silent") from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            # It may have moved or changed its keys: the next person asks what it publishes now.
            self._metadata = {}
            raise ProviderFault("provider_answer_bad") from error

    def _checked(
        self,
        client: OAuth2Session,
        token: Mapping[str, Any],
        nonce: str,
        known: Mapping[str, Any],
        at: datetime,
    ) -> dict[str, Any]:
        """The claims of the ID token: signature, issuer, audience, times, nonce, access token's hash."""
        published = self._get(client, str(known["jwks_uri"]))
        keys = KeySet.import_key_set(cast(KeySetSerialization, published))
        told = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            told.claims,
            told.header,
            {
                "iss": {"essential": True, "value": self._place.issuer},
                "aud": {"essential": True, "value": self._place.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            {
                "nonce": nonce,
                "client_id": self._place.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        return dict(claims)

    def _more(
        self, client: OAuth2Session, claims: Mapping[str, Any], known: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the token does not say itself; only of the very same subject (Core 5.3.2)."""
        endpoint = known.get("userinfo_endpoint")
        if not endpoint or all(name in claims for name in self._place.claims.values()):
            return {}
        told = self._get(client, str(endpoint), withhold_token=False)
        if told.get("sub") != claims["sub"]:
            raise ProviderFault("provider_answer_bad")
        return told

    def _holder(self, claims: Mapping[str, Any]) -> Holder:
        names = self._place.claims
        flag = names.get("resident")
        born = str(claims.get(names["born_on"], ""))
        return Holder(
            subject=f"{self._place.issuer}|{claims['sub']}",
            given_names=str(claims.get(names["given_names"], "")),
            family_name=str(claims.get(names["family_name"], "")),
            born_on=date.fromisoformat(born) if born else None,
            home=_home(claims.get(names["address"])),
            is_resident=claims.get(flag) is True if flag else None,
        )

    def _known(self, at: datetime) -> dict[str, Any]:
        """What the provider publishes about itself, read anew after some hours and after a failure.

        Several who come at once wait for one question; a failure is remembered for a minute.
        """
        with self._turn:
            if self._failure and self._failure[0] <= at < self._failure[0] + FAILURE_LASTS:
                raise ProviderFault(self._failure[1])
            is_fresh = self._read_at is not None and at < self._read_at + METADATA_LASTS
            if not self._metadata or not is_fresh:
                try:
                    self._metadata, self._read_at = self._published(), at
                except ProviderFault as fault:
                    self._failure = (at, fault.code)
                    raise
            self._failure = None
            return self._metadata

    def _published(self) -> dict[str, Any]:
        """The provider's metadata; its own name must be the one we know, its addresses complete."""
        address = f"{self._place.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            with self._client("") as client:
                found = self._get(client, address)
        except (RequestException, ValueError) as error:
            raise ProviderFault("provider_silent") from error
        is_complete = all(_ADDRESS.fullmatch(str(found.get(name, ""))) for name in NEEDED)
        if found.get("issuer") != self._place.issuer or not is_complete:
            raise ProviderFault("provider_answer_bad")
        return found

    def _client(self, return_url: str) -> OAuth2Session:
        return self._session(
            self._place.client_id,
            self._place.client_secret,
            scope=self._place.scope,
            redirect_uri=return_url,
            code_challenge_method="S256",
        )

    def _get(
        self, client: OAuth2Session, address: str, *, withhold_token: bool = True
    ) -> dict[str, Any]:
        answer = client.get(
            address, withhold_token=withhold_token, timeout=TIMEOUT, allow_redirects=False
        )
        answer.raise_for_status()
        found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("a JSON object was expected")
        return cast(dict[str, Any], found)


def _home(told: object) -> HomeAddress | None:
    """The standard's address, or a claim of ours: street and house apart, or both in `street_address`."""
    if not isinstance(told, dict):
        return None
    street, house = str(told.get("street", "")), str(told.get("house", ""))
    if not street:
        street, _space, house = str(told.get("street_address", "")).strip().rpartition(" ")
    house, _slash, flat = house.partition("/")
    return HomeAddress(street, house, str(told.get("flat", "") or flat)) if street else None
