"""Acts on results: the approval of the list and later ones, each by two people, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0017_results_acts"
down_revision = "0016_voting_claims"
branch_labels = None
depends_on = None

APPEND_ONLY = ("result_act", "result_act_answer")


def upgrade() -> None:
    op.create_table(
        "result_act",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("act_on", sa.Date(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("list_hash", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'approved') = (reference = '') AND (kind = 'approved') = (list_hash <> '')",
            name=op.f("ck_result_act_list_or_project"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_result_act_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_result_act_proposed_by")
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name=op.f("pk_result_act")),
        sa.UniqueConstraint(
            "edition_id",
            "number",
            "proposed_by",
            name=op.f("uq_result_act_edition_id_number_proposed_by"),
        ),
        info={"append_only": True},
    )
    op.create_table(
        "result_act_answer",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT is_signed OR given_by <> proposed_by",
            name=op.f("ck_result_act_answer_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "number", "proposed_by"],
            ["result_act.edition_id", "result_act.number", "result_act.proposed_by"],
            name=op.f("fk_result_act_answer_edition_id_number_proposed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["account.id"], name=op.f("fk_result_act_answer_given_by")
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name=op.f("pk_result_act_answer")),
        info={"append_only": True},
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
