"""The tables of city."""

from __future__ import annotations

revision = "0003_city"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
