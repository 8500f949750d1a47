"""The shapes of pages about homes without a street, contested districts, signatures and children."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from civic_budget.residency.forms import IrrevocableForm
from civic_budget.residency.guardian_rules import GUARDIAN_PROOFS
from civic_budget.residency.labels.guardians import PAPER_NAMES
from civic_budget.web.forms import Form


class PlaceForm(Form):
    """A home without a street of the list, in one's own words."""

    description = TextAreaField(
        _("Where is it?"),
        [InputRequired(_("Describe the place in a sentence or two.")), Length(max=400)],
        description=_(
            "For example: “the hostel behind the tram depot, room 12” or “garden house, allotments "
            "at the end of the bus line 137”. Write what a letter carrier would need."
        ),
    )
    district = SelectField(
        _("District"),
        [InputRequired(_("Choose the district."))],
        coerce=int,
        validate_choice=False,
    )


class ContestForm(Form):
    """Which district is right, and why."""

    district = SelectField(_("In which district do you live?"), coerce=int, validate_choice=False)
    reason = TextAreaField(
        _("Why is it so?"),
        [InputRequired(_("Write in a sentence why the list is wrong.")), Length(max=1000)],
        description=_("For example: the entrance of the house is in the other street."),
    )


class SigningCodeForm(Form):
    """The code that stands for a signature, or for a deed that nobody can undo."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )

    @property
    def digits(self) -> str:
        """The code without the spaces that somebody put between its digits."""
        return "".join((self.code.data or "").split())


class LinesForm(Form):
    """The machine-readable lines of a document, as they are printed."""

    lines = TextAreaField(
        _("The lines with the signs “<<<”"),
        [InputRequired(_("Type the lines as they are printed, each on a line of its own."))],
        description=_(
            "Two lines of 44 signs in a passport, three lines of 30 on a card. Capital letters, "
            "digits and “<”; spaces do not matter."
        ),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "translate": "no",
            "rows": "3",
        },
    )


class ChildForm(Form):
    """How a guardian will show that the child is theirs."""

    proof = RadioField(
        _("How will you show that you are the child’s guardian?"),
        [InputRequired(_("Choose one of the papers."))],
        choices=[SelectChoice(code, PAPER_NAMES[code]) for code in GUARDIAN_PROOFS],
    )


class HandOverForm(Form):
    """The young person's own contact."""

    contact = StringField(
        _("The young person’s own e-mail address or phone number"),
        [
            InputRequired(_("Write the young person’s e-mail address or phone number.")),
            Length(max=254),
        ],
        description=_("One that only they read. We send a code there; they tell it to you."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class EraseChildForm(IrrevocableForm):
    """A child's record is erased for good: agreed to by a box."""

    sure = BooleanField(
        _("Yes, erase the child’s record"), [InputRequired(_("Tick the box if you are sure."))]
    )
