"""The demo's mailbox: what would have been sent. Exists only in demo mode."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civic_budget.notifications.delivery import list_mailbox
from civic_budget.web.access import Audience, access
from civic_budget.web.current import settings

demo_mailbox = Blueprint("mailbox", __name__)
demo_blueprints = (demo_mailbox,)
PAGE = 50


@demo_mailbox.get("/demo/mailbox")
@access(Audience.PUBLIC)
def messages() -> ResponseReturnValue:
    """All messages that the demo would have sent, the latest first; `to` narrows to one address."""
    wanted = request.args.get("to", "").strip().lower()
    found = [m for m in list_mailbox(settings().mailbox) if wanted in m.to]
    return render_template("notifications/mailbox.html", messages=found[:PAGE], wanted=wanted)
