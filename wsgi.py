"""The entry for WSGI servers and for `flask --app wsgi …`; refuses bad settings in words, at start."""

import sys

from civic_budget.app import check_stamp, create_app
from civic_budget.cli import register_commands
from civic_budget.config import BadSettings

try:
    app = create_app()
    check_stamp(app)
except BadSettings as refusal:
    sys.exit(f"The settings are refused. {refusal}")
register_commands(app)
