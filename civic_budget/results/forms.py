"""The shapes of the commission's forms on results."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from civic_budget.web.forms import Form


class DrawForm(Form):
    """What the announced public event gave, and where anybody can look it up."""

    seed = StringField(
        _("What the event gave"),
        [
            InputRequired(_("Write what the event gave, exactly as it was published.")),
            Length(max=500),
        ],
        description=_("For example the winning numbers, in the order of their publication."),
    )
    source = StringField(
        _("Where it can be looked up"),
        [
            InputRequired(_("Say where anybody can look the outcome of the event up.")),
            Length(max=500),
        ],
    )


class PublishForm(Form):
    """A press that only needs a token."""
