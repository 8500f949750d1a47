"""Groups of proposals that exclude one another, and pairs that a person cleared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_proposals_exclusive"
down_revision = "0017_results_acts"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exclusive_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("dissolved_at", _MOMENT, nullable=True),
        sa.Column("dissolved_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(dissolved_at IS NULL) = (dissolved_by IS NULL)",
            name=op.f("ck_exclusive_group_dissolved_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_exclusive_group_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["dissolved_by"], ["account.id"], name=op.f("fk_exclusive_group_dissolved_by")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_exclusive_group_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusive_group")),
        sa.UniqueConstraint(
            "edition_id", "number", name=op.f("uq_exclusive_group_edition_id_number")
        ),
    )
    op.create_index(op.f("ix_exclusive_group_edition_id"), "exclusive_group", ["edition_id"])
    op.create_table(
        "exclusive_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["exclusive_group.id"], name=op.f("fk_exclusive_member_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_exclusive_member_proposal_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "proposal_id", name=op.f("pk_exclusive_member")),
    )
    op.create_index(op.f("ix_exclusive_member_proposal_id"), "exclusive_member", ["proposal_id"])
    op.create_table(
        "cleared_pair",
        sa.Column("first", sa.Uuid(), nullable=False),
        sa.Column("second", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", _MOMENT, nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first < second", name=op.f("ck_cleared_pair_in_order")),
        sa.ForeignKeyConstraint(
            ["cleared_by"], ["account.id"], name=op.f("fk_cleared_pair_cleared_by")
        ),
        sa.ForeignKeyConstraint(["first"], ["proposal.id"], name=op.f("fk_cleared_pair_first")),
        sa.ForeignKeyConstraint(["second"], ["proposal.id"], name=op.f("fk_cleared_pair_second")),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_cleared_pair")),
    )


def downgrade() -> None:
    for name in ("cleared_pair", "exclusive_member", "exclusive_group"):
        op.drop_table(name)
