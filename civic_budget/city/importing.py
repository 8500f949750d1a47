"""Taking a street list over from a file, whole or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from civic_budget.city.addresses import fold_street
from civic_budget.city.events import StreetsImported
from civic_budget.city.models import Street
from civic_budget.city.queries import list_districts
from civic_budget.city.service import add_street
from civic_budget.city.street_list import StreetList, read_street_list
from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Work


def import_streets(
    work: Work,
    actor: Actor,
    *,
    content: bytes,
    only_these: bool = False,
    at: datetime,
) -> StreetList:
    """Take a street list over: streets in the file are replaced, others stay.

    `only_these`: streets that the file does not name are removed. With a single bad line nothing is
    written and the returned list says why, line by line. Addresses of people are not touched.
    """
    districts = {row.number for row in list_districts(work.session)}
    found = read_street_list(content, districts=districts)
    if found.problems:
        return found
    known = {
        row.search: row
        for row in work.session.scalars(select(Street).options(selectinload(Street.stretches)))
    }
    named = {fold_street(street.name) for street in found.streets}
    for search, row in known.items():
        if search in named or only_these:
            work.session.delete(row)
    work.session.flush()
    for street in found.streets:
        add_street(work, name=street.name, stretches=street.stretches, is_place=street.is_place)
    work.session.flush()
    work.publish(StreetsImported(streets=len(found.streets), at=at, by=actor.account_id))
    return found
