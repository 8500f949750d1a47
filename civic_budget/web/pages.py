"""What every page has: globals for templates, navigation, security headers, hashed static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from flask import Flask, Response, g, request, url_for
from flask_babel import LazyString
from flask_login import current_user
from werkzeug.local import LocalProxy

from civic_budget.kernel.actor import Role
from civic_budget.kernel.money import say_money
from civic_budget.paths import STATIC
from civic_budget.web import words
from civic_budget.web.current import close_reading, now, settings
from civic_budget.web.locale import OWN_NAMES, locale_code, switch_url

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Waiting:
    """What waits behind a door of the office: how many matters, and the nearest deadline."""

    count: int
    due_at: datetime | None = None


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation; staff places name the roles that see them, and what waits there."""

    label: LazyString
    endpoint: str
    roles: frozenset[Role] = frozenset()
    shown: Callable[[], bool] | None = None
    waiting: Callable[[], Waiting | None] | None = None


@dataclass(frozen=True)
class NavLink:
    """A navigation item as a template sees it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class OfficeDoor:
    """A place of the office on its start page; `waiting` is None where nothing is counted."""

    label: str
    url: str
    waiting: Waiting | None


class HelpLine(Protocol):
    """Where help is: what each page says at its head and foot."""

    @property
    def place(self) -> str:
        """Name and address."""

    @property
    def hours(self) -> str:
        """When somebody is there."""

    @property
    def phone(self) -> str:
        """Whom to call."""

    @property
    def is_near(self) -> bool:
        """Whether the place was chosen for where the reader lives."""


FindHelpLine = Callable[[], HelpLine | None]


def no_help_line() -> None:
    """A house without assistance points."""


def install_pages(
    app: Flask,
    navigation: Sequence[NavItem],
    footer: Sequence[NavItem] = (),
    find_help_line: FindHelpLine = no_help_line,
) -> None:
    """Give templates their globals and responses their headers."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        asset=asset,
        money=say_money,
        day=words.say_day,
        moment=words.say_moment,
        deadline=words.say_deadline,
        number=words.say_number,
        percent=words.say_percent,
        yes_no=words.say_yes_no,
        switch_url=switch_url,
        now=now,
        office_doors=lambda: _office_doors(navigation),
    )
    app.jinja_env.filters["as_moment"] = datetime.fromisoformat
    app.jinja_env.filters["as_day"] = date.fromisoformat
    # Looked up when a page first asks, once a request: letters and fragments do without.
    help_line = LocalProxy(lambda: _help_line(find_help_line))
    app.context_processor(lambda: {**_page_globals(navigation, footer), "help_line": help_line})
    app.after_request(_add_headers)
    app.wsgi_app = answering_safely(app.wsgi_app)  # type: ignore[assignment,method-assign]
    app.teardown_request(lambda _error: close_reading())


def _page_globals(navigation: Sequence[NavItem], footer: Sequence[NavItem]) -> dict[str, Any]:
    chosen = settings()
    signed_in = bool(current_user and current_user.is_authenticated)
    return {
        "lang": locale_code(),
        "languages": [(code, OWN_NAMES[code]) for code in chosen.languages],
        "signed_in": signed_in,
        "viewer": current_user if signed_in else None,
        "nav": [_link(item) for item in navigation if _is_public(item)],
        "office_nav": [_link(item) for item in navigation if signed_in and _is_for_viewer(item)],
        "footer_nav": [_link(item) for item in footer],
        "demo": chosen.is_demo,
    }


def _help_line(find: FindHelpLine) -> HelpLine | None:
    if "help_line" not in g:
        g.help_line = find()
    return cast("HelpLine | None", g.help_line)


def _is_public(item: NavItem) -> bool:
    return not item.roles and (item.shown is None or item.shown())


def _is_for_viewer(item: NavItem) -> bool:
    return bool(item.roles) and not item.roles.isdisjoint(current_user.roles)


def _link(item: NavItem) -> NavLink:
    room = item.endpoint
    return NavLink(str(item.label), url_for(item.endpoint), request.endpoint == room)


def _office_doors(navigation: Sequence[NavItem]) -> list[OfficeDoor]:
    """The viewer's places; each counts only when the start page asks, not on every page."""
    return [
        OfficeDoor(
            str(item.label), url_for(item.endpoint), item.waiting() if item.waiting else None
        )
        for item in navigation
        if _is_for_viewer(item)
    ]


SAFETY = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}
"""Headers of every answer, unless a view set its own."""


def answering_safely(answers: WSGIApplication) -> WSGIApplication:
    """A WSGI application with the headers of SAFETY in every answer.

    They are put in where the answer leaves: through Flask's own headers they cost as much as a cookie each.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def start_safely(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            given = {name for name, _ in headers}
            headers += [header for header in SAFETY.items() if header[0] not in given]
            return start(status, headers, *fault)

        return answers(environ, start_safely)

    return answer


def _add_headers(response: Response) -> Response:
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that it may be cached for ever."""
    return url_for("static", filename=path, v=_digest(path))


@lru_cache
def _digest(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
