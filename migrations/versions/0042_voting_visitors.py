"""A visitor's complaint about a vote is a claim before the commission, before anybody knows whose vote it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042_voting_visitors"
down_revision = "0041_residency_clusters"
branch_labels = None
depends_on = None

OF_A_PERSON = "kind IN ('not_my_vote', 'lost_vote')"
WITH_A_PERSON = f"({OF_A_PERSON}) = (person_id IS NOT NULL)"
WITH_A_PERSON_OR_COMPLAINT = (
    f"({OF_A_PERSON}) = (person_id IS NOT NULL OR complaint_id IS NOT NULL)"
)


def upgrade() -> None:
    """Claims name the complaint that they came from; upheld are only those of a known person."""
    with op.batch_alter_table("vote_claim") as batch:
        batch.add_column(sa.Column("complaint_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_vote_claim_complaint_id"), "complaint", ["complaint_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_vote_claim_complaint_id"), ["complaint_id"])
        batch.drop_constraint(op.f("ck_vote_claim_person_only_for_a_vote"), type_="check")
        batch.create_check_constraint(
            op.f("ck_vote_claim_person_only_for_a_vote"), WITH_A_PERSON_OR_COMPLAINT
        )
        batch.create_check_constraint(
            op.f("ck_vote_claim_complaint_only_for_a_vote"),
            "complaint_id IS NULL OR kind = 'not_my_vote'",
        )
        batch.create_check_constraint(
            op.f("ck_vote_claim_upheld_for_a_person"),
            f"state <> 'upheld' OR person_id IS NOT NULL OR NOT ({OF_A_PERSON})",
        )


def downgrade() -> None:
    """Claims of visitors are handled by hand again: their complaints stay with the residence office."""
    op.execute("DELETE FROM vote_claim WHERE kind = 'not_my_vote' AND person_id IS NULL")
    with op.batch_alter_table("vote_claim") as batch:
        batch.drop_constraint(op.f("ck_vote_claim_upheld_for_a_person"), type_="check")
        batch.drop_constraint(op.f("ck_vote_claim_complaint_only_for_a_vote"), type_="check")
        batch.drop_constraint(op.f("ck_vote_claim_person_only_for_a_vote"), type_="check")
        batch.create_check_constraint(op.f("ck_vote_claim_person_only_for_a_vote"), WITH_A_PERSON)
        batch.drop_constraint(op.f("uq_vote_claim_complaint_id"), type_="unique")
        batch.drop_constraint(op.f("fk_vote_claim_complaint_id"), type_="foreignkey")
        batch.drop_column("complaint_id")
