"""What an authenticator is asked and whether its answer is genuine (WebAuthn). Knows no database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from civic_budget.kernel.errors import DomainError

MAX_ANSWER = 16_384
REQUIRED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(DomainError):
    """The authenticator's answer is not genuine, not for us, or not to our question."""

    def __init__(self) -> None:
        super().__init__("passkey_refused")


@dataclass(frozen=True)
class RelyingParty:
    """For whom passkeys are made: the host's name and the exact origin of its pages."""

    host: str
    origin: str


@dataclass(frozen=True)
class NewPasskey:
    """A verified new key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def relying_party(public_url: str) -> RelyingParty:
    """The party of an installation's public address; an IP address stands in for localhost.

    Browsers make no passkeys for IP addresses.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or "localhost"
    if ":" in host or host.replace(".", "").isdigit():
        port = f":{parts.port}" if parts.port else ""
        return RelyingParty("localhost", f"{parts.scheme}://localhost{port}")
    return RelyingParty(host, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")


def registration_options(
    party: RelyingParty,
    *,
    account_id: UUID,
    label: str,
    challenge: bytes,
    present: Sequence[bytes],
) -> str:
    """What to ask a new authenticator, as JSON; `present` credential ids are not made again."""
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.host,
        user_id=account_id.bytes,
        user_name=label,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in present],
    )
    return options_to_json(options)


def authentication_options(
    party: RelyingParty, *, challenge: bytes, allowed: Sequence[bytes] = ()
) -> str:
    """What to ask an authenticator, as JSON; without `allowed` the device offers what it holds."""
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in allowed],
        user_verification=REQUIRED,
    )
    return options_to_json(options)


def verify_new(party: RelyingParty, *, answer: str, challenge: bytes) -> NewPasskey:
    """The new key of an answer; raises PasskeyRefused."""
    try:
        verified = verify_registration_response(
            credential=_parse(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # a hostile answer may break anywhere inside its parser
        raise PasskeyRefused from error
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def credential_of(answer: str) -> tuple[bytes, bytes | None]:
    """The credential id and the account's handle that an answer claims; raises PasskeyRefused."""
    try:
        parsed = _parse(answer)
        handle = parsed["response"].get("userHandle")
        return base64url_to_bytes(parsed["rawId"]), base64url_to_bytes(handle) if handle else None
    except Exception as error:
        raise PasskeyRefused from error


def verify_known(
    party: RelyingParty, *, answer: str, challenge: bytes, public_key: bytes, sign_count: int
) -> int:
    """The key's new counter when the answer is genuine; raises PasskeyRefused, also for a clone's."""
    try:
        verified = verify_authentication_response(
            credential=_parse(answer),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise PasskeyRefused from error
    return verified.new_sign_count


def _parse(answer: str) -> dict[str, Any]:
    if len(answer) > MAX_ANSWER:
        raise PasskeyRefused
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise PasskeyRefused
    return parsed
