"""Lists of proofs and reasons as the city words them; draws of confirmed cases and their checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_residency_office"
down_revision = "0023_proposals_draw"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WORDS = ("name_pl", "name_en", "name_uk", "name_ru", "text_pl", "text_en", "text_uk", "text_ru")


def upgrade() -> None:
    op.create_table(
        "residency_option",
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("needs_landlord", sa.Boolean(), nullable=False),
        sa.Column("confirms_alone", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _WORDS),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "catalogue IN ('proof', 'more', 'refusal')", name=op.f("ck_residency_option_catalogue")
        ),
        sa.CheckConstraint("length(code) BETWEEN 3 AND 40", name=op.f("ck_residency_option_code")),
        sa.CheckConstraint(
            "(name_pl = '') = (name_en = '') AND (name_pl = '') = (name_uk = '') "
            "AND (name_pl = '') = (name_ru = '')",
            name=op.f("ck_residency_option_whole_name"),
        ),
        sa.CheckConstraint(
            "(text_pl = '') = (text_en = '') AND (text_pl = '') = (text_uk = '') "
            "AND (text_pl = '') = (text_ru = '')",
            name=op.f("ck_residency_option_whole_text"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_residency_option_changed_by")
        ),
        sa.PrimaryKeyConstraint("catalogue", "code", name=op.f("pk_residency_option")),
    )
    _add_draws()


def _add_draws() -> None:
    op.create_table(
        "sample_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("announced_at", _MOMENT, nullable=False),
        sa.Column("announced_by", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("permille", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("drawn_at", _MOMENT, nullable=True),
        sa.Column("drawn_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("permille BETWEEN 1 AND 1000", name=op.f("ck_sample_draw_share")),
        sa.CheckConstraint("size > 0", name=op.f("ck_sample_draw_not_empty")),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_sample_draw_fingerprint")),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL)", name=op.f("ck_sample_draw_drawn_whole")
        ),
        sa.CheckConstraint(
            "drawn_at IS NULL OR drawn_at > announced_at",
            name=op.f("ck_sample_draw_seed_after_list"),
        ),
        sa.ForeignKeyConstraint(
            ["announced_by"], ["account.id"], name=op.f("fk_sample_draw_announced_by")
        ),
        sa.ForeignKeyConstraint(["drawn_by"], ["account.id"], name=op.f("fk_sample_draw_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
    )
    op.create_index(
        "uq_sample_draw_one_open",
        "sample_draw",
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "sample_member",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("first_officer", sa.Uuid(), nullable=True),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('holds', 'revoked')", name=op.f("ck_sample_member_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (checked_at IS NULL)", name=op.f("ck_sample_member_checked_whole")
        ),
        sa.CheckConstraint(
            "checked_at IS NULL OR is_drawn", name=op.f("ck_sample_member_only_drawn_are_checked")
        ),
        sa.CheckConstraint(
            "checked_by IS NULL OR first_officer IS NULL OR checked_by <> first_officer",
            name=op.f("ck_sample_member_two_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sample_draw.id"], name=op.f("fk_sample_member_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["residence_case.id"], name=op.f("fk_sample_member_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_officer"], ["account.id"], name=op.f("fk_sample_member_first_officer")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_sample_member_checked_by")
        ),
        sa.PrimaryKeyConstraint("draw_id", "case_id", name=op.f("pk_sample_member")),
    )
    op.create_index("ix_sample_member_case", "sample_member", ["case_id"])


def downgrade() -> None:
    for name in ("sample_member", "sample_draw", "residency_option"):
        op.drop_table(name)
