"""Looking up what the commission and the clerks decided and counted. Never by project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarResult, exists, func, or_, select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.voting.commission_models import (
    BatchClerk,
    JointDecision,
    LateSlip,
    PaperCorrection,
    PaperInvalid,
    PaperPoint,
    RoundLineage,
    ScopeAnnulment,
    SealedListRow,
    VoidNotice,
)
from civic_budget.voting.models import (
    EnvelopeVoid,
    PaperBallotRow,
    PaperBatch,
    PaperCard,
    Round,
    RoundIncident,
)
from civic_budget.voting.rules import JointKind, RoundStatus


@dataclass(frozen=True)
class BatchFacts:
    """A batch as the clerks see it: sums, who did what, what still waits for another clerk."""

    id: UUID
    round_id: UUID
    point: str
    scope: str
    claimed: int
    keyed: int
    invalid: int
    missing: int
    is_closed: bool
    is_sealed: bool
    protocol_number: str
    missing_note: str
    mac: bytes | None
    clerks: Sequence[tuple[UUID, str]]
    invalids: Sequence[tuple[str, int]]
    controls: dict[str, int]
    corrections: Sequence[PaperCorrection] = ()

    @property
    def left(self) -> int:
        """Slips for which no card was counted yet."""
        return self.claimed - self.keyed - self.invalid - self.missing

    @property
    def is_mixed(self) -> bool:
        """Whether its slips went into another batch: it was closed, and nobody signed anything."""
        return self.is_closed and not self.protocol_number

    @property
    def signed(self) -> tuple[str | int, ...]:
        """What whoever signs a batch off stands for, in the order of its keyed value."""
        told: list[str | int] = [self.scope, self.protocol_number, self.missing_note]
        told += [self.claimed, self.keyed, self.missing]
        for reason, number in sorted(self.invalids):
            told += [reason, number]
        for one in self.corrections:  # a batch without any is signed as it always was
            told += ["corrected", one.reason, one.was, one.became]
        return tuple(told)


def list_points(session: Session, round_id: UUID) -> Sequence[PaperPoint]:
    """The points of a round by name."""
    return session.scalars(
        select(PaperPoint).where(PaperPoint.round_id == round_id).order_by(PaperPoint.name)
    ).all()


def list_batches(session: Session, round_id: UUID) -> Sequence[BatchFacts]:
    """Every batch, the open ones first, by district and point."""
    rows = session.scalars(
        select(PaperBatch)
        .where(PaperBatch.round_id == round_id)
        .order_by(PaperBatch.state.desc(), PaperBatch.scope, PaperBatch.point, PaperBatch.id)
    )
    return [_batch(session, row) for row in rows]


def get_batch(session: Session, batch_id: UUID) -> BatchFacts:
    """A batch; raises NotFound."""
    row = session.get(PaperBatch, batch_id)
    if row is None:
        raise NotFound("no_such_batch")
    return _batch(session, row)


def count_cards(session: Session, round_id: UUID) -> dict[str, dict[str, int]]:
    """Scope → state → how many printed cards."""
    rows = session.execute(
        select(PaperCard.scope, PaperCard.state, func.count().label("number"))
        .where(PaperCard.round_id == round_id)
        .group_by(PaperCard.scope, PaperCard.state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.scope, {})[row.state] = row.number
    return found


def list_incidents(session: Session, round_id: UUID) -> Sequence[RoundIncident]:
    """What the public protocol tells, the first first."""
    return session.scalars(
        select(RoundIncident)
        .where(RoundIncident.round_id == round_id)
        .order_by(RoundIncident.at, RoundIncident.id)
    ).all()


def is_shredded(session: Session, round_id: UUID) -> bool:
    """Whether the envelopes of a round were deleted, whatever became of the round since."""
    told = exists().where(RoundIncident.round_id == Round.id, RoundIncident.kind == "shred")
    is_it = or_(Round.status == RoundStatus.SHREDDED.value, told)
    return session.scalar(select(Round.id).where(Round.id == round_id, is_it)) is not None


def list_sealed(session: Session, round_id: UUID) -> Sequence[SealedListRow]:
    """The lists that fixed the urn, the first first."""
    return session.scalars(
        select(SealedListRow)
        .where(SealedListRow.round_id == round_id)
        .order_by(SealedListRow.number)
    ).all()


def list_annulments(session: Session, round_id: UUID) -> Sequence[ScopeAnnulment]:
    """Pools of a round whose vote does not count, by scope."""
    return session.scalars(
        select(ScopeAnnulment)
        .where(ScopeAnnulment.round_id == round_id)
        .order_by(ScopeAnnulment.scope)
    ).all()


def list_partly_annulled(session: Session) -> Sequence[UUID]:
    """Opened rounds that stand but for pools whose vote was annulled."""
    return session.scalars(
        select(Round.id).where(
            Round.id.in_(select(ScopeAnnulment.round_id)),
            Round.board_root.is_not(None),
            Round.status != RoundStatus.ANNULLED.value,
        )
    ).all()


def list_rounds_of_edition(
    session: Session, edition_id: UUID
) -> Sequence[tuple[UUID, str, str | None]]:
    """Every round that took votes or will: id, status, kind (repeat, supplement, or None); oldest first."""
    rows = session.execute(
        select(Round.id, Round.status, RoundLineage.kind)
        .join(RoundLineage, RoundLineage.round_id == Round.id, isouter=True)
        .where(Round.edition_id == edition_id, Round.tested_at.is_not(None))
        .order_by(Round.opens_at)
    )
    return [(row.id, row.status, row.kind) for row in rows]


def is_vote_annulled(session: Session, edition_id: UUID) -> bool:
    """Whether people voted, or were to, and no vote of the edition stands any more."""
    states = {status for _, status, _ in list_rounds_of_edition(session, edition_id)}
    return states == {RoundStatus.ANNULLED.value}


@dataclass(frozen=True)
class RoundLine:
    """A round of an edition by what tells it from the others; `kind`: repeat, supplement, or None."""

    id: UUID
    status: RoundStatus
    kind: str | None
    opens_at: datetime


def list_rounds(session: Session, edition_id: UUID) -> Sequence[RoundLine]:
    """Every round of an edition, those in preparation and annulled ones too; the oldest first."""
    rows = session.execute(
        select(Round.id, Round.status, RoundLineage.kind, Round.opens_at)
        .join(RoundLineage, RoundLineage.round_id == Round.id, isouter=True)
        .where(Round.edition_id == edition_id)
        .order_by(Round.opens_at, Round.id)
    )
    return [RoundLine(row.id, RoundStatus(row.status), row.kind, row.opens_at) for row in rows]


def find_main_round(session: Session, edition_id: UUID) -> UUID | None:
    """The newest round that stands and is a vote on all lists: no supplement to another."""
    found = [
        one.id
        for one in list_rounds(session, edition_id)
        if one.status is not RoundStatus.ANNULLED and one.kind != "supplement"
    ]
    return found[-1] if found else None


def find_proposed_members(session: Session, round_id: UUID) -> JointDecision | None:
    """The commission that one member proposed and nobody confirmed yet."""
    return _waiting(session, round_id, JointKind.MEMBERS).first()


@dataclass(frozen=True)
class LossFacts:
    """That two members acknowledged missing envelopes: how many, why, until when people can act."""

    number: int
    note: str
    until: datetime


def find_loss(session: Session, round_id: UUID) -> LossFacts | None:
    """The newest acknowledged loss of a round; the number is all that was lost."""
    row = session.scalars(
        select(JointDecision)
        .where(
            JointDecision.round_id == round_id,
            JointDecision.kind == JointKind.MISSING.value,
            JointDecision.second_by.is_not(None),
        )
        .order_by(JointDecision.second_at.desc())
    ).first()
    if row is None:
        return None
    until = datetime.fromisoformat(row.data["until"])
    return LossFacts(int(row.data["number"]), row.note, until)


def list_proposed(session: Session, round_id: UUID, kind: JointKind) -> Sequence[JointDecision]:
    """What waits for a second member, the oldest first."""
    return _waiting(session, round_id, kind).all()


@dataclass(frozen=True)
class VoidFacts:
    """An envelope that is out: why, until when its person may object, what they said, the answer.

    Without a reason it was put back. `has_card`: a card in an urn stands against it, so it stays out.
    """

    tag: bytes
    reason: str | None
    object_until: datetime
    objection: str | None
    answer: str | None
    has_card: bool


def list_voids(session: Session, round_id: UUID) -> Sequence[VoidFacts]:
    """Envelopes that were taken out after the closing, those with an objection first.

    What was put back stands here too, without a reason.
    """
    rows = session.execute(
        select(VoidNotice, EnvelopeVoid.reason, LateSlip.tag.is_not(None))
        .outerjoin(
            EnvelopeVoid,
            (EnvelopeVoid.round_id == VoidNotice.round_id) & (EnvelopeVoid.tag == VoidNotice.tag),
        )
        .outerjoin(
            LateSlip, (LateSlip.round_id == VoidNotice.round_id) & (LateSlip.tag == VoidNotice.tag)
        )
        .where(VoidNotice.round_id == round_id)
        .order_by(VoidNotice.objection.is_(None), VoidNotice.tag)
    )
    return [
        VoidFacts(
            notice.tag, reason, notice.object_until, notice.objection, notice.answer, has_card
        )
        for notice, reason, has_card in rows
    ]


def find_void(session: Session, round_id: UUID, tags: Sequence[bytes]) -> VoidFacts | None:
    """What was done to one of these envelopes, rather one that is still out; None if none ever was."""
    found = [void for void in list_voids(session, round_id) if void.tag in tags]
    return next((void for void in found if void.reason), found[0] if found else None)


def _waiting(session: Session, round_id: UUID, kind: JointKind) -> ScalarResult[JointDecision]:
    return session.scalars(
        select(JointDecision)
        .where(
            JointDecision.round_id == round_id,
            JointDecision.kind == kind.value,
            JointDecision.second_by.is_(None),
        )
        .order_by(JointDecision.first_at)
    )


def _batch(session: Session, row: PaperBatch) -> BatchFacts:
    clerks = session.execute(
        select(BatchClerk.account_id, BatchClerk.part).where(BatchClerk.batch_id == row.id)
    )
    invalids = session.execute(
        select(PaperInvalid.reason, PaperInvalid.number)
        .where(PaperInvalid.batch_id == row.id)
        .order_by(PaperInvalid.reason)
    )
    corrections = session.scalars(
        select(PaperCorrection)
        .where(PaperCorrection.batch_id == row.id)
        .order_by(PaperCorrection.number)
    )
    controls = session.execute(
        select(PaperBallotRow.control, func.count())
        .where(PaperBallotRow.batch == row.id, PaperBallotRow.control.is_not(None))
        .group_by(PaperBallotRow.control)
    )
    return BatchFacts(
        id=row.id,
        round_id=row.round_id,
        point=row.point,
        scope=row.scope,
        claimed=row.claimed,
        keyed=row.keyed,
        invalid=row.invalid,
        missing=row.missing,
        is_closed=row.state == "closed",
        is_sealed=row.sealed_at is not None,
        protocol_number=row.protocol_number or "",
        missing_note=row.missing_note or "",
        mac=row.mac,
        clerks=[(account_id, part) for account_id, part in clerks],
        invalids=[(reason, number) for reason, number in invalids],
        controls={str(control): number for control, number in controls},
        corrections=corrections.all(),
    )
