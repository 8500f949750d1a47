"""An opening holds nobody up, and writes nothing when anything that it relied on changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update

from civic_budget.config import Settings
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.models import BallotRow, EnvelopeRow, EnvelopeVoid, Participation
from civic_budget.voting.opening import Opened, OpeningRefused
from civic_budget.voting.opening_run import codes_of, read_progress, run_opening, say_progress
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus, VoidReason
from tests.builders_commission import close_vote, open_box, take_out
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.storage.voting.test_one_human import merge


def closed(database: Database) -> tuple[Round, list[UUID]]:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(3)]
    for voter in voters:
        cast(database, opened, voter)
    close_vote(database, opened)
    return opened, voters


def open_aside(database: Database, opened: Round, meanwhile: Callable[[], object]) -> Opened:
    """Open while something else is done; it has to be done before the ballots are written."""
    with ThreadPoolExecutor(1) as other:

        def do(_done: int) -> None:
            other.submit(meanwhile).result(timeout=10)

        return service.open_aside(
            database,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            held=opened.held[:2],
            at=opened.closes_at + timedelta(days=4),
            progress=do,
        )


def is_untouched(database: Database, settings: Settings, opened: Round) -> bool:
    with database.reading() as session:
        status = get_round(session, opened.id).status
        ballots = session.scalar(select(func.count()).select_from(BallotRow))
    return (status, ballots) == (RoundStatus.VERIFICATION, 0) and not list(
        settings.boards.glob("*")
    )


def test_others_write_while_the_envelopes_are_opened(database: Database) -> None:
    opened, _ = closed(database)
    # A resident who is confirmed meanwhile has no vote in the box: nothing of the opening changes.
    assert len(open_aside(database, opened, lambda: make_voter(database)).ballots) == 6
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.OPENED


@pytest.mark.parametrize("what", ["void", "gone", "altered", "merged"])
def test_what_changed_meanwhile_stops_it_and_nothing_is_written(
    database: Database, settings: Settings, what: str
) -> None:
    opened, (one, other, third) = closed(database)
    tag = opened.secrets.tag(one)

    def by_hand(*statements: object) -> None:
        with database.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    deeds: dict[str, Callable[[], None]] = {
        "void": lambda: take_out(database, opened, tag, VoidReason.NOT_A_RESIDENT),
        "gone": lambda: by_hand(
            delete(Participation).where(Participation.tag == tag),
            delete(EnvelopeRow).where(EnvelopeRow.tag == tag),
        ),
        "altered": lambda: by_hand(
            update(EnvelopeRow).where(EnvelopeRow.tag == tag).values(mac=bytes(32))
        ),
        "merged": lambda: merge(database, other, third),
    }
    with pytest.raises((Conflict, OpeningRefused)) as refused:
        open_aside(database, opened, deeds[what])
    assert is_untouched(database, settings, opened)
    expected = {
        "void": ["urn_changed"],
        "gone": ["envelope_of_an_earlier_list_is_gone"],
        "altered": ["envelope_after_the_sealed_list", "envelope_of_an_earlier_list_is_gone"],
        "merged": ["urn_changed"],
    }
    assert codes_of(refused.value) == expected[what]


def test_a_void_that_is_lifted_meanwhile_is_noticed_too(
    database: Database, settings: Settings
) -> None:
    opened, voters = closed(database)
    take_out(database, opened, opened.secrets.tag(voters[0]))

    def put_back() -> None:
        with database.engine.begin() as connection:
            connection.execute(delete(EnvelopeVoid))

    with pytest.raises(Conflict, match="urn_changed"):
        open_aside(database, opened, put_back)
    assert is_untouched(database, settings, opened)


def test_of_two_openings_at_once_one_writes(database: Database) -> None:
    opened, _ = closed(database)
    with pytest.raises(DomainError):
        open_aside(database, opened, lambda: open_box(database, opened))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BallotRow)) == 6


def test_why_a_long_opening_stopped_is_kept_for_the_page(settings: Settings) -> None:
    round_id = UUID(int=1)

    def deed(_progress: Callable[[int], None]) -> None:
        raise Conflict("urn_changed")

    with pytest.raises(Conflict):
        run_opening(deed, folder=settings.instance, round_id=round_id, of=5)
    found = read_progress(settings.instance, round_id)
    assert found is not None
    assert (found.state, list(found.why)) == ("refused", ["urn_changed"])
    say_progress(settings.instance, round_id, "running", 1, 5)
    again = read_progress(settings.instance, round_id)
    assert again is not None
    assert not again.why
