"""Letters with a code to an address, as a road of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_residency_letters"
down_revision = "0025_assessment_bulletin"
branch_labels = None
depends_on = None

ROADS = "road IN ('statement', 'document', 'desk', 'register')"
MORE_ROADS = "road IN ('statement', 'document', 'desk', 'register', 'letter')"
RUNNING = sa.text("state IN ('asked', 'printed', 'posted')")


def upgrade() -> None:
    _set_roads(MORE_ROADS)
    op.create_table(
        "address_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("address_blind", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reprints", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'printed', 'posted', 'arrived', 'expired', 'spent', 'cancelled')",
            name=op.f("ck_address_letter_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('printed', 'posted', 'arrived') "
            "OR (code_hash IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_address_letter_printed_with_code"),
        ),
        sa.CheckConstraint(
            "reprints BETWEEN 0 AND 1", name=op.f("ck_address_letter_reprinted_once")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_address_letter_tries")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_address_letter_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["account.id"], name=op.f("fk_address_letter_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["account.id"], name=op.f("fk_address_letter_posted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_letter")),
    )
    op.create_index(
        "uq_address_letter_one_running",
        "address_letter",
        ["case_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("ix_address_letter_state", "address_letter", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("address_letter")
    op.execute("UPDATE residence_case SET road = 'document' WHERE road = 'letter'")
    _set_roads(ROADS)


def _set_roads(rule: str) -> None:
    with op.batch_alter_table("residence_case") as batch:
        batch.drop_constraint(op.f("ck_residence_case_road"), type_="check")
        batch.create_check_constraint(op.f("ck_residence_case_road"), rule)
