"""Confirmations checked again for a complaint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_residency_check"
down_revision = "0034_proposals_places"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("checked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "residence_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("first_officer", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('holds', 'revoked')", name=op.f("ck_residence_check_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (checked_at IS NULL)",
            name=op.f("ck_residence_check_checked_whole"),
        ),
        sa.CheckConstraint(
            "checked_by IS NULL OR checked_by <> opened_by",
            name=op.f("ck_residence_check_other_than_opener"),
        ),
        sa.CheckConstraint(
            "checked_by IS NULL OR first_officer IS NULL OR checked_by <> first_officer",
            name=op.f("ck_residence_check_two_officers"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_residence_check_{column}")
            )
            for column, table in (
                ("case_id", "residence_case"),
                ("complaint_id", "complaint"),
                ("opened_by", "account"),
                ("first_officer", "account"),
                ("checked_by", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence_check")),
    )
    for column in ("case_id", "complaint_id"):
        op.create_index(op.f(f"ix_residence_check_{column}"), "residence_check", [column])
    op.create_index(
        "uq_residence_check_one_open",
        "residence_check",
        ["case_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("residence_check")
