"""An envelope goes back into the urn without an objection when its person was confirmed since."""

from __future__ import annotations

from alembic import op

revision = "0038_voting_put_back"
down_revision = "0037_assessment_scan"
branch_labels = None
depends_on = None

NAME = "ck_void_notice_answers_an_objection"
ONLY_AN_OBJECTION = "answer IS NULL OR objection IS NOT NULL"


def upgrade() -> None:
    """An answer without an objection can only be that the envelope is back."""
    _set_check(f"{ONLY_AN_OBJECTION} OR answer = 'restored'")


def downgrade() -> None:
    """Notices of envelopes that went back by themselves lose their answer; the envelopes stay in."""
    op.execute("UPDATE void_notice SET answer = NULL WHERE objection IS NULL")
    _set_check(ONLY_AN_OBJECTION)


def _set_check(condition: str) -> None:
    with op.batch_alter_table("void_notice") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), condition)
