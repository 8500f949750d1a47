"""Citizenship, apart from the person: the only module that reads or writes its table.

Three readers: the person's own page, the person's own export, the statistics release. No officer,
no query and no message ever learns it; a house test looks for the table's name elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic_budget.editions.queries import find_current_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import sealing
from civic_budget.residency.events import CitizenshipAnswered
from civic_budget.residency.identity import Identity
from civic_budget.residency.models import (
    Person,
    PersonIdentity,
    PersonNationality,
    ResidencySetting,
)
from civic_budget.residency.queries.joined import spare_records
from civic_budget.residency.queries.persons import acts_for
from civic_budget.storage.db import Work, keyring_of

CLOSED_FOR = "citizenship_closed_for"
"""The row of the settings table that no person sets: the edition whose figures were sealed last."""
STATELESS = "XX"
UNDETERMINED = "ZZ"
MOST = 5

# ISO 3166-1 alpha-2 without uninhabited places and without dependencies that give no citizenship of
# their own, with XK (Kosovo), XX (stateless) and ZZ (undetermined).
_LISTED = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF "
    "CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD "
    "GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN "
    "KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW "
    "MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC "
    "SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US "
    "UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW XX ZZ"
)
CODES = frozenset(_LISTED.split())


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A person as the statistics release counts them; no codes: the question was left unanswered."""

    person_id: UUID
    codes: tuple[str, ...]
    born_on: date | None
    sex: str | None
    district: int | None


def answer(
    work: Work, actor: Actor, *, person_id: UUID, codes: Iterable[str], at: datetime
) -> None:
    """Tell or change citizenships; none withdraws the answer.

    Raises NotAllowed for another's person, Conflict at field `codes` for a code off the list, more
    than five, "stateless" beside a country, or `citizenship_sealed` once the present edition's figures
    are closed.
    """
    _require_own(work.session, actor, person_id)
    chosen = tuple(dict.fromkeys(codes))
    _check(chosen)
    if chosen and is_closed(work.session, at=at):
        raise Conflict("citizenship_sealed", field="codes")
    row = work.session.get(PersonNationality, person_id)
    if not chosen:
        if row is not None:
            work.session.delete(row)
    else:
        sealed = sealing.seal(work.keyring, sealing.CITIZENSHIP, person_id, chosen)
        work.session.merge(PersonNationality(person_id=person_id, sealed=sealed, answered_at=at))
    work.publish(CitizenshipAnswered(person_id=person_id, at=at, by=actor.account_id))


def read_for_own_page(session: Session, actor: Actor, person_id: UUID) -> tuple[str, ...]:
    """What the person told, for their own page; raises NotAllowed for anybody else."""
    _require_own(session, actor, person_id)
    return _read(session, person_id)


def read_for_own_export(
    session: Session, actor: Actor, person_id: UUID, *, joined: UUID | None = None
) -> tuple[str, ...]:
    """What the person told, for the copy of their own data; raises NotAllowed for anybody else.

    `joined` is a record that officers joined to the person's and that no account has.
    """
    _require_own(session, actor, person_id)
    if joined is not None:
        is_spare = joined in spare_records(session, person_id)
        require(ALLOWED if is_spare else Denied("not_your_data"))
    return _read(session, joined or person_id)


def list_for_release(session: Session) -> list[ReleaseRow]:
    """Every person who is not erased, by id, for the sealed tables; made for 100,000 people."""
    ring = keyring_of(session)
    rows = session.execute(
        select(
            Person.id,
            Person.sex,
            Person.district,
            PersonNationality.sealed,
            PersonIdentity.sealed.label("identity"),
        )
        .outerjoin(PersonNationality, PersonNationality.person_id == Person.id)
        .outerjoin(PersonIdentity, PersonIdentity.person_id == Person.id)
        .where(Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    found = []
    for row in rows:
        codes = sealing.unseal(ring, sealing.CITIZENSHIP, row.id, row.sealed) if row.sealed else ()
        who = (
            Identity.from_json(sealing.unseal(ring, sealing.IDENTITY, row.id, row.identity))
            if row.identity
            else None
        )
        found.append(
            ReleaseRow(row.id, tuple(codes), who.born_on if who else None, row.sex, row.district)
        )
    return found


def forget(work: Work, *, person_id: UUID) -> None:
    """Erase a person's answer, as a part of erasing the person."""
    row = work.session.get(PersonNationality, person_id)
    if row is not None:
        work.session.delete(row)


def is_closed(session: Session, *, at: datetime) -> bool:
    """Whether the figures of the present edition are sealed, so that an answer would serve nothing.

    The question opens again when the next edition is published.
    """
    present = find_current_edition(session, at=at)
    row = session.get(ResidencySetting, CLOSED_FOR)
    return present is not None and row is not None and row.value["value"] == str(present.id)


def forget_all(work: Work, *, edition_id: UUID) -> int:
    """Erase every answer, once an edition's tables are sealed; returns how many there were.

    Who takes part in the next edition may answer again.
    """
    value = {"value": str(edition_id)}
    work.session.merge(ResidencySetting(name=CLOSED_FOR, value=value))
    erased = work.session.scalars(delete(PersonNationality).returning(PersonNationality.person_id))
    return len(erased.all())


def _read(session: Session, person_id: UUID) -> tuple[str, ...]:
    row = session.get(PersonNationality, person_id)
    if row is None:
        return ()
    codes = sealing.unseal(keyring_of(session), sealing.CITIZENSHIP, person_id, row.sealed)
    return tuple(codes)


def _require_own(session: Session, actor: Actor, person_id: UUID) -> None:
    if actor.is_system:
        return
    own = actor.account_id is not None and acts_for(session, actor.account_id, person_id)
    require(ALLOWED if own else Denied("not_your_data"))


def _check(codes: tuple[str, ...]) -> None:
    if any(code not in CODES for code in codes):
        raise Conflict("unknown_country", field="codes")
    if len(codes) > MOST:
        raise Conflict("too_many_citizenships", field="codes", most=MOST)
    if len(codes) > 1 and {STATELESS, UNDETERMINED} & set(codes):
        raise Conflict("stateless_and_country", field="codes")
