"""Languages live in the address: `/uk/…`. Picks, switches and names them."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from werkzeug.routing import BuildError

from civic_budget.config import Settings
from civic_budget.paths import TRANSLATIONS
from civic_budget.web.access import Audience, access

CONTENT_LANGUAGES = ("pl", "en", "uk", "ru")
"""The languages in which the office writes, Polish first; the pseudo-language of the tests is none."""

OWN_NAMES = {
    "pl": "Polski",
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "eo": "Pseudo",
}
COOKIE = "language"


def install_locale(app: Flask, settings: Settings) -> None:
    """Take the language out of every address and put it into every link."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Warsaw"
    Babel(app, default_locale="pl", locale_selector=current_language)

    @app.url_value_preprocessor
    def pull_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values is not None and "lang" in values:
            g.language = values.pop("lang")

    @app.url_defaults
    def push_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language()

    @app.get("/")
    @access(Audience.PUBLIC)
    def front_door() -> ResponseReturnValue:
        return redirect(url_for("editions.home", lang=preferred_language(settings)))

    @app.after_request
    def remember(response: Any) -> Any:
        if "language" in g and request.cookies.get(COOKIE) != g.language and request.endpoint:
            response.set_cookie(
                COOKIE,
                g.language,
                max_age=31_536_000,
                samesite="Lax",
                secure=request.is_secure,
                httponly=True,
            )
        return response


def current_language() -> str:
    """The language of this request's address, else the visitor's preferred one."""
    from civic_budget.web.current import settings

    chosen = settings()
    said = g.get("language") or _language_of_path(chosen)
    return said or preferred_language(chosen)


def _language_of_path(chosen: Settings) -> str | None:
    """The language that an address begins with, even one that leads nowhere (its 404 speaks it)."""
    first = request.path.strip("/").partition("/")[0]
    return first if first in chosen.languages else None


def preferred_language(settings: Settings) -> str:
    """The saved preference, else Accept-Language, else Polish."""
    saved = request.cookies.get(COOKIE, "")
    if saved in settings.languages:
        return saved
    return request.accept_languages.best_match(settings.languages) or "pl"


def switch_url(language: str) -> str:
    """This same page in another language."""
    if request.endpoint is None:
        return url_for("editions.home", lang=language)
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
    values["lang"] = language
    try:
        return url_for(request.endpoint, **values)
    except BuildError:
        return url_for("editions.home", lang=language)


def is_language_switch() -> bool:
    """Whether a form was sent only in order to see it in another language."""
    return "_language" in request.form


def locale_code() -> str:
    """The code of the language in which this page speaks."""
    locale = get_locale()
    return locale.language if locale else "pl"
