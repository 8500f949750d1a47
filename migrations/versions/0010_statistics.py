"""The tables of statistics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0010_statistics"
down_revision = "0009_results"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "outside_register",
    "sealed_table",
    "statistics_release",
    "statistics_request",
    "statistics_step",
)


def upgrade() -> None:
    op.create_table(
        "outside_register",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("geography", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("is_basis", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_register")),
        sa.UniqueConstraint("source", "as_of", name=op.f("uq_outside_register_source_as_of")),
        info={"append_only": True},
    )
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
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_statistics_release_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_statistics_release")),
        sa.UniqueConstraint("head", name=op.f("uq_statistics_release_head")),
        info={"append_only": True},
    )
    op.create_table(
        "statistics_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_statistics_request_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_request")),
        info={"append_only": True},
    )
    op.create_table(
        "statistics_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step IN ('sealed', 'imported', 'restored', 'refused')",
            name=op.f("ck_statistics_step_step"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_statistics_step_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_step")),
        info={"append_only": True},
    )
    op.create_index(
        op.f("ix_statistics_step_edition_id"), "statistics_step", ["edition_id"], unique=False
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("statistics_step")
    op.drop_table("statistics_request")
    op.drop_table("statistics_release")
    op.drop_table("sealed_table")
    op.drop_table("outside_register")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
