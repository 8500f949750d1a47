"""Steps of implementation are numbered, say when it should be ready, and who told it when."""

from __future__ import annotations

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0033_proposals_implementation"
down_revision = "0032_voting_losses"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CHECKS = (
    ("number_positive", "number > 0"),
    ("cost_not_negative", "real_cost IS NULL OR real_cost >= 0"),
    ("expected_later", "expected_on IS NULL OR expected_on >= happened_on"),
)
_ADDED = (
    ("number", sa.Integer()),
    ("expected_on", sa.Date()),
    ("recorded_at", _MOMENT),
    ("recorded_by", sa.Uuid()),
    ("changed_at", _MOMENT),
)
_STEP = sa.table(
    "implementation_step",
    sa.column("id", sa.Uuid()),
    sa.column("proposal_id", sa.Uuid()),
    sa.column("happened_on", sa.Date()),
    *(sa.column(name, kind) for name, kind in _ADDED),
)


def upgrade() -> None:
    """Give the steps that are there their numbers by day, told at the beginning of that day."""
    with op.batch_alter_table("implementation_step") as table:
        for name, kind in _ADDED:
            table.add_column(sa.Column(name, kind, nullable=True))
    _number_steps()
    with op.batch_alter_table("implementation_step") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.alter_column("recorded_at", existing_type=_MOMENT, nullable=False)
        table.create_unique_constraint(
            op.f("uq_implementation_step_proposal_id_number"), ["proposal_id", "number"]
        )
        for name, condition in _CHECKS:
            table.create_check_constraint(op.f(f"ck_implementation_step_{name}"), condition)


def _number_steps() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(_STEP.c.id, _STEP.c.proposal_id, _STEP.c.happened_on).order_by(
            _STEP.c.proposal_id, _STEP.c.happened_on, _STEP.c.id
        )
    ).all()
    numbers: dict[object, int] = {}
    for row in rows:
        numbers[row.proposal_id] = numbers.get(row.proposal_id, 0) + 1
        told = datetime.combine(row.happened_on, time(), UTC)
        if connection.dialect.name == "sqlite":
            told = told.replace(tzinfo=None)
        connection.execute(
            sa.update(_STEP)
            .where(_STEP.c.id == row.id)
            .values(number=numbers[row.proposal_id], recorded_at=told)
        )


def downgrade() -> None:
    """Forget the numbers, the expected days and who told what."""
    with op.batch_alter_table("implementation_step") as table:
        for name, _condition in _CHECKS:
            table.drop_constraint(op.f(f"ck_implementation_step_{name}"), type_="check")
        table.drop_constraint(op.f("uq_implementation_step_proposal_id_number"), type_="unique")
        for name, _kind in reversed(_ADDED):
            table.drop_column(name)
