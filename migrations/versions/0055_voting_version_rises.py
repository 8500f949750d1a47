"""The database itself raises a round's version with every change of it, whoever makes it."""

from __future__ import annotations

from alembic import op

revision = "0055_voting_version_rises"
down_revision = "0054_voting_round_version"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A press goes in only under the version that it saw; a migration that makes the table anew makes this too."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER round_version_rises AFTER UPDATE ON round "
            "WHEN NEW.version = OLD.version "
            "BEGIN UPDATE round SET version = OLD.version + 1 WHERE id = NEW.id; END"
        )
        return
    op.execute(
        "CREATE FUNCTION round_version_rises() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER round_version_rises BEFORE UPDATE ON round FOR EACH ROW "
        "WHEN (NEW.version = OLD.version) EXECUTE FUNCTION round_version_rises()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER round_version_rises")
        return
    op.execute("DROP TRIGGER round_version_rises ON round")
    op.execute("DROP FUNCTION round_version_rises()")
