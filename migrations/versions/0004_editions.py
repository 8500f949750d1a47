"""The tables of editions."""

from __future__ import annotations

revision = "0004_editions"
down_revision = "0003_city"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
