"""Claims that a vote was lost with the missing envelopes."""

from __future__ import annotations

from alembic import op

revision = "0032_voting_losses"
down_revision = "0031_city_street_upload"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_vote_claim_kind": (
        "kind IN ('missing', 'not_my_choice', 'not_my_vote')",
        "kind IN ('missing', 'not_my_choice', 'not_my_vote', 'lost_vote')",
    ),
    "ck_vote_claim_person_only_for_a_vote": (
        "(kind = 'not_my_vote') = (person_id IS NOT NULL)",
        "(kind IN ('not_my_vote', 'lost_vote')) = (person_id IS NOT NULL)",
    ),
    "ck_vote_claim_account_only_for_a_vote": (
        "account_id IS NULL OR kind = 'not_my_vote'",
        "account_id IS NULL OR kind IN ('not_my_vote', 'lost_vote')",
    ),
    "ck_vote_claim_code_only_for_a_line": (
        "(kind = 'not_my_vote') = (code IS NULL)",
        "(kind IN ('not_my_vote', 'lost_vote')) = (code IS NULL)",
    ),
}


def upgrade() -> None:
    _set_checks(1)


def downgrade() -> None:
    op.execute("DELETE FROM vote_claim WHERE kind = 'lost_vote'")
    _set_checks(0)


def _set_checks(which: int) -> None:
    with op.batch_alter_table("vote_claim") as batch:
        for name, conditions in CHECKS.items():
            batch.drop_constraint(op.f(name), type_="check")
            batch.create_check_constraint(op.f(name), conditions[which])
