"""Who works at which assistance point on which days; a visit at a desk says under which appointment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_residency_appointments"
down_revision = "0038_voting_put_back"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "desk_appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("appointed_at", _MOMENT, nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_desk_appointment_lasts")),
        sa.CheckConstraint(
            "appointed_by IS NULL OR appointed_by <> account_id",
            name=op.f("ck_desk_appointment_by_another"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_desk_appointment_{column}")
            )
            for column, table in (
                ("account_id", "account"),
                ("point_id", "assistance_point"),
                ("appointed_by", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_appointment")),
        sa.UniqueConstraint(
            "id", "account_id", "point_id", name=op.f("uq_desk_appointment_id_account_id_point_id")
        ),
    )
    op.create_index(
        "uq_desk_appointment_one_open",
        "desk_appointment",
        ["account_id", "point_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    with op.batch_alter_table("desk_visit") as table:
        table.add_column(sa.Column("appointment_id", sa.Uuid(), nullable=True))
        table.create_check_constraint(
            op.f("ck_desk_visit_somewhere"), "appointment_id IS NULL OR point_id IS NOT NULL"
        )
        table.create_foreign_key(
            "fk_desk_visit_appointment",
            "desk_appointment",
            ["appointment_id", "officer", "point_id"],
            ["id", "account_id", "point_id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("desk_visit") as table:
        table.drop_constraint("fk_desk_visit_appointment", type_="foreignkey")
        table.drop_constraint(op.f("ck_desk_visit_somewhere"), type_="check")
        table.drop_column("appointment_id")
    op.drop_table("desk_appointment")
