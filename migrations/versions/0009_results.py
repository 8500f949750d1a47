"""The tables of results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_results"
down_revision = "0008_voting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scope_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("protocol", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("seed_source", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "spent >= 0 AND spent <= budget", name=op.f("ck_scope_result_within_budget")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_scope_result_edition_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_scope_result_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_result")),
        sa.UniqueConstraint("edition_id", "scope", name=op.f("uq_scope_result_edition_id_scope")),
    )
    op.create_index(
        op.f("ix_scope_result_edition_id"), "scope_result", ["edition_id"], unique=False
    )
    op.create_table(
        "project_result",
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("left_before", sa.BigInteger(), nullable=False),
        sa.Column("left_after", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["scope_result.id"], name=op.f("fk_project_result_result_id")
        ),
        sa.PrimaryKeyConstraint("result_id", "reference", name=op.f("pk_project_result")),
    )


def downgrade() -> None:
    op.drop_table("project_result")
    op.drop_table("scope_result")
