"""When and how the seed of the draw is drawn, and the protocol of a draw before witnesses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_proposals_draw"
down_revision = "0022_residency_complaints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain columns: the tables are append-only, and rebuilding them would lose their triggers.
    op.add_column("ballot_list", sa.Column("seed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ballot_list", sa.Column("is_physical", sa.Boolean(), nullable=True))
    op.add_column("ballot_draw", sa.Column("protocol", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("ballot_draw", "protocol")
    op.drop_column("ballot_list", "is_physical")
    op.drop_column("ballot_list", "seed_at")
