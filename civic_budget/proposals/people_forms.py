"""The shapes of pages about the people and files behind a proposal. Meaning is the service's job."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FileField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from civic_budget.proposals.forms import MOST_TYPED
from civic_budget.web.forms import Form


class InviteForm(Form):
    """Whom to invite to write together."""

    contact = StringField(
        _("E-mail address of the person"),
        [InputRequired(_("Write the e-mail address of the person.")), Length(max=254)],
        description=_("We send them a link that works once, for 14 days. They need an account."),
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )


class NameForm(Form):
    """The name to show with the proposal, if any."""

    name = StringField(
        _("Name to show with the proposal"),
        [Optional(), Length(max=120, message=_("Write at most 120 characters."))],
        description=_("Leave it empty and nobody is named. You can change this at any time."),
        render_kw={"autocomplete": "name"},
    )


class ListFileForm(Form):
    """A scan or photo of a signed list."""

    file = FileField(
        _("Scan or photo of the signed list"),
        description=_("PDF or picture, up to 10 MB. Several pages fit in one PDF."),
    )

    def validate_file(self, field: Any) -> None:
        """A file must have been chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError(str(_("Choose a file.")))


class PictureForm(ListFileForm):
    """A picture, and what is seen in it."""

    file = FileField(
        _("Picture"), description=_("JPEG, PNG, HEIC or WebP, up to 10 MB. Show no faces.")
    )
    alt = TextAreaField(
        _("What is seen in the picture?"),
        [MOST_TYPED],
        description=_("One sentence for people who do not see it, 10 to 300 characters."),
    )


class AttachmentForm(ListFileForm):
    """A document, its title, and who may read it."""

    file = FileField(
        _("Document"), description=_("PDF or picture, up to 10 MB. It is turned into a plain PDF.")
    )
    title = StringField(
        _("What is it?"), [Length(max=120, message=_("Write at most 120 characters."))]
    )
    seen_by = RadioField(
        _("Who may read it?"),
        [InputRequired(_("Choose who may read it."))],
        choices=[
            SelectChoice("everybody", _("Everybody, with the proposal")),
            SelectChoice("office", _("Only the office and the authors")),
        ],
    )


class CountForm(Form):
    """How many valid signatures an officer found."""

    counted = IntegerField(
        _("Valid signatures"),
        [InputRequired(_("Write how many valid signatures the list has."))],
        description=_(
            "Readable name and address in Kraków (in the district for a district proposal), signed."
        ),
        render_kw={"inputmode": "numeric"},
    )


class PaperCountForm(CountForm):
    """A list that was handed in on paper."""

    reference = StringField(
        _("Reference of the proposal"),
        [InputRequired(_("Write the reference, for example BO.D8.3/26."))],
        render_kw={"spellcheck": "false"},
    )
