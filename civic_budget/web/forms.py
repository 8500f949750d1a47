"""Forms repeat kindly what the database insists on: shape only, meaning is the service's job.

A form with a stale token keeps all that was typed and says that it must be sent again; a form sent by
the language switch is shown again without being checked.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from wtforms import Field
from wtforms.i18n import DefaultTranslations

from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.web.locale import is_language_switch

_csrf = CSRFProtect()


def install_csrf(app: Flask) -> None:
    """Check the token of every unsafe request; a failure is remembered, not thrown (see `writing`)."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_FIELD_NAME"] = "csrf_token"
    _csrf.init_app(app)

    @app.before_request
    def check_token() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        try:
            _csrf.protect()
        except CSRFError:
            g.form_expired = True


class _Words(DefaultTranslations):  # type: ignore[misc]
    """WTForms' own sentences through our catalogues."""

    def __init__(self) -> None:
        super().__init__(None)

    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        from flask_babel import ngettext

        return str(ngettext(singular, plural, n))


class Form(FlaskForm):  # type: ignore[misc]
    """The base of all forms here: understands the language switch, expired tokens and domain errors."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """The token is checked once for the whole request, not by each form."""

        csrf = False

        def get_translations(self, form: Any) -> _Words:
            """Our own catalogues translate WTForms' sentences."""
            return _Words()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """True when the form was sent to be acted upon and its shape is right."""
        if not self.is_submitted() or is_language_switch():
            return False
        if g.get("form_expired"):
            self.form_errors = [EXPIRED]
            return False
        return bool(self.validate(extra_validators))

    def was_refused(self) -> bool:
        """Whether there is something for the error summary to say."""
        return bool(self.errors)

    def refuse(self, error: DomainError, words: str) -> None:
        """Put a domain error's sentence at the field that it concerns, or above the form."""
        field = getattr(error, "field", None) if isinstance(error, Conflict) else None
        if field is not None and field in self._fields:
            target: Field = self._fields[field]
            target.errors = [*target.errors, words]
        else:
            self.form_errors = [*self.form_errors, words]


EXPIRED = lazy_gettext(
    "This page waited too long and its safety token ran out. What you typed is still here: "
    "please send it once more."
)
