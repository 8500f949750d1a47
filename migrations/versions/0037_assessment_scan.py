"""Scans of signed acts of the mayor; each keeps its row and its hashes when a later one is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0037_assessment_scan"
down_revision = "0036_news_following"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, closed against changes."""
    op.create_table(
        "mayor_act_scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("upload_hash", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_mayor_act_scan_numbered")),
        sa.CheckConstraint(
            "page_count > 0 AND byte_count > 0", name=op.f("ck_mayor_act_scan_has_pages")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["mayor_act.id"], name=op.f("fk_mayor_act_scan_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_mayor_act_scan_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mayor_act_scan")),
        sa.UniqueConstraint("act_id", "number", name=op.f("uq_mayor_act_scan_act_id_number")),
        sa.UniqueConstraint("blob", name=op.f("uq_mayor_act_scan_blob")),
    )
    op.create_index(op.f("ix_mayor_act_scan_act_id"), "mayor_act_scan", ["act_id"])
    for statement in append_only_statements("mayor_act_scan", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """The scans are forgotten; their files stay until they are removed by hand."""
    op.drop_table("mayor_act_scan")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mayor_act_scan_is_append_only()")
