"""The commission's and the clerks' tables: paper counted, decisions by two, lists kept, rounds repeated."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0029_voting_commission"
down_revision = "0028_proposals_people"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Constraints of an added column stand with it: both engines understand that, and SQLite drops them with it.
ADDED = {
    "round": (
        ("paper_until", "{moment}"),
        ("objection_days", "INTEGER DEFAULT 3 NOT NULL"),
        ("keep_until", "{moment}"),
        ("legal_hold", "VARCHAR"),
        ("destroyed_at", "{moment}"),
    ),
    "paper_batch": (
        (
            "missing",
            "INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_paper_batch_missing CHECK (missing >= 0)",
        ),
        (
            "state",
            "VARCHAR DEFAULT 'open' NOT NULL"
            " CONSTRAINT ck_paper_batch_state CHECK (state IN ('open', 'closed'))"
            " CONSTRAINT ck_paper_batch_closed_is_reconciled"
            " CHECK (state = 'open' OR keyed + invalid + missing = claimed)",
        ),
    ),
    "paper_ballot": (
        ("retry", "{bytes}"),
        (
            "control",
            "VARCHAR CONSTRAINT ck_paper_ballot_control"
            " CHECK (control IN ('wanted', 'agreed', 'differs', 'resolved'))",
        ),
    ),
}
TABLES = (
    "late_slip",
    "paper_invalid",
    "batch_clerk",
    "paper_point",
    "scope_annulment",
    "sample_check",
    "void_notice",
    "joint_decision",
    "sealed_list",
    "round_lineage",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = {
        "moment": "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE",
        "bytes": "BLOB" if is_sqlite else "BYTEA",
    }
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(**types)}")
    _decisions()
    _paper()
    for statement in append_only_statements("sealed_list", op.get_bind().dialect.name):
        op.execute(statement)


def _decisions() -> None:
    op.create_table(
        "round_lineage",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('repeat', 'supplement')", name=op.f("ck_round_lineage_kind")),
        _key("round_lineage", "round_id", "round.id"),
        _key("round_lineage", "replaces_id", "round.id"),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_lineage")),
    )
    op.create_table(
        "sealed_list",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("step IN ('closing', 'paper')", name=op.f("ck_sealed_list_step")),
        _key("sealed_list", "round_id", "round.id"),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_sealed_list")),
        info={"append_only": True},
    )
    op.create_table(
        "joint_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("second_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('members', 'return', 'missing', 'objection')",
            name=op.f("ck_joint_decision_kind"),
        ),
        sa.CheckConstraint(
            "second_by IS NULL OR second_by <> first_by", name=op.f("ck_joint_decision_two_members")
        ),
        sa.CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL)",
            name=op.f("ck_joint_decision_second_in_whole"),
        ),
        _key("joint_decision", "round_id", "round.id"),
        _key("joint_decision", "first_by", "account.id"),
        _key("joint_decision", "second_by", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_decision")),
        sa.UniqueConstraint(
            "round_id", "kind", "subject", name=op.f("uq_joint_decision_round_id_kind_subject")
        ),
    )
    op.create_table(
        "void_notice",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("object_until", MOMENT, nullable=False),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("objected_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.CheckConstraint("answer IN ('stands', 'restored')", name=op.f("ck_void_notice_answer")),
        sa.CheckConstraint(
            "(objection IS NULL) = (objected_at IS NULL)",
            name=op.f("ck_void_notice_objection_in_whole"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR objection IS NOT NULL",
            name=op.f("ck_void_notice_answers_an_objection"),
        ),
        _envelope("void_notice"),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_void_notice")),
    )
    op.create_table(
        "sample_check",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "result IN ('voted', 'absent', 'did_not_vote')", name=op.f("ck_sample_check_result")
        ),
        _envelope("sample_check"),
        _key("sample_check", "by", "account.id"),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_sample_check")),
    )
    op.create_table(
        "scope_annulment",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _key("scope_annulment", "round_id", "round.id"),
        _key("scope_annulment", "by", "account.id"),
        sa.PrimaryKeyConstraint("round_id", "scope", name=op.f("pk_scope_annulment")),
    )


def _paper() -> None:
    op.create_table(
        "paper_point",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "NOT is_home OR NOT is_online", name=op.f("ck_paper_point_a_visit_has_no_network")
        ),
        _key("paper_point", "round_id", "round.id"),
        sa.PrimaryKeyConstraint("round_id", "code", name=op.f("pk_paper_point")),
    )
    op.create_table(
        "batch_clerk",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.CheckConstraint(
            "part IN ('slips', 'keying', 'control', 'resolving')", name=op.f("ck_batch_clerk_part")
        ),
        _key("batch_clerk", "batch_id", "paper_batch.id"),
        _key("batch_clerk", "account_id", "account.id"),
        sa.PrimaryKeyConstraint("batch_id", "account_id", name=op.f("pk_batch_clerk")),
    )
    op.create_table(
        "paper_invalid",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_invalid_some")),
        sa.CheckConstraint(
            "reason IN ('blank', 'too_many', 'unreadable', 'altered', 'signed', 'foreign_card')",
            name=op.f("ck_paper_invalid_reason"),
        ),
        _key("paper_invalid", "batch_id", "paper_batch.id"),
        sa.PrimaryKeyConstraint("batch_id", "reason", name=op.f("pk_paper_invalid")),
    )
    op.create_table(
        "late_slip",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        _envelope("late_slip"),
        _key("late_slip", "batch_id", "paper_batch.id"),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_late_slip")),
        sqlite_with_rowid=False,
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _envelope(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["round_id", "tag"],
        ["envelope.round_id", "envelope.tag"],
        name=op.f(f"fk_{table}_round_id_tag"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sealed_list_is_append_only()")
    # A later migration makes this table anew on SQLite; its constraints then no longer stand with a column.
    with op.batch_alter_table("paper_batch") as batch:
        for name, kind in reversed(ADDED["paper_batch"]):
            for constraint in re.findall(r"CONSTRAINT (\w+)", kind):
                batch.drop_constraint(op.f(constraint), type_="check")
            batch.drop_column(name)
    for table in ("round", "paper_ballot"):
        for name, _ in reversed(ADDED[table]):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
