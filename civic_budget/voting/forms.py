"""The shapes of the voter's, the commission's and the board's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from civic_budget.web.forms import Form


class BeginForm(Form):
    """For whom, and the secret that the voter's browser drew (empty without JavaScript)."""

    voter = HiddenField()
    nonce = HiddenField()


class MarkForm(Form):
    """One press on a list: exactly one of these names a project."""

    add = HiddenField()
    remove = HiddenField()
    up = HiddenField()
    down = HiddenField()


class CastForm(Form):
    """The press on "cast"; `shown` names the choice that the page showed."""

    shown = HiddenField()


class ForgetForm(Form):
    """A press that only needs a token."""


class LookUpForm(Form):
    """A control code to look up on the board."""

    code = StringField(
        _("Control code"),
        [InputRequired(_("Write the control code.")), Length(max=40)],
        description=_("Twelve letters and digits, for example K7Q2-9FMD-4TXA."),
    )
