"""Acts after the count: the mayor approves the list, a winner falls out, freed money is granted. Pure.

The protocol of the choice never changes; an act is a row of its own below it. It must not know who
signs an act, nor the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from civic_budget.kernel.errors import Conflict
from civic_budget.selection import Outcome, Protocol

HEADING = "civic-budget list of winners, version 1"


class ActKind(StrEnum):
    """What an act decides.

    The whole list is approved; one winner is withdrawn by its author or cannot be built; a project
    is granted the money that stayed in its pool.
    """

    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    NOT_BUILT = "not_built"
    GRANTED = "granted"


@dataclass(frozen=True)
class Act:
    """An act as it was written down. `title` names it (kind, number, who), `reasons` by language.

    `list_hash` is the SHA-256 of the winners that it approves, empty for a later act. It holds once
    a second person signed.
    """

    number: int
    kind: ActKind
    reference: str
    title: str
    act_on: date
    link: str
    reasons: Mapping[str, str]
    list_hash: str
    proposed_by: UUID
    proposed_at: datetime
    is_signed: bool | None = None
    given_by: UUID | None = None
    given_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether a second person signed it."""
        return self.is_signed is True


@dataclass(frozen=True)
class ActRow:
    """An act in a pool's protocol: what was left before it and after it, in grosze."""

    act: Act
    scope: str
    cost: int
    left_before: int
    left_after: int


@dataclass
class PoolAfter:
    """A pool while acts are followed: what is left, who is funded, what each takes (grosze)."""

    scope: str
    left: int
    takes: Mapping[str, int]
    funded: set[str]
    withdrawn: set[str] = field(default_factory=set)


def list_of_winners(protocols: Mapping[str, Protocol]) -> str:
    """The text that an approval is about: a heading, then `scope;project;cost` (grosze), sorted."""
    rows = sorted(
        f"{scope};{row.project};{row.cost}"
        for scope, protocol in protocols.items()
        for row in protocol.decisions
        if row.won
    )
    return "".join(f"{line}\n" for line in [HEADING, *rows])


def hash_of_winners(protocols: Mapping[str, Protocol]) -> str:
    """The SHA-256 of the list of winners, in hexadecimal."""
    return hashlib.sha256(list_of_winners(protocols).encode()).hexdigest()


def follow(
    protocols: Mapping[str, Protocol], acts: Sequence[Act]
) -> tuple[list[ActRow], dict[str, PoolAfter]]:
    """The rows of the acts that hold, in their order, and how the pools stand after them.

    An approval changes no money and has no row of a pool. An act about a project that is no longer
    listed changes nothing.
    """
    pools = {scope: _pool(scope, protocol) for scope, protocol in protocols.items()}
    rows = []
    for act in sorted((a for a in acts if a.holds), key=lambda a: a.number):
        pool = next((p for p in pools.values() if act.reference in p.takes), None)
        if pool is not None:
            rows.append(_step(act, pool))
    return rows, pools


def _pool(scope: str, protocol: Protocol) -> PoolAfter:
    last = {row.project: row for row in protocol.decisions}
    return PoolAfter(
        scope=scope,
        left=protocol.left,
        takes={row.project: row.cost - row.reserve for row in last.values()},
        funded={row.project for row in last.values() if row.won},
        withdrawn={row.project for row in last.values() if row.outcome is Outcome.WITHDRAWN},
    )


def _step(act: Act, pool: PoolAfter) -> ActRow:
    before, cost = pool.left, pool.takes[act.reference]
    if act.kind is ActKind.GRANTED:
        pool.left -= cost
        pool.funded.add(act.reference)
    else:
        pool.left += cost if act.reference in pool.funded else 0
        pool.funded.discard(act.reference)
    if act.kind is ActKind.WITHDRAWN:
        pool.withdrawn.add(act.reference)
    return ActRow(act, pool.scope, cost, before, pool.left)


def check_act(
    protocols: Mapping[str, Protocol], acts: Sequence[Act], kind: ActKind, reference: str
) -> None:
    """Raise Conflict unless the act follows from what holds now.

    First the list is approved, once, when no draw is outstanding; then winners can fall out, and a
    project can be granted what is left in its own pool, never more.
    """
    approved = any(act.holds and act.kind is ActKind.APPROVED for act in acts)
    if kind is ActKind.APPROVED:
        if approved:
            raise Conflict("already_approved", field="kind")
        if not all(protocol.is_complete for protocol in protocols.values()):
            raise Conflict("draw_outstanding", field="kind")
        return
    if not approved:
        raise Conflict("not_approved_yet", field="kind")
    pools = follow(protocols, acts)[1].values()
    pool = next((p for p in pools if reference in p.takes), None)
    if pool is None:
        raise Conflict("project_unknown", field="reference")
    if kind is ActKind.GRANTED:
        _check_grant(pool, reference)
    elif reference not in pool.funded:
        raise Conflict("not_funded", field="reference")


def _check_grant(pool: PoolAfter, reference: str) -> None:
    if reference in pool.funded:
        raise Conflict("already_funded", field="reference")
    if reference in pool.withdrawn:
        raise Conflict("was_withdrawn", field="reference")
    if pool.takes[reference] > pool.left:
        raise Conflict("too_little_left", field="reference", left=pool.left)
