"""What the commission and the clerks decide and count: all of it about envelopes, none of it about choices.

Final since their migration. Rows that name a tag or a person go when the round is final.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class RoundLineage(Base):
    """That a round repeats an annulled one, or adds the votes of annulled pools to one that stands."""

    __tablename__ = "round_lineage"
    __table_args__ = (CheckConstraint("kind IN ('repeat', 'supplement')", name="kind"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    replaces_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]


class SealedListRow(Base):
    """The list of envelopes at a step that fixed it: closing, the last slips, the votes given back."""

    __tablename__ = "sealed_list"
    __table_args__ = (
        CheckConstraint("step IN ('closing', 'paper', 'returned')", name="step"),
        {"info": {"append_only": True}},
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    count: Mapped[int]
    root: Mapped[bytes]
    hashes: Mapped[str]
    at: Mapped[datetime]


class JointDecision(Base):
    """What takes two members: one proposes, another confirms; `subject` says about what."""

    __tablename__ = "joint_decision"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "subject"),
        CheckConstraint(
            "kind IN ('members', 'return', 'missing', 'objection', 'small_batch')", name="kind"
        ),
        CheckConstraint("second_by IS NULL OR second_by <> first_by", name="two_members"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_in_whole"),
    )

    id: Mapped[UUID] = random_id()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]]
    note: Mapped[str]
    first_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    first_at: Mapped[datetime]
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    second_at: Mapped[datetime | None]


class VoidNotice(Base):
    """That a person was told of their voided envelope: until when they may object, what they said."""

    __tablename__ = "void_notice"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
        CheckConstraint("answer IN ('stands', 'restored')", name="answer"),
        CheckConstraint("(objection IS NULL) = (objected_at IS NULL)", name="objection_in_whole"),
        CheckConstraint(
            "answer IS NULL OR objection IS NOT NULL OR answer = 'restored'",
            name="answers_an_objection",
        ),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    object_until: Mapped[datetime]
    objection: Mapped[str | None]
    objected_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    is_told: Mapped[bool]


class VoterSample(Base):
    """The public draw: how many voters, by which seed, from which sealed list. It goes when voting re-opens."""

    __tablename__ = "voter_sample"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "list_number"], ["sealed_list.round_id", "sealed_list.number"]
        ),
        CheckConstraint("number > 0", name="some"),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_number: Mapped[int]
    number: Mapped[int]
    seed: Mapped[str]
    source: Mapped[str]


class SampleCheck(Base):
    """A voter whom the public draw chose to be met in person, and what came of it."""

    __tablename__ = "sample_check"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
        CheckConstraint("result IN ('voted', 'absent', 'did_not_vote')", name="result"),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    result: Mapped[str]
    by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class ScopeAnnulment(Base):
    """A pool whose vote does not count, by act."""

    __tablename__ = "scope_annulment"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str]
    note: Mapped[str]
    by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class PaperPoint(Base):
    """A place where people vote on paper; one with a network claims at once."""

    __tablename__ = "paper_point"
    __table_args__ = (
        CheckConstraint("NOT is_home OR NOT is_online", name="a_visit_has_no_network"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_online: Mapped[bool]
    is_home: Mapped[bool]
    closed_at: Mapped[datetime | None]


class BatchClerk(Base):
    """Who did which part of a batch: nobody does two, the primary key sees to it."""

    __tablename__ = "batch_clerk"
    __table_args__ = (
        CheckConstraint(
            "part IN ('slips', 'keying', 'control', 'resolving', 'signing')", name="part"
        ),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    part: Mapped[str]


_REASON_OF_INVALID = (
    "reason IN ('blank', 'too_few', 'too_many', 'twice', 'unreadable', 'altered', 'signed', "
    "'foreign_card')"
)


class PaperInvalid(Base):
    """How many cards of a batch are no vote, for a reason."""

    __tablename__ = "paper_invalid"
    __table_args__ = (
        CheckConstraint("number > 0", name="some"),
        CheckConstraint(_REASON_OF_INVALID, name="reason"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class PaperCorrection(Base):
    """That a count of invalid cards was set right before the batch was signed: what stood, what stands."""

    __tablename__ = "paper_correction"
    __table_args__ = (
        CheckConstraint("number > 0", name="in_order"),
        CheckConstraint("was >= 0 AND became >= 0 AND was <> became", name="a_change"),
        CheckConstraint(_REASON_OF_INVALID, name="reason"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    was: Mapped[int]
    became: Mapped[int]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class LateSlip(Base):
    """A slip keyed after its voter also voted online: the card in the urn stands, two members void.

    `is_done`: the slip has its place, since the web vote is out or was before the slip came.
    """

    __tablename__ = "late_slip"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("paper_batch.id"))
    is_done: Mapped[bool]
