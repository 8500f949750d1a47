"""A stored protocol as the engine's own value again, so that its explanations can be asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from civic_budget.selection import Decision, DrawRecord, Outcome, Protocol, Tie


def protocol_from(data: Mapping[str, Any], *, scope: str = "") -> Protocol:
    """The protocol that `selection.protocol_to` described; money in grosze."""
    return Protocol(
        rule=data["rule"],
        budget=data["budget"],
        voters=data["voters"],
        decisions=tuple(_decision(row) for row in data["protocol"]),
        draws=tuple(_draw(record) for record in data["draws"]),
        scope=scope,
        adopted=data.get("method", ""),
        endowment=Fraction(data["endowment"]) if data.get("endowment") else None,
        notes=data.get("notes", {}),
        drawn=tuple(data.get("drawn", ())),
        taken=data.get("taken", {}),
    )


def _decision(row: Mapping[str, Any]) -> Decision:
    tie = row.get("tie")
    return Decision(
        rank=row["rank"],
        project=row["project"],
        points=row["points"],
        votes=row["votes"],
        cost=row["cost"],
        left_before=row["left_before"],
        outcome=Outcome(row["outcome"]),
        left_after=row["left_after"],
        tie=Tie(tuple(tie["projects"]), tie["settled_by"]) if tie else None,
        excluded_by=row.get("excluded_by"),
        reserve=row.get("reserve", 0),
        price=Fraction(row["price"]) if "price" in row else None,
        scope=row.get("scope", ""),
    )


def _draw(record: Mapping[str, Any]) -> DrawRecord:
    order = record["order"]
    return DrawRecord(
        projects=tuple(record["projects"]),
        frozen_list=record["frozen_list"],
        commitment=record["commitment"],
        event=record["event"],
        order=None if order is None else tuple(order),
        seed=record["seed"],
    )
