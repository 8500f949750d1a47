"""A bare Flask view that inserts a cast's two rows in the same session settings, and does nothing else."""

from __future__ import annotations

import os
from datetime import date
from uuid import UUID

from flask import Flask

from bench.voting_rows import insert_rows
from civic_budget.config import from_environment
from civic_budget.storage.db import Database
from civic_budget.voting.ballot_box import Moment

settings = from_environment()
database = Database(settings.database_url, settings.keyring, {}, settings.instance)
round_id = UUID(os.environ["BENCH_ROUND"])
app = Flask(__name__)


@app.post("/cast")
def cast() -> str:
    """One vote's rows."""
    with database.writing() as work:
        insert_rows(work, round_id, Moment(date(2026, 6, 1), 12))
    return "cast"
