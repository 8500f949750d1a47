"""A signed token that names a session towards the evidence process; nobody else can make one up."""

from __future__ import annotations

from uuid import UUID

from itsdangerous import BadSignature, Signer

from civic_budget.kernel.keys import KeyRing

PURPOSE = "evidence-session"


def sign_session(ring: KeyRing, sign_in_id: str) -> str:
    """The token of a session of the web process."""
    return _signer(ring).sign(sign_in_id).decode()


def read_session(ring: KeyRing, token: str) -> UUID | None:
    """The session that a token names; None for a forged or broken one."""
    try:
        return UUID(_signer(ring).unsign(token).decode())
    except (BadSignature, ValueError):
        return None


def _signer(ring: KeyRing) -> Signer:
    return Signer(ring.key(PURPOSE), salt=PURPOSE)
