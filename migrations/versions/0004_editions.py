"""The tables of editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_editions"
down_revision = "0003_city"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ballot_rule", sa.JSON(), nullable=False),
        sa.Column("selection_rule", sa.JSON(), nullable=False),
        sa.Column("accepted_proofs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("slug", name=op.f("uq_edition_slug")),
    )
    op.create_table(
        "edition_moment",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_moment_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "milestone", name=op.f("pk_edition_moment")),
    )
    op.create_table(
        "pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("min_cost", sa.BigInteger(), nullable=False),
        sa.Column("max_cost", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("max_cost <= money", name=op.f("ck_pool_max_within_money")),
        sa.CheckConstraint(
            "min_cost >= 0 AND min_cost <= max_cost", name=op.f("ck_pool_cost_limits")
        ),
        sa.CheckConstraint("money > 0", name=op.f("ck_pool_money_positive")),
        sa.ForeignKeyConstraint(["district"], ["district.number"], name=op.f("fk_pool_district")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_pool_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("edition_id", "scope", name=op.f("uq_pool_edition_id_scope")),
    )
    op.create_index(op.f("ix_pool_edition_id"), "pool", ["edition_id"], unique=False)


def downgrade() -> None:
    op.drop_table("pool")
    op.drop_table("edition_moment")
    op.drop_table("edition")
    op.drop_table("category")
