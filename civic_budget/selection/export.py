"""A protocol as plain values for JSON and files: whole numbers, text, lists.

Fractions become text ("1/3"), money stays in grosze. It must not decide or explain anything.
"""

from typing import Any

from civic_budget.selection.draw import DrawRecord
from civic_budget.selection.protocol import Decision, Protocol


def protocol_to(protocol: Protocol) -> dict[str, Any]:
    """The whole protocol: `selected` in the order of choice, `spent`, the rows, the draws.

    `method` is the one whose result counts; `endowment` what Equal Shares gave each voter.
    """
    return {
        "rule": protocol.rule,
        "method": protocol.adopted,
        "budget": protocol.budget,
        "voters": protocol.voters,
        "selected": list(protocol.winners),
        "spent": protocol.spent,
        "left": protocol.left,
        "complete": protocol.is_complete,
        "protocol": [decision_to(row) for row in protocol.decisions],
        "draws": [draw_to(record) for record in protocol.draws],
        "endowment": None if protocol.endowment is None else str(protocol.endowment),
        "notes": dict(protocol.notes),
        "drawn": list(protocol.drawn),
        "taken": dict(protocol.taken),
    }


def decision_to(row: Decision) -> dict[str, Any]:
    """One row; keys that say nothing about this project are left out."""
    entry: dict[str, Any] = {
        "rank": row.rank,
        "project": row.project,
        "points": row.points,
        "votes": row.votes,
        "cost": row.cost,
        "left_before": row.left_before,
        "outcome": row.outcome.value,
        "left_after": row.left_after,
    }
    if row.tie is not None:
        entry["tie"] = {"projects": list(row.tie.projects), "settled_by": row.tie.settled_by}
    if row.excluded_by is not None:
        entry["excluded_by"] = row.excluded_by
    if row.reserve:
        entry["reserve"] = row.reserve
    if row.price is not None:
        entry["price"] = str(row.price)
    if row.scope:
        entry["scope"] = row.scope
    return entry


def draw_to(record: DrawRecord) -> dict[str, Any]:
    """One draw with everything needed to redo it; `order` is null while it is outstanding."""
    return {
        "projects": list(record.projects),
        "event": record.event,
        "frozen_list": record.frozen_list,
        "commitment": record.commitment,
        "seed": record.seed,
        "order": None if record.order is None else list(record.order),
    }
