"""Rounds of voting for tests: a small frozen ballot, a commission with key files, voters."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from civic_budget.editions.models import Edition, Pool
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import CITY_WIDE, Milestone, Phase, district_of, scope_of
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.proposals.models import (
    ExclusiveGroup,
    ExclusiveMember,
    Proposal,
    ProposalText,
)
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.queries import accounts_of_person, get_case
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.choice import Choice, Section
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import get_round
from civic_budget.voting.service.casting import CastReceipt
from tests.builders import make_account, make_city, make_edition, make_staff
from tests.builders_residency import make_case, make_identity, make_resident
from tests.conftest import NOW

HOMES = {8: HomeAddress("Zachodnia", "5"), 18: HomeAddress("aleja Róż", "2")}
PASSPHRASES = ("first long passphrase", "second long passphrase", "third long passphrase")


@dataclass
class Round:
    """A round that takes votes, with everything that its people hold."""

    id: UUID
    edition_id: UUID
    secrets: RoundSecrets
    commission: Sequence[Actor]
    held: list[tuple[bytes, str]]
    closes_at: datetime


def put_proposals(
    database: Database, edition_id: UUID, *, per_scope: int = 4, scopes: Sequence[str] = ()
) -> None:
    """Admitted proposals with references and costs, without their road to the ballot."""
    author = make_account(database)
    assert author.account_id is not None
    with database.writing() as work:
        chosen = scopes or [p.scope for p in get_edition(work.session, edition_id).pools]
        for scope in chosen:
            where = "OM" if scope == CITY_WIDE else f"D{district_of(scope)}"
            for number in range(1, per_scope + 1):
                proposal = Proposal(
                    edition_id=edition_id,
                    scope=scope,
                    reference=f"BO.{where}.{number}/26",
                    ballot_number=number,
                    state="admitted",
                    author_account=author.account_id,
                    author_person=UUID(int=number),
                    language="pl",
                    category="environment",
                    place="Park",
                    cost=10_000_000 * number,
                    upkeep=0,
                    search_text=f"projekt {number}",
                    created_at=NOW,
                    changed_at=NOW,
                    submitted_at=NOW,
                )
                proposal.texts = [
                    ProposalText(
                        language="pl",
                        source="author",
                        title=f"Projekt {where} {number}",
                        summary="Krótki opis projektu.",
                        description="Opis.",
                        justification="Uzasadnienie.",
                        audience="Wszyscy.",
                    )
                ]
                work.session.add(proposal)


def put_exclusive(database: Database, edition_id: UUID, references: Sequence[str]) -> None:
    """Of these proposals at most one can win."""
    officer = make_account(database)
    assert officer.account_id is not None
    with database.writing() as work:
        group = ExclusiveGroup(
            id=uuid4(),
            edition_id=edition_id,
            number=1,
            reason="The same square.",
            confirmed_at=NOW,
            confirmed_by=officer.account_id,
        )
        work.session.add(group)
        work.session.flush()
        wanted = select(Proposal.id).where(Proposal.reference.in_(references))
        for proposal_id in work.session.scalars(wanted):
            work.session.add(ExclusiveMember(group_id=group.id, proposal_id=proposal_id))


def make_round(
    database: Database,
    *,
    threshold: int = 2,
    members: int = 3,
    per_scope: int = 4,
    scopes: Sequence[str] = (),
    district_money: int | None = None,
    ballot_rule: dict[str, object] | None = None,
    selection_rule: dict[str, object] | None = None,
    excluding: Sequence[str] = (),
) -> Round:
    """A ready round of a present edition in which voting is open; money in grosze."""
    make_city(database)
    edition_id = make_edition(database, Phase.VOTING)
    if ballot_rule is not None:
        with database.writing() as work:
            work.session.get_one(Edition, edition_id).ballot_rule = dict(ballot_rule)
    if selection_rule is not None:
        with database.writing() as work:
            work.session.get_one(Edition, edition_id).selection_rule = dict(selection_rule)
    if district_money is not None:
        with database.writing() as work:
            for pool in work.session.scalars(select(Pool).where(Pool.district.is_not(None))):
                pool.money = pool.max_cost = district_money
                pool.min_cost = 0
    put_proposals(database, edition_id, per_scope=per_scope, scopes=scopes)
    if excluding:
        put_exclusive(database, edition_id, excluding)
    commission = [make_staff(database, Role.COMMISSION) for _ in range(members)]
    phrases = PASSPHRASES[:members]
    with database.writing() as work:
        prepared = service.prepare_round(
            work,
            SYSTEM,
            edition_id=edition_id,
            members=[m.account_id for m in commission if m.account_id],
            passphrases=phrases,
            threshold=threshold,
            names={},
            scrypt_cost=1 << 10,
            at=NOW - timedelta(days=30),
        )
        held = list(zip(prepared.key_files, phrases, strict=True))
        service.test_round(work, SYSTEM, round_id=prepared.round_id, held=held[:threshold], at=NOW)
        folder = work.instance / "rounds"
    with database.reading() as session:
        found = get_round(session, prepared.round_id)
        closes_at = get_edition(session, edition_id).moment_of(Milestone.VOTING_CLOSES)
    return Round(
        prepared.round_id,
        edition_id,
        service.secrets_of(folder, found),
        commission,
        held,
        closes_at,
    )


def make_voter(database: Database, *, district: int = 8) -> UUID:
    """A resident of a district with a confirmed residence; returns the person."""
    return make_resident(database, address=HOMES[district])[1]


def make_waiting_voter(database: Database, *, name: str = "OKSANA") -> tuple[UUID, UUID]:
    """A resident of district 8 whose complete case is undecided: (person, case)."""
    case_id = make_case(
        database,
        make_account(database),
        identity=make_identity(name),
        address=HOMES[8],
        road=Road.DOCUMENT,
    )
    with database.reading() as session:
        return get_case(session, case_id).person_id, case_id


def choice(*, district: int = 8, picks: Sequence[int] = (1, 2, 3)) -> Choice:
    """Three district and three city projects, first choice first."""
    return {
        "district": Section(
            scope_of(district), tuple(f"BO.D{district}.{number}/26" for number in picks)
        ),
        "city": Section(CITY_WIDE, tuple(f"BO.OM.{number}/26" for number in picks)),
    }


def new_nonce() -> bytes:
    """What a browser draws for a ballot."""
    return secrets.token_bytes(32)


def cast(
    database: Database,
    opened: Round,
    person_id: UUID,
    *,
    marks: Choice | None = None,
    nonce: bytes | None = None,
    account_id: UUID | None = None,
    at: datetime = NOW,
    doors: service.Doors | None = None,
) -> CastReceipt:
    """Press "cast" for a person by the account that acts for them; through other doors, if there are."""
    with database.reading() as looking:
        press = service.Press(
            opened.id,
            account_id=account_id or accounts_of_person(looking, person_id)[0],
            person_id=person_id,
            choice=marks or choice(),
            nonce=nonce or new_nonce(),
            at=at,
        )
    return service.press_vote(doors or database, opened.secrets, press)
