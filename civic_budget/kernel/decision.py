"""May somebody do something? Yes, or no with a reason code that `labels` turns into a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from civic_budget.kernel.errors import NotAllowed


@dataclass(frozen=True)
class Allowed:
    """The deed may be done."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """The deed may not be done, and why."""

    reason: str

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied
ALLOWED = Allowed()


def first_denied(*decisions: Decision) -> Decision:
    """The first refusal among the decisions, else Allowed: conditions are told in their order."""
    return next((decision for decision in decisions if not decision), ALLOWED)


def require(decision: Decision) -> None:
    """Go on only when allowed; raises NotAllowed with the reason."""
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)
