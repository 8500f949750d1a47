"""How often an account asked registers in an edition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043_residency_questions"
down_revision = "0042_voting_visitors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_question",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_register_question_asked")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_register_question_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "period", name=op.f("pk_register_question")),
    )


def downgrade() -> None:
    op.drop_table("register_question")
