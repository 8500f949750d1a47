"""What the window between closing and opening finds: envelopes that cannot simply be opened.

Looks at who may vote, never into an envelope.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.residency.queries import list_clusters, list_eligible_persons, list_person_ids
from civic_budget.residency.rules import Standing
from civic_budget.voting import queries
from civic_budget.voting.commission_models import LateSlip
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid, Round
from civic_budget.voting.opening import PAPER
from civic_budget.voting.rules import VoidReason
from civic_budget.voting.service.restoring import closing_root

GENERATIONS_AHEAD = 3
"""How many places ahead of the present one are looked at, where an envelope fits nobody."""


class FindingKind(StrEnum):
    """Why an envelope needs a decision before the opening."""

    UNDECIDED = "undecided"
    INELIGIBLE = "ineligible"
    DUPLICATE = "duplicate"
    LATE_SLIP = "late_slip"
    FORMER_PLACE = "former_place"
    """It was taken out when its person got another place, and lies in the box again."""
    LATER_PLACE = "later_place"
    """Cast at a place that nothing has given: what gave it is gone from the database."""


@dataclass(frozen=True)
class Finding:
    """An envelope that stands in the opening's way, and the reason that usually fits.

    `person_id` is the record behind it where it is known; `human` is equal for records of one human.
    """

    tag: bytes
    channel: str
    kind: FindingKind
    suggested: VoidReason
    person_id: UUID | None = None
    human: UUID | None = None


@dataclass(frozen=True)
class Known:
    """Who is behind a tag."""

    person_id: UUID
    human: UUID
    is_confirmed: bool


def eligible_tags(session: Session, *, secrets: RoundSecrets, at: datetime) -> dict[bytes, UUID]:
    """Tag → human, for everybody whose confirmed residence lets their vote count."""
    known = _known_tags(session, secrets, at)
    return {tag: found.human for tag, found in known.items() if found.is_confirmed}


def people_behind(session: Session, secrets: RoundSecrets) -> dict[bytes, UUID]:
    """Tag → record, for every record and each of its generations: for the commission, kept nowhere."""
    risen = queries.generations(session, secrets.round_id)
    return {
        secrets.tag(person_id, generation): person_id
        for person_id in list_person_ids(session)
        for generation in range(risen.get(person_id, 0) + 1)
    }


@dataclass(frozen=True)
class OtherPlaces:
    """Tag → record, for places that the record no longer has, and for some that nothing has given yet."""

    former: Mapping[bytes, UUID]
    later: Mapping[bytes, UUID]


def find_other_places(
    session: Session, secrets: RoundSecrets, tags: Collection[bytes]
) -> OtherPlaces:
    """Which of these tags stand for another generation of a record than its present one.

    An envelope under one of them that is not out was put there by hand: from a backup, or with what
    had given its person another place taken away.
    """
    former: dict[bytes, UUID] = {}
    later: dict[bytes, UUID] = {}
    if not tags:
        return OtherPlaces(former, later)
    risen = queries.generations(session, secrets.round_id)
    for person_id in list_person_ids(session):
        present = risen.get(person_id, 0)
        for generation in range(present + GENERATIONS_AHEAD + 1):
            tag = secrets.tag(person_id, generation)
            if generation != present and tag in tags:
                (former if generation < present else later)[tag] = person_id
    return OtherPlaces(former, later)


def list_findings(session: Session, *, secrets: RoundSecrets, at: datetime) -> Sequence[Finding]:
    """Every envelope that must be voided or decided before the opening, by kind and tag."""
    channels = _channels(session, secrets.round_id)
    known = _known_tags(session, secrets, at)
    behind = people_behind(session, secrets)
    places = find_other_places(session, secrets, channels.keys() - known.keys())
    found = [
        _unentitled(tag, channel, known.get(tag), behind, places)
        for tag, channel in channels.items()
        if tag not in known or not known[tag].is_confirmed
    ]
    found += _doubles(session, secrets.round_id, channels, known)
    seen = {finding.tag for finding in found}
    found += [
        Finding(tag, channels[tag], FindingKind.LATE_SLIP, VoidReason.PAPER_STANDS, person_id)
        for tag, person_id in _late_slips(session, secrets.round_id)
        if tag in channels and tag not in seen
    ]
    return sorted(found, key=lambda f: (f.kind, str(f.human or ""), f.tag))


def list_confirmed_since(
    session: Session, *, secrets: RoundSecrets, at: datetime
) -> Sequence[bytes]:
    """Envelopes that went out as not confirmed although their persons are confirmed now; they go back in.

    Not those in whose place another vote of the same human stands.
    """
    out = session.scalars(
        select(EnvelopeVoid.tag).where(
            EnvelopeVoid.round_id == secrets.round_id,
            EnvelopeVoid.reason == VoidReason.NOT_CONFIRMED.value,
        )
    ).all()
    if not out:
        return []
    eligible = eligible_tags(session, secrets=secrets, at=at)
    standing = {eligible[tag] for tag in _channels(session, secrets.round_id) if tag in eligible}
    return sorted(tag for tag in out if tag in eligible and eligible[tag] not in standing)


def lot(seal: bytes, tag: bytes) -> bytes:
    """Which of a human's envelopes the lot keeps: the lowest of these, fixed at the closing."""
    return hashlib.sha256(seal + tag).digest()


def _channels(session: Session, round_id: UUID) -> dict[bytes, str]:
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel).where(
            EnvelopeRow.round_id == round_id, EnvelopeRow.tag.not_in(voided)
        )
    )
    return {row.tag: row.channel for row in rows}


def _late_slips(session: Session, round_id: UUID) -> list[tuple[bytes, UUID]]:
    rows = session.scalars(
        select(LateSlip).where(LateSlip.round_id == round_id, LateSlip.is_done.is_(False))
    )
    return [(row.tag, row.person_id) for row in rows]


def _unentitled(
    tag: bytes,
    channel: str,
    known: Known | None,
    behind: Mapping[bytes, UUID],
    places: OtherPlaces,
) -> Finding:
    reason, twice = VoidReason.NOT_CONFIRMED, VoidReason.DUPLICATE
    if tag in places.former:
        return Finding(tag, channel, FindingKind.FORMER_PLACE, twice, places.former[tag])
    if tag in places.later:
        return Finding(tag, channel, FindingKind.LATER_PLACE, twice, places.later[tag])
    if known is None:
        return Finding(tag, channel, FindingKind.INELIGIBLE, reason, behind.get(tag))
    return Finding(tag, channel, FindingKind.UNDECIDED, reason, known.person_id, known.human)


def _doubles(
    session: Session, round_id: UUID, channels: Mapping[bytes, str], known: Mapping[bytes, Known]
) -> list[Finding]:
    """Envelopes of one human but the one that the round's rule keeps."""
    rule = session.get_one(Round, round_id).on_duplicate
    seal = closing_root(session, round_id)
    humans: dict[UUID, list[bytes]] = defaultdict(list)
    for tag in channels.keys() & known.keys():
        if known[tag].is_confirmed:
            humans[known[tag].human].append(tag)
    found = []
    for human, tags in humans.items():
        if len(tags) < 2:
            continue
        kept = _kept(rule, seal, tags, channels)
        paper = kept is not None and channels[kept] == PAPER
        reason = VoidReason.PAPER_STANDS if paper else VoidReason.DUPLICATE
        found += [
            Finding(tag, channels[tag], FindingKind.DUPLICATE, reason, known[tag].person_id, human)
            for tag in tags
            if tag != kept
        ]
    return found


def _kept(
    rule: str, seal: bytes, tags: Sequence[bytes], channels: Mapping[bytes, str]
) -> bytes | None:
    """The envelope that stands by the edition's rule; None when none does.

    Where a lot decides, a paper vote goes before it: its card stays in the urn whatever is drawn.
    """
    lots = sorted(tags, key=lambda tag: lot(seal, tag))
    paper = [tag for tag in lots if channels[tag] == PAPER]
    if paper and rule in {"paper_wins", "drawn"}:
        return paper[0]
    return lots[0] if rule == "drawn" else None


def _known_tags(session: Session, secrets: RoundSecrets, at: datetime) -> dict[bytes, Known]:
    """Tag → who is behind it; for everybody with a standing at a moment."""
    risen = queries.generations(session, secrets.round_id)
    humans = list_clusters(session)
    return {
        secrets.tag(p.person_id, risen.get(p.person_id, 0)): Known(
            p.person_id,
            humans.get(p.person_id, p.person_id),
            p.standing is Standing.CONFIRMED,
        )
        for p in list_eligible_persons(session, at=at)
    }
