"""Signals of the window: many votes from one device, network or account, bursts, unlikely ages, doubles.

A signal voids nothing. It counts envelopes by what is around them; two members look and decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.clock import city_day
from civic_budget.residency.queries import identity_of, list_busy_accounts, list_undecided
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeVoid, Participation
from civic_budget.voting.service.findings import people_behind

DEVICE_VOTES, NETWORK_VOTES, ACCOUNT_VOTES = 5, 20, 6
BURST_VOTES, BURST_TIMES = 50, 5
OLDEST = 100


class SignalKind(StrEnum):
    """What looks unusual."""

    DEVICE = "device"
    NETWORK = "network"
    ACCOUNT = "account"
    BURST = "burst"
    AGE = "age"
    PAIR = "pair"


@dataclass(frozen=True)
class Signal:
    """Envelopes that have something unusual in common; `where` says what, without naming it."""

    kind: SignalKind
    number: int
    where: str
    tags: tuple[bytes, ...]


def list_signals(session: Session, *, secrets: RoundSecrets, at: datetime) -> Sequence[Signal]:
    """Everything unusual, the largest first of each kind."""
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == secrets.round_id)
    rows = session.scalars(
        select(Participation).where(
            Participation.round_id == secrets.round_id, Participation.tag.not_in(voided)
        )
    ).all()
    behind = people_behind(session, secrets)
    persons = {behind[row.tag]: row.tag for row in rows if row.tag in behind}
    found = [
        *_shared(rows, SignalKind.DEVICE, "device_mac", DEVICE_VOTES),
        *_shared(rows, SignalKind.NETWORK, "network_mac", NETWORK_VOTES),
        *_accounts(session, persons),
        *_bursts(rows),
        *_ages(session, persons, at),
        *_pairs(session, persons),
    ]
    return sorted(found, key=lambda one: (list(SignalKind).index(one.kind), -one.number, one.where))


def _shared(
    rows: Sequence[Participation], kind: SignalKind, column: str, most: int
) -> list[Signal]:
    groups: dict[bytes, list[bytes]] = defaultdict(list)
    for row in rows:
        mac = getattr(row, column)
        if mac is not None:
            groups[mac].append(row.tag)
    return [
        Signal(kind, len(tags), mac.hex()[:8], tuple(sorted(tags)))
        for mac, tags in groups.items()
        if len(tags) >= most
    ]


def _accounts(session: Session, persons: Mapping[UUID, bytes]) -> list[Signal]:
    """Accounts, and so phones and addresses, that voted for many people."""
    busy = list_busy_accounts(session, at_least=ACCOUNT_VOTES)
    found = []
    for account_id, held in busy.items():
        tags = tuple(sorted(persons[p] for p in held if p in persons))
        if len(tags) >= ACCOUNT_VOTES:
            found.append(Signal(SignalKind.ACCOUNT, len(tags), account_id.hex[:8], tags))
    return found


def _bursts(rows: Sequence[Participation]) -> list[Signal]:
    """Hours with many times more web votes than that hour has on other days."""
    hours = Counter((row.counted_on, row.hour) for row in rows if row.channel == "web")
    by_hour: dict[int, list[int]] = defaultdict(list)
    for (_, hour), number in hours.items():
        by_hour[hour].append(number)
    found = []
    for (day, hour), number in hours.items():
        if number >= BURST_VOTES and number >= BURST_TIMES * median(by_hour[hour]):
            tags = tuple(sorted(r.tag for r in rows if (r.counted_on, r.hour) == (day, hour)))
            found.append(Signal(SignalKind.BURST, number, f"{day.isoformat()} {hour:02d}", tags))
    return found


def _ages(session: Session, persons: Mapping[UUID, bytes], at: datetime) -> list[Signal]:
    """Voters of a hundred years and more, by year of birth."""
    years: dict[int, list[bytes]] = defaultdict(list)
    for person_id, tag in persons.items():
        identity = identity_of(session, person_id)
        if identity is not None and city_day(at).year - identity.born_on.year >= OLDEST:
            years[identity.born_on.year].append(tag)
    return [
        Signal(SignalKind.AGE, len(tags), str(year), tuple(sorted(tags)))
        for year, tags in years.items()
    ]


def _pairs(session: Session, persons: Mapping[UUID, bytes]) -> list[Signal]:
    """Two voters whose records may be one human, as long as officers have not agreed."""
    return [
        Signal(SignalKind.PAIR, 2, one.hex[:8], (persons[one], persons[other]))
        for one, other in list_undecided(session, persons)
    ]
