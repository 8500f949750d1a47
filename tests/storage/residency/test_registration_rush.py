"""A small rush through bench/registrations.py: what confirms alone, what waits, and why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bench.registrations import CLOSES, Run, furnish, register_all
from civic_budget.residency.drawing import is_drawn
from civic_budget.residency.models import Confirmation, ResidenceCase
from civic_budget.residency.queries import get_limits
from civic_budget.residency.queries.figures import get_figures
from civic_budget.residency.rules import CaseState, Flag, Road
from civic_budget.residency.service.sending import LOT
from civic_budget.storage.db import keyring_of


@pytest.mark.proof
def test_only_unflagged_statements_confirm_alone_and_everything_else_waits(
    database_url: str,
) -> None:
    database = furnish(database_url)
    run: Run = register_all(database, 900, seed=77)
    with database.reading() as session:
        limits = get_limits(session)
        rows = session.scalars(select(ResidenceCase)).all()
        confirmed = set(session.scalars(select(Confirmation.case_id)))
        figures = get_figures(session, limits, since=CLOSES, at=CLOSES)
        assert len(rows) == run.people == 900
        seed = keyring_of(session).blind(LOT, limits.sample_seed).hex()
        for row in rows:
            alone = row.road == Road.STATEMENT and not row.flags
            assert (row.state == CaseState.CONFIRMED) is alone
            assert (row.id in confirmed) is alone
            drawn = is_drawn(seed, row.reference, limits.sample_permille)
            assert (Flag.SAMPLE.value in row.flags) is drawn
        assert figures.waiting == 900 - len(confirmed)
        flagged = sum(Flag.DUPLICATE.value in row.flags for row in rows)
        assert 0 < flagged < 60
    database.dispose()
