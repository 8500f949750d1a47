"""The entry for WSGI servers and for `flask --app wsgi …`; refuses bad settings in words, at start."""

import os
import sys

from civic_budget.app import check_rounds, check_stamp, create_app
from civic_budget.cli import register_commands
from civic_budget.config import BadSettings

try:
    app = create_app()
    check_stamp(app)
    # A command may be the very one that mends it; `flask work` asks for itself.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        check_rounds(app)
except BadSettings as refusal:
    sys.exit(f"The settings are refused. {refusal}")
register_commands(app)
