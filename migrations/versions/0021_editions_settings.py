"""Further days of an edition's calendar, and an edition's own checklists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_editions_settings"
down_revision = "0020_proposals_merges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_side_date",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_side_date_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "code", name=op.f("pk_edition_side_date")),
    )
    op.create_table(
        "edition_criterion",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("correctable", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_criterion_edition_id")
        ),
        sa.ForeignKeyConstraint(["key"], ["criterion.key"], name=op.f("fk_edition_criterion_key")),
        sa.PrimaryKeyConstraint("edition_id", "key", name=op.f("pk_edition_criterion")),
    )


def downgrade() -> None:
    op.drop_table("edition_criterion")
    op.drop_table("edition_side_date")
