"""The tables of voting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0008_voting"
down_revision = "0007_assessment"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ballot", "nightly_count")


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("verify_key", sa.LargeBinary(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("list_content", sa.LargeBinary(), nullable=False),
        sa.Column("list_hash", sa.LargeBinary(), nullable=False),
        sa.Column("on_duplicate", sa.String(), nullable=False),
        sa.Column("is_revote_allowed", sa.Boolean(), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_root", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_count", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("board_root", sa.LargeBinary(), nullable=True),
        sa.Column("counted", sa.JSON(), nullable=True),
        sa.Column("voided", sa.JSON(), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "on_duplicate IN ('void_all', 'paper_wins', 'drawn')",
            name=op.f("ck_round_on_duplicate"),
        ),
        sa.CheckConstraint(
            "status IN ('setup', 'ready', 'suspended', 'verification', 'opened', 'final', 'shredded', 'annulled')",
            name=op.f("ck_round_status"),
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_opens_before_closes")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_round_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index(op.f("ix_round_edition_id"), "round", ["edition_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "scope", "code", name=op.f("pk_ballot")),
        info={"append_only": True},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "envelope",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("retry", sa.LargeBinary(), nullable=True),
        sa.Column("nonce_mac", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(channel = 'web') = (nonce_mac IS NOT NULL)", name=op.f("ck_envelope_web_has_nonce")
        ),
        sa.CheckConstraint(
            "(channel = 'web') = (sealed IS NOT NULL)", name=op.f("ck_envelope_web_is_sealed")
        ),
        sa.CheckConstraint("channel IN ('web', 'paper')", name=op.f("ck_envelope_channel")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_envelope_round_id")),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_envelope")),
        sa.UniqueConstraint("round_id", "nonce_mac", name=op.f("uq_envelope_round_id_nonce_mac")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nightly_count",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_nightly_count_round_id")),
        sa.PrimaryKeyConstraint("round_id", "counted_on", name=op.f("pk_nightly_count")),
        info={"append_only": True},
    )
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=False),
        sa.Column("keyed", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("protocol_number", sa.String(), nullable=True),
        sa.CheckConstraint(
            "keyed + invalid <= claimed", name=op.f("ck_paper_batch_no_more_cards_than_slips")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_batch_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
    )
    op.create_index(op.f("ix_paper_batch_round_id"), "paper_batch", ["round_id"], unique=False)
    op.create_table(
        "paper_card",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("serial_tag", sa.LargeBinary(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('printed', 'spoiled', 'keyed')", name=op.f("ck_paper_card_state")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_card_round_id")),
        sa.PrimaryKeyConstraint("round_id", "serial_tag", name=op.f("pk_paper_card")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "round_incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_round_incident_by")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_incident_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_incident")),
    )
    op.create_index(
        "ix_round_incident_round_id_at", "round_incident", ["round_id", "at"], unique=False
    )
    op.create_table(
        "round_member",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_round_member_account_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_member_round_id")),
        sa.PrimaryKeyConstraint("round_id", "account_id", name=op.f("pk_round_member")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_round_member_round_id_number")),
    )
    op.create_table(
        "vote_return",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_vote_return_round_id")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_vote_return")),
    )
    op.create_table(
        "envelope_void",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("second_by", sa.Uuid(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_envelope_void_two_members")),
        sa.ForeignKeyConstraint(
            ["first_by"], ["account.id"], name=op.f("fk_envelope_void_first_by")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "tag"],
            ["envelope.round_id", "envelope.tag"],
            name=op.f("fk_envelope_void_round_id_tag"),
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["account.id"], name=op.f("fk_envelope_void_second_by")
        ),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_envelope_void")),
    )
    op.create_table(
        "paper_ballot",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("serial_tag", sa.LargeBinary(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["paper_batch.id"], name=op.f("fk_paper_ballot_batch")),
        sa.ForeignKeyConstraint(
            ["round_id", "serial_tag"],
            ["paper_card.round_id", "paper_card.serial_tag"],
            name=op.f("fk_paper_ballot_round_id_serial_tag"),
        ),
        sa.PrimaryKeyConstraint("round_id", "serial_tag", name=op.f("pk_paper_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participation",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(), nullable=True),
        sa.Column("network_mac", sa.LargeBinary(), nullable=True),
        sa.Column("device_mac", sa.LargeBinary(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("notified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "tag"],
            ["envelope.round_id", "envelope.tag"],
            name=op.f("fk_participation_round_id_tag"),
        ),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_participation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "void_proposal",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_by"], ["account.id"], name=op.f("fk_void_proposal_first_by")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "tag"],
            ["envelope.round_id", "envelope.tag"],
            name=op.f("fk_void_proposal_round_id_tag"),
        ),
        sa.PrimaryKeyConstraint("round_id", "tag", name=op.f("pk_void_proposal")),
    )
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("void_proposal")
    op.drop_table("participation")
    op.drop_table("paper_ballot")
    op.drop_table("envelope_void")
    op.drop_table("vote_return")
    op.drop_table("round_member")
    op.drop_table("round_incident")
    op.drop_table("paper_card")
    op.drop_table("paper_batch")
    op.drop_table("nightly_count")
    op.drop_table("envelope")
    op.drop_table("ballot")
    op.drop_table("round")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
