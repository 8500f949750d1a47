"""The shapes of the residence questions and of officers' decisions; meaning is the service's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.kernel.errors import Conflict
from civic_budget.web.forms import Form

LONGEST_NAME = 120
LONGEST_WORDS = 2000


class NameForm(Form):
    """Names as in the document, and other forms of them."""

    given_names = StringField(
        _("Given names"),
        [
            InputRequired(_("Write your given names as they are in your document.")),
            Length(max=LONGEST_NAME),
        ],
        description=_("In Latin letters, as in the passport or identity card."),
        render_kw={"autocomplete": "given-name", "spellcheck": "false"},
    )
    family_name = StringField(
        _("Family name"),
        [Optional(), Length(max=LONGEST_NAME)],
        description=_("Leave it empty if your document has only one name."),
        render_kw={"autocomplete": "family-name", "spellcheck": "false"},
    )
    original_name = StringField(
        _("Your name in its own script"),
        [Optional(), Length(max=LONGEST_NAME)],
        description=_("For example Олена Коваленко. We use it when we write to you."),
        render_kw={"spellcheck": "false"},
    )
    patronymic = StringField(_("Patronymic"), [Optional(), Length(max=LONGEST_NAME)])


class BirthDateForm(Form):
    """A day in three boxes."""

    birth_date = StringField(_("Day"), [Length(max=2)])
    month = StringField(_("Month"), [Length(max=2)])
    year = StringField(_("Year"), [Length(max=4)])

    def read(self) -> date:
        """The day that was typed; raises Conflict at `birth_date` when there is none such."""
        try:
            return date(int(self.year.data), int(self.month.data), int(self.birth_date.data))
        except (TypeError, ValueError):
            raise Conflict("no_such_day", field="birth_date") from None


class SexForm(Form):
    """An optional answer."""

    sex = RadioField(_("Sex"), [Optional()], validate_choice=False)


class AddressForm(Form):
    """A home: a street with a house, or a place with a name."""

    street = StringField(
        _("Street or place"),
        [InputRequired(_("Write the street, or the name of the place.")), Length(max=120)],
        description=_(
            "Begin to type and choose from the list. A hall of residence, hostel or shelter is in "
            "the list by its name."
        ),
        render_kw={"autocomplete": "off", "list": "streets", "spellcheck": "false"},
    )
    house = StringField(
        _("House number"),
        [Optional(), Length(max=12)],
        description=_("Leave it empty for a place with a name."),
    )
    flat = StringField(_("Flat"), [Optional(), Length(max=12)])
    postcode = StringField(
        _("Postcode"), [Optional(), Length(max=10)], render_kw={"autocomplete": "postal-code"}
    )


class HomeForm(AddressForm):
    """A home; with its district where the street list leaves it open."""

    district = RadioField(_("In which district is your home?"), validate_choice=False, choices=[])

    def offer_districts(self, names: Mapping[int, str]) -> None:
        """Set the districts to choose from; none where the list knows it."""
        self.district.choices = [SelectChoice(str(number), name) for number, name in names.items()]

    def read_district(self) -> int | None:
        """The district that was chosen among those offered."""
        known = {choice.value for choice in self.district.choices}
        return int(self.district.data) if self.district.data in known else None


class ProofForm(Form):
    """By statement or by document."""

    road = RadioField(
        _("How would you like to show that you live in Kraków?"),
        [InputRequired(_("Choose one of the ways on this page."))],
        choices=[
            SelectChoice("statement", _("I sign a statement")),
            SelectChoice("document", _("I send a document")),
            SelectChoice("letter", _("I get a letter with a code")),
        ],
    )


class StatementForm(Form):
    """A typed name as a signature."""

    signature = StringField(
        _("Your given names and family name"),
        [InputRequired(_("Type your name to sign.")), Length(max=2 * LONGEST_NAME)],
        render_kw={"autocomplete": "name", "spellcheck": "false"},
    )


class DocumentForm(Form):
    """One document: what it is, and its file."""

    kind = RadioField(
        _("What kind of document is it?"),
        [InputRequired(_("Choose what kind of document this is."))],
    )
    file = FileField(
        _("The file"),
        [FileRequired(_("Choose a file."))],
        description=_(
            "A PDF or a picture (JPEG, PNG, HEIC, WebP), at most 10 MB. You can take the picture now."
        ),
    )


class CitizenshipForm(Form):
    """Several citizenships, or none at all."""

    codes = StringField(
        _("Country"),
        [Optional(), Length(max=80)],
        description=_("Begin to type and choose from the list, then add the next one if you like."),
        render_kw={"list": "countries", "autocomplete": "off", "spellcheck": "false"},
    )


class WordsForm(Form):
    """Something that a person tells the office."""

    words = TextAreaField(
        _("Your message to the office"),
        [Optional(), Length(max=LONGEST_WORDS)],
        description=_("In any of the four languages."),
    )


class EmptyForm(Form):
    """A button."""


class IrrevocableForm(Form):
    """A deed that nobody can undo: the password shows that it is the owner who asks."""

    current = PasswordField(
        _("Your password"),
        [Optional(), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class EraseForm(IrrevocableForm):
    """The one deed that can't be taken back is agreed to by a box."""

    sure = BooleanField(
        _("Yes, erase my data and close my account"),
        [InputRequired(_("Tick the box if you are sure."))],
    )


class ChecklistForm(Form):
    """What an officer looked at before confirming."""

    points = SelectMultipleField(
        _("Checklist"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class SentenceForm(Form):
    """A sentence for the person, in their language, drafted from the reason."""

    sentence = TextAreaField(
        _("What the person will read"),
        [InputRequired(_("Write to the person what it is about.")), Length(max=LONGEST_WORDS)],
    )
