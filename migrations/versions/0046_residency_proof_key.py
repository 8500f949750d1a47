"""A proof of the city's provider waits with its identity's key, and may say only that one is a resident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046_residency_proof_key"
down_revision = "0045_voting_sealed_batch"
branch_labels = None
depends_on = None

_OUTCOME = "ck_case_proof_outcome"


def upgrade() -> None:
    with op.batch_alter_table("case_proof") as table:
        table.add_column(sa.Column("identity_key", sa.LargeBinary(), nullable=True))
    _set_outcomes("'seen', 'arrived', 'match', 'resident', 'no_match'")


def downgrade() -> None:
    # Without the word, it counts as what it led to: an officer's look.
    op.execute("UPDATE case_proof SET outcome = 'no_match' WHERE outcome = 'resident'")
    _set_outcomes("'seen', 'arrived', 'match', 'no_match'")
    with op.batch_alter_table("case_proof") as table:
        table.drop_column("identity_key")


def _set_outcomes(outcomes: str) -> None:
    with op.batch_alter_table("case_proof") as table:
        table.drop_constraint(op.f(_OUTCOME), type_="check")
        table.create_check_constraint(op.f(_OUTCOME), f"outcome IN ({outcomes})")
