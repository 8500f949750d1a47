"""One human, one vote: merged records, an erased and a new one, and what becomes of two envelopes."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from civic_budget.kernel.actor import Role
from civic_budget.models import METADATA
from civic_budget.residency import service as residency
from civic_budget.residency.models import MatchRun
from civic_budget.residency.queries.duplicates import find_basis, list_suspects
from civic_budget.residency.service.suspecting import Suspicion, suspect
from civic_budget.storage.db import Database
from civic_budget.voting import commission_queries, keyfiles, service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.queries import read_opened
from civic_budget.voting.service.nights import keep_list
from tests.builders import make_staff
from tests.builders_commission import (
    close_vote,
    hand_in,
    key_only_card,
    make_clerks,
    object_to,
    open_box,
    open_urn,
    seal_pile,
    take_out,
)
from tests.builders_residency import make_identity, make_resident
from tests.builders_voting import HOMES, PASSPHRASES, Round, cast, make_round, make_voter
from tests.conftest import NOW

DAY = timedelta(days=1)


def merge(database: Database, one: UUID, other: UUID) -> None:
    """Two officers say that two records are one human."""
    for _ in range(2):
        officer = make_staff(database, Role.OFFICER)
        with database.writing() as work:
            residency.say_same(work, officer, one=one, other=other, at=NOW)


def set_mode(database: Database, opened: Round, mode: str) -> None:
    with database.writing() as work:
        work.session.execute(
            update(RoundRow).where(RoundRow.id == opened.id).values(on_duplicate=mode)
        )


def outs(database: Database, opened: Round) -> dict[bytes, str]:
    """Envelope to be taken out → the reason that fits."""
    with database.reading() as session:
        found = service.list_findings(session, secrets=opened.secrets, at=opened.closes_at)
    assert {one.kind for one in found} <= {service.FindingKind.DUPLICATE}
    return {one.tag: one.suggested.value for one in found}


def test_merged_records_cannot_vote_twice(database: Database) -> None:
    opened = make_round(database)
    one, other = make_voter(database), make_voter(database)
    merge(database, one, other)
    assert cast(database, opened, one).outcome is CastOutcome.ACCEPTED
    assert cast(database, opened, other).outcome is CastOutcome.EARLIER_STANDS


def test_two_voters_whose_pair_nobody_judged_are_a_signal(database: Database) -> None:
    opened = make_round(database)
    one, other, third = (make_voter(database) for _ in range(3))
    for person in (one, other):
        cast(database, opened, person)
    with database.writing() as work:
        run = MatchRun(
            reason="night", begun_at=NOW, lease_until=NOW, is_running=False, finished_at=NOW
        )
        run.people = run.compared = run.crowds = run.found = 0
        work.session.add(run)
        work.session.flush()
        pairs = [sorted((one, person)) for person in (other, third)]
        found = [
            Suspicion(a, b, 80, ["birth_same"], find_basis(work.session, a, b) or b"")
            for a, b in pairs
        ]
        assert suspect(work, run.id, found, at=NOW) == 2
    with database.reading() as session:
        (signal,) = service.list_signals(session, secrets=opened.secrets, at=NOW)
    assert signal.kind is service.SignalKind.PAIR
    assert set(signal.tags) == {opened.secrets.tag(person) for person in (one, other)}
    officer = make_staff(database, Role.OFFICER)
    with database.writing() as work:
        residency.say_different(work, officer, one=one, other=other, at=NOW)
    with database.reading() as session:
        assert service.list_signals(session, secrets=opened.secrets, at=NOW) == []


def test_an_erased_person_who_registers_anew_cannot_vote_twice(database: Database) -> None:
    opened, identity = make_round(database), make_identity("OKSANA")
    account, erased = make_resident(database, identity=identity, address=HOMES[8])
    assert cast(database, opened, erased).outcome is CastOutcome.ACCEPTED
    assert account.account_id is not None
    with database.writing() as work:
        residency.erase_person(work, account, account_id=account.account_id, at=NOW)
    _, anew = make_resident(database, identity=identity, address=HOMES[8])
    assert anew != erased
    with (
        database.reading() as session
    ):  # officers are shown the pair: the erased record's keys are kept
        (met,) = list_suspects(session, anew)
    assert (met.person_id, met.is_erased) == (erased, True)
    merge(database, erased, anew)
    assert cast(database, opened, anew).outcome is CastOutcome.EARLIER_STANDS
    close_vote(database, opened)
    assert len(open_box(database, opened).ballots) == 2  # the vote of the erased record counts


@pytest.mark.parametrize("mode", ["void_all", "paper_wins", "drawn"])
def test_two_web_votes_of_one_human(database: Database, mode: str) -> None:
    opened = make_round(database)
    set_mode(database, opened, mode)
    one, other = make_voter(database), make_voter(database)
    cast(database, opened, one)
    cast(database, opened, other)
    merge(database, one, other)
    close_vote(database, opened)
    tags = {opened.secrets.tag(person) for person in (one, other)}
    with database.reading() as session:
        seal = session.scalars(select(RoundRow.sealed_root)).one()
    assert seal is not None
    kept = {min(tags, key=lambda tag: service.lot(seal, tag))} if mode == "drawn" else set()
    found = outs(database, opened)
    assert found == dict.fromkeys(tags - kept, "voted_twice")
    with database.writing() as work:  # what is sealed afterwards moves no lot
        work.session.execute(update(RoundRow).values(status="ready"))
    cast(database, opened, make_voter(database), at=opened.closes_at - DAY)
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(status="verification"))
        again = keep_list(work, opened.id, step="returned", at=opened.closes_at)
        work.session.execute(update(RoundRow).values(sealed_root=again.root))
    assert outs(database, opened) == found
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    told = {(problem.trouble, problem.tag) for problem in refused.value.problems}
    assert told == {(Trouble.SAME_PERSON, tag.hex()) for tag in tags}
    for tag in found:
        take_out(database, opened, tag)
    assert len(open_box(database, opened).ballots) == 2 * len(kept) + 2


def test_whose_envelope_lay_under_the_other_record_may_object(database: Database) -> None:
    opened = make_round(database)
    set_mode(database, opened, "void_all")
    one, other = make_voter(database), make_voter(database)
    cast(database, opened, other)
    merge(database, one, other)
    close_vote(database, opened)
    tag = opened.secrets.tag(other)
    take_out(database, opened, tag)
    with database.reading() as session:
        assert tag in service.tags_ever(session, opened.secrets, one)
    words = "There was one vote, and it is mine."
    object_to(database, opened, one, words=words, at=opened.closes_at)
    with database.reading() as session:
        (void,) = commission_queries.list_voids(session, opened.id)
    assert void.objection == words


@pytest.mark.parametrize(
    ("mode", "is_slip_out"), [("void_all", True), ("paper_wins", False), ("drawn", False)]
)
def test_a_web_vote_and_a_card_of_one_human_are_one_ballot_in_every_mode(
    database: Database, mode: str, is_slip_out: bool
) -> None:
    opened = make_round(database)
    set_mode(database, opened, mode)
    online, at_point = make_voter(database), make_voter(database)
    slips, signing = make_clerks(database, 2)
    batch_id = open_urn(database, opened, slips)
    cast(database, opened, online)
    hand_in(database, opened, slips, batch_id, at_point)
    key_one(database, opened, batch_id)
    merge(database, online, at_point)
    close_vote(database, opened)
    with database.writing() as work:
        service.close_batch(
            work,
            signing,
            secrets=opened.secrets,
            batch_id=batch_id,
            missing=0,
            protocol_number="P/1",
            at=opened.closes_at,
        )
    web, slip = opened.secrets.tag(online), opened.secrets.tag(at_point)
    found = outs(database, opened)
    assert set(found) == ({web, slip} if is_slip_out else {web})
    assert found[web] == ("voted_twice" if is_slip_out else "paper_vote_stands")
    for tag in found:
        take_out(database, opened, tag)
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at + 3 * DAY,
        )
    open_box(database, opened)
    with database.reading() as session:
        assert len(read_opened(session, opened.id).ballots) == 2


def key_one(database: Database, opened: Round, batch_id: UUID) -> None:
    seal_pile(database, batch_id)
    key_only_card(database, opened, make_clerks(database, 1)[0], batch_id)


def test_a_backup_of_the_running_vote_with_all_passphrases_opens_nothing(
    database: Database,
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    with database.engine.connect() as connection:
        backup = b"\n".join(
            _bytes(value)
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        )
    private = keyfiles.open_key_files(
        opened.held[:2], round_id=opened.id, public_key=opened.secrets.public_key
    )
    held = opened.secrets
    for key in (private, held.k_tag, held.k_mac, held.k_retry, held.signing):
        for form in (key, key.hex().encode(), base64.b64encode(key)):
            assert form not in backup
    for content, _ in opened.held:
        assert content not in backup
    assert not any(phrase.encode() in backup for phrase in PASSPHRASES)
    with pytest.raises(keyfiles.KeyFilesRefused):  # what the backup has in place of a file
        keyfiles.open_key_files(
            [(backup, phrase) for phrase in PASSPHRASES[:2]],
            round_id=opened.id,
            public_key=held.public_key,
        )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
