"""The tables of voting."""

from __future__ import annotations

revision = "0008_voting"
down_revision = "0007_assessment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
