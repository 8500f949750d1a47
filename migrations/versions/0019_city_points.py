"""Assistance points are kept in office pages: their order, whether they are open, their version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_city_points"
down_revision = "0018_proposals_exclusive"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assistance_point") as batch:
        batch.add_column(
            sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("assistance_point") as batch:
        batch.alter_column("is_active", server_default=None)
        batch.alter_column("position", server_default=None)
        batch.alter_column("version", server_default=None)
        batch.create_check_constraint(op.f("ck_assistance_point_position"), "position >= 0")
        batch.create_check_constraint(op.f("ck_assistance_point_version"), "version >= 1")


def downgrade() -> None:
    with op.batch_alter_table("assistance_point") as batch:
        batch.drop_constraint(op.f("ck_assistance_point_version"), type_="check")
        batch.drop_constraint(op.f("ck_assistance_point_position"), type_="check")
        batch.drop_column("version")
        batch.drop_column("position")
        batch.drop_column("is_active")
