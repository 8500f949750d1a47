"""`flask voting publish`: refused in a sentence before the opening, done after it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from civic_budget.accounts.models import Account
from civic_budget.accounts.queries import contact_of
from civic_budget.editions.queries import get_edition
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders_results import make_opened_round
from tests.builders_voting import Round, make_round


def publish(app: Flask, database: Database, opened: Round) -> tuple[int, str]:
    with database.reading() as session:
        slug = get_edition(session, opened.edition_id).slug
        contact = contact_of(session, session.get_one(Account, opened.commission[0].account_id))
    assert contact is not None
    words = ["voting", "publish", slug, "--as", contact.address, "--yes"]
    result = app.test_cli_runner().invoke(args=words)
    return result.exit_code, result.output


def published(database: Database) -> int:
    with database.reading() as session:
        deeds = select(AuditEntry).where(AuditEntry.deed == "ResultsPublished")
        return len(session.scalars(deeds).all())


def test_nothing_is_published_before_the_opening(app: Flask, database: Database) -> None:
    code, said = publish(app, database, make_round(database))
    assert code == 1
    assert "the round is not opened yet" in said
    assert published(database) == 0


def test_after_the_opening_the_command_publishes(app: Flask, database: Database) -> None:
    code, said = publish(app, database, make_opened_round(database))
    assert code == 0, said
    assert "The results are public." in said
    assert published(database) == 1
