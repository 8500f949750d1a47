"""Runs over the whole register, the pairs they suspect, and on which records an officer's word was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_residency_register_run"
down_revision = "0039_residency_appointments"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "match_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("cursor_a", sa.Uuid(), nullable=True),
        sa.Column("cursor_b", sa.Uuid(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("people", "compared", "crowds", "found")
        ),
        sa.CheckConstraint(
            "reason IN ('night', 'window', 'command')", name=op.f("ck_match_run_reason")
        ),
        sa.CheckConstraint(
            "(cursor_a IS NULL) = (cursor_b IS NULL)", name=op.f("ck_match_run_cursor_is_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
    )
    op.create_index(
        "uq_match_run_one_unfinished",
        "match_run",
        ["is_running"],
        unique=True,
        sqlite_where=sa.text("is_running"),
        postgresql_where=sa.text("is_running"),
    )
    op.create_table(
        "suspected_pair",
        sa.Column("person_a", sa.Uuid(), nullable=False),
        sa.Column("person_b", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("basis", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_a < person_b", name=op.f("ck_suspected_pair_once")),
        sa.ForeignKeyConstraint(
            ["person_a"], ["person.id"], name=op.f("fk_suspected_pair_person_a")
        ),
        sa.ForeignKeyConstraint(
            ["person_b"], ["person.id"], name=op.f("fk_suspected_pair_person_b")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_suspected_pair_run_id")
        ),
        sa.PrimaryKeyConstraint("person_a", "person_b", name=op.f("pk_suspected_pair")),
    )
    op.create_index(op.f("ix_suspected_pair_person_b"), "suspected_pair", ["person_b"])
    with op.batch_alter_table("duplicate_verdict") as table:
        table.add_column(sa.Column("basis", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("duplicate_verdict") as table:
        table.drop_column("basis")
    op.drop_table("suspected_pair")
    op.drop_table("match_run")
