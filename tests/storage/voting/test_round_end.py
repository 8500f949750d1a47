"""The end of a round: final, shredded, annulled, repeated; each waits for what must come before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic_budget.kernel.errors import Conflict
from civic_budget.results.queries import list_scope_results
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.claim_rules import claims_answered
from civic_budget.voting.commission_models import VoidNotice
from civic_budget.voting.models import BallotRow, EnvelopeRow, Participation
from civic_budget.voting.queries import find_round_of_edition, get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders_commission import annul, close_vote, make_final, open_box, publish, take_out
from tests.builders_statistics import seal
from tests.builders_voting import Round, cast, make_round, make_voter

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def status(database: Database, opened: Round) -> RoundStatus:
    with database.reading() as session:
        return get_round(session, opened.id).status


def test_finishing_waits_for_publication_and_sealed_statistics(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    open_box(database, opened)
    at = opened.closes_at + 5 * DAY

    def finish(day: int, *, keep: timedelta = 60 * DAY) -> None:
        with database.writing() as work:
            service.finish_round(
                work,
                opened.commission[0],
                round_id=opened.id,
                keep_until=at + keep,
                at=at + day * DAY,
            )

    with pytest.raises(Conflict, match="results_not_published"):
        finish(0)
    published = publish(database, opened)
    with pytest.raises(Conflict, match="statistics_not_sealed"):
        finish(3)
    assert count(database, Participation) == 1
    seal(database, opened, at=published)
    last = claims_answered(published) - at
    with pytest.raises(Conflict, match="claims_need_it"):
        finish(3, keep=last - HOUR)
    finish(3, keep=last)
    assert count(database, Participation) == 0
    assert status(database, opened) is RoundStatus.FINAL


def test_shredding_leaves_the_board_and_nothing_else(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    gone = make_voter(database)
    cast(database, opened, gone)
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(gone))
    until = make_final(database, opened)
    first = opened.commission[0]
    with pytest.raises(Conflict, match="appeals_may_come"), database.writing() as work:
        service.shred_round(work, first, round_id=opened.id, at=until - HOUR)
    with database.writing() as work:
        service.hold_round(work, first, round_id=opened.id, reason="Court case 1", at=until)
    with pytest.raises(Conflict, match="legal_hold"), database.writing() as work:
        service.shred_round(work, first, round_id=opened.id, at=until)
    with database.writing() as work:
        service.lift_hold(work, first, round_id=opened.id, reason="Dismissed", at=until)
    with database.reading() as session:
        sealed = session.scalars(select(EnvelopeRow.sealed)).all()
    with database.writing() as work:
        service.shred_round(work, first, round_id=opened.id, at=until)
        secrets_file = work.instance / "rounds" / f"{opened.id}.json"
    assert secrets_file.exists()  # a crash here leaves the keys; the next press destroys them
    for _ in range(2):
        service.destroy_remains(database, round_id=opened.id, at=until)
    assert not secrets_file.exists()
    assert count(database, EnvelopeRow) == count(database, VoidNotice) == 0
    assert count(database, BallotRow) == 2
    if database.engine.dialect.name == "sqlite":
        path = database.engine.url.database
        assert path is not None
        for suffix in ("", "-wal"):
            file = Path(path + suffix)
            content = file.read_bytes() if file.exists() else b""
            assert not [one for one in sealed if one and one in content]


def test_an_annulled_round_is_kept_for_appeals_then_destroyed(database: Database) -> None:
    opened = make_round(database)
    first, at = opened.commission[0], opened.closes_at + 10 * DAY
    for _ in range(2):
        cast(database, opened, make_voter(database))
    close_vote(database, opened)

    def keep(until: timedelta) -> None:
        with database.writing() as work:
            service.keep_annulled(work, first, round_id=opened.id, keep_until=at + until, at=at)

    def shred(after: timedelta) -> None:
        with database.writing() as work:
            service.shred_round(work, first, round_id=opened.id, at=at + after)

    with pytest.raises(Conflict, match="round_not_annulled"):
        keep(DAY)
    annul(database, opened, at=at)
    with pytest.raises(Conflict, match="appeals_may_come"):
        shred(900 * DAY)  # nobody said until when
    with pytest.raises(Conflict, match="keep_until_must_come"):
        keep(-DAY)
    with pytest.raises(Conflict, match="round_annulled"), database.writing() as work:
        service.finish_round(work, first, round_id=opened.id, keep_until=at + DAY, at=at)
    assert count(database, Participation) == 2
    keep(30 * DAY)  # no statistics are asked for: nothing of it counts
    assert count(database, Participation) == 0
    with pytest.raises(Conflict, match="keep_until_must_come"):
        keep(29 * DAY)
    with pytest.raises(Conflict, match="appeals_may_come"):
        shred(29 * DAY)
    with database.writing() as work:
        service.hold_round(work, first, round_id=opened.id, reason="Court case 1", at=at)
    with pytest.raises(Conflict, match="legal_hold"):
        shred(30 * DAY)
    with database.writing() as work:
        service.lift_hold(work, first, round_id=opened.id, reason="Dismissed", at=at)
        secrets_file = work.instance / "rounds" / f"{opened.id}.json"
    with pytest.raises(Conflict, match="not_shredded"):
        service.destroy_remains(database, round_id=opened.id, at=at)
    assert secrets_file.exists()
    shred(30 * DAY)
    for late in (lambda: shred(31 * DAY), lambda: keep(40 * DAY)):
        with pytest.raises(Conflict, match="destroyed_already"):
            late()
    for _ in range(2):  # a crash in between costs nothing
        service.destroy_remains(database, round_id=opened.id, at=at + 30 * DAY)
    assert not secrets_file.exists()
    assert count(database, EnvelopeRow) == 0
    assert status(database, opened) is RoundStatus.ANNULLED  # it never counts again
    with database.reading() as session:
        assert find_round_of_edition(session, opened.edition_id) is None
        assert get_round(session, opened.id).destroyed_at == at + 30 * DAY


def test_an_annulled_round_is_repeated(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    open_box(database, opened)
    at = opened.closes_at + 10 * DAY
    annul(database, opened, act="Zarządzenie 12/2026", note="415 forged cards", at=at)
    with database.reading() as session:
        assert list_scope_results(session, opened.edition_id) == []
    repeat = prepare_again(database, opened, scopes=None)
    with database.reading() as session:
        found = find_round_of_edition(session, opened.edition_id)
        assert found is not None
        assert found.id == repeat
        assert len(found.frozen.scopes) > 1


def test_one_pool_is_annulled_and_voted_on_anew(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    open_box(database, opened)
    with database.writing() as work:
        service.annul_scope(
            work,
            opened.commission[0],
            round_id=opened.id,
            scope="d08",
            act="Act 13",
            note="A card was handed out twice.",
            at=opened.closes_at + 10 * DAY,
        )
    with database.reading() as session:
        scopes = {r.scope for r in list_scope_results(session, opened.edition_id)}
    assert "city" in scopes
    assert "d08" not in scopes
    repeat = prepare_again(database, opened, scopes={"d08"})
    with database.reading() as session:
        assert {s.code for s in get_round(session, repeat).frozen.scopes} == {"d08"}


def prepare_again(database: Database, opened: Round, *, scopes: set[str] | None) -> UUID:
    at = opened.closes_at + 20 * DAY
    members = [m.account_id for m in opened.commission if m.account_id]
    with pytest.raises(Conflict, match="times_needed"), database.writing() as work:
        _prepare(work, opened, members, None, at)
    times = service.VoteTimes(at + 30 * DAY, at + 40 * DAY)
    with database.writing() as work:
        prepared = _prepare(work, opened, members, times, at)
    with database.reading() as session:
        assert get_round(session, prepared.round_id).opens_at == times.opens_at
    return prepared.round_id


def _prepare(
    work: object, opened: Round, members: list[UUID], times: object, at: object
) -> service.PreparedRound:
    return service.prepare_round(
        work,  # type: ignore[arg-type]
        opened.commission[0],
        edition_id=opened.edition_id,
        members=members,
        passphrases=["first long passphrase", "second long passphrase", "third long passphrase"],
        threshold=2,
        names={},
        scrypt_cost=1 << 10,
        times=times,  # type: ignore[arg-type]
        at=at,  # type: ignore[arg-type]
    )
