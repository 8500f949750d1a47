"""What was signed of a batch of paper stands under a keyed value: a number changed by hand is noticed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053_voting_batch_mac"
down_revision = "0052_voting_key_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Batches signed off before, of rounds that are not opened yet, are signed once more."""
    with op.batch_alter_table("paper_batch") as batch:
        batch.add_column(sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE paper_batch SET state = 'open' WHERE state = 'closed' AND claimed > 0 "
        "AND round_id IN (SELECT id FROM round "
        "WHERE status IN ('ready', 'suspended', 'verification'))"
    )


def downgrade() -> None:
    with op.batch_alter_table("paper_batch") as batch:
        batch.drop_column("mac")
