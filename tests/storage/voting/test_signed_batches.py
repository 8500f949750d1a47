"""What was signed off of paper cannot be changed in the database unnoticed: the opening names the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from civic_budget.kernel.actor import SYSTEM
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.commission_models import PaperCorrection, PaperInvalid
from civic_budget.voting.models import PaperBallotRow, PaperBatch
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.rules import InvalidReason
from tests.builders_commission import (
    close_paper,
    close_vote,
    hand_in,
    make_clerks,
    open_box,
    open_urn,
    seal_pile,
    sign_off,
)
from tests.builders_voting import Round, choice, make_round, make_voter
from tests.conftest import NOW


def signed(database: Database, opened: Round) -> str:
    """A batch of five slips: one card, two invalid for a reason each, two missing; signed and sealed."""
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    for _ in range(5):
        hand_in(database, opened, slips, batch_id, make_voter(database))
    seal_pile(database, batch_id)
    with database.writing() as work:
        service.register_card(work, secrets=opened.secrets, serial="7" * 16, scope="d08")
        work.session.flush()
        service.key_card(
            work,
            SYSTEM,
            secrets=opened.secrets,
            batch_id=batch_id,
            serial="7" * 16,
            choice=choice(),
            at=NOW,
        )
        for reason, number in ((InvalidReason.BLANK, 1), (InvalidReason.SIGNED, 3)):
            service.count_invalid(work, keying, batch_id=batch_id, reason=reason, number=number)
        service.correct_invalid(
            work,
            keying,
            batch_id=batch_id,
            reason=InvalidReason.SIGNED,
            was=3,
            number=1,
            at=NOW,
        )
        service.count_missing(work, keying, batch_id=batch_id, number=2, note="Taken home.")
    sign_off(database, opened, signing, batch_id, missing=2, at=opened.closes_at)
    close_vote(database, opened)
    close_paper(database, opened, at=later(opened))
    return batch_id.hex


def later(opened: Round) -> datetime:
    """When the last slips are in."""
    return opened.closes_at + timedelta(days=4)


def one_more_is_missing(connection: Connection) -> None:
    connection.execute(delete(PaperInvalid).where(PaperInvalid.reason == "blank"))
    connection.execute(update(PaperBatch).values(invalid=1, missing=3))


def another_reason(connection: Connection) -> None:
    connection.execute(
        update(PaperInvalid).where(PaperInvalid.reason == "blank").values(reason="altered")
    )


def a_card_is_called_missing(connection: Connection) -> None:
    connection.execute(delete(PaperBallotRow))
    connection.execute(update(PaperBatch).values(keyed=0, missing=3))


def emptied(connection: Connection) -> None:
    """As if the batch had been mixed into another one."""
    connection.execute(delete(PaperBallotRow))
    connection.execute(delete(PaperInvalid))
    connection.execute(
        update(PaperBatch).values(claimed=0, keyed=0, invalid=0, missing=0, missing_note=None)
    )


TABLES = (
    PaperBallotRow.__table__,
    PaperInvalid.__table__,
    PaperCorrection.__table__,
    PaperBatch.__table__,
)
Change = Callable[[Connection], object]
CHANGES: dict[str, Change] = {
    "an invalid card is called missing": one_more_is_missing,
    "another reason": another_reason,
    "a keyed card is called missing": a_card_is_called_missing,
    "a keyed card is gone": lambda connection: connection.execute(delete(PaperBallotRow)),
    "the reason of what is missing": lambda connection: connection.execute(
        update(PaperBatch).values(missing_note="Burnt.")
    ),
    "the number of the protocol": lambda connection: connection.execute(
        update(PaperBatch).values(protocol_number="P/2")
    ),
    "the keyed value is gone": lambda connection: connection.execute(
        update(PaperBatch).values(mac=None)
    ),
    "a correction is hidden": lambda connection: connection.execute(delete(PaperCorrection)),
    "a correction tells another number": lambda connection: connection.execute(
        update(PaperCorrection).values(was=2)
    ),
    "the batch is emptied": emptied,
}


def test_what_was_changed_after_the_signing_stops_the_opening(database: Database) -> None:
    opened = make_round(database)
    batch = signed(database, opened)
    with database.engine.connect() as connection:
        kept = {table: connection.execute(select(table)).mappings().all() for table in TABLES}
    for name, change in CHANGES.items():
        with database.engine.begin() as connection:
            change(connection)
        with pytest.raises(OpeningRefused) as told:
            open_box(database, opened, at=later(opened))
        expected = "" if name == "the batch is emptied" else batch
        found = [(problem.trouble, problem.tag) for problem in told.value.problems]
        assert found == [(Trouble.BATCH, expected)], name
        with database.engine.begin() as connection:
            put_back(connection, kept)
    assert len(open_box(database, opened, at=later(opened)).ballots) == 2


def put_back(connection: Connection, kept: Mapping[Any, Sequence[Any]]) -> None:
    """Everything of the batch as it was."""
    for table in TABLES[:3]:
        connection.execute(delete(table))
        connection.execute(insert(table), [dict(row) for row in kept[table]])
    (batch,) = kept[TABLES[3]]
    connection.execute(update(TABLES[3]).values(dict(batch)))
