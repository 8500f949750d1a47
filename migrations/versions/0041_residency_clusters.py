"""A cluster follows from accepted merges alone: what joined records without a word on a pair gets one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041_residency_clusters"
down_revision = "0040_residency_register_run"
branch_labels = None
depends_on = None

_VERDICT = sa.table(
    "duplicate_verdict",
    *(sa.column(name, sa.Uuid()) for name in ("person_a", "person_b", "said_by")),
    sa.column("verdict", sa.String()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("said_at", "seconded_at")),
)
_CLUSTER = sa.table(
    "person_cluster",
    *(sa.column(name, sa.Uuid()) for name in ("person_id", "cluster_id")),
    sa.column("joined_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("duplicate_verdict") as table:
        table.alter_column("said_by", existing_type=sa.Uuid(), nullable=True)
        _set_kinds(table, "verdict IN ('same', 'different', 'one_child')")
        table.create_check_constraint(
            op.f("ck_duplicate_verdict_somebody_said_it"),
            "said_by IS NOT NULL OR verdict = 'one_child'",
        )
        table.create_check_constraint(
            op.f("ck_duplicate_verdict_merge_is_accepted"),
            "CASE verdict WHEN 'one_child' THEN seconded_at IS NOT NULL "
            "WHEN 'different' THEN seconded_at IS NULL "
            "ELSE (seconded_at IS NULL) = (seconded_by IS NULL) END",
        )
    _write_missing_merges()


def downgrade() -> None:
    op.execute("DELETE FROM duplicate_verdict WHERE verdict = 'one_child'")
    with op.batch_alter_table("duplicate_verdict") as table:
        table.drop_constraint(op.f("ck_duplicate_verdict_merge_is_accepted"), type_="check")
        table.drop_constraint(op.f("ck_duplicate_verdict_somebody_said_it"), type_="check")
        _set_kinds(table, "verdict IN ('same', 'different')")
        table.alter_column("said_by", existing_type=sa.Uuid(), nullable=False)


def _set_kinds(table: Any, condition: str) -> None:
    table.drop_constraint(op.f("ck_duplicate_verdict_verdict"), type_="check")
    table.create_check_constraint(op.f("ck_duplicate_verdict_verdict"), condition)


def _write_missing_merges() -> None:
    """Each record of a cluster that no accepted merge ties to it was joined for a child: say so."""
    connection = op.get_bind()
    words = connection.execute(sa.select(_VERDICT)).all()
    said = {(row.person_a, row.person_b) for row in words}
    tied: dict[Any, set[Any]] = defaultdict(set)
    for row in words:
        if row.seconded_at is not None:
            tied[row.person_a].add(row.person_b)
            tied[row.person_b].add(row.person_a)
    clusters: dict[Any, list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(_CLUSTER).order_by(_CLUSTER.c.person_id)):
        clusters[row.cluster_id].append(row)
    for members in clusters.values():
        reached = _reach(members[0].person_id, tied)
        for member in members[1:]:
            pair = tuple(sorted((members[0].person_id, member.person_id)))
            if member.person_id in reached or pair in said:
                continue
            at = max(members[0].joined_at, member.joined_at)
            connection.execute(
                _VERDICT.insert().values(
                    person_a=pair[0],
                    person_b=pair[1],
                    verdict="one_child",
                    said_by=None,
                    said_at=at,
                    seconded_at=at,
                )
            )
            reached |= _reach(member.person_id, tied)


def _reach(start: Any, tied: dict[Any, set[Any]]) -> set[Any]:
    found, waiting = {start}, [start]
    while waiting:
        for following in tied[waiting.pop()] - found:
            found.add(following)
            waiting.append(following)
    return found
