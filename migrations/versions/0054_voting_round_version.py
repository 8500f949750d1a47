"""A round's version tells a press whether what it looked at still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054_voting_round_version"
down_revision = "0053_voting_batch_mac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("version", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.drop_column("version")
