"""The tables of statistics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0010_statistics"
down_revision = "0009_results"
branch_labels = None
depends_on = None

APPEND_ONLY = ("sealed_table", "statistics_release", "statistics_request")


def upgrade() -> None:
    op.create_table(
        "sealed_table",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("prev <> sha256", name=op.f("ck_sealed_table_chained")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_sealed_table")),
        sa.UniqueConstraint(
            "edition", "table_name", "epoch", name=op.f("uq_sealed_table_edition_table_name_epoch")
        ),
        sa.UniqueConstraint("prev", name=op.f("uq_sealed_table_prev")),
        sa.UniqueConstraint("sha256", name=op.f("uq_sealed_table_sha256")),
        info={"append_only": True},
    )
    op.create_table(
        "statistics_release",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_statistics_release_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_statistics_release")),
        info={"append_only": True},
    )
    op.create_table(
        "statistics_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_statistics_request_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_request")),
        info={"append_only": True},
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("statistics_request")
    op.drop_table("statistics_release")
    op.drop_table("sealed_table")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
