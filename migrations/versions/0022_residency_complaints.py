"""Complaints about registrations and votes that are not one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_residency_complaints"
down_revision = "0021_editions_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('registration', 'vote', 'question')", name=op.f("ck_complaint_kind")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'in_work', 'upheld', 'dismissed', 'handed_over', 'withdrawn')",
            name=op.f("ck_complaint_state"),
        ),
        sa.CheckConstraint(
            "kind <> 'question' OR person_id IS NOT NULL",
            name=op.f("ck_complaint_asker_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'handed_over' OR kind = 'vote'", name=op.f("ck_complaint_only_votes_go_on")
        ),
        sa.CheckConstraint(
            "(state = 'in_work') = (taken_by IS NOT NULL)",
            name=op.f("ck_complaint_taken_while_in_work"),
        ),
        sa.CheckConstraint(
            "(state IN ('received', 'in_work')) = (ended_at IS NULL)",
            name=op.f("ck_complaint_ended_when"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_complaint_account_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_complaint_taken_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_complaint_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_reference")),
    )
    op.create_index(op.f("ix_complaint_person_id"), "complaint", ["person_id"])
    op.create_index(op.f("ix_complaint_account_id"), "complaint", ["account_id"])
    op.create_index("ix_complaint_queue", "complaint", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("complaint")
