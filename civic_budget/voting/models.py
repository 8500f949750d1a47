"""Rounds, sealed envelopes, participation, paper, the opened ballots. Final since the first migration.

An envelope has no timestamp and no serial number, and on SQLite no rowid: nothing in it tells when
it came. Participation is deleted when the round is final.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

TAG_BYTES = 32


class Round(Base):
    """One round of voting: its keys' public halves, its frozen list, its times."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint(
            "status IN ('setup', 'ready', 'suspended', 'verification', 'opened', 'final', "
            "'shredded', 'annulled')",
            name="status",
        ),
        CheckConstraint("opens_at < closes_at", name="opens_before_closes"),
        CheckConstraint("on_duplicate IN ('void_all', 'paper_wins', 'drawn')", name="on_duplicate"),
        CheckConstraint("NOT is_revote_allowed", name="one_vote_each"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    status: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    public_key: Mapped[bytes]
    verify_key: Mapped[bytes]
    key_marks: Mapped[bytes | None]
    threshold: Mapped[int]
    list_content: Mapped[bytes]
    list_hash: Mapped[bytes]
    on_duplicate: Mapped[str]
    is_revote_allowed: Mapped[bool]
    tested_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    sealed_root: Mapped[bytes | None]
    sealed_count: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    board_root: Mapped[bytes | None]
    counted: Mapped[dict[str, Any] | None]
    voided: Mapped[dict[str, Any] | None]
    final_at: Mapped[datetime | None]
    paper_until: Mapped[datetime | None]
    objection_days: Mapped[int] = mapped_column(server_default="3")
    keep_until: Mapped[datetime | None]
    legal_hold: Mapped[str | None]
    destroyed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="0")
    """Goes up with every change (a trigger sees to it) and every deed under the lock: what was seen at a
    version holds while it stands."""


class RoundMember(Base):
    """A member of the commission, fixed at setup, with the fingerprint of their key file."""

    __tablename__ = "round_member"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    number: Mapped[int]
    key_fingerprint: Mapped[str]


class EnvelopeRow(Base):
    """A sealed vote under its keyed tag; a paper one has no content of its own."""

    __tablename__ = "envelope"
    __table_args__ = (
        UniqueConstraint("round_id", "nonce_mac"),
        CheckConstraint("(channel = 'web') = (sealed IS NOT NULL)", name="web_is_sealed"),
        CheckConstraint("(channel = 'web') = (nonce_mac IS NOT NULL)", name="web_has_nonce"),
        CheckConstraint("channel IN ('web', 'paper')", name="channel"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[str]
    retry: Mapped[bytes | None]
    nonce_mac: Mapped[bytes | None]
    sealed: Mapped[bytes | None]
    mac: Mapped[bytes]


class Participation(Base):
    """That a tag took part: the day for the statistics, the hour and places for the window's signals."""

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[str]
    counted_on: Mapped[date]
    hour: Mapped[int]
    point: Mapped[str | None]
    network_mac: Mapped[bytes | None]
    device_mac: Mapped[bytes | None]
    is_provisional: Mapped[bool]
    notified: Mapped[bool]


class VoidProposal(Base):
    """One member's wish to take an envelope out, unopened; it needs a second member."""

    __tablename__ = "void_proposal"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    reason: Mapped[str]
    first_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]


class EnvelopeVoid(Base):
    """An envelope that two members took out, unopened."""

    __tablename__ = "envelope_void"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "tag"], ["envelope.round_id", "envelope.tag"]),
        CheckConstraint("first_by <> second_by", name="two_members"),
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    reason: Mapped[str]
    first_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    second_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    mac: Mapped[bytes]


class VoteReturn(Base):
    """A vote given back to a person whose place somebody else took: their generation rises."""

    __tablename__ = "vote_return"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    generation: Mapped[int]
    vote_until: Mapped[datetime | None]


class PaperBatch(Base):
    """Cards of one point and district, counted against the slips; sealed before the first is keyed."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        CheckConstraint("keyed + invalid <= claimed", name="no_more_cards_than_slips"),
        CheckConstraint("missing >= 0", name="missing"),
        CheckConstraint("keyed >= 0 AND invalid >= 0", name="counts"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "state = 'open' OR keyed + invalid + missing = claimed", name="closed_is_reconciled"
        ),
        CheckConstraint("keyed + invalid = 0 OR sealed_at IS NOT NULL", name="keyed_when_sealed"),
        CheckConstraint(
            "state = 'open' OR claimed = 0 OR sealed_at IS NOT NULL", name="closed_when_sealed"
        ),
        CheckConstraint("missing = 0 OR missing_note IS NOT NULL", name="missing_for_a_reason"),
    )

    id: Mapped[UUID] = random_id()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    point: Mapped[str]
    scope: Mapped[str]
    claimed: Mapped[int]
    keyed: Mapped[int]
    invalid: Mapped[int]
    protocol_number: Mapped[str | None]
    missing: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(server_default="open")
    sealed_at: Mapped[datetime | None]
    missing_note: Mapped[str | None]
    mac: Mapped[bytes | None]


class PaperCard(Base):
    """A printed card, under the keyed hash of its serial."""

    __tablename__ = "paper_card"
    __table_args__ = (
        CheckConstraint("state IN ('printed', 'spoiled', 'keyed')", name="state"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    serial_tag: Mapped[bytes] = mapped_column(primary_key=True)
    scope: Mapped[str]
    state: Mapped[str]


class PaperBallotRow(Base):
    """A keyed card, sealed at once."""

    __tablename__ = "paper_ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "serial_tag"], ["paper_card.round_id", "paper_card.serial_tag"]
        ),
        CheckConstraint("control IN ('wanted', 'agreed', 'differs', 'resolved')", name="control"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    serial_tag: Mapped[bytes] = mapped_column(primary_key=True)
    batch: Mapped[UUID] = mapped_column(ForeignKey("paper_batch.id"))
    sealed: Mapped[bytes]
    mac: Mapped[bytes]
    retry: Mapped[bytes | None]
    control: Mapped[str | None]


class BallotRow(Base):
    """One line of the board; written once, at the opening, in code order."""

    __tablename__ = "ballot"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"append_only": True}},)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]


class NightlyCountRow(Base):
    """What was published in a night of the vote: how many envelopes and the root of their hashes."""

    __tablename__ = "nightly_count"
    __table_args__ = ({"info": {"append_only": True}},)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    root: Mapped[bytes]
    hashes: Mapped[str]


class RoundIncident(Base):
    """Something that the public protocol must tell: an extension, a suspension, a restore."""

    __tablename__ = "round_incident"
    __table_args__ = (Index("ix_round_incident_round_id_at", "round_id", "at"),)

    id: Mapped[UUID] = random_id()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    note: Mapped[str]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
