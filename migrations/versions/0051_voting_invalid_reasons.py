"""A card may be no vote because less is marked than has to be, or the same project twice."""

from __future__ import annotations

from alembic import op

revision = "0051_voting_invalid_reasons"
down_revision = "0050_voting_signed_batch"
branch_labels = None
depends_on = None

REASONS = "reason IN ('blank', 'too_many', 'unreadable', 'altered', 'signed', 'foreign_card')"
MORE_REASONS = (
    "reason IN ('blank', 'too_few', 'too_many', 'twice', 'unreadable', 'altered', 'signed', "
    "'foreign_card')"
)


def upgrade() -> None:
    """Nothing is counted under the new reasons yet."""
    _set_reasons(MORE_REASONS)


def downgrade() -> None:
    """What was counted under a new reason counts as not readable: the sums of the batches stay right."""
    op.execute(
        "UPDATE paper_invalid SET number = number + (SELECT coalesce(sum(new.number), 0) "
        "FROM paper_invalid AS new WHERE new.batch_id = paper_invalid.batch_id "
        "AND new.reason IN ('too_few', 'twice')) WHERE reason = 'unreadable'"
    )
    op.execute(
        "INSERT INTO paper_invalid (batch_id, reason, number) "
        "SELECT batch_id, 'unreadable', sum(number) FROM paper_invalid AS new "
        "WHERE reason IN ('too_few', 'twice') AND NOT EXISTS (SELECT 1 FROM paper_invalid AS old "
        "WHERE old.batch_id = new.batch_id AND old.reason = 'unreadable') GROUP BY batch_id"
    )
    op.execute("DELETE FROM paper_invalid WHERE reason IN ('too_few', 'twice')")
    _set_reasons(REASONS)


def _set_reasons(condition: str) -> None:
    with op.batch_alter_table("paper_invalid") as batch:
        batch.drop_constraint(op.f("ck_paper_invalid_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_paper_invalid_reason"), condition)
