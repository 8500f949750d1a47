"""The tables of statistics."""

from __future__ import annotations

revision = "0010_statistics"
down_revision = "0009_results"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
