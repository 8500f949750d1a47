"""The tables of assessment."""

from __future__ import annotations

revision = "0007_assessment"
down_revision = "0006_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
