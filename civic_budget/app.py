"""`create_app()` puts the house together, in named steps that read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from civic_budget import wiring
from civic_budget.accounts.views import CurrentUser, load_current_user
from civic_budget.config import Settings, from_environment
from civic_budget.paths import STATIC, TEMPLATES
from civic_budget.residency.city_account import open_city_account
from civic_budget.storage.db import Database
from civic_budget.storage.installation import check_installation, check_known_installation
from civic_budget.voting.service import check_round_secrets
from civic_budget.web.access import guard_doors
from civic_budget.web.cleaning import install_cleaning
from civic_budget.web.current import now
from civic_budget.web.errors import install_errors
from civic_budget.web.forms import install_csrf
from civic_budget.web.locale import install_locale
from civic_budget.web.pages import install_pages

UPLOAD_LIMIT = 11 * 1024 * 1024


class Platform(Flask):
    """Flask in which every view and hook is an ordinary function: no request asks each whether it is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


class OnceKeyedSessions(SecureCookieSessionInterface):
    """Flask's session in a signed cookie; what signs it is made once, not for each request."""

    def __init__(self, app: Flask) -> None:
        self._signing = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie of the application for which this was made."""
        return self._signing


def create_app(
    settings: Settings | None = None, *, clock: Callable[[], datetime] | None = None
) -> Flask:
    """The web application. Raises BadSettings when the environment contradicts itself."""
    settings = settings or from_environment()
    app = Platform("civic_budget", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    configure(app, settings, clock)
    install_cleaning(app)
    install_locale(app, settings)
    install_sign_in(app)
    install_csrf(app)
    guard_doors(app)
    install_pages(app, wiring.NAVIGATION, wiring.FOOTER, wiring.find_help_line)
    install_errors(app)
    mount_rooms(app, settings)
    trust_proxies(app, settings)
    serve_static_files(app)
    check_before_first_request(app, settings)
    return app


def configure(app: Flask, settings: Settings, clock: Callable[[], datetime] | None) -> None:
    """Settings, database and clock become extensions; the session cookie is signed and strict."""
    furnish(app, settings, clock)
    app.config.update(
        SECRET_KEY=settings.keyring.key("session"),
        SESSION_COOKIE_NAME="civic_budget",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        TESTING=settings.testing,
        # Jinja's own i18n with named gaps: a translation can't break a page.
        BABEL_DOMAIN="messages",
    )
    app.session_interface = OnceKeyedSessions(app)
    app.json.sort_keys = True  # type: ignore[attr-defined]


def furnish(app: Flask, settings: Settings, clock: Callable[[], datetime] | None) -> None:
    """Put in what differs between installations: all else of an application is the same everywhere."""
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(
        settings.database_url, settings.keyring, wiring.SUBSCRIPTIONS, settings.instance
    )
    app.extensions["evidence_judges"] = wiring.EVIDENCE_JUDGES
    app.extensions["city_account"] = open_city_account(settings)
    app.extensions["copy_parts"] = wiring.COPY_PARTS
    if clock is not None:
        app.extensions["clock"] = clock


def install_sign_in(app: Flask) -> None:
    """Flask-Login knows sessions by their random id, and nothing else."""
    login = LoginManager()
    login.session_protection = None
    login.init_app(app)

    @login.user_loader  # type: ignore[untyped-decorator]
    def load(sign_in_id: str) -> CurrentUser | None:
        loader = wiring.SIGN_IN_LOADERS.get(request.endpoint or "", load_current_user)
        return loader(UUID(sign_in_id), at=now())


def mount_rooms(app: Flask, settings: Settings) -> None:
    """Every room's pages under the language's prefix; open data at addresses that have none."""
    codes = ",".join(settings.languages)
    for blueprint in wiring.BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=f"/<any({codes}):lang>")
    for blueprint in wiring.OPEN_DATA_BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.is_demo:
        for blueprint in wiring.DEMO_BLUEPRINTS:
            app.register_blueprint(blueprint)


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe as many reverse proxies about the visitor's address and TLS as the operator declared."""
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )


def serve_static_files(app: Flask) -> None:
    """Static files go out before Flask is asked, with a year's cache (their address has their hash)."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(STATIC), prefix="static/", max_age=31_536_000
    )


def check_before_first_request(app: Flask, settings: Settings) -> None:
    """Refuse to serve a database that belongs to another mode or pepper."""
    checked: list[bool] = []

    @app.before_request
    def check() -> None:
        if not checked:
            check_installation(app.extensions["database"], settings)
            checked.append(True)


def check_stamp(app: Flask) -> None:
    """Refuse at start a stamped database of another mode or pepper; raises BadSettings."""
    check_known_installation(app.extensions["database"], app.extensions["settings"])


def check_rounds(app: Flask) -> None:
    """Refuse at start to serve a running round whose secrets are not on this machine; raises BadSettings."""
    settings: Settings = app.extensions["settings"]
    database: Database = app.extensions["database"]
    file = database.engine.url.database
    if database.engine.dialect.name != "sqlite" or (file and Path(file).exists()):
        check_round_secrets(database, settings.round_keys)
