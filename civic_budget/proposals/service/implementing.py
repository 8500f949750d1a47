"""What the city does for a winner, step by step; and the price list that authors estimate from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from civic_budget.proposals.models import ImplementationStep, PriceItem
from civic_budget.storage.db import Work


def add_step(
    work: Work,
    *,
    proposal_id: UUID,
    stage: str,
    happened_on: date,
    real_cost: int | None,
    notes: Mapping[str, str],
) -> None:
    """Tell what the city did for a winner (`real_cost` in grosze, when it is known)."""
    step = ImplementationStep(
        proposal_id=proposal_id,
        stage=stage,
        happened_on=happened_on,
        real_cost=real_cost,
        notes=dict(notes),
    )
    work.session.add(step)


def put_price(
    work: Work, *, key: str, names: Mapping[str, str], unit: str, grosze: int, position: int
) -> None:
    """Add a unit price to the city's list, or correct it.

    `unit` is piece, set, m2, m, hour, day or course; the price in grosze, tax included.
    """
    work.session.merge(
        PriceItem(key=key, names=dict(names), unit=unit, grosze=grosze, position=position)
    )
