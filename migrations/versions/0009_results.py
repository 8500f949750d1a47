"""The tables of results."""

from __future__ import annotations

revision = "0009_results"
down_revision = "0008_voting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
