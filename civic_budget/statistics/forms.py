"""Forms of the analysts' desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.statistics.labels import DIMENSION_NAMES, MEASURE_NAMES
from civic_budget.statistics.outside import BY
from civic_budget.web.forms import Form


class RequestForm(Form):
    """A question from outside, what it asks by, and the answer that is given."""

    asked_by = StringField(
        _("Who asks?"),
        [InputRequired(_("Say who asks.")), Length(max=200)],
        description=_("For example a councillor, a newspaper, an organisation."),
    )
    question = TextAreaField(
        _("What do they ask?"), [InputRequired(_("Write the question.")), Length(max=4000)]
    )
    measure = SelectField(
        _("Who should be counted?"),
        choices=[SelectChoice(code, name) for code, name in MEASURE_NAMES.items()],
    )
    by = SelectMultipleField(
        _("By citizenship and …"),
        choices=[SelectChoice(dim, DIMENSION_NAMES[dim]) for dim in BY],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    answer = TextAreaField(
        _("The answer"),
        [Length(max=8000)],
        description=_("A draft that you can change. It is logged as you send it."),
    )


class CampaignForm(Form):
    """A leaflet or a point that gets a code, and what is hoped of it."""

    name = StringField(
        _("Which leaflet or point?"),
        [InputRequired(_("Write what carries the code.")), Length(max=120)],
        description=_(
            "For example “Library in Rajska Street” or “Tram posters”. One code for all languages: a "
            "code for one nationality would count nationalities."
        ),
    )
    visited = IntegerField(_("Hoped for: visits"), [Optional(), NumberRange(0, 10_000_000)])
    started = IntegerField(_("Hoped for: starts"), [Optional(), NumberRange(0, 10_000_000)])
    confirmed = IntegerField(
        _("Hoped for: confirmations"), [Optional(), NumberRange(0, 10_000_000)]
    )
    note = TextAreaField(_("Note"), [Length(max=1000)])


class TargetForm(Form):
    """A target or a note beside a figure of an edition."""

    measure = SelectField(
        _("Who is counted?"),
        choices=[SelectChoice(code, name) for code, name in MEASURE_NAMES.items()],
    )
    group = SelectField(_("Citizenship or region"))
    target = IntegerField(
        _("Target"),
        [Optional(), NumberRange(0, 10_000_000)],
        description=_("A number of persons; leave it empty to write a note alone."),
    )
    note = TextAreaField(
        _("Note"),
        [Length(max=1000)],
        description=_("Published beside the figure. Name no person."),
    )


class RegisterForm(Form):
    """Residents by citizenship as a register outside the platform counts them."""

    source = StringField(
        _("Source"),
        [InputRequired(_("Write which register it is.")), Length(max=200)],
        description=_("The register and who keeps it."),
    )
    as_of = DateField(
        _("As of"),
        [InputRequired(_("Write the day of the register, for example 2026-01-01."))],
        description=_("The day that the numbers are of, for example 2026-01-01."),
    )
    definition = StringField(
        _("Definition"),
        [InputRequired(_("Write who is counted.")), Length(max=300)],
        description=_("Who is counted, for example “residence permits in force”."),
    )
    geography = StringField(
        _("Territory"),
        [InputRequired(_("Write which territory it covers.")), Length(max=200)],
        description=_("For example the city, or the city with its surroundings."),
    )
    counts = TextAreaField(
        _("Numbers"),
        [InputRequired(_("Write at least one line.")), Length(max=20_000)],
        description=_("A line for each citizenship: its code of two letters, a comma, the number."),
    )
