"""Lifecycles as tables: which action leads from which state to which. One door for every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from civic_budget.kernel.errors import DomainError

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


class WrongState(DomainError):
    """The action does not exist in the present state (often: somebody else was quicker)."""

    def __init__(self, state: str, action: str) -> None:
        super().__init__("wrong_state", state=state, action=action)


@dataclass(frozen=True)
class Workflow(Generic[State, Action]):
    """A lifecycle: `moves[(state, action)]` is the next state; what is not in the table is refused."""

    name: str
    moves: Mapping[tuple[State, Action], State]

    def next(self, state: State, action: Action) -> State:
        """The state after the action; raises WrongState when the table has no such move."""
        try:
            return self.moves[(state, action)]
        except KeyError:
            raise WrongState(state, action) from None

    def actions_from(self, state: State) -> tuple[Action, ...]:
        """The actions that exist in a state, in the table's order."""
        return tuple(action for (start, action) in self.moves if start == state)

    def mermaid(self) -> str:
        """The lifecycle as a Mermaid state diagram, for the documentation."""
        lines = [f"    {a} --> {b}: {action}" for (a, action), b in self.moves.items()]
        return "\n".join(["stateDiagram-v2", *lines]) + "\n"
