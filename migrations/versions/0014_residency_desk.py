"""Visits at a desk, and proofs that were seen, arrived by letter or were found in a register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_residency_desk"
down_revision = "0013_assessment_units"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('register', 'proof', 'access', 'asked', 'complaint', 'other')",
            name=op.f("ck_desk_visit_reason"),
        ),
        sa.CheckConstraint("ends_at > opened_at", name=op.f("ck_desk_visit_lasts")),
        sa.ForeignKeyConstraint(["officer"], ["account.id"], name=op.f("fk_desk_visit_officer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_visit_person_id")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["assistance_point.id"], name=op.f("fk_desk_visit_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_visit")),
    )
    op.create_index(op.f("ix_desk_visit_person_id"), "desk_visit", ["person_id"])
    op.create_index("ix_desk_visit_officer", "desk_visit", ["officer", "opened_at"])
    op.create_table(
        "case_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "source IN ('desk', 'letter', 'register')", name=op.f("ck_case_proof_source")
        ),
        sa.CheckConstraint(
            "outcome IN ('seen', 'arrived', 'match', 'no_match')",
            name=op.f("ck_case_proof_outcome"),
        ),
        sa.CheckConstraint(
            "source <> 'desk' OR noted_by IS NOT NULL",
            name=op.f("ck_case_proof_somebody_saw_it"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_case_proof_case_id")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["account.id"], name=op.f("fk_case_proof_noted_by")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["assistance_point.id"], name=op.f("fk_case_proof_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_proof")),
        sa.UniqueConstraint(
            "case_id", "source", "kind", name=op.f("uq_case_proof_case_id_source_kind")
        ),
    )


def downgrade() -> None:
    op.drop_table("case_proof")
    op.drop_table("desk_visit")
