"""A mistyped count of invalid cards is set right, and what stood before stays to be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056_voting_corrections"
down_revision = "0055_voting_version_rises"
branch_labels = None
depends_on = None

REASONS = (
    "reason IN ('blank', 'too_few', 'too_many', 'twice', 'unreadable', 'altered', 'signed', "
    "'foreign_card')"
)


def upgrade() -> None:
    """Nothing was corrected yet; no count falls under zero."""
    op.create_table(
        "paper_correction",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("was", sa.Integer(), nullable=False),
        sa.Column("became", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_correction_in_order")),
        sa.CheckConstraint(
            "was >= 0 AND became >= 0 AND was <> became", name=op.f("ck_paper_correction_a_change")
        ),
        sa.CheckConstraint(REASONS, name=op.f("ck_paper_correction_reason")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_correction_batch_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_paper_correction_by")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_paper_correction")),
    )
    with op.batch_alter_table("paper_batch") as batch:
        batch.create_check_constraint(op.f("ck_paper_batch_counts"), "keyed >= 0 AND invalid >= 0")


def downgrade() -> None:
    """A batch whose signature stands for corrections too is signed once more."""
    op.execute(
        "UPDATE paper_batch SET state = 'open', mac = NULL WHERE state = 'closed' "
        "AND id IN (SELECT batch_id FROM paper_correction) AND round_id IN "
        "(SELECT id FROM round WHERE status IN ('ready', 'suspended', 'verification'))"
    )
    with op.batch_alter_table("paper_batch") as batch:
        batch.drop_constraint(op.f("ck_paper_batch_counts"), type_="check")
    op.drop_table("paper_correction")
