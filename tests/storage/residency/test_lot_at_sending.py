"""Nobody can compute before sending whether their case will be drawn for a check."""

from __future__ import annotations

from civic_budget.residency import queries, service
from civic_budget.residency.limits import Limits
from civic_budget.residency.models import ResidenceCase
from civic_budget.residency.rules import Flag, is_in_sample
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city
from tests.builders_residency import make_case, make_identity

NAMES = [
    f"{first}{last}" for first in ("AN", "BO", "CE", "DO") for last in ("NA", "RA", "LA", "TA")
]


def test_the_public_seed_tells_nothing_of_the_lot(database: Database) -> None:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 500, "sample_seed": "7 12 23 31 44 49"})
    computed, drawn = [], []
    for name in NAMES:
        case_id = make_case(database, make_account(database), identity=make_identity(name, "NOWAK"))
        with database.reading() as session:
            limits: Limits = queries.get_limits(session)
            row = session.get_one(ResidenceCase, case_id)
            computed.append(is_in_sample(row.reference, limits))
            drawn.append(Flag.SAMPLE.value in row.flags)
    assert any(drawn) and not all(drawn)
    assert computed != drawn
