"""The tables of proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0006_proposals"
down_revision = "0005_residency"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ballot_list", "ballot_draw", "proposal_decision", "proposal_version")


def upgrade() -> None:
    op.create_table(
        "price_item",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("grosze", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("grosze > 0", name=op.f("ck_price_item_grosze_positive")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_price_item")),
    )
    op.create_table(
        "ballot_list",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("seed_source", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_ballot_list_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "number", name=op.f("pk_ballot_list")),
        info={"append_only": True},
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("ballot_number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("author_account", sa.Uuid(), nullable=False),
        sa.Column("author_person", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("assessed_cost", sa.BigInteger(), nullable=True),
        sa.Column("upkeep", sa.BigInteger(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correct_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (reference IS NULL)",
            name=op.f("ck_proposal_submitted_has_reference"),
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_proposal_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["author_account"], ["account.id"], name=op.f("fk_proposal_author_account")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_proposal_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "edition_id", "reference", name=op.f("uq_proposal_edition_id_reference")
        ),
        sa.UniqueConstraint(
            "edition_id",
            "scope",
            "ballot_number",
            name=op.f("uq_proposal_edition_id_scope_ballot_number"),
        ),
    )
    op.create_index(
        op.f("ix_proposal_author_account"), "proposal", ["author_account"], unique=False
    )
    op.create_index(op.f("ix_proposal_author_person"), "proposal", ["author_person"], unique=False)
    op.create_index(
        "ix_proposal_catalogue", "proposal", ["edition_id", "state", "scope"], unique=False
    )
    op.create_table(
        "ballot_draw",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id", "list_number"],
            ["ballot_list.edition_id", "ballot_list.number"],
            name=op.f("fk_ballot_draw_edition_id_list_number"),
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_ballot_draw")),
        info={"append_only": True},
    )
    op.create_table(
        "implementation_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("real_cost", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('planned', 'in_progress', 'delayed', 'finished', 'abandoned')",
            name=op.f("ck_implementation_step_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_implementation_step_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation_step")),
    )
    op.create_index(
        op.f("ix_implementation_step_proposal_id"),
        "implementation_step",
        ["proposal_id"],
        unique=False,
    )
    op.create_table(
        "proposal_cost",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("grosze", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("grosze > 0", name=op.f("ck_proposal_cost_grosze_positive")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_cost_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_cost")),
    )
    op.create_table(
        "proposal_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("assessed_cost", sa.BigInteger(), nullable=True),
        sa.Column("correct_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_decision_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_decision")),
        info={"append_only": True},
    )
    op.create_index(
        op.f("ix_proposal_decision_proposal_id"), "proposal_decision", ["proposal_id"], unique=False
    )
    op.create_table(
        "proposal_text",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("justification", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("accessibility", sa.String(), nullable=False),
        sa.Column("author_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source IN ('author', 'human', 'machine')", name=op.f("ck_proposal_text_source")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_text_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "language", name=op.f("pk_proposal_text")),
    )
    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_proposal_version")),
        info={"append_only": True},
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("proposal_version")
    op.drop_table("proposal_text")
    op.drop_table("proposal_decision")
    op.drop_table("proposal_cost")
    op.drop_table("implementation_step")
    op.drop_table("ballot_draw")
    op.drop_table("proposal")
    op.drop_table("ballot_list")
    op.drop_table("price_item")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
