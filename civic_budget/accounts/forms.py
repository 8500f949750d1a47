"""The shapes of sign-up, sign-in and codes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from civic_budget.web.forms import Form

CONTACT_MISSING = _("Write your e-mail address or phone number.")


class SignUpForm(Form):
    """A contact and a password."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        description=_("We send you a code, and later only messages about your own matters."),
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )
    password = PasswordField(
        _("Choose a password"),
        [InputRequired(_("Choose a password.")), Length(max=200)],
        description=_("At least 10 characters. Three words that you can remember are a good one."),
        render_kw={"autocomplete": "new-password"},
    )


class CodeForm(Form):
    """A code that came by message or is printed on a sheet."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )


class SignInForm(Form):
    """A contact and its password."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Write your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class RecoveryForm(Form):
    """The contact of a forgotten password."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(CodeForm):
    """The code and a new password."""

    password = PasswordField(
        _("New password"),
        [InputRequired(_("Choose a password.")), Length(max=200)],
        description=_("At least 10 characters. Three words that you can remember are a good one."),
        render_kw={"autocomplete": "new-password"},
    )
