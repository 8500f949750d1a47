"""The schema: what the migrations make is what the models say, up and down, on both engines."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from civic_budget.models import METADATA
from civic_budget.storage import migrate
from civic_budget.storage.db import make_engine
from tests.engines import PostgresMaker, SqliteMaker

Maker = SqliteMaker | PostgresMaker


def test_migrated_schema_is_the_models(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": "schema_revision",
                "include_name": lambda name, kind, _: kind != "table" or name in METADATA.tables,
            },
        )
        assert compare_metadata(context, METADATA) == []
        present = set(inspect(connection).get_table_names())
    engine.dispose()
    assert set(METADATA.tables) <= present


def test_every_append_only_table_refuses_changes(database_url: str) -> None:
    tables = [name for name, table in METADATA.tables.items() if table.info.get("append_only")]
    assert "audit_entry" in tables
    assert "sealed_table" in tables
    engine = make_engine(database_url)
    with engine.connect() as connection:
        guarded = set()
        query = (
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'"
            if connection.dialect.name == "sqlite"
            else "SELECT event_object_table FROM information_schema.triggers "
            "WHERE trigger_name LIKE '%_append_only'"
        )
        for (name,) in connection.execute(text(query)):
            guarded.add(name)
    engine.dispose()
    assert sorted(tables) == sorted(guarded)


def test_each_migration_goes_up_and_down_and_up_again(maker: Maker) -> None:
    url = maker.empty_url()
    engine = make_engine(url)
    migrate.upgrade(engine)
    made = tables_and_columns(engine)
    assert set(METADATA.tables) <= set(made)
    migrate.downgrade(engine, "base")
    assert set(tables_and_columns(engine)) <= {"schema_revision"}
    migrate.upgrade(engine)
    assert tables_and_columns(engine) == made
    engine.dispose()
    maker.drop(url)


def tables_and_columns(engine: Engine) -> dict[str, list[str]]:
    """What the database holds."""
    inspector = inspect(engine)
    found = inspector.get_multi_columns()
    return {name: [column["name"] for column in found[None, name]] for _, name in found}


def test_a_foreign_database_is_refused(maker: Maker) -> None:
    url = maker.empty_url()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id integer)"))
    with pytest.raises(SystemExit, match="database of its own"):
        migrate.upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["somebody_elses"]
    engine.dispose()
    maker.drop(url)


def test_readable_revisions_in_one_line() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_config())
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert all(r.revision[:4].isdigit() and r.revision[4] == "_" for r in revisions)
