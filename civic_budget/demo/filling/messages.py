"""What happened wrote messages: they are delivered to the demo's mailbox, and the latest are kept."""

from __future__ import annotations

from flask import Flask

from civic_budget import worker
from civic_budget.demo.filling.town import Town

KEPT = 60


def deliver_messages(app: Flask, town: Town) -> None:
    """Let the worker do what is due at the end of the story, then thin the mailbox out.

    The outbox holds deeds of many months; a person looking into the mailbox wants the last ones.
    """
    town.progress.begin("Messages")
    with app.app_context():
        town.progress.add(worker.run_once(app, at=town.story.now))
    delivered = sorted(
        town.settings.mailbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns
    )
    for path in delivered[:-KEPT]:
        path.unlink()
