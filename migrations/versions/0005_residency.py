"""The tables of residency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from civic_budget.storage.audit import append_only_statements

revision = "0005_residency"
down_revision = "0004_editions"
branch_labels = None
depends_on = None

APPEND_ONLY = ("case_decision", "evidence_view")


def upgrade() -> None:
    op.create_table(
        "residency_setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_residency_setting")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sex IN ('F', 'M', 'X')", name=op.f("ck_person_sex")),
        sa.CheckConstraint(
            "erased_at IS NULL OR sex IS NULL", name=op.f("ck_person_erased_is_bare")
        ),
        sa.ForeignKeyConstraint(["district"], ["district.number"], name=op.f("fk_person_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "clause_shown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_clause_shown_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_shown")),
    )
    op.create_index(op.f("ix_clause_shown_person_id"), "clause_shown", ["person_id"], unique=False)
    op.create_table(
        "duplicate_verdict",
        sa.Column("person_a", sa.Uuid(), nullable=False),
        sa.Column("person_b", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconded_by", sa.Uuid(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('same', 'different')", name=op.f("ck_duplicate_verdict_verdict")
        ),
        sa.CheckConstraint("person_a <> person_b", name=op.f("ck_duplicate_verdict_two_records")),
        sa.CheckConstraint(
            "seconded_by IS NULL OR seconded_by <> said_by",
            name=op.f("ck_duplicate_verdict_two_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["person_a"], ["person.id"], name=op.f("fk_duplicate_verdict_person_a")
        ),
        sa.ForeignKeyConstraint(
            ["person_b"], ["person.id"], name=op.f("fk_duplicate_verdict_person_b")
        ),
        sa.ForeignKeyConstraint(
            ["said_by"], ["account.id"], name=op.f("fk_duplicate_verdict_said_by")
        ),
        sa.ForeignKeyConstraint(
            ["seconded_by"], ["account.id"], name=op.f("fk_duplicate_verdict_seconded_by")
        ),
        sa.PrimaryKeyConstraint("person_a", "person_b", name=op.f("pk_duplicate_verdict")),
    )
    op.create_table(
        "officer_interest",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_officer_interest_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_officer_interest_person_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "person_id", name=op.f("pk_officer_interest")),
    )
    op.create_table(
        "person_cluster",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_cluster_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_cluster")),
    )
    op.create_index(
        op.f("ix_person_cluster_cluster_id"), "person_cluster", ["cluster_id"], unique=False
    )
    op.create_table(
        "person_holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "relation IN ('holder', 'guardian')", name=op.f("ck_person_holder_relation")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_person_holder_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_holder_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_holder")),
    )
    op.create_index(
        op.f("ix_person_holder_account_id"), "person_holder", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_person_holder_person_id"), "person_holder", ["person_id"], unique=False
    )
    op.create_index(
        "uq_person_holder_own_account",
        "person_holder",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("relation = 'holder' AND until_at IS NULL"),
        postgresql_where=sa.text("relation = 'holder' AND until_at IS NULL"),
    )
    op.create_index(
        "uq_person_holder_own_person",
        "person_holder",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("relation = 'holder' AND until_at IS NULL"),
        postgresql_where=sa.text("relation = 'holder' AND until_at IS NULL"),
    )
    op.create_table(
        "person_identity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_identity")),
    )
    op.create_table(
        "person_match_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('k1', 'k2', 'k3', 'home')", name=op.f("ck_person_match_key_kind")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_match_key_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "value", name=op.f("pk_person_match_key")),
    )
    op.create_index(
        "ix_person_match_key_value", "person_match_key", ["kind", "value"], unique=False
    )
    op.create_table(
        "person_nationality",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_nationality_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_nationality")),
    )
    op.create_table(
        "residence_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("road", sa.String(), nullable=True),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("appeal_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('first', 'move', 'renewal')", name=op.f("ck_residence_case_purpose")
        ),
        sa.CheckConstraint(
            "road IN ('statement', 'document', 'desk', 'register')",
            name=op.f("ck_residence_case_road"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_more', 'confirmed', 'refused', 'appealed', 'dismissed', 'withdrawn', 'lapsed', 'revoked')",
            name=op.f("ck_residence_case_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn', 'lapsed') OR (submitted_at IS NOT NULL AND due_at IS NOT NULL AND road IS NOT NULL AND district IS NOT NULL)",
            name=op.f("ck_residence_case_complete_when_submitted"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'refused', 'dismissed', 'revoked') OR decided_at IS NOT NULL",
            name=op.f("ck_residence_case_decided_when"),
        ),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_at IS NULL)",
            name=op.f("ck_residence_case_claim_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_residence_case_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["account.id"], name=op.f("fk_residence_case_claimed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_residence_case_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["district"], ["district.number"], name=op.f("fk_residence_case_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_residence_case_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_residence_case_reference")),
    )
    op.create_index(
        op.f("ix_residence_case_account_id"), "residence_case", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_residence_case_person_id"), "residence_case", ["person_id"], unique=False
    )
    op.create_index("ix_residence_case_queue", "residence_case", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_residence_case_one_open",
        "residence_case",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'needs_more', 'appealed')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'needs_more', 'appealed')"),
    )
    op.create_table(
        "tombstone",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tombstone_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "case_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "action NOT IN ('ask_more', 'refuse', 'dismiss_appeal', 'revoke') OR reason IS NOT NULL",
            name=op.f("ck_case_decision_reason_given"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_case_decision_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decision")),
        sa.UniqueConstraint("case_id", "position", name=op.f("uq_case_decision_case_id_position")),
        info={"append_only": True},
    )
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until > confirmed_at", name=op.f("ck_confirmation_lasts")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_confirmation_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["district"], ["district.number"], name=op.f("fk_confirmation_district")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_confirmation_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("case_id", name=op.f("uq_confirmation_case_id")),
    )
    op.create_index(
        "ix_confirmation_person", "confirmation", ["person_id", "confirmed_at"], unique=False
    )
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("vault_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_why", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(deleted_at IS NULL) OR (deleted_why IS NOT NULL)",
            name=op.f("ck_evidence_file_why_deleted"),
        ),
        sa.CheckConstraint("page_count BETWEEN 1 AND 999", name=op.f("ck_evidence_file_pages")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_evidence_file_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("vault_id", name=op.f("uq_evidence_file_vault_id")),
    )
    op.create_index(op.f("ix_evidence_file_case_id"), "evidence_file", ["case_id"], unique=False)
    op.create_index(
        "ix_evidence_file_due", "evidence_file", ["deleted_at", "delete_after"], unique=False
    )
    op.create_table(
        "residence_statement",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("signature_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_residence_statement_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_residence_statement")),
    )
    op.create_table(
        "case_sentence",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["case_decision.id"], name=op.f("fk_case_sentence_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_case_sentence")),
    )
    op.create_table(
        "evidence_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["evidence_file.id"], name=op.f("fk_evidence_view_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_view")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_evidence_view_file_id"), "evidence_view", ["file_id"], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("evidence_view")
    op.drop_table("case_sentence")
    op.drop_table("residence_statement")
    op.drop_table("evidence_file")
    op.drop_table("confirmation")
    op.drop_table("case_decision")
    op.drop_table("tombstone")
    op.drop_table("residence_case")
    op.drop_table("person_nationality")
    op.drop_table("person_match_key")
    op.drop_table("person_identity")
    op.drop_table("person_holder")
    op.drop_table("person_cluster")
    op.drop_table("officer_interest")
    op.drop_table("duplicate_verdict")
    op.drop_table("clause_shown")
    op.drop_table("person")
    op.drop_table("residency_setting")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only()")
