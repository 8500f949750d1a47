"""The tables of editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0004_editions"
down_revision = "0003_city"
branch_labels = None
depends_on = None

APPEND_ONLY = ("edition_correction", "rule_signature", "correction_verdict")


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ballot_rule", sa.JSON(), nullable=False),
        sa.Column("selection_rule", sa.JSON(), nullable=False),
        sa.Column("accepted_proofs", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("slug", name=op.f("uq_edition_slug")),
    )
    op.create_table(
        "edition_correction",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_correction_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_edition_correction_proposed_by")
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name=op.f("pk_edition_correction")),
        sa.UniqueConstraint(
            "edition_id",
            "number",
            "proposed_by",
            name=op.f("uq_edition_correction_edition_id_number_proposed_by"),
        ),
        info={"append_only": True},
    )
    op.create_table(
        "edition_moment",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("milestone", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_moment_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "milestone", name=op.f("pk_edition_moment")),
    )
    op.create_table(
        "edition_source",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("paragraph", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_source_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "setting", name=op.f("pk_edition_source")),
    )
    op.create_table(
        "pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("min_cost", sa.BigInteger(), nullable=False),
        sa.Column("max_cost", sa.BigInteger(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_cost <= money", name=op.f("ck_pool_max_within_money")),
        sa.CheckConstraint(
            "min_cost >= 0 AND min_cost <= max_cost", name=op.f("ck_pool_cost_limits")
        ),
        sa.CheckConstraint("money > 0", name=op.f("ck_pool_money_positive")),
        sa.CheckConstraint("signatures >= 0", name=op.f("ck_pool_signatures_not_negative")),
        sa.ForeignKeyConstraint(["district"], ["district.number"], name=op.f("fk_pool_district")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_pool_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("edition_id", "scope", name=op.f("uq_pool_edition_id_scope")),
    )
    op.create_index(op.f("ix_pool_edition_id"), "pool", ["edition_id"], unique=False)
    op.create_table(
        "rule_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("preset", sa.String(), nullable=False),
        sa.Column("rule_hash", sa.String(), nullable=False),
        sa.Column("tried_on", sa.Uuid(), nullable=False),
        sa.Column("dry_run", sa.JSON(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_rule_signature_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name=op.f("fk_rule_signature_signed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tried_on"], ["edition.id"], name=op.f("fk_rule_signature_tried_on")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_signature")),
        sa.UniqueConstraint(
            "edition_id",
            "rule_hash",
            "signed_by",
            name=op.f("uq_rule_signature_edition_id_rule_hash_signed_by"),
        ),
        info={"append_only": True},
    )
    op.create_index(
        op.f("ix_rule_signature_edition_id"), "rule_signature", ["edition_id"], unique=False
    )
    op.create_table(
        "correction_verdict",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT is_signed OR given_by <> proposed_by",
            name=op.f("ck_correction_verdict_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "number", "proposed_by"],
            [
                "edition_correction.edition_id",
                "edition_correction.number",
                "edition_correction.proposed_by",
            ],
            name=op.f("fk_correction_verdict_edition_id_number_proposed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["account.id"], name=op.f("fk_correction_verdict_given_by")
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name=op.f("pk_correction_verdict")),
        info={"append_only": True},
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("correction_verdict")
    op.drop_table("rule_signature")
    op.drop_table("pool")
    op.drop_table("edition_source")
    op.drop_table("edition_moment")
    op.drop_table("edition_correction")
    op.drop_table("edition")
    op.drop_table("category")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
