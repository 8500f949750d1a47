"""A mailed code may also stand for an erasure, and for a record handed over to its owner."""

from __future__ import annotations

from alembic import op

revision = "0048_accounts_deed_codes"
down_revision = "0047_residency_sent_answers"
branch_labels = None
depends_on = None

PURPOSES = "purpose IN ('sign_up', 'recovery', 'link', 'contact', 'signature')"
MORE = "purpose IN ('sign_up', 'recovery', 'link', 'contact', 'signature', 'erasure', 'hand_over')"


def upgrade() -> None:
    """Two more purposes."""
    _set(MORE)


def downgrade() -> None:
    """Codes of the new purposes live half an hour; whoever waits for one asks again."""
    op.execute("DELETE FROM pending_code WHERE purpose IN ('erasure', 'hand_over')")
    _set(PURPOSES)


def _set(condition: str) -> None:
    with op.batch_alter_table("pending_code") as batch:
        batch.drop_constraint(op.f("ck_pending_code_purpose"), type_="check")
        batch.create_check_constraint(op.f("ck_pending_code_purpose"), condition)
