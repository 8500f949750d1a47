"""The shapes of the commission's and the clerks' forms."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.web.forms import Form

WHEN = "%Y-%m-%dT%H:%M"
_LONG = Length(max=1000)


def city_moment(typed: datetime) -> datetime:
    """What a person typed, on the city's clock."""
    return typed.replace(tzinfo=CITY_ZONE)


class ExtendForm(Form):
    """The new closing time and the outage that asks for it."""

    closes_at = DateTimeLocalField(
        _("The vote closes"), [InputRequired(_("Write the new closing time."))], format=WHEN
    )
    note = TextAreaField(
        _("What the outage was, and how long it lasted"),
        [InputRequired(_("Write what the outage was and how long it lasted.")), _LONG],
        description=_("This sentence is public."),
    )
    is_sure = BooleanField(
        _("I have checked day and hour: the time cannot be moved back"),
        [InputRequired(_("Confirm that you know this."))],
    )


class ActForm(Form):
    """An act that annuls the round or one list of it."""

    scope = SelectField(_("What is annulled"))
    act = StringField(
        _("Act: number, day, who issued it"),
        [
            InputRequired(_("Write which act decides it: its number, its day, who issued it.")),
            Length(max=200),
        ],
    )
    note = TextAreaField(
        _("Why"), [InputRequired(_("Write the reason; it becomes public.")), _LONG]
    )
    is_sure = BooleanField(
        _("I know that this cannot be undone"), [InputRequired(_("Confirm that you know this."))]
    )


class FinishForm(Form):
    """Until when appeals may come."""

    keep_until = DateTimeLocalField(
        _("End of all appeals"),
        [InputRequired(_("Write when the last appeal may come."))],
        format=WHEN,
        description=_("Until then envelopes and keys are kept, afterwards they are destroyed."),
    )
    is_sure = BooleanField(
        _("I know that this cannot be undone"), [InputRequired(_("Confirm that you know this."))]
    )


class ReasonForm(Form):
    """A reason for the public protocol."""

    note = TextAreaField(
        _("Why"),
        [InputRequired(_("Write the reason; it becomes public.")), _LONG],
        description=_("This sentence is public."),
    )


class SureForm(Form):
    """A press that cannot be undone."""

    is_sure = BooleanField(
        _("I know that this cannot be undone"), [InputRequired(_("Confirm that you know this."))]
    )


class TagForm(Form):
    """One envelope, and what to do with it."""

    tag = HiddenField()
    answer = HiddenField()


class ReturnForm(Form):
    """Whose vote is given back, by the number of their case."""

    reference = StringField(
        _("Number of the residence case"),
        [InputRequired(_("Write the case number.")), Length(max=40)],
    )
    note = TextAreaField(
        _("What the person says"),
        [InputRequired(_("Write the reason.")), _LONG],
        id="return_note",
        description=_("Kept until the round is final; seen by the commission only."),
    )


class SampleForm(Form):
    """The draw of the voters who are met in person."""

    number = IntegerField(
        _("How many voters"),
        [InputRequired(_("Write a number from 1 upwards.")), NumberRange(1, 1000)],
    )
    seed = StringField(
        _("What the public event gave"),
        [InputRequired(_("Write what the public event gave.")), Length(max=200)],
        description=_("For example the numbers of a lottery that was drawn after the closing."),
    )
    source = StringField(
        _("Which event, and when"),
        [InputRequired(_("Write which public event it was, and when.")), Length(max=200)],
    )


class SampledForm(Form):
    """What a voter of the sample said."""

    tag = HiddenField()
    result = HiddenField()


class ObjectionForm(Form):
    """Why a vote that was taken out should count."""

    person = HiddenField()
    words = TextAreaField(
        _("Why the vote should count"),
        [InputRequired(_("Write why the vote is yours and should count.")), _LONG],
        description=_("Do not write what you voted for."),
    )


class PointForm(Form):
    """A point where people vote on paper."""

    code = SelectField(_("Point"))
    kind = RadioField(
        _("How slips come in"),
        choices=[
            SelectChoice(
                "online", _("The point has a network: people are registered before they get a card")
            ),
            SelectChoice("offline", _("No network: slips are keyed afterwards")),
            SelectChoice(
                "home", _("Home visits: two clerks bring card and urn, slips are keyed afterwards")
            ),
        ],
        default="online",
    )


class BatchForm(Form):
    """A new batch of a point and district."""

    point = SelectField(_("Point"), id="batch_point")
    scope = SelectField(_("District"), id="batch_scope")


class SlipForm(Form):
    """The person whom a slip names, by the number of their residence case."""

    person = StringField(
        _("Number of the residence case"),
        [InputRequired(_("Write the case number.")), Length(max=40)],
        description=_("It stands on the person's confirmation."),
    )


class CardForm(Form):
    """What a card says: its number, and the ballot numbers of the marked projects in their order."""

    serial = StringField(
        _("Number of the card"),
        [InputRequired(_("Write the number of the card.")), Length(max=40)],
        description=_("Sixteen letters and digits, beside the QR code at the top of the card."),
    )


class SpoilForm(Form):
    """A card that a voter spoiled."""

    serial = StringField(
        _("Number of the card"),
        [InputRequired(_("Write the number of the card.")), Length(max=40)],
        id="spoiled_serial",
    )


class PrintForm(Form):
    """How many cards of which district to print."""

    scope = SelectField(_("District"), id="card_scope")
    number = IntegerField(
        _("How many cards"),
        [InputRequired(_("Write a number from 1 upwards.")), NumberRange(1, 500)],
        default=20,
    )
    language = RadioField(_("Second language on the card"), default="en")


class InvalidForm(Form):
    """Cards that are no vote."""

    reason = SelectField(_("Why they are no vote"))
    number = IntegerField(
        _("How many"), [InputRequired(_("Write a number from 1 upwards.")), NumberRange(1, 500)]
    )


class CorrectForm(Form):
    """The right number in place of a mistyped one; `was` is what the page showed."""

    number = IntegerField(
        _("Right number of cards"),
        [
            InputRequired(_("Write a number; 0 when there is none.")),
            NumberRange(0, 500, _("Write a whole number from 0 to 500.")),
        ],
        description=_(
            "All cards with this reason together, not what is to be added or taken away."
        ),
    )
    was = HiddenField()


class MissingForm(Form):
    """Slips without a card, and why."""

    absent = IntegerField(
        _("Slips without a card"),
        [InputRequired(_("Write a number; 0 when there is none.")), NumberRange(0, 500)],
        description=_("A voter signed the slip and put no card into the urn."),
    )
    note = TextAreaField(
        _("Why"), [InputRequired(_("Write the reason; it becomes public.")), _LONG]
    )


class JoinForm(Form):
    """Another batch of the district whose cards are mixed in."""

    other = SelectField(_("Batch to mix in"))


class ReconcileForm(Form):
    """The sum and the number of the protocol."""

    missing = IntegerField(
        _("Slips without a card"),
        [InputRequired(_("Write a number; 0 when there is none.")), NumberRange(0, 500)],
        default=0,
        description=_("A voter signed the slip and put no card into the urn."),
    )
    protocol_number = StringField(
        _("Number of the protocol"),
        [InputRequired(_("Write the number of the protocol.")), Length(max=40)],
    )


class TimesForm(Form):
    """When a repeated round takes votes."""

    opens_at = DateTimeLocalField(_("The vote opens"), [Optional()], format=WHEN)
    closes_at = DateTimeLocalField(_("The vote closes"), [Optional()], format=WHEN)
