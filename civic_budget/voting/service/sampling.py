"""The publicly drawn sample: voters who are met in person and asked whether they voted, never what.

The order of the draw follows from the sealed root, published before, and a public seed, thrown after.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import SampleCheck
from civic_budget.voting.events import SampleDrawn
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, Round, RoundIncident
from civic_budget.voting.rules import RoundStatus, SampleResult
from civic_budget.voting.service.access import lock_round, require_member, require_status
from civic_budget.voting.service.findings import people_behind

DRAWN = "sample"


@dataclass(frozen=True)
class Draw:
    """What was drawn: how many, from which seed, and where the seed came from."""

    number: int
    seed: str
    source: str


@dataclass(frozen=True)
class Sampled:
    """A voter of the sample; `person_id` is None where no record stands behind the envelope."""

    tag: bytes
    channel: str
    person_id: UUID | None
    result: SampleResult | None


def draw_sample(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    number: int,
    seed: str,
    source: str,
    at: datetime,
) -> None:
    """Enter the seed that a public event gave; once, after closing. Raises Conflict."""
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    if find_draw(work.session, round_id) is not None:
        raise Conflict("sample_drawn")
    if number < 1:
        raise Conflict("number_needed", field="number")
    if not seed.strip():
        raise Conflict("seed_missing", field="seed")
    if not source.strip():
        raise Conflict("source_missing", field="source")
    note = json.dumps({"number": number, "seed": seed.strip(), "source": source.strip()})
    work.session.add(RoundIncident(round_id=round_id, kind=DRAWN, note=note, by=account_id, at=at))
    work.publish(SampleDrawn(round_id=round_id, at=at, by=account_id))


def find_draw(session: Session, round_id: UUID) -> Draw | None:
    """The draw of a round, if there was one."""
    note = session.scalars(
        select(RoundIncident.note).where(
            RoundIncident.round_id == round_id, RoundIncident.kind == DRAWN
        )
    ).first()
    return Draw(**json.loads(note)) if note else None


def list_sample(session: Session, secrets: RoundSecrets) -> Sequence[Sampled]:
    """The voters of the sample in the order of the draw."""
    draw = find_draw(session, secrets.round_id)
    if draw is None:
        return []
    root = session.get_one(Round, secrets.round_id).sealed_root or b""
    behind = people_behind(session, secrets)
    known = _results(session, secrets.round_id)
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel).where(EnvelopeRow.round_id == secrets.round_id)
    )
    drawn = sorted(rows, key=lambda row: _rank(root, draw.seed, row.tag))[: draw.number]
    return [Sampled(r.tag, r.channel, behind.get(r.tag), known.get(r.tag)) for r in drawn]


def note_sampled(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    tag: bytes,
    result: SampleResult,
) -> None:
    """Enter what a voter of the sample said in person; may be corrected until the opening."""
    row = lock_round(work, secrets.round_id)
    account_id = require_member(work, actor, secrets.round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    if tag not in {one.tag for one in list_sample(work.session, secrets)}:
        raise NotFound("not_in_the_sample")
    found = work.session.get(SampleCheck, (secrets.round_id, tag))
    if found is None:
        found = SampleCheck(round_id=secrets.round_id, tag=tag)
        work.session.add(found)
    found.result, found.by = result.value, account_id
    work.session.flush()


def count_sampled(session: Session, round_id: UUID) -> dict[SampleResult, int]:
    """Result → how many, for the public protocol."""
    return dict(Counter(_results(session, round_id).values()))


def _results(session: Session, round_id: UUID) -> dict[bytes, SampleResult]:
    rows = session.scalars(select(SampleCheck).where(SampleCheck.round_id == round_id))
    return {row.tag: SampleResult(row.result) for row in rows}


def _rank(root: bytes, seed: str, tag: bytes) -> str:
    return hashlib.sha256(f"{root.hex()}|{seed}|{tag.hex()}".encode()).hexdigest()
