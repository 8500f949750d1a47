"""Runs a rehearsal in a database of its own: prepare, cast, close, void a few, open, write the board."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid5

from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.service import create_staff_account
from civic_budget.city.service import put_district
from civic_budget.editions import service as editions
from civic_budget.editions.queries import PoolFacts
from civic_budget.editions.rules import Calendar, Milestone
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.keys import KeyRing
from civic_budget.proposals.service import PastProposal, add_past_proposals
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Database, Subscriptions, Work
from civic_budget.storage.migrate import upgrade
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import get_round
from civic_budget.voting.rehearsing.election import Election, Randomness
from civic_budget.voting.rules import VoidReason
from civic_budget.voting.sealing import seal_reproducibly
from civic_budget.voting.service import Right

OPENS_AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
CLOSES_AT = OPENS_AT + timedelta(days=14)
OPENED_AT = CLOSES_AT + timedelta(days=7)
PASSPHRASES = ("rehearsal passphrase one", "rehearsal passphrase two", "rehearsal passphrase three")
SCRYPT_COST = 1 << 10
BATCH = 500
VOIDED = 3
POINT = "point 1"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rehearsed:
    """What came of a rehearsal."""

    round_id: UUID
    web: int
    paper: int
    voided: int
    refused: int
    lines: int
    board_root: str


@dataclass(frozen=True)
class Stage:
    """A prepared round in its scratch database."""

    database: Database
    election: Election
    drawn: Randomness
    paper_share: float
    secrets: RoundSecrets
    members: Sequence[Actor]
    held: Sequence[tuple[bytes, str]]

    def right(self, number: int) -> Right:
        """The right of an invented voter: confirmed, on the lists that their ballot fills."""
        marks = self.election.voters[number]
        scopes = {level: frozenset({section.scope}) for level, section in marks.items()}
        return Right([self.tag(number)], scopes, Standing.CONFIRMED)

    def tag(self, number: int) -> bytes:
        """The voter's place in the round."""
        return self.secrets.tag(self.drawn.person(number))


def rehearse(
    election: Election,
    drawn: Randomness,
    *,
    out: Path,
    subscriptions: Subscriptions,
    seed: int = 0,
    paper_share: float = 0.0,
    progress: Progress = lambda step, done, of: None,
    database: Database | None = None,
) -> Rehearsed:
    """Run the round and put its board into `out`; `seed` shuffles the order of casting, nothing else.

    Without a `database` (empty, with the present schema) a scratch one is made and removed afterwards.
    """
    order = list(range(len(election.voters)))
    random.Random(seed).shuffle(order)  # noqa: S311 - an order of casting, no secret
    with nullcontext(database) if database else _scratch(subscriptions) as place:
        stage = _prepare(place, election, drawn, paper_share)
        refused = _cast_all(stage, order, progress)
        _key_cards(stage, order, progress)
        found = _close_and_open(stage, refused, progress)
        with place.writing() as work:
            board = work.instance / "boards" / str(found.round_id)
        shutil.copytree(board, out, dirs_exist_ok=True)
    return found


@contextmanager
def _scratch(subscriptions: Subscriptions) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        place = Path(folder)
        ring = KeyRing(b"a pepper of a rehearsal, thrown away with it")
        database = Database(f"sqlite:///{place / 'rehearsal.db'}", ring, subscriptions, place)
        upgrade(database.engine)
        try:
            yield database
        finally:
            database.dispose()


def _prepare(
    database: Database, election: Election, drawn: Randomness, paper_share: float
) -> Stage:
    at = OPENS_AT - timedelta(days=2)
    with database.writing() as work:
        members = [_member(work, number, at) for number in (1, 2, 3)]
        edition_id = _edition(work, election, at)
        _projects(work, election, edition_id, members[0], at)
    private, secrets = drawn.keys()
    with database.writing() as work:
        prepared = service.prepare_round(
            work,
            SYSTEM,
            edition_id=edition_id,
            members=[member.account_id for member in members if member.account_id],
            passphrases=PASSPHRASES,
            threshold=2,
            names={pool.scope: pool.name for pool in election.pools},
            scrypt_cost=SCRYPT_COST,
            keys=(private, secrets),
            at=at,
        )
    held = list(zip(prepared.key_files, PASSPHRASES, strict=True))
    with database.writing() as work:
        service.test_round(work, members[0], round_id=prepared.round_id, held=held[:2], at=at)
    return Stage(database, election, drawn, paper_share, secrets, members, held)


def _member(work: Work, number: int, at: datetime) -> Actor:
    account_id = create_staff_account(
        work,
        SYSTEM,
        contact=read_contact(f"member{number}@example.org"),
        name=f"Member {number}",
        password=None,
        roles=[Role.COMMISSION],
        at=at,
    )
    return Actor(account_id, frozenset({Role.COMMISSION}))


def _edition(work: Work, election: Election, at: datetime) -> UUID:
    late = {Milestone.VOTING_CLOSES, Milestone.RESULTS_PUBLISHED}
    before = dict.fromkeys((m for m in Milestone if m not in late), OPENS_AT)
    for pool in election.pools:
        if pool.district is not None:
            put_district(work, number=pool.district, roman=str(pool.district), name=pool.name)
    work.session.flush()
    return editions.create_edition(
        work,
        SYSTEM,
        slug="rehearsal",
        year=OPENS_AT.year,
        names={"pl": election.title},
        calendar=Calendar({**before, **dict.fromkeys(late, CLOSES_AT)}),
        pools=[PoolFacts(p.scope, p.district, p.money, 0, p.money) for p in election.pools],
        ballot_rule=election.ballot_rule,
        selection_rule={"preset": election.preset},
        accepted_proofs=[],
        at=at,
    )


def _projects(
    work: Work, election: Election, edition_id: UUID, author: Actor, at: datetime
) -> None:
    assert author.account_id is not None
    work.session.flush()
    add_past_proposals(
        work,
        edition_id=edition_id,
        author_account=author.account_id,
        author_person=author.account_id,
        past=[
            PastProposal(project.id, pool.scope, number, project.name, "pl", project.cost)
            for pool in election.pools
            for number, project in enumerate(pool.projects, 1)
        ],
        at=at,
    )


def _cast_all(stage: Stage, order: Sequence[int], progress: Progress) -> int:
    """Cast in this order; returns how many ballots the box refused (none, if all is well)."""
    refused = 0
    for start in range(0, len(order), BATCH):
        with stage.database.writing() as work:
            for number in order[start : start + BATCH]:
                refused += _cast(stage, work, number) is not CastOutcome.ACCEPTED
        progress("casting", min(start + BATCH, len(order)), len(order))
    return refused


def _cast(stage: Stage, work: Work, number: int) -> CastOutcome:
    at = OPENS_AT + timedelta(hours=3)
    right, round_id = stage.right(number), stage.secrets.round_id
    if stage.drawn.is_on_paper(number, stage.paper_share):
        return service.claim_by_right(
            work, round_id=round_id, secrets=stage.secrets, right=right, point=POINT, at=at
        )
    receipt = service.cast_by_right(
        work,
        round_id=round_id,
        secrets=stage.secrets,
        right=right,
        choice=stage.election.voters[number],
        nonce=stage.drawn.nonces[number],
        at=at,
        sealing=partial(seal_reproducibly, stage.drawn.ephemeral(number)),
    )
    return receipt.outcome


def _key_cards(stage: Stage, order: Sequence[int], progress: Progress) -> None:
    """Key every card, in batches by district, shuffled like the votes."""
    cards: dict[str, list[int]] = {}
    for number in order:
        if stage.drawn.is_on_paper(number, stage.paper_share):
            scope = next(iter(stage.election.voters[number].values())).scope
            cards.setdefault(scope, []).append(number)
    done, all_cards = 0, sum(map(len, cards.values()))
    for scope in sorted(cards):
        with stage.database.writing() as work:
            batch_id = service.open_batch(
                work,
                SYSTEM,
                round_id=stage.secrets.round_id,
                point=POINT,
                scope=scope,
                claimed=len(cards[scope]),
                batch_id=uuid5(stage.secrets.round_id, scope),
            )
            for number in cards[scope]:
                _key(stage, work, batch_id, number, scope)
            service.close_batch(
                work,
                SYSTEM,
                secrets=stage.secrets,
                batch_id=batch_id,
                missing=0,
                protocol_number=scope,
                at=CLOSES_AT,
            )
        done += len(cards[scope])
        progress("keying cards", done, all_cards)


def _key(stage: Stage, work: Work, batch_id: UUID, number: int, scope: str) -> None:
    serial = stage.drawn.serial(number)
    service.register_card(work, secrets=stage.secrets, serial=serial, scope=scope)
    service.key_card(
        work,
        SYSTEM,
        secrets=stage.secrets,
        batch_id=batch_id,
        serial=serial,
        choice=stage.election.voters[number],
        at=CLOSES_AT,
        sealing=partial(seal_reproducibly, stage.drawn.ephemeral(number)),
    )


def _close_and_open(stage: Stage, refused: int, progress: Progress) -> Rehearsed:
    round_id, first = stage.secrets.round_id, stage.members[0]
    with stage.database.writing() as work:
        service.close_round(work, first, round_id=round_id, at=CLOSES_AT)
        if service.has_paper_to_seal(work.session, round_id):
            service.close_paper(work, first, round_id=round_id, secrets=stage.secrets, at=OPENED_AT)
    voided = _void_a_few(stage)
    numbers = range(len(stage.election.voters))
    register = {stage.tag(number): stage.drawn.person(number) for number in numbers}
    with stage.database.writing() as work:
        opened = service.open_round(
            work,
            first,
            round_id=round_id,
            secrets=stage.secrets,
            held=stage.held[:2],
            at=OPENED_AT,
            progress=lambda done: progress("opening", done, len(numbers)),
            register=register,
        )
    with stage.database.reading() as session:
        root = (get_round(session, round_id).board_root or b"").hex()
    return Rehearsed(
        round_id,
        opened.counted["web"],
        opened.counted["paper"],
        voided,
        refused,
        len(opened.ballots),
        root,
    )


def _void_a_few(stage: Stage) -> int:
    """Two members take out the web envelopes with the lowest tags, at most one in a hundred."""
    numbers = range(len(stage.election.voters))
    web = [n for n in numbers if not stage.drawn.is_on_paper(n, stage.paper_share)]
    chosen = sorted(stage.tag(n) for n in web)[: min(VOIDED, len(web) // 100)]
    for tag in chosen:
        with stage.database.writing() as work:
            service.propose_void(
                work,
                stage.members[0],
                round_id=stage.secrets.round_id,
                tag=tag,
                reason=VoidReason.DUPLICATE,
                at=CLOSES_AT,
            )
        with stage.database.writing() as work:
            service.confirm_void(
                work,
                stage.members[1],
                round_id=stage.secrets.round_id,
                secrets=stage.secrets,
                tag=tag,
                at=CLOSES_AT,
            )
    return len(chosen)
