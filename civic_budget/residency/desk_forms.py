"""The shapes of the desk's pages; meaning is the service's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.kernel.errors import Conflict
from civic_budget.residency.forms import LONGEST_NAME, AddressForm, NameForm
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.labels import SEX_NAMES
from civic_budget.residency.labels.desk import DOCUMENT_KINDS, VISIT_REASONS
from civic_budget.residency.matching import Document
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES

PRESENT = _("The person stands before me and showed a document with this name and birth date")
LANGUAGES = [SelectChoice(code, OWN_NAMES[code]) for code in ("pl", "en", "uk", "ru")]


class DayForm(Form):
    """A birth date in three boxes."""

    birth_date = StringField(_("Day"), [Optional(), Length(max=2)])
    month = StringField(_("Month"), [Optional(), Length(max=2)])
    year = StringField(_("Year"), [Optional(), Length(max=4)])

    def read_birth_date(self) -> date:
        """The day that was typed; raises Conflict at `birth_date` when there is none such."""
        try:
            return date(int(self.year.data), int(self.month.data), int(self.birth_date.data))
        except (TypeError, ValueError):
            raise Conflict("no_such_day", field="birth_date") from None


class PlaceForm(Form):
    """Where one works today."""

    place = RadioField(
        _("Where do you work today?"), [InputRequired(_("Choose where you work today."))]
    )

    def offer(self, places: Mapping[str, str]) -> None:
        """Set the places to choose from."""
        self.place.choices = [SelectChoice(value, name) for value, name in places.items()]


class AppointmentForm(Form):
    """Who works at which points, from a day to a day."""

    account = SelectField(_("Who"), [InputRequired(_("Choose a member of staff."))])
    points = SelectMultipleField(
        _("Assistance points"),
        [InputRequired(_("Choose at least one assistance point."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    first_on = StringField(
        _("First day"),
        [InputRequired(_("Write the first day.")), Length(max=10)],
        description=_("For example 1.12.2026."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    last_on = StringField(
        _("Last day"),
        [InputRequired(_("Write the last day.")), Length(max=10)],
        description=_("At most 366 days after the first. For example 31.12.2026."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def offer(self, people: Mapping[str, str], points: Mapping[str, str]) -> None:
        """Set the people and points to choose from."""
        self.account.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(value, name) for value, name in people.items()),
        ]
        self.points.choices = [SelectChoice(value, name) for value, name in points.items()]

    def read_points(self) -> list[UUID]:
        """The chosen points."""
        return [UUID(value) for value in self.points.data or ()]

    def read_days(self) -> tuple[date, date]:
        """The first and the last day; raises Conflict `no_such_date` at the field."""
        return read_day(self.first_on.data, "first_on"), read_day(self.last_on.data, "last_on")


class FindForm(DayForm):
    """A whole reference or card number, or a whole name with a birth date; and why."""

    number = StringField(
        _("Reference or card number"),
        [Optional(), Length(max=40)],
        description=_("For example R-7K2M-94QF or K-7K2M-94QF."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    given_names = StringField(
        _("Given names"),
        [Optional(), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    family_name = StringField(
        _("Family name"),
        [Optional(), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = RadioField(
        _("Why is the record opened?"),
        [InputRequired(_("Choose why the record is opened."))],
        choices=[SelectChoice(reason.value, words) for reason, words in VISIT_REASONS.items()],
    )
    present = BooleanField(
        PRESENT, [InputRequired(_("Open a record only while the person stands before you."))]
    )


class ApplicationForm(NameForm, DayForm, AddressForm):
    """An application that a desk takes down."""

    district = SelectField(
        _("District, only for a home that is not in the street list"),
        [Optional()],
        validate_choice=False,
        description=_(
            "A missing street, a hostel, a shelter, a barge: write above where it is, as a letter "
            "carrier would need it, and choose the district."
        ),
    )
    sex = RadioField(
        _("Sex"),
        [Optional()],
        choices=[SelectChoice("", _("Rather not say"))]
        + [SelectChoice(sex.value, words) for sex, words in SEX_NAMES.items()],
        default="",
    )
    language = RadioField(
        _("Language of letters and messages"), [InputRequired()], choices=LANGUAGES, default="pl"
    )
    document_kind = SelectField(
        _("Document shown"),
        [Optional()],
        choices=[SelectChoice(code, words) for code, words in DOCUMENT_KINDS.items()],
    )
    document_country = StringField(
        _("Issuing country"),
        [Optional(), Length(max=3)],
        description=_("Three letters from the document, for example UKR."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    document_number = StringField(
        _("Document number"),
        [Optional(), Length(max=40)],
        description=_(
            "Only to see whether somebody is registered twice: it is turned into a keyed "
            "fingerprint at once and not kept."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    present = BooleanField(
        PRESENT, [InputRequired(_("Register only somebody who stands before you."))]
    )

    def offer_districts(self, names: Mapping[int, str]) -> None:
        """Set the districts to choose from."""
        options = [SelectChoice(str(number), name) for number, name in names.items()]
        self.district.choices = [SelectChoice("", "–"), *options]

    def read_identity(self) -> Identity:
        """Who stands there."""
        return Identity(
            given_names=_squeeze(self.given_names.data),
            family_name=_squeeze(self.family_name.data),
            born_on=self.read_birth_date(),
            original_name=_squeeze(self.original_name.data),
            patronymic=_squeeze(self.patronymic.data),
        )

    def read_address(self) -> HomeAddress:
        """Where the person lives; with a district when the list does not know the place."""
        chosen = self.district.data or ""
        return HomeAddress(
            district=int(chosen) if chosen.isdigit() else None,
            street=_squeeze(self.street.data),
            house=_squeeze(self.house.data),
            flat=_squeeze(self.flat.data),
            postcode=_squeeze(self.postcode.data),
        )

    def read_document(self) -> Document | None:
        """The document shown, if its number was typed."""
        number = _squeeze(self.document_number.data)
        if not number or not self.document_kind.data:
            return None
        country = _squeeze(self.document_country.data).upper()
        return Document(self.document_kind.data, country, number)


class ReferenceForm(Form):
    """A case's whole reference."""

    reference = StringField(
        _("Reference of the case"),
        [InputRequired(_("Write the reference.")), Length(max=40)],
        description=_("For example R-7K2M-94QF."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ProofSeenForm(Form):
    """Which document was seen."""

    kind = SelectField(_("Which document did you see?"))
    document_on = StringField(
        _("Day on the document"),
        [Optional(), Length(max=10)],
        description=_("For example 31.12.2026. Leave it empty if there is none."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def offer(self, names: Mapping[str, str]) -> None:
        """Set the kinds of proof that the city accepts now."""
        self.kind.choices = [SelectChoice(code, words) for code, words in names.items()]

    def read_day(self) -> date | None:
        """The day that was typed; raises Conflict at `document_on`."""
        said = (self.document_on.data or "").strip()
        return read_day(said, "document_on") if said else None


class CardForm(Form):
    """In which language a card is printed."""

    language = RadioField(_("Language of the card"), [InputRequired()], choices=LANGUAGES)


class RenewForm(CardForm):
    """New access, and whether the old contact is lost too."""

    drop_contacts = BooleanField(
        _("The old e-mail or phone is lost too: remove it from the account")
    )


class ContactAtDeskForm(Form):
    """A contact that the person gives at the desk; a code goes there at once."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(_("Write an e-mail address or phone number.")), Length(max=254)],
        description=_("A code goes there now; the person reads it to you."),
        render_kw={"autocomplete": "off"},
    )


class ContactCodeForm(Form):
    """The code that the person reads out."""

    code = StringField(
        _("Code from the message"),
        [InputRequired(_("Write the code.")), Length(max=20)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


def _squeeze(words: str | None) -> str:
    return " ".join((words or "").split())


class LetterCodeForm(Form):
    """The code of a letter that arrived."""

    code = StringField(
        _("Code from the letter"),
        [InputRequired(_("Write the code.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


class RegisterForm(Form):
    """Which register may be asked."""

    register = RadioField(
        _("Which list may we ask?"), [InputRequired(_("Choose one of the lists on this page."))]
    )


def read_day(said: str | None, field: str) -> date:
    """A day that was typed as 31.12.2026; raises Conflict `no_such_date` at the field."""
    try:
        day, month, year = (int(part) for part in (said or "").strip().split("."))
        return date(year, month, day)
    except ValueError:
        raise Conflict("no_such_date", field=field) from None
