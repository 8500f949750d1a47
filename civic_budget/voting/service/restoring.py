"""Compares the urn with every list that was published: what is gone or new since, and who accepted it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import JointDecision, SealedListRow
from civic_budget.voting.events import MissingAcknowledged
from civic_budget.voting.models import NightlyCountRow, RoundIncident
from civic_budget.voting.nightly import SealedList, missing_since, read_sealed_list
from civic_budget.voting.rules import JointKind, RoundStatus
from civic_budget.voting.service.access import lock_round, require_reason
from civic_budget.voting.service.jointly import confirm_jointly, propose_jointly
from civic_budget.voting.service.nights import sealed_now


@dataclass(frozen=True)
class Comparison:
    """The urn against the published lists.

    `missing`: hashes of envelopes that a list had and the urn has not; `added`: envelopes that came
    after the list that closed the vote; `is_acknowledged`: two members accepted exactly this loss.
    """

    missing: tuple[bytes, ...]
    added: tuple[bytes, ...]
    is_acknowledged: bool

    @property
    def digest(self) -> str:
        """What the two members accept: SHA-256 over the missing hashes in order, hexadecimal."""
        return hashlib.sha256(b"".join(self.missing)).hexdigest()


def compare_with_lists(
    session: Session, round_id: UUID, others: Iterable[SealedList] = ()
) -> Comparison:
    """What is missing since any published list (or one that an observer kept), what came afterwards."""
    present = frozenset(sealed_now(session, round_id).hashes)
    missing: set[bytes] = set()
    for found in [*_published(session, round_id), *others]:
        missing.update(missing_since(found, present))
    last = last_sealed(session, round_id)
    added = present - frozenset(read_sealed_list(last.hashes).hashes) if last else frozenset()
    compared = Comparison(tuple(sorted(missing)), tuple(sorted(added)), is_acknowledged=False)
    if not missing:
        return compared
    accepted = session.scalars(
        select(JointDecision.second_by).where(
            JointDecision.round_id == round_id,
            JointDecision.kind == JointKind.MISSING.value,
            JointDecision.subject == compared.digest,
        )
    ).first()
    return Comparison(compared.missing, compared.added, is_acknowledged=accepted is not None)


def last_sealed(session: Session, round_id: UUID) -> SealedListRow | None:
    """The list that fixed the urn last: at closing, or after the last slips or returned votes."""
    return session.scalars(
        select(SealedListRow)
        .where(SealedListRow.round_id == round_id)
        .order_by(SealedListRow.number.desc())
        .limit(1)
    ).first()


def closing_root(session: Session, round_id: UUID) -> bytes:
    """The root of the last closing, which no later seal changes: lots between envelopes are taken from it."""
    found = session.scalars(
        select(SealedListRow.root)
        .where(SealedListRow.round_id == round_id, SealedListRow.step == "closing")
        .order_by(SealedListRow.number.desc())
        .limit(1)
    ).first()
    return found or b""


def is_paper_sealed(session: Session, round_id: UUID) -> bool:
    """Whether the last slips were in when the list was sealed, after the last closing."""
    steps = session.scalars(
        select(SealedListRow.step)
        .where(SealedListRow.round_id == round_id)
        .order_by(SealedListRow.number.desc())
    )
    return next((step for step in steps if step != "returned"), "") == "paper"


def propose_missing(work: Work, actor: Actor, *, round_id: UUID, note: str, at: datetime) -> None:
    """One member wishes to go on although envelopes are gone; the note tells the public why."""
    lock_round(work, round_id)
    compared = compare_with_lists(work.session, round_id)
    if not compared.missing:
        raise Conflict("nothing_missing")
    require_reason(note)
    propose_jointly(
        work,
        actor,
        round_id=round_id,
        kind=JointKind.MISSING,
        subject=compared.digest,
        data={"number": len(compared.missing)},
        note=note,
        at=at,
    )


def confirm_missing(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> None:
    """A second member confirms; the loss and its number stand in the public protocol from now on.

    Whose envelopes they were nobody can know: their hashes tell no tag. So everybody who may vote and has no
    vote in the box is told. While voting is open they vote again; afterwards they have the days to object
    for a claim that their vote was lost, and the opening waits for it.
    """
    row = lock_round(work, round_id)
    compared = compare_with_lists(work.session, round_id)
    decided = confirm_jointly(
        work, actor, round_id=round_id, kind=JointKind.MISSING, subject=compared.digest, at=at
    )
    is_open = RoundStatus(row.status) in (RoundStatus.READY, RoundStatus.SUSPENDED)
    until = row.closes_at if is_open else at + timedelta(days=row.objection_days)
    decided.data = {**decided.data, "until": until.isoformat(), "is_told": False}
    note = f"{len(compared.missing)}: {decided.note}"
    work.session.add(
        RoundIncident(round_id=round_id, kind="missing", note=note, by=actor.account_id, at=at)
    )
    work.publish(MissingAcknowledged(round_id=round_id, at=at, by=actor.account_id))


def _published(session: Session, round_id: UUID) -> list[SealedList]:
    nights = session.scalars(
        select(NightlyCountRow.hashes).where(NightlyCountRow.round_id == round_id)
    )
    steps = session.scalars(select(SealedListRow.hashes).where(SealedListRow.round_id == round_id))
    return [read_sealed_list(text) for text in {*nights, *steps}]
