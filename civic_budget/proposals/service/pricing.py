"""The city's price list as coordinators keep it. Amounts in grosze, tax included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import PriceItem
from civic_budget.proposals.service.implementing import put_price
from civic_budget.storage.db import Work

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


def change_price(
    work: Work,
    actor: Actor,
    *,
    key: str,
    names: Mapping[str, str],
    unit: str,
    grosze: int,
    position: int,
    at: datetime,
) -> None:
    """Add a unit price or correct it; raises Conflict: bad_key, cost_of_nothing."""
    require(policy.may_keep_prices(actor))
    if not KEY.fullmatch(key):
        raise Conflict("bad_key", field="key")
    if grosze <= 0:
        raise Conflict("cost_of_nothing", field="amount")
    put_price(work, key=key, names=names, unit=unit, grosze=grosze, position=position)
    work.publish(events.PriceListChanged(at=at, by=actor.account_id))


def drop_price(work: Work, actor: Actor, *, key: str, at: datetime) -> None:
    """Take a price off the list; estimates that used it keep their own words and amounts."""
    require(policy.may_keep_prices(actor))
    row = work.session.get(PriceItem, key)
    if row is None:
        raise NotFound("no_price")
    work.session.delete(row)
    work.publish(events.PriceListChanged(at=at, by=actor.account_id))
