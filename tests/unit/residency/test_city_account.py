"""What is believed of an identity provider's answer, and what is not; who counts as the same person."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from civic_budget.config import BadSettings, from_environment
from civic_budget.demo.city_account import CLIENT_ID, CLIENT_SECRET
from civic_budget.residency.city_account import Holder, Journey, ProviderFault, knows
from civic_budget.residency.identity import HomeAddress, Identity
from tests.conftest import NOW
from tests.provider import ISSUER, OLENA, Provider, account_at

RETURN = "http://localhost/pl/residence/city-account/return"
HOME = HomeAddress("Zachodnia", "5", "7")
WHO = Identity("Olena", "Kovalenko", date(1990, 4, 2))
HOLDER = Holder(f"{ISSUER}|1", "Ołena", "Kowalenko", date(1990, 4, 2), HOME, None)


def asked_of(provider: Provider, journey: Journey) -> dict[str, str]:
    """The authorization request as the provider gets it."""
    address = account_at(provider).address(journey, RETURN, "uk")
    assert address.startswith(f"{ISSUER}/authorize?")
    return dict(parse_qsl(urlsplit(address).query))


def read(provider: Provider, journey: Journey | None = None, **said: str) -> Holder:
    """A whole journey: asked, sent back with a code, read."""
    journey = journey or Journey.fresh()
    code = provider.issue(asked_of(provider, journey), OLENA)
    return account_at(provider).read(journey, RETURN, {"code": code, **said}, NOW)


def refused(provider: Provider, **said: str) -> str:
    with pytest.raises(ProviderFault) as fault:
        read(provider, **said)
    return fault.value.code


def test_a_whole_journey() -> None:
    provider = Provider()
    asked = asked_of(provider, Journey("state", "nonce", "verifier" * 8))
    assert (asked["state"], asked["nonce"], asked["code_challenge_method"]) == (
        "state",
        "nonce",
        "S256",
    )
    assert (asked["redirect_uri"], asked["ui_locales"]) == (RETURN, "uk")
    assert asked["scope"] == "openid profile address"
    assert "verifier" not in json.dumps(asked).replace("code_challenge", "")
    found = read(provider)
    assert (found.given_names, found.born_on, found.home) == ("OLENA", date(1990, 4, 2), HOME)
    assert found.subject.startswith(f"{ISSUER}|")
    assert account_at(provider).origin() == ISSUER


def signed(key: RSAKey | OctKey, algorithm: str) -> Callable[[Provider], str]:
    """A token that somebody else signed."""

    def forge(_provider: Provider) -> str:
        at = int(NOW.timestamp())
        told = {"iss": ISSUER, "aud": CLIENT_ID, "iat": at, "exp": at + 60, "sub": "1"}
        header = {"alg": algorithm, "kid": "demo"}
        return jwt.encode(header, told, key, algorithms=[algorithm])

    return forge


def unsigned(_provider: Provider) -> str:
    parts = ({"alg": "none"}, {"iss": ISSUER, "aud": CLIENT_ID, "sub": "1", "exp": 4e9, "iat": 1})
    return (
        ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
            for part in parts
        )
        + "."
    )


@pytest.mark.parametrize(
    "forge",
    [
        signed(RSAKey.generate_key(2048), "RS256"),
        signed(OctKey.import_key(CLIENT_SECRET), "HS256"),
        unsigned,
        lambda _provider: "no token at all",
    ],
    ids=["another key", "the shared secret as key", "alg none", "no token"],
)
def test_only_the_providers_signature_counts(forge: Callable[[Provider], str]) -> None:
    provider = Provider()
    provider.forged = forge(provider)
    assert refused(provider) == "provider_answer_bad"


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "of another journey"},
        {"nonce": ""},
        {"aud": "another-site"},
        {"aud": [CLIENT_ID, "another-site"]},
        {"azp": "another-site"},
        {"iss": "https://elsewhere.example.org"},
        {"exp": int(NOW.timestamp()) - 61},
        {"iat": int(NOW.timestamp()) + 600},
        {"nbf": int(NOW.timestamp()) + 600},
        {"sub": ""},
        {"at_hash": "of another token"},
        {"birthdate": "once in spring"},
    ],
    ids=str,
)
def test_a_token_for_another_purpose_is_not_believed(changes: dict[str, object]) -> None:
    provider = Provider()
    provider.changes = changes
    assert refused(provider) == "provider_answer_bad"


def test_a_code_works_once_and_only_with_its_verifier() -> None:
    provider, journey = Provider(), Journey.fresh()
    code = provider.issue(asked_of(provider, journey), OLENA)
    with pytest.raises(ProviderFault, match="provider_answer_bad"):
        account_at(provider).read(replace(journey, verifier="x" * 43), RETURN, {"code": code}, NOW)
    code = provider.issue(asked_of(provider, journey), OLENA)
    account_at(provider).read(journey, RETURN, {"code": code}, NOW)
    with pytest.raises(ProviderFault, match="provider_answer_bad"):
        account_at(provider).read(journey, RETURN, {"code": code}, NOW)


def test_silence_refusal_and_answers_of_others() -> None:
    provider = Provider()
    assert refused(provider, error="access_denied") == "provider_declined"
    assert refused(provider, iss="https://elsewhere.example.org") == "provider_answer_bad"
    assert refused(provider, code="") == "provider_answer_bad"
    provider.published = {"issuer": "https://elsewhere.example.org"}
    with pytest.raises(ProviderFault, match="provider_answer_bad"):
        account_at(provider).origin()
    provider.is_silent = True
    with pytest.raises(ProviderFault, match="provider_silent"):
        account_at(provider).origin()


def test_who_is_known() -> None:
    assert knows(HOLDER, WHO, HOME)
    for change in (
        {"given_names": "Iryna"},
        {"family_name": ""},
        {"born_on": date(1990, 4, 3)},
        {"born_on": None},
        {"home": replace(HOME, house="6")},
        {"home": replace(HOME, flat="8")},
        {"home": replace(HOME, street="Wschodnia")},
        {"home": None},
        {"is_resident": False},
    ):
        assert not knows(replace(HOLDER, **change), WHO, HOME), change
    assert knows(replace(HOLDER, home=replace(HOME, flat="")), WHO, HOME)
    assert knows(replace(HOLDER, home=None, is_resident=True), WHO, HOME)
    assert not knows(HOLDER, WHO, replace(HOME, is_described=True))


def test_a_flag_of_the_citys_own() -> None:
    provider = Provider()
    journey = Journey.fresh()
    for told, meant in ((True, True), ("true", False), (None, False)):
        provider.changes = {"lives_here": told}
        code = provider.issue(asked_of(provider, journey), OLENA)
        account = account_at(provider, resident="lives_here")
        assert account.read(journey, RETURN, {"code": code}, NOW).is_resident is meant


def test_settings_say_what_is_wrong(tmp_path: object) -> None:
    good = {
        "CIVIC_BUDGET_MODE": "demo",
        "CIVIC_BUDGET_INSTANCE": str(tmp_path),
        "CIVIC_BUDGET_OIDC_ISSUER": ISSUER,
        "CIVIC_BUDGET_OIDC_CLIENT_ID": "x",
        "CIVIC_BUDGET_OIDC_CLIENT_SECRET": "between us",
        "CIVIC_BUDGET_OIDC_CLAIMS": "born_on = urodzony, resident=mieszkaniec",
    }
    place = from_environment(good).identity_provider
    assert place is not None
    assert (place.claims["born_on"], place.claims["resident"]) == ("urodzony", "mieszkaniec")
    assert "between us" not in repr(place)
    assert from_environment({**good, "CIVIC_BUDGET_OIDC_ISSUER": ""}).identity_provider is None
    for change, said in (
        ({"CIVIC_BUDGET_OIDC_ISSUER": "http://account.example.org"}, "https://"),
        ({"CIVIC_BUDGET_OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET are needed"),
        ({"CIVIC_BUDGET_OIDC_SCOPE": "openid email"}, "asks for no e-mail"),
        ({"CIVIC_BUDGET_OIDC_SCOPE": "profile"}, "begins with openid"),
        ({"CIVIC_BUDGET_OIDC_CLAIMS": "shoe_size=x"}, "Known on the left"),
        ({"CIVIC_BUDGET_OIDC_CLAIMS": "born_on"}, "Known on the left"),
    ):
        with pytest.raises(BadSettings, match=said):
            from_environment({**good, **change})
