"""Votes given back until a moment, a list sealed anew after them, one vote each, claims without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0030_voting_returns"
down_revision = "0029_voting_commission"
branch_labels = None
depends_on = None

STEPS = "step IN ('closing', 'paper'{})"
WITH_ACCOUNT = "(kind = 'not_my_vote') = (account_id IS NOT NULL)"
MAY_HAVE_ACCOUNT = "account_id IS NULL OR kind = 'not_my_vote'"


def upgrade() -> None:
    op.add_column("vote_return", sa.Column("vote_until", sa.DateTime(timezone=True), nullable=True))
    _set_check("sealed_list", "ck_sealed_list_step", STEPS.format(", 'returned'"))
    _keep_appending()
    _set_check("vote_claim", "ck_vote_claim_account_only_for_a_vote", MAY_HAVE_ACCOUNT)
    with op.batch_alter_table("round") as batch:
        batch.create_check_constraint(op.f("ck_round_one_vote_each"), "NOT is_revote_allowed")


def downgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.drop_constraint(op.f("ck_round_one_vote_each"), type_="check")
    op.execute("DELETE FROM vote_claim WHERE kind = 'not_my_vote' AND account_id IS NULL")
    _set_check("vote_claim", "ck_vote_claim_account_only_for_a_vote", WITH_ACCOUNT)
    _set_check("sealed_list", "ck_sealed_list_step", STEPS.format(""))
    _keep_appending()
    with op.batch_alter_table("vote_return") as batch:
        batch.drop_column("vote_until")


def _set_check(table: str, name: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), condition)


def _keep_appending() -> None:
    """SQLite makes the table anew for another check, and its triggers with it."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in append_only_statements("sealed_list", "sqlite"):
            op.execute(statement)
