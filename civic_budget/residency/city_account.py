"""The port to the city's identity provider: a person is sent there and comes back known, or not.

`openid_account` speaks OpenID Connect; login.gov.pl would be another implementation (docs/decisions/0027).
What comes back is a `Holder`: compared once and let go. Plain Python.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from civic_budget.config import Settings
from civic_budget.kernel.errors import DomainError
from civic_budget.residency.desk_rules import ProofOutcome
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.matching import blind_keys
from civic_budget.residency.matching.records import plain_address

CITY_ACCOUNT = "city_account"
"""The kind of a proof that the provider gave; it stands beside the registers' names."""
QUESTION_LASTS = timedelta(minutes=15)


class ProviderFault(DomainError):
    """The provider is silent, declined, or answered something that is not believed; `code` says which."""


@dataclass(frozen=True)
class Journey:
    """A person on the way to the provider: what the answer must carry."""

    state: str
    nonce: str
    verifier: str

    @staticmethod
    def fresh() -> Journey:
        """Three random secrets; the verifier as RFC 7636 wants it."""
        return Journey(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class Holder:
    """What the provider says of the holder of an account. Compared once, never kept or shown."""

    subject: str
    given_names: str
    family_name: str
    born_on: date | None
    home: HomeAddress | None
    is_resident: bool | None
    """None where the city's provider has no such word. It says nothing about which home."""


class CityAccount(Protocol):
    """A provider that a person is sent to and comes back from."""

    def origin(self, at: datetime) -> str:
        """Where the person is sent, as scheme and host, for the page's Content-Security-Policy."""

    def address(self, journey: Journey, return_url: str, language: str, at: datetime) -> str:
        """The address that the person is sent to."""

    def read(
        self, journey: Journey, return_url: str, said: Mapping[str, str], at: datetime
    ) -> Holder:
        """Who came back, from the values of the return address.

        Raises ProviderFault `provider_silent`, `provider_declined` or `provider_answer_bad`.
        """


def open_city_account(settings: Settings) -> CityAccount | None:
    """The city's identity provider, if it has one that may be asked."""
    if settings.identity_provider is None:
        return None
    # Only a city with a provider loads what speaks with it.
    from civic_budget.residency.openid_account import OpenIdAccount

    return OpenIdAccount(settings.identity_provider)


def weigh(holder: Holder, identity: Identity, home: HomeAddress) -> ProofOutcome:
    """What the provider's word is worth for the person who applies, living where they say.

    `MATCH`: names and birth date meet as in matching (K1), however they are spelt; street and house are the
    same, and the flat if both tell one. `RESIDENT`: the city's own flag says that the person lives in the
    city, but no home of a street came along, so an officer looks at the district. `NO_MATCH`: all else.
    """
    if not _is_person(holder, identity) or holder.is_resident is False:
        return ProofOutcome.NO_MATCH
    if holder.home is None or home.is_described:
        return ProofOutcome.RESIDENT if holder.is_resident else ProofOutcome.NO_MATCH
    is_same = _is_same_home(holder.home, home)
    return ProofOutcome.MATCH if is_same else ProofOutcome.NO_MATCH


def _is_person(holder: Holder, identity: Identity) -> bool:
    if holder.born_on is None:
        return False
    key = secrets.token_bytes(32)
    theirs, ours = (
        blind_keys(key, given_names=one.given_names, family_name=one.family_name, birth_on=born).k1
        for one, born in ((holder, holder.born_on), (identity, identity.born_on))
    )
    return ours is not None and ours == theirs


def _is_same_home(theirs: HomeAddress, ours: HomeAddress) -> bool:
    one, other = plain_address(theirs.for_matching()), plain_address(ours.for_matching())
    if one is None or other is None or one[:2] != other[:2]:
        return False
    return one.flat == other.flat or not (one.flat and other.flat)
