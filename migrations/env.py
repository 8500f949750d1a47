"""Alembic's environment: our own tables only, on a connection that the caller holds."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, inspect

from civic_budget.models import METADATA

VERSION_TABLE = "schema_revision"


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Autogenerate never sees tables that are not ours, so it can never propose to drop them."""
    return kind != "table" or name in METADATA.tables


def refuse_foreign_database(connection: Connection) -> None:
    """Raise when the database holds tables but none of ours: this is somebody else's database."""
    present = set(inspect(connection).get_table_names())
    if present and VERSION_TABLE not in present and not present & set(METADATA.tables):
        raise SystemExit(
            "The database holds tables of something else "
            f"({', '.join(sorted(present)[:3])} …). Give the platform a database of its own."
        )


def run() -> None:
    """Run the migrations on the connection that `storage.migrate` put into the configuration."""
    connection = context.config.attributes["connection"]
    refuse_foreign_database(connection)
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=include_name,
        version_table=VERSION_TABLE,
        render_as_batch=False,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
