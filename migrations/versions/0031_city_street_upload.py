"""A street list that is looked at before it is taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_city_street_upload"
down_revision = "0030_voting_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "street_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("only_these", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_street_upload_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_upload")),
    )
    op.create_index(
        op.f("ix_street_upload_uploaded_by"), "street_upload", ["uploaded_by"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_street_upload_uploaded_by"), table_name="street_upload")
    op.drop_table("street_upload")
