"""Who is acting: an account with its roles, or the platform itself. Knows nothing of the web."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a member of staff may be; a resident has no role."""

    OFFICER = "officer"
    DESK = "desk"
    ASSESSOR = "assessor"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    ANALYST = "analyst"
    COMMISSION = "commission"
    CLERK = "clerk"
    HELPDESK = "helpdesk"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Actor:
    """Somebody who does a deed: ``account_id`` is None for a visitor and for the platform itself."""

    account_id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether an account stands behind the deed."""
        return self.account_id is not None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


VISITOR = Actor()
SYSTEM = Actor(is_system=True)
