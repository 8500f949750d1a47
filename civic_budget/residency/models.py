"""Persons, their identity, citizenship, holders and clusters. Cases are in `case_models`.

What tells who somebody is lies sealed, bound to its row; equal humans meet under blind keys only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.residency.case_models import (
    CaseDecision,
    CaseSentence,
    ClauseShown,
    Confirmation,
    EvidenceFile,
    EvidenceView,
    OfficerInterest,
    ResidenceCase,
    ResidenceStatement,
)
from civic_budget.residency.check_models import ResidenceCheck
from civic_budget.residency.complaint_models import Complaint
from civic_budget.residency.contest_models import DistrictContest
from civic_budget.residency.desk_models import CaseProof, DeskAppointment, DeskVisit
from civic_budget.residency.draw_models import SampleDraw, SampleMember
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.letter_models import AddressLetter
from civic_budget.residency.option_models import ResidencyOption
from civic_budget.residency.provider_models import ProviderIdentity, ProviderQuestion
from civic_budget.residency.question_models import RegisterQuestion
from civic_budget.residency.suspect_models import MatchRun, SuspectedPair
from civic_budget.storage.types import Base, random_id

__all__ = [
    "AddressLetter",
    "CaseDecision",
    "CaseProof",
    "CaseSentence",
    "ClauseShown",
    "Complaint",
    "Confirmation",
    "DeskAppointment",
    "DeskVisit",
    "DistrictContest",
    "DuplicateVerdict",
    "EvidenceFile",
    "EvidenceView",
    "Guardianship",
    "MatchRun",
    "OfficerInterest",
    "Person",
    "PersonCluster",
    "PersonHolder",
    "PersonIdentity",
    "PersonMatchKey",
    "PersonNationality",
    "ProviderIdentity",
    "ProviderQuestion",
    "RegisterQuestion",
    "ResidenceCase",
    "ResidenceCheck",
    "ResidenceStatement",
    "ResidencyOption",
    "ResidencySetting",
    "SampleDraw",
    "SampleMember",
    "SuspectedPair",
    "Tombstone",
]


class Person(Base):
    """A human resident under a random id that is never reused, not even after erasure."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("sex IN ('F', 'M', 'X')", name="sex"),
        CheckConstraint("erased_at IS NULL OR sex IS NULL", name="erased_is_bare"),
    )

    id: Mapped[UUID] = random_id()
    sex: Mapped[str | None]
    district: Mapped[int | None] = mapped_column(ForeignKey("district.number"))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class PersonIdentity(Base):
    """Names, birth date and home of a person: one sealed value, bound to the person."""

    __tablename__ = "person_identity"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes]
    updated_at: Mapped[datetime]


class PersonMatchKey(Base):
    """A blind key under which a human (k1, k2, k3, account) or a home is met again; in a tombstone too."""

    __tablename__ = "person_match_key"
    __table_args__ = (
        CheckConstraint("kind IN ('k1', 'k2', 'k3', 'home', 'account')", name="kind"),
        Index("ix_person_match_key_value", "kind", "value"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(primary_key=True)


class PersonNationality(Base):
    """The citizenships that a person chose to tell. Only `citizenship` reads or writes this table."""

    __tablename__ = "person_nationality"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes]
    answered_at: Mapped[datetime]


class PersonHolder(Base):
    """Which account acts for which person: its own holder, or a guardian."""

    __tablename__ = "person_holder"
    __table_args__ = (
        CheckConstraint("relation IN ('holder', 'guardian')", name="relation"),
        Index(
            "uq_person_holder_own_account",
            "person_id",
            unique=True,
            sqlite_where=text("relation = 'holder' AND until_at IS NULL"),
            postgresql_where=text("relation = 'holder' AND until_at IS NULL"),
        ),
        Index(
            "uq_person_holder_own_person",
            "account_id",
            unique=True,
            sqlite_where=text("relation = 'holder' AND until_at IS NULL"),
            postgresql_where=text("relation = 'holder' AND until_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    relation: Mapped[str]
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class PersonCluster(Base):
    """Records that are one human: a connected component of accepted merges, written beside them."""

    __tablename__ = "person_cluster"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    cluster_id: Mapped[UUID] = mapped_column(index=True)
    joined_at: Mapped[datetime]


class DuplicateVerdict(Base):
    """What officers said of two similar records: one human (two officers), or different ones.

    A word with `seconded_at` is an accepted merge; clusters are what hangs together by these. `one_child`: two
    guardians had begun a record of the same child, and one officer accepted both.
    `basis` stands for the data that they saw; a word on other data lets the pair come back.
    """

    __tablename__ = "duplicate_verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('same', 'different', 'one_child')", name="verdict"),
        CheckConstraint("said_by IS NOT NULL OR verdict = 'one_child'", name="somebody_said_it"),
        CheckConstraint(
            "CASE verdict WHEN 'one_child' THEN seconded_at IS NOT NULL "
            "WHEN 'different' THEN seconded_at IS NULL "
            "ELSE (seconded_at IS NULL) = (seconded_by IS NULL) END",
            name="merge_is_accepted",
        ),
        CheckConstraint("person_a <> person_b", name="two_records"),
        CheckConstraint("seconded_by IS NULL OR seconded_by <> said_by", name="two_officers"),
    )

    person_a: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person_b: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    verdict: Mapped[str]
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime]
    seconded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    seconded_at: Mapped[datetime | None]
    basis: Mapped[bytes | None]


class Tombstone(Base):
    """An erased person whose match keys stay until the running round is final."""

    __tablename__ = "tombstone"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    erased_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]


class ResidencySetting(Base):
    """A value of `rules.Limits` that the city set otherwise than the default."""

    __tablename__ = "residency_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
