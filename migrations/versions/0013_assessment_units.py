"""Units of the office, their opinions and deadlines; what is given back; acts of the mayor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0013_assessment_units"
down_revision = "0012_accounts_activation"
branch_labels = None
depends_on = None

APPEND_ONLY = ("assessment_handback", "mayor_act", "mayor_act_item")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_units()
    _add_acts()
    with op.batch_alter_table("assessment") as table:
        table.add_column(sa.Column("due_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("reminded_at", _MOMENT, nullable=True))
    # No rebuilding of the table: its triggers refuse changes, and a plain column needs none.
    op.add_column("proposal_decision", sa.Column("act_id", sa.Uuid(), nullable=True))
    op.add_column("proposal_decision", sa.Column("act_number", sa.String(), nullable=True))
    for table_name in APPEND_ONLY:
        for statement in append_only_statements(table_name, op.get_bind().dialect.name):
            op.execute(statement)


def _add_units() -> None:
    op.create_table(
        "department_member",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_department_member_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_department_member_department")
        ),
        sa.PrimaryKeyConstraint("account_id", "department", name=op.f("pk_department_member")),
    )
    op.create_table(
        "unit_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("is_for", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (is_for IS NULL) AND (answered_at IS NULL) = (answer = '')",
            name=op.f("ck_unit_opinion_answered_whole"),
        ),
        sa.CheckConstraint("due_at > asked_at", name=op.f("ck_unit_opinion_due_after_asked")),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_unit_opinion_department")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["assessment.proposal_id"],
            name=op.f("fk_unit_opinion_proposal_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_opinion")),
    )
    op.create_index(op.f("ix_unit_opinion_proposal_id"), "unit_opinion", ["proposal_id"])
    op.create_index(
        "uq_unit_opinion_open",
        "unit_opinion",
        ["proposal_id", "department"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "assessment_handback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_assessment_handback_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_handback")),
    )
    op.create_index(
        op.f("ix_assessment_handback_proposal_id"), "assessment_handback", ["proposal_id"]
    )


def _add_acts() -> None:
    op.create_table(
        "mayor_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_mayor_act_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_mayor_act_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mayor_act")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_mayor_act_edition_id_number")),
    )
    op.create_index(op.f("ix_mayor_act_edition_id"), "mayor_act", ["edition_id"])
    op.create_table(
        "mayor_act_item",
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("is_restored", sa.Boolean(), nullable=False),
        sa.Column("council_was_for", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["mayor_act.id"], name=op.f("fk_mayor_act_item_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_mayor_act_item_proposal_id")
        ),
        sa.PrimaryKeyConstraint("act_id", "proposal_id", name=op.f("pk_mayor_act_item")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_mayor_act_item_proposal_id")),
    )


def downgrade() -> None:
    op.drop_column("proposal_decision", "act_number")
    op.drop_column("proposal_decision", "act_id")
    with op.batch_alter_table("assessment") as table:
        table.drop_column("reminded_at")
        table.drop_column("due_at")
    for name in ("mayor_act_item", "mayor_act", "assessment_handback", "unit_opinion"):
        op.drop_table(name)
    op.drop_table("department_member")
    if op.get_bind().dialect.name == "postgresql":
        for name in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {name}_is_append_only()")
