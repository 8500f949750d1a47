"""What is believed of an identity provider's answer, and what is not; who counts as the same person."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from civic_budget.config import BadSettings, from_environment
from civic_budget.demo.city_account import CLIENT_ID, CLIENT_SECRET
from civic_budget.residency.city_account import Holder, Journey, ProviderFault, weigh
from civic_budget.residency.identity import HomeAddress, Identity
from tests.conftest import NOW
from tests.provider import ISSUER, OLENA, Provider, account_at

RETURN = "http://localhost/pl/residence/city-account/return"
HOME = HomeAddress("Zachodnia", "5", "7")
WHO = Identity("Olena", "Kovalenko", date(1990, 4, 2))
HOLDER = Holder(f"{ISSUER}|1", "Ołena", "Kowalenko", date(1990, 4, 2), HOME, None)


def asked_of(provider: Provider, journey: Journey) -> dict[str, str]:
    """The authorization request as the provider gets it."""
    address = account_at(provider).address(journey, RETURN, "uk", NOW)
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
    assert account_at(provider).origin(NOW) == ISSUER


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
        account_at(provider).origin(NOW)
    provider.is_silent = True
    with pytest.raises(ProviderFault, match="provider_silent"):
        account_at(provider).origin(NOW)


def test_a_failure_is_remembered_for_a_minute_and_metadata_for_hours() -> None:
    provider = Provider()
    account, journey = account_at(provider), Journey.fresh()
    provider.is_silent = True
    for second in (0, 1, 59):
        with pytest.raises(ProviderFault, match="provider_silent"):
            account.origin(NOW + timedelta(seconds=second))
        provider.is_silent = second == 0  # it answers again, and is not asked yet
    assert provider.tried == 1
    later = NOW + timedelta(minutes=1)
    assert account.origin(later) == ISSUER
    account.origin(later + timedelta(hours=5))
    assert provider.tried == 2
    account.origin(later + timedelta(hours=6))
    assert provider.tried == 3
    # Whoever comes back to a provider that fell silent waits once, and the page after it not at all.
    provider.is_silent = True
    back = later + timedelta(hours=6, minutes=1)
    for _ in range(2):
        with pytest.raises(ProviderFault, match="provider_silent"):
            account.read(journey, RETURN, {"code": "x"}, back)
    with pytest.raises(ProviderFault, match="provider_silent"):
        account.origin(back)
    assert provider.tried == 4
    # After an answer that is not believed it is asked what it publishes now.
    provider.is_silent = False
    back += timedelta(minutes=2)
    account.origin(back)
    assert provider.tried == 4
    with pytest.raises(ProviderFault, match="provider_answer_bad"):
        account.read(journey, RETURN, {"code": "never issued"}, back)
    account.origin(back)
    assert provider.asked[-2:] == ["/token", "/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "published",
    [
        {"authorization_endpoint": None},
        {"token_endpoint": ""},
        {"jwks_uri": 5},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://x; script-src *"},
    ],
    ids=str,
)
def test_metadata_that_leads_nowhere_is_not_believed(published: dict[str, object]) -> None:
    provider = Provider()
    provider.published = published
    with pytest.raises(ProviderFault, match="provider_answer_bad"):
        account_at(provider).origin(NOW)


def test_what_an_answer_is_worth() -> None:
    def worth(**change: Any) -> str:
        return weigh(replace(HOLDER, **change), WHO, HOME).value

    assert worth() == worth(is_resident=True) == "match"
    changes: tuple[dict[str, Any], ...] = (
        {"given_names": "Iryna"},
        {"family_name": ""},
        {"born_on": date(1990, 4, 3)},
        {"born_on": None},
        {"is_resident": False},
    )
    for change in changes:
        assert worth(**change) == "no_match", change
        flagged = {"home": None, "is_resident": True, **change}
        assert worth(**flagged) == "no_match", change
    for home in (
        replace(HOME, house="6"),
        replace(HOME, flat="8"),
        replace(HOME, street="Wschodnia"),
    ):
        # A flag does not outweigh another home that the provider told.
        for flag in (None, True):
            told = replace(HOLDER, home=home, is_resident=flag)
            assert weigh(told, WHO, HOME) == "no_match", told
    assert weigh(replace(HOLDER, home=replace(HOME, flat="")), WHO, HOME) == "match"
    hut = HomeAddress("A hut near the old bridge", is_described=True, district=18)
    bare = replace(HOLDER, home=None)
    assert weigh(bare, WHO, HOME) == weigh(bare, WHO, hut) == weigh(HOLDER, WHO, hut) == "no_match"
    for told in (replace(bare, is_resident=True), replace(HOLDER, is_resident=True)):
        assert weigh(told, WHO, hut) == "resident"
    assert weigh(replace(bare, is_resident=True), WHO, HOME) == "resident"


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
