"""The tables of city."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_city"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("roman", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_district")),
        sa.UniqueConstraint("roman", name=op.f("uq_district_roman")),
    )
    op.create_table(
        "street",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('street', 'place')", name=op.f("ck_street_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
        sa.UniqueConstraint("name", name=op.f("uq_street_name")),
    )
    op.create_index(op.f("ix_street_search"), "street", ["search"], unique=False)
    op.create_table(
        "assistance_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district"], ["district.number"], name=op.f("fk_assistance_point_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance_point")),
        sa.UniqueConstraint("key", name=op.f("uq_assistance_point_key")),
    )
    op.create_table(
        "street_stretch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("parity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district"], ["district.number"], name=op.f("fk_street_stretch_district")
        ),
        sa.ForeignKeyConstraint(
            ["street_id"], ["street.id"], name=op.f("fk_street_stretch_street_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_stretch")),
    )
    op.create_index(
        op.f("ix_street_stretch_street_id"), "street_stretch", ["street_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("street_stretch")
    op.drop_table("assistance_point")
    op.drop_table("street")
    op.drop_table("district")
