"""The publicly drawn sample: voters who are met in person and asked whether they voted, never what.

The order of the draw follows from a sealed root, published before, and a public seed, thrown after. Both are
fixed with the draw: a list that is sealed later changes nothing, a re-opened vote is drawn from anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import SampleCheck, SealedListRow, VoterSample
from civic_budget.voting.events import SampleDrawn, SampleDropped
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, RoundIncident
from civic_budget.voting.nightly import envelope_hash, read_sealed_list
from civic_budget.voting.rules import RoundStatus, SampleResult
from civic_budget.voting.service.access import lock_round, require_member, require_status
from civic_budget.voting.service.findings import people_behind
from civic_budget.voting.service.restoring import last_sealed

DRAWN, DROPPED = "sample", "sample_dropped"


@dataclass(frozen=True)
class Draw:
    """What was drawn: how many of which sealed list, from which seed, and where the seed came from."""

    number: int
    seed: str
    source: str
    list_number: int


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
    sealed = last_sealed(work.session, round_id)
    assert sealed is not None  # closing kept the first
    draw = Draw(number, seed.strip(), source.strip(), sealed.number)
    work.session.add(VoterSample(round_id=round_id, **asdict(draw)))
    note = json.dumps(asdict(draw))
    work.session.add(RoundIncident(round_id=round_id, kind=DRAWN, note=note, by=account_id, at=at))
    work.publish(SampleDrawn(round_id=round_id, at=at, by=account_id))


def find_draw(session: Session, round_id: UUID) -> Draw | None:
    """The draw of a round, if there was one."""
    row = session.get(VoterSample, round_id)
    return Draw(row.number, row.seed, row.source, row.list_number) if row else None


def drop_sample(work: Work, *, round_id: UUID, by: UUID, at: datetime) -> None:
    """The vote is re-opened: its seed is known before the new closing, so another draw must follow.

    That there was one stays in the public protocol.
    """
    row = work.session.get(VoterSample, round_id)
    if row is None:
        return
    work.session.execute(delete(SampleCheck).where(SampleCheck.round_id == round_id))
    work.session.delete(row)
    work.session.add(RoundIncident(round_id=round_id, kind=DROPPED, note="", by=by, at=at))
    work.publish(SampleDropped(round_id=round_id, at=at, by=by))


def list_sample(session: Session, secrets: RoundSecrets) -> Sequence[Sampled]:
    """The voters of the sample in the order of the draw: of the list that was drawn from, no other."""
    draw = find_draw(session, secrets.round_id)
    if draw is None:
        return []
    sealed = session.get_one(SealedListRow, (secrets.round_id, draw.list_number))
    drawn_from = frozenset(read_sealed_list(sealed.hashes).hashes)
    behind = people_behind(session, secrets)
    known = _results(session, secrets.round_id)
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac).where(
            EnvelopeRow.round_id == secrets.round_id
        )
    )
    listed = [row for row in rows if envelope_hash(*row) in drawn_from]
    drawn = sorted(listed, key=lambda row: _rank(sealed.root, draw.seed, row.tag))[: draw.number]
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
