"""The tables of assessment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0007_assessment"
down_revision = "0006_proposals"
branch_labels = None
depends_on = None

APPEND_ONLY = ("assessment_note",)


def upgrade() -> None:
    op.create_table(
        "criterion",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("correctable", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stage IN ('formal', 'merit')", name=op.f("ck_criterion_stage")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_criterion")),
    )
    op.create_table(
        "department",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
    )
    op.create_table(
        "rejection_reason",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("sentence", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion"], ["criterion.key"], name=op.f("fk_rejection_reason_criterion")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rejection_reason")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hearing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hearing_place", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("is_opinion_for", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('lodged', 'hearing_set', 'opinion_given', 'granted', 'dismissed', 'withdrawn')",
            name=op.f("ck_appeal_state"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_appeal_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index("uq_appeal_proposal", "appeal", ["proposal_id"], unique=True)
    op.create_table(
        "assessment",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("assessor", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("formal_verdict", sa.String(), nullable=False),
        sa.Column("merit_verdict", sa.String(), nullable=False),
        sa.Column("assessed_cost", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["assessor"], ["account.id"], name=op.f("fk_assessment_assessor")),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_assessment_department")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_assessment_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_assessment_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_assessor"), "assessment", ["assessor"], unique=False)
    op.create_index(op.f("ix_assessment_edition_id"), "assessment", ["edition_id"], unique=False)
    op.create_table(
        "assessment_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_assessment_note_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_note")),
        info={"append_only": True},
    )
    op.create_index(
        op.f("ix_assessment_note_proposal_id"), "assessment_note", ["proposal_id"], unique=False
    )
    op.create_table(
        "assessor_interest",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assessor_interest_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_assessor_interest_proposal_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "proposal_id", name=op.f("pk_assessor_interest")),
    )
    op.create_table(
        "card_answer",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('met', 'not_applicable', 'correctable', 'corrected', 'not_met')",
            name=op.f("ck_card_answer_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion"], ["criterion.key"], name=op.f("fk_card_answer_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["assessment.proposal_id"], name=op.f("fk_card_answer_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "criterion", name=op.f("pk_card_answer")),
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("card_answer")
    op.drop_table("assessor_interest")
    op.drop_table("assessment_note")
    op.drop_table("assessment")
    op.drop_table("appeal")
    op.drop_table("rejection_reason")
    op.drop_table("department")
    op.drop_table("criterion")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
