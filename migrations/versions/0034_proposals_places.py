"""All places of a proposal in one table: points, addresses, words; the single point of before is the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034_proposals_places"
down_revision = "0033_proposals_implementation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("proposal_place")
    op.create_table(
        "proposal_place",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_proposal_place_latitude")),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_proposal_place_longitude")
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_proposal_place_point_whole")
        ),
        sa.CheckConstraint(
            "latitude IS NOT NULL OR words <> ''", name=op.f("ck_proposal_place_says_where")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 10", name=op.f("ck_proposal_place_most_places")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_place_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_place")),
    )
    op.execute(
        "INSERT INTO proposal_place (proposal_id, position, latitude, longitude, words)"
        " SELECT id, 1, latitude, longitude, '' FROM proposal"
        " WHERE latitude IS NOT NULL AND longitude IS NOT NULL"
    )
    # Plain columns without a constraint: no rebuilding of a table to which so many others point.
    op.drop_column("proposal", "latitude")
    op.drop_column("proposal", "longitude")


def downgrade() -> None:
    op.add_column("proposal", sa.Column("latitude", sa.Double(), nullable=True))
    op.add_column("proposal", sa.Column("longitude", sa.Double(), nullable=True))
    op.execute(
        "UPDATE proposal SET"
        " latitude = (SELECT latitude FROM proposal_place"
        " WHERE proposal_id = proposal.id AND position = 1),"
        " longitude = (SELECT longitude FROM proposal_place"
        " WHERE proposal_id = proposal.id AND position = 1)"
    )
    op.drop_table("proposal_place")
    op.create_table(
        "proposal_place",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_proposal_place_latitude")),
        sa.CheckConstraint(
            "longitude BETWEEN -180 AND 180", name=op.f("ck_proposal_place_longitude")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_place_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_place")),
    )
