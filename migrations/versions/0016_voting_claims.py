"""Claims about votes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_voting_claims"
down_revision = "0015_statistics_outreach"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vote_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("is_on_board", sa.Boolean(), nullable=True),
        sa.Column("is_signed", sa.Boolean(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('missing', 'not_my_choice', 'not_my_vote')", name=op.f("ck_vote_claim_kind")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'upheld', 'dismissed')", name=op.f("ck_vote_claim_state")
        ),
        sa.CheckConstraint(
            "(kind = 'not_my_vote') = (person_id IS NOT NULL)",
            name=op.f("ck_vote_claim_person_only_for_a_vote"),
        ),
        sa.CheckConstraint(
            "(kind = 'not_my_vote') = (account_id IS NOT NULL)",
            name=op.f("ck_vote_claim_account_only_for_a_vote"),
        ),
        sa.CheckConstraint(
            "(kind = 'not_my_vote') = (code IS NULL)",
            name=op.f("ck_vote_claim_code_only_for_a_line"),
        ),
        sa.CheckConstraint(
            "(state = 'received') = (answered_at IS NULL) AND "
            "(answered_at IS NULL) = (answered_by IS NULL) AND "
            "(answered_at IS NULL) = (answer IS NULL)",
            name=op.f("ck_vote_claim_answered_whole"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_vote_claim_round_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_vote_claim_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_vote_claim_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_claim")),
        sa.UniqueConstraint("reference", name=op.f("uq_vote_claim_reference")),
    )
    op.create_index(op.f("ix_vote_claim_round_id"), "vote_claim", ["round_id"])
    op.create_index(
        "uq_vote_claim_open_person",
        "vote_claim",
        ["round_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_index("uq_vote_claim_code", "vote_claim", ["round_id", "kind", "code"], unique=True)


def downgrade() -> None:
    op.drop_table("vote_claim")
