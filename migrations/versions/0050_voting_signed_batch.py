"""A batch of paper is signed off by somebody who did no other part of it; what is missing has a reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050_voting_signed_batch"
down_revision = "0049_voting_voter_sample"
branch_labels = None
depends_on = None

PARTS = "part IN ('slips', 'keying', 'control', 'resolving')"
MORE_PARTS = "part IN ('slips', 'keying', 'control', 'resolving', 'signing')"


def upgrade() -> None:
    """Batches closed before count as sealed when the vote opened, what they miss as unexplained."""
    _set_parts(MORE_PARTS)
    with op.batch_alter_table("paper_batch") as batch:
        batch.add_column(sa.Column("missing_note", sa.String(), nullable=True))
    op.execute("UPDATE paper_batch SET missing_note = '' WHERE missing > 0")
    op.execute(
        "UPDATE paper_batch SET sealed_at = "
        "(SELECT opens_at FROM round WHERE round.id = paper_batch.round_id) "
        "WHERE state = 'closed' AND claimed > 0 AND sealed_at IS NULL"
    )
    with op.batch_alter_table("paper_batch") as batch:
        batch.create_check_constraint(
            op.f("ck_paper_batch_closed_when_sealed"),
            "state = 'open' OR claimed = 0 OR sealed_at IS NOT NULL",
        )
        batch.create_check_constraint(
            op.f("ck_paper_batch_missing_for_a_reason"),
            "missing = 0 OR missing_note IS NOT NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("paper_batch") as batch:
        batch.drop_constraint(op.f("ck_paper_batch_missing_for_a_reason"), type_="check")
        batch.drop_constraint(op.f("ck_paper_batch_closed_when_sealed"), type_="check")
        batch.drop_column("missing_note")
    op.execute("DELETE FROM batch_clerk WHERE part = 'signing'")
    _set_parts(PARTS)


def _set_parts(condition: str) -> None:
    with op.batch_alter_table("batch_clerk") as batch:
        batch.drop_constraint(op.f("ck_batch_clerk_part"), type_="check")
        batch.create_check_constraint(op.f("ck_batch_clerk_part"), condition)
