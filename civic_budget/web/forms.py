"""Forms repeat kindly what the database insists on: shape only, meaning is the service's job.

A form with a stale token keeps all that was typed and says that it must be sent again; a form sent by
the language switch is shown again without being checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from wtforms import Field, IntegerField
from wtforms.i18n import DefaultTranslations
from wtforms.validators import ValidationError

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import read_money
from civic_budget.web.cleaning import MOST
from civic_budget.web.locale import is_language_switch
from civic_budget.web.words import say_number

View = TypeVar("View", bound=Callable[..., Any])
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
        if hasattr(app.view_functions.get(request.endpoint or ""), "is_anonymous"):
            return
        try:
            _csrf.protect()
        except CSRFError:
            g.form_expired = True


def anonymous(view: View) -> View:
    """Mark a view whose deed takes nothing from cookies: it needs no token, since a token is a cookie.

    Whoever makes a visitor's browser send such a form could as well send it themselves.
    """
    view.is_anonymous = True  # type: ignore[attr-defined]
    return view


def sent(name: str) -> str | None:
    """A field of a form that was sent to be acted upon; None when it was not, or its token did not hold.

    For a deed that so many do in one hour that it does without a form's objects.
    """
    if request.method != "POST" or is_language_switch() or g.get("form_expired"):
        return None
    return request.form.get(name)


class _Words(DefaultTranslations):  # type: ignore[misc]
    """Our own sentences in place of those that WTForms brings; it fills the gaps itself."""

    def __init__(self) -> None:
        super().__init__(None)

    def gettext(self, string: str) -> str:
        return str(BUILT_IN.get(string, NOT_UNDERSTOOD))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(BUILT_IN.get(plural, NOT_UNDERSTOOD))


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
        is_right = bool(self.validate(extra_validators))
        return self._fits_columns() and is_right

    def _fits_columns(self) -> bool:
        """Whether each whole number can be kept at all; the sentence stands at its field."""
        too_large = [
            field
            for field in self
            if isinstance(field, IntegerField) and field.data and abs(field.data) > MOST
        ]
        for field in too_large:
            if not field.errors:
                field.errors = [
                    gettext("The largest number here is %(max)s.", max=say_number(MOST))
                ]
        return not too_large

    def was_refused(self) -> bool:
        """Whether there is something for the error summary to say."""
        return bool(self.errors)

    def refuse(self, error: DomainError, words: str) -> None:
        """Put a domain error's sentence at the field that it concerns, or above the form."""
        field = getattr(error, "field", None)
        if field is not None and field in self._fields:
            target: Field = self._fields[field]
            target.errors = [*target.errors, words]
        else:
            self.form_errors = [*self.form_errors, words]


def check_money(_form: Any, field: Field) -> None:
    """A validator: what was typed is an amount of money."""
    try:
        read_money(field.data)
    except ValueError:
        raise ValidationError(str(NO_MONEY)) from None


EXPIRED = lazy_gettext(
    "This page waited too long and its safety token ran out. What you typed is still here: "
    "please send it once more."
)
NO_MONEY = lazy_gettext("Write the amount in złoty, for example 12 500 or 980,50.")
NOT_UNDERSTOOD = lazy_gettext("We could not understand this answer. Please check it.")
REQUIRED = lazy_gettext("Please fill this in.")
NOT_OFFERED = lazy_gettext("Please choose one of the answers that are offered.")
NO_NUMBER = lazy_gettext("Please write a number.")
BUILT_IN = {
    "This field is required.": REQUIRED,
    "Not a valid choice.": NOT_OFFERED,
    "Invalid Choice: could not coerce.": NOT_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": NOT_OFFERED,
    "Not a valid integer value.": NO_NUMBER,
    "Not a valid decimal value.": NO_NUMBER,
    "Not a valid date value.": lazy_gettext("Please write a day that is in the calendar."),
    "Field cannot be longer than %(max)d characters.": lazy_gettext(
        "This is too long. Characters that fit: %(max)d."
    ),
    "Field must be at least %(min)d characters long.": lazy_gettext(
        "This is too short. Characters needed: %(min)d."
    ),
    "Number must be between %(min)s and %(max)s.": lazy_gettext(
        "Please write a number from %(min)s to %(max)s."
    ),
    "Number must be at least %(min)s.": lazy_gettext("The smallest number here is %(min)s."),
    "Number must be at most %(max)s.": lazy_gettext("The largest number here is %(max)s."),
}
