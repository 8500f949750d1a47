"""A round in the commission's hands for tests: closed, opened, published, with clerks and points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.residency.queries import accounts_of_person
from civic_budget.results import service as results
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.models import PaperBallotRow
from civic_budget.voting.opening import Opened
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import SampleResult, VoidReason
from tests.builders import make_staff
from tests.builders_statistics import seal
from tests.builders_voting import PASSPHRASES, Round, choice
from tests.conftest import NOW


def close_vote(database: Database, opened: Round, *, at: datetime | None = None) -> None:
    """Close a round at its end."""
    with database.writing() as work:
        service.close_round(
            work, opened.commission[0], round_id=opened.id, at=at or opened.closes_at
        )


def close_paper(database: Database, opened: Round, *, at: datetime) -> None:
    """A member seals the list with the last slips."""
    with database.writing() as work:
        service.close_paper(
            work, opened.commission[0], round_id=opened.id, secrets=opened.secrets, at=at
        )


def open_box(
    database: Database,
    opened: Round,
    *,
    held: Sequence[tuple[bytes, str]] | None = None,
    at: datetime | None = None,
) -> Opened:
    """Open a closed round, four days after its end unless said otherwise."""
    with database.writing() as work:
        return service.open_round(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            held=held or opened.held[:2],
            at=at or opened.closes_at + timedelta(days=4),
        )


def take_out(
    database: Database,
    opened: Round,
    tag: bytes,
    reason: VoidReason = VoidReason.DUPLICATE,
    *,
    at: datetime | None = None,
) -> None:
    """Two members take an envelope out."""
    at = at or opened.closes_at
    with database.writing() as work:
        service.propose_void(
            work, opened.commission[0], round_id=opened.id, tag=tag, reason=reason, at=at
        )
    with database.writing() as work:
        service.confirm_void(
            work,
            opened.commission[1],
            round_id=opened.id,
            secrets=opened.secrets,
            tag=tag,
            at=at,
        )


def object_to(
    database: Database, opened: Round, person: UUID, *, at: datetime, words: str = "It was me."
) -> None:
    """Whoever acts for a person objects that their envelope was taken out."""
    with database.reading() as session:
        actor = Actor(accounts_of_person(session, person)[0])
    with database.writing() as work:
        service.object_to_void(
            work, actor, secrets=opened.secrets, person_id=person, words=words, at=at
        )


def propose_answer(
    database: Database, opened: Round, tag: bytes, *, is_restored: bool, at: datetime
) -> None:
    """The first member proposes what becomes of an envelope whose person objected."""
    first = opened.commission[0]
    with database.writing() as work:
        service.propose_answer(
            work, first, round_id=opened.id, tag=tag, is_restored=is_restored, at=at
        )


def confirm_answer(database: Database, opened: Round, tag: bytes, *, at: datetime) -> None:
    """The second member confirms it."""
    second = opened.commission[1]
    with database.writing() as work:
        service.confirm_answer(
            work, second, round_id=opened.id, secrets=opened.secrets, tag=tag, at=at
        )


def annul(
    database: Database,
    opened: Round,
    *,
    at: datetime,
    act: str = "Act 1",
    note: str = "A wrong list was shown.",
) -> None:
    """A member enters the act that annuls a round."""
    first = opened.commission[0]
    with database.writing() as work:
        service.annul_round(work, first, round_id=opened.id, act=act, note=note, at=at)


def annul_list(database: Database, opened: Round, *, at: datetime, scope: str = "d08") -> None:
    """A member enters the act that annuls the vote on one list."""
    with database.writing() as work:
        service.annul_scope(
            work,
            opened.commission[0],
            round_id=opened.id,
            scope=scope,
            act="Act 13",
            note="A wrong list was shown.",
            at=at,
        )


def prepare_again(database: Database, opened: Round, at: datetime) -> Round:
    """The commission prepares the next vote and proves its keys; it opens in ten days for ten days."""
    members = [member.account_id for member in opened.commission if member.account_id]
    times = service.VoteTimes(at + timedelta(days=10), at + timedelta(days=20))
    with database.writing() as work:
        prepared = service.prepare_round(
            work,
            opened.commission[0],
            edition_id=opened.edition_id,
            members=members,
            passphrases=PASSPHRASES,
            threshold=2,
            names={},
            scrypt_cost=1 << 10,
            times=times,
            at=at,
        )
        held = list(zip(prepared.key_files, PASSPHRASES, strict=True))
        service.test_round(
            work, opened.commission[0], round_id=prepared.round_id, held=held[:2], at=at
        )
        folder = work.instance / "rounds"
    with database.reading() as session:
        found = get_round(session, prepared.round_id)
    secrets = service.secrets_of(folder, found)
    return Round(
        prepared.round_id, opened.edition_id, secrets, opened.commission, held, times.closes_at
    )


def give_back(
    database: Database, opened: Round, person: UUID, *, at: datetime, member: int = 1
) -> datetime:
    """A member (the second unless said otherwise) confirms that a vote is given back; until when."""
    with database.writing() as work:
        return service.confirm_return(
            work,
            opened.commission[member],
            round_id=opened.id,
            secrets=opened.secrets,
            person_id=person,
            at=at,
        )


def extend(
    database: Database, opened: Round, to: datetime, *, at: datetime, note: str = "It stood still."
) -> None:
    """Let a vote last until another moment."""
    with database.writing() as work:
        service.extend_round(
            work, opened.commission[0], round_id=opened.id, closes_at=to, note=note, at=at
        )


def draw_sample(
    database: Database, opened: Round, number: int, *, at: datetime
) -> list[service.Sampled]:
    """Draw voters from the sealed list; returns them in the order of the draw."""
    with database.writing() as work:
        service.draw_sample(
            work,
            opened.commission[0],
            round_id=opened.id,
            number=number,
            seed="7 12 23",
            source="Lotto",
            at=at,
        )
    with database.reading() as session:
        return list(service.list_sample(session, opened.secrets))


def note_voted(database: Database, opened: Round, tag: bytes) -> None:
    """A sampled voter says that they voted."""
    with database.writing() as work:
        service.note_sampled(
            work,
            opened.commission[0],
            secrets=opened.secrets,
            tag=tag,
            result=SampleResult.VOTED,
        )


def publish(database: Database, opened: Round, *, at: datetime | None = None) -> datetime:
    """Publish the results, a week after the vote; returns when."""
    at = at or opened.closes_at + timedelta(days=7)
    with database.writing() as work:
        results.publish_results(work, opened.commission[0], edition_id=opened.edition_id, at=at)
    return at


def make_final(database: Database, opened: Round) -> datetime:
    """Open, publish, seal the statistics, finish; returns the end of the appeals."""
    open_box(database, opened)
    at = publish(database, opened)
    seal(database, opened, at=at)
    until = at + timedelta(days=30)
    with database.writing() as work:
        service.finish_round(
            work, opened.commission[0], round_id=opened.id, keep_until=until, at=at
        )
    return until


def make_clerks(database: Database, number: int = 4) -> list[Actor]:
    """Clerks who handle paper."""
    return [make_staff(database, Role.CLERK) for _ in range(number)]


def open_urn(database: Database, opened: Round, clerk: Actor, *, is_online: bool = False) -> UUID:
    """A point in a library with a batch of district 8; returns the batch."""
    code = "library-online" if is_online else "library"
    with database.writing() as work:
        service.open_point(
            work,
            opened.commission[0],
            round_id=opened.id,
            code=code,
            name="Library",
            is_online=is_online,
        )
    with database.writing() as work:
        return service.open_batch(work, clerk, round_id=opened.id, point=code, scope="d08")


def seal_pile(database: Database, batch_id: UUID) -> None:
    """The slips of a batch are complete, however few they are."""
    with database.writing() as work:
        service.seal_batch(work, SYSTEM, batch_id=batch_id, at=NOW)


def hand_in(
    database: Database,
    opened: Round,
    clerk: Actor,
    batch_id: UUID,
    person_id: UUID,
    *,
    at: datetime = NOW,
) -> service.SlipOutcome:
    """A clerk registers a person's slip."""
    with database.writing() as work:
        return service.register_slip(
            work,
            clerk,
            secrets=opened.secrets,
            batch_id=batch_id,
            person_id=person_id,
            at=at,
        )


def key_only_card(
    database: Database, opened: Round, clerk: Actor, batch_id: UUID, *, at: datetime = NOW
) -> None:
    """Print a card of the district and key it; nobody has to key it once more."""
    with database.writing() as work:
        (serial,) = service.print_cards(work, clerk, secrets=opened.secrets, scope="d08", number=1)
        service.key_card(
            work,
            clerk,
            secrets=opened.secrets,
            batch_id=batch_id,
            serial=serial,
            choice=choice(),
            at=at,
        )
        work.session.execute(update(PaperBallotRow).values(control=None))


def sign_off(
    database: Database,
    opened: Round,
    signing: Actor,
    batch_id: UUID,
    *,
    missing: int = 0,
    number: str = "P/1",
    at: datetime = NOW,
) -> None:
    """Sign a batch off, as somebody who did no other part of it."""
    with database.writing() as work:
        service.close_batch(
            work,
            signing,
            secrets=opened.secrets,
            batch_id=batch_id,
            missing=missing,
            protocol_number=number,
            at=at,
        )
