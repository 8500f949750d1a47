"""The entry for WSGI servers and for `flask --app wsgi …`."""

from civic_budget.app import create_app
from civic_budget.cli import register_commands

app = create_app()
register_commands(app)
