"""A batch of paper is sealed before its cards are keyed: who keys does not see which slip came with which card."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045_voting_sealed_batch"
down_revision = "0044_residency_provider"
branch_labels = None
depends_on = None

KINDS = "kind IN ('members', 'return', 'missing', 'objection')"
MORE_KINDS = "kind IN ('members', 'return', 'missing', 'objection', 'small_batch')"


def upgrade() -> None:
    """Batches that are being keyed count as sealed when the vote opened."""
    with op.batch_alter_table("paper_batch") as batch:
        batch.add_column(sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE paper_batch SET sealed_at = "
        "(SELECT opens_at FROM round WHERE round.id = paper_batch.round_id) "
        "WHERE keyed + invalid > 0"
    )
    with op.batch_alter_table("paper_batch") as batch:
        batch.create_check_constraint(
            op.f("ck_paper_batch_keyed_when_sealed"),
            "keyed + invalid = 0 OR sealed_at IS NOT NULL",
        )
    _set_kinds(MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM joint_decision WHERE kind = 'small_batch'")
    _set_kinds(KINDS)
    with op.batch_alter_table("paper_batch") as batch:
        batch.drop_constraint(op.f("ck_paper_batch_keyed_when_sealed"), type_="check")
        batch.drop_column("sealed_at")


def _set_kinds(condition: str) -> None:
    with op.batch_alter_table("joint_decision") as batch:
        batch.drop_constraint(op.f("ck_joint_decision_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_joint_decision_kind"), condition)
