"""A message in the recipient's language: subject, body and a short form for SMS, from templates/mail/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, render_template, url_for
from flask_babel import force_locale, get_translations
from jinja2 import TemplateNotFound

from civic_budget.web.current import settings


@dataclass(frozen=True)
class Letter:
    """What a person reads. `short` is the SMS; `stop_url` ends letters of this kind with one click."""

    subject: str
    body: str
    short: str
    language: str
    stop_url: str = ""


def render_letter(message: str, language: str, values: Mapping[str, Any]) -> Letter:
    """Render a message; links in it lead to the public address, in the same language."""
    with (
        current_app.test_request_context(f"/{language}/", base_url=settings().public_url),
        force_locale(language),
    ):
        g.language = language
        get_translations()
        subject = " ".join(render_template(f"mail/{message}/subject.txt", **values).split())
        body = render_template(f"mail/{message}/body.txt", **values).strip() + "\n"
        try:
            short = render_template(f"mail/{message}/sms.txt", **values)
        except TemplateNotFound:
            short = subject
        stop = values.get("stop")
        stop_url = url_for("news.stop", token=stop, _external=True) if stop else ""
    return Letter(subject, body, " ".join(short.split()), language, stop_url)
