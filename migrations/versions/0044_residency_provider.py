"""Questions to the city's identity provider, and which person each of its identities confirms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044_residency_provider"
down_revision = "0043_residency_questions"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KIND = "ck_person_match_key_kind"


def upgrade() -> None:
    op.create_table(
        "provider_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_provider_question_lasts")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_question_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_provider_question_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_question")),
        sa.UniqueConstraint("case_id", name=op.f("uq_provider_question_case_id")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_provider_question_state_hash")),
    )
    op.create_index(op.f("ix_provider_question_expires_at"), "provider_question", ["expires_at"])
    op.create_table(
        "provider_identity",
        sa.Column("identity_key", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provider_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("identity_key", name=op.f("pk_provider_identity")),
    )
    op.create_index(op.f("ix_provider_identity_person_id"), "provider_identity", ["person_id"])
    _set_kinds("'k1', 'k2', 'k3', 'home', 'account'")


def downgrade() -> None:
    op.execute("DELETE FROM person_match_key WHERE kind = 'account'")
    _set_kinds("'k1', 'k2', 'k3', 'home'")
    op.drop_table("provider_identity")
    op.drop_table("provider_question")


def _set_kinds(kinds: str) -> None:
    with op.batch_alter_table("person_match_key") as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({kinds})")
