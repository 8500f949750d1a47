"""The shape of asking for news by e-mail. Meaning is the service's job."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from civic_budget.web.forms import Form


class ProposalNewsForm(Form):
    """An address that wants the news of one proposal."""

    contact = StringField(
        _("Your e-mail address"),
        [
            InputRequired(_("Write your e-mail address.")),
            Length(max=254, message=_("Write at most 254 characters.")),
        ],
        description=_("We send a link first: news comes only after you open it."),
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "inputmode": "email",
            "spellcheck": "false",
            "autocapitalize": "off",
        },
    )


class EditionNewsForm(ProposalNewsForm):
    """An address that wants the news of an edition or of one pool."""

    scope = SelectField(_("What about?"))


class PressForm(Form):
    """A press that only needs a token."""
