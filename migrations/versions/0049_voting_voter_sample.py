"""The public sample is drawn from one sealed list for good; a draw that was made keeps the list of its day."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0049_voting_voter_sample"
down_revision = "0048_accounts_deed_codes"
branch_labels = None
depends_on = None

# The draw of each round that came after its last closing, with the list that was the last by then.
_DRAWN = """
SELECT drawn.round_id, drawn.note, MAX(earlier.number) AS list_number
FROM round_incident AS drawn JOIN sealed_list AS earlier
  ON earlier.round_id = drawn.round_id AND earlier.at <= drawn.at
WHERE drawn.kind = 'sample' AND NOT EXISTS (
  SELECT 1 FROM sealed_list AS later
  WHERE later.round_id = drawn.round_id AND later.step = 'closing' AND later.at > drawn.at)
GROUP BY drawn.round_id, drawn.note
"""


def upgrade() -> None:
    op.create_table(
        "voter_sample",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_voter_sample_some")),
        sa.ForeignKeyConstraint(
            ["round_id", "list_number"],
            ["sealed_list.round_id", "sealed_list.number"],
            name=op.f("fk_voter_sample_round_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_voter_sample")),
    )
    insert = sa.text(
        "INSERT INTO voter_sample (round_id, list_number, number, seed, source) "
        "VALUES (:round_id, :list_number, :number, :seed, :source)"
    )
    for row in op.get_bind().execute(sa.text(_DRAWN)).all():
        values = {"round_id": row.round_id, "list_number": row.list_number, **json.loads(row.note)}
        op.get_bind().execute(insert, values)


def downgrade() -> None:
    """The earlier notes knew no list."""
    op.drop_table("voter_sample")
    notes = sa.text("SELECT id, note FROM round_incident WHERE kind = 'sample'")
    change = sa.text("UPDATE round_incident SET note = :note WHERE id = :id")
    for row in op.get_bind().execute(notes).all():
        said = {k: v for k, v in json.loads(row.note).items() if k != "list_number"}
        op.get_bind().execute(change, {"id": row.id, "note": json.dumps(said)})
