"""Codes of leaflets and points, what was counted by them, targets and notes beside figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0015_statistics_outreach"
down_revision = "0014_residency_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _campaigns()
    op.create_table(
        "statistics_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "measure IN ('registered', 'authors', 'voters')",
            name=op.f("ck_statistics_target_measure"),
        ),
        sa.CheckConstraint("target >= 0", name=op.f("ck_statistics_target_target")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_statistics_target_by")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_statistics_target_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_target")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_statistics_target_edition_id"), "statistics_target", ["edition_id"])
    for statement in append_only_statements("statistics_target", op.get_bind().dialect.name):
        op.execute(statement)


def _campaigns() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("target_visited", sa.Integer(), nullable=True),
        sa.Column("target_started", sa.Integer(), nullable=True),
        sa.Column("target_confirmed", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code) BETWEEN 4 AND 12", name=op.f("ck_campaign_code_length")),
        sa.CheckConstraint("target_visited >= 0", name=op.f("ck_campaign_target_visited")),
        sa.CheckConstraint("target_started >= 0", name=op.f("ck_campaign_target_started")),
        sa.CheckConstraint("target_confirmed >= 0", name=op.f("ck_campaign_target_confirmed")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_campaign_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_index(op.f("ix_campaign_edition_id"), "campaign", ["edition_id"])
    op.create_table(
        "campaign_tally",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step IN ('visited', 'started', 'confirmed')", name=op.f("ck_campaign_tally_step")
        ),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_campaign_tally_persons")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_tally_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "step", name=op.f("pk_campaign_tally")),
    )
    op.create_table(
        "campaign_arrival",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_campaign_arrival_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_arrival_campaign_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_campaign_arrival")),
    )
    op.create_index(op.f("ix_campaign_arrival_campaign_id"), "campaign_arrival", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("statistics_target")
    op.drop_table("campaign_arrival")
    op.drop_table("campaign_tally")
    op.drop_table("campaign")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION statistics_target_is_append_only()")
