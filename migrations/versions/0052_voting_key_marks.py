"""A round keeps a keyed mark of each of its servers' secrets: another secret is noticed, whichever it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052_voting_key_marks"
down_revision = "0051_voting_invalid_reasons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds prepared before have none: only their secrets could give it."""
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("key_marks", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.drop_column("key_marks")
