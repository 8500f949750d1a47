"""What the window between closing and opening finds: envelopes that cannot simply be opened.

Looks at who may vote, never into an envelope.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.residency.queries import list_clusters, list_eligible_persons
from civic_budget.residency.rules import Standing
from civic_budget.voting import queries
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid
from civic_budget.voting.opening import PAPER
from civic_budget.voting.rules import VoidReason


class FindingKind(StrEnum):
    """Why an envelope needs a decision before the opening."""

    UNDECIDED = "undecided"
    INELIGIBLE = "ineligible"
    DUPLICATE = "duplicate"


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


def eligible_tags(session: Session, *, secrets: RoundSecrets, at: datetime) -> dict[bytes, UUID]:
    """Tag → human, for everybody whose confirmed residence lets their vote count."""
    known = _known_tags(session, secrets, at)
    return {tag: human for tag, (_, human, is_confirmed) in known.items() if is_confirmed}


def list_findings(session: Session, *, secrets: RoundSecrets, at: datetime) -> Sequence[Finding]:
    """Every envelope that must be voided or decided before the opening, by kind and tag."""
    round_id = secrets.round_id
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel).where(
            EnvelopeRow.round_id == round_id, EnvelopeRow.tag.not_in(voided)
        )
    )
    channels = {row.tag: row.channel for row in rows}
    known = _known_tags(session, secrets, at)
    humans = Counter(known[tag][1] for tag in channels if tag in known and known[tag][2])
    paper = {known[tag][1] for tag in channels if tag in known and channels[tag] == PAPER}
    found = [
        finding
        for tag, channel in channels.items()
        if (finding := _finding(tag, channel, known.get(tag), humans, paper)) is not None
    ]
    return sorted(found, key=lambda f: (f.kind, str(f.human or ""), f.tag))


Known = tuple[UUID, UUID, bool]


def _finding(
    tag: bytes, channel: str, known: Known | None, humans: Counter[UUID], paper: set[UUID]
) -> Finding | None:
    if known is None:
        return Finding(tag, channel, FindingKind.INELIGIBLE, VoidReason.NOT_CONFIRMED)
    person_id, human, is_confirmed = known
    if not is_confirmed:
        kind, reason = FindingKind.UNDECIDED, VoidReason.NOT_CONFIRMED
    elif humans[human] > 1:
        kind = FindingKind.DUPLICATE
        reason = VoidReason.PAPER_STANDS if human in paper else VoidReason.DUPLICATE
    else:
        return None
    return Finding(tag, channel, kind, reason, person_id, human)


def _known_tags(session: Session, secrets: RoundSecrets, at: datetime) -> dict[bytes, Known]:
    """Tag → record, human, whether confirmed; for everybody with a standing at a moment."""
    risen = queries.generations(session, secrets.round_id)
    humans = list_clusters(session)
    return {
        secrets.tag(p.person_id, risen.get(p.person_id, 0)): (
            p.person_id,
            humans.get(p.person_id, p.person_id),
            p.standing is Standing.CONFIRMED,
        )
        for p in list_eligible_persons(session, at=at)
    }
