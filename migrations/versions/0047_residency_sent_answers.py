"""A case keeps a keyed value of who and where as it was sent: only that is ever confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047_residency_sent_answers"
down_revision = "0046_residency_proof_key"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("residence_case", sa.Column("sent_basis", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("residence_case") as batch:
        batch.drop_column("sent_basis")
