"""The tables of notifications."""

from __future__ import annotations

revision = "0011_notifications"
down_revision = "0010_statistics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
