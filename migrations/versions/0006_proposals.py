"""The tables of proposals."""

from __future__ import annotations

revision = "0006_proposals"
down_revision = "0005_residency"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
