"""Error pages in the reader's language: what happened and what to do next."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, current_app, render_template
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from civic_budget.kernel.errors import DomainError, NotAllowed, NotFound
from civic_budget.web.current import close_reading
from civic_budget.web.forms import EXPIRED
from civic_budget.web.locale import locale_code

Answer = tuple[str, int]


def install_errors(app: Flask) -> None:
    """Every error gets a page of its own, in the house's layout."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(NotAllowed, lambda _error: _page(403))
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(OperationalError, _database_gone)


def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code) if error.code < 500 else _fault(error.code)


def _database_gone(_error: OperationalError) -> tuple[str, int, dict[str, str]]:
    """The database does not answer or stays locked: it is tried again soon, so the browser may too."""
    current_app.logger.exception("The database does not answer")
    return (*_fault(503), {"Retry-After": "60"})


def _fault(code: int) -> Answer:
    """A page that asks nothing of the database: it may be what failed."""
    with suppress(SQLAlchemyError):
        close_reading()
    title, hint = OUR_FAULT
    page = current_app.jinja_env.get_template("layouts/fault.html").render(
        code=code, lang=locale_code(), error_title=str(title), hint=str(hint)
    )
    return page, code


def _domain(error: DomainError) -> Answer:
    if error.code == "form_expired":
        return _page(400, str(EXPIRED))
    return _page(409)


def _page(code: int, text: str | None = None) -> Answer:
    title, hint = WORDS.get(code, BAD_REQUEST)
    page = render_template(
        "layouts/error.html", code=code, error_title=str(title), hint=text or str(hint)
    )
    return page, code


WORDS = {
    403: (
        _("This page is not open to you"),
        _(
            "Your account has no access to it. If you think it should, ask the office that gave "
            "you the account."
        ),
    ),
    404: (
        _("There is no such page"),
        _("The address may be mistyped, or the page has moved. Start from the front page."),
    ),
    409: (
        _("Somebody was quicker"),
        _(
            "The matter has changed in the meantime, so nothing was saved. Go back, look at its "
            "present state and decide again."
        ),
    ),
    413: (
        _("The file is too large"),
        _("A file may have at most 10 MB. Take a smaller picture or split the document."),
    ),
    429: (
        _("Too many tries"),
        _("Please wait a few minutes and try again. This protects accounts from guessing."),
    ),
}
BAD_REQUEST = (
    _("We could not read this request"),
    _("Please go back, reload the page and try again."),
)
OUR_FAULT = (
    _("Something went wrong on our side"),
    _("Nothing was lost that you had already saved. Please try again in a few minutes."),
)
