"""Packages for the public bulletin, and proposals that were brought on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0025_assessment_bulletin"
down_revision = "0024_residency_office"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulletin_package",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("prepared_at", _MOMENT, nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", _MOMENT, nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("hash", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('verdicts', 'act', 'ballot')", name=op.f("ck_bulletin_package_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'act') = (act_id IS NOT NULL)", name=op.f("ck_bulletin_package_act_named")
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL) AND (released_at IS NULL) = (hash IS NULL)",
            name=op.f("ck_bulletin_package_released_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["mayor_act.id"], name=op.f("fk_bulletin_package_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_bulletin_package_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["account.id"], name=op.f("fk_bulletin_package_prepared_by")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["account.id"], name=op.f("fk_bulletin_package_released_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_package")),
    )
    op.create_index(op.f("ix_bulletin_package_edition_id"), "bulletin_package", ["edition_id"])

    op.create_table(
        "paper_proposal",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "received_at <= entered_at", name=op.f("ck_paper_proposal_received_before_entered")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_paper_proposal_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_paper_proposal_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_paper_proposal")),
    )
    for statement in append_only_statements("paper_proposal", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("paper_proposal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION paper_proposal_is_append_only()")
    op.drop_table("bulletin_package")
