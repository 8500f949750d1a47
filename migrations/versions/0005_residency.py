"""The tables of residency."""

from __future__ import annotations

revision = "0005_residency"
down_revision = "0004_editions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
