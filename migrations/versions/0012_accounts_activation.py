"""Activation cards: a sign-in name for people without a contact, and the code that opens the account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_accounts_activation"
down_revision = "0011_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("card_number", sa.String(), nullable=True))
        batch.create_unique_constraint(op.f("uq_account_card_number"), ["card_number"])
    op.create_table(
        "activation_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_activation_code_lasts")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_activation_code_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_activation_code_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_activation_code")),
    )


def downgrade() -> None:
    op.drop_table("activation_code")
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("uq_account_card_number"), type_="unique")
        batch.drop_column("card_number")
