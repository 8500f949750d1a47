"""Merges of proposals and the authors' answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_proposals_merges"
down_revision = "0019_city_points"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("proposal") as table:
        table.add_column(sa.Column("merged_into", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_proposal_merged_into"), "proposal", ["merged_into"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_proposal_merged_has_target"), "(state = 'merged') = (merged_into IS NOT NULL)"
        )
    op.create_table(
        "proposal_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'refused', 'cancelled', 'lapsed')",
            name=op.f("ck_proposal_merge_state"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (ended_at IS NULL)",
            name=op.f("ck_proposal_merge_ended_has_moment"),
        ),
        sa.CheckConstraint(
            "answer_by > proposed_at", name=op.f("ck_proposal_merge_answer_after_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_proposal_merge_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_merge")),
    )
    op.create_index(op.f("ix_proposal_merge_edition_id"), "proposal_merge", ["edition_id"])
    op.create_table(
        "merge_part",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "(agrees IS NULL) = (answered_at IS NULL)", name=op.f("ck_merge_part_answered_whole")
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["proposal_merge.id"], name=op.f("fk_merge_part_merge_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_merge_part_proposal_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", "proposal_id", name=op.f("pk_merge_part")),
    )
    op.create_index(op.f("ix_merge_part_proposal_id"), "merge_part", ["proposal_id"])
    for name, column, where in (
        ("uq_merge_part_open", "proposal_id", "is_open"),
        ("uq_merge_part_kept", "merge_id", "is_kept"),
    ):
        op.create_index(
            name,
            "merge_part",
            [column],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    op.drop_table("merge_part")
    op.drop_table("proposal_merge")
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint(op.f("ck_proposal_merged_has_target"), type_="check")
        table.drop_constraint(op.f("fk_proposal_merged_into"), type_="foreignkey")
        table.drop_column("merged_into")
