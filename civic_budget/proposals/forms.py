"""The shapes of an author's pages, of translations and of the draw. Meaning is the service's job."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.kernel.money import read_money
from civic_budget.proposals.place_forms import read_place
from civic_budget.proposals.rules import DOCUMENTATION, WORK, CostItem, Place
from civic_budget.web.forms import Form, check_money
from civic_budget.web.locale import CONTENT_LANGUAGES, OWN_NAMES

MOST_TYPED = Length(max=20_000, message=_("This is too long to be saved."))


class StartForm(Form):
    """Whose proposal it is, and for which part of the city."""

    person = RadioField(_("Whose proposal is it?"), [Optional()], choices=[])
    scope = RadioField(
        _("Where should it be?"),
        [InputRequired(_("Choose your district or the whole city."))],
        choices=[],
    )


class AboutForm(Form):
    """The idea in words. Limits are told at the fields and checked when it is sent."""

    title = StringField(_("Title"), [MOST_TYPED])
    summary = TextAreaField(
        _("Short description"),
        [MOST_TYPED],
        description=_("One or two sentences for the list and the ballot, 60 to 250 characters."),
    )
    description = TextAreaField(
        _("Description"),
        [MOST_TYPED],
        description=_("What exactly should be done? 50 to 4000 characters."),
    )
    justification = TextAreaField(
        _("Why it is needed"), [MOST_TYPED], description=_("20 to 2000 characters.")
    )
    audience = TextAreaField(
        _("For whom it is"),
        [MOST_TYPED],
        description=_("Who will use it? For example: children, seniors, everybody in the estate."),
    )


class CategoryForm(Form):
    """What the proposal is about."""

    category = RadioField(_("Category"), [Optional()], choices=[])


class AccessForm(Form):
    """How everybody will be able to use it."""

    accessibility = TextAreaField(
        _("How will people with disabilities, seniors and parents with prams use it?"),
        [MOST_TYPED],
        description=_("If it cannot be accessible, explain why. 3 to 1000 characters."),
    )


class EmptyForm(Form):
    """A button and nothing else."""


class TranslationForm(Form):
    """A proposal's words in another language."""

    title = StringField(_("Title"), [MOST_TYPED])
    summary = TextAreaField(_("Short description"), [MOST_TYPED])
    description = TextAreaField(_("Description"), [MOST_TYPED])
    justification = TextAreaField(_("Why it is needed"), [MOST_TYPED])
    audience = TextAreaField(_("For whom it is"), [MOST_TYPED])
    accessibility = TextAreaField(_("Accessibility"), [MOST_TYPED])


class _PriceForm(Form):
    """A unit price, its names in four languages."""

    key = StringField(
        _("Code"),
        [InputRequired(_("Write a short code.")), Length(max=40)],
        description=_("Small letters, digits and underscores. It never changes."),
    )
    unit = SelectField(_("Unit"), choices=[])
    amount = StringField(
        _("Price of one unit, with tax"),
        [InputRequired(_("Write the price.")), Length(max=20), check_money],
    )
    position = IntegerField(_("Place in the list"), [InputRequired(_("Write a number."))])


def price_form(*, is_new: bool, data: dict[str, Any]) -> _PriceForm:
    """The form of a unit price; the code is asked only for a new one."""
    fields = {
        f"name_{code}": StringField(
            OWN_NAMES[code], [InputRequired(_("Write how it is called.")), Length(max=120)]
        )
        for code in CONTENT_LANGUAGES
    }
    made = type("PriceForm", (_PriceForm,), fields)(data=data)
    if not is_new:
        del made.key
    assert isinstance(made, _PriceForm)
    return made


class PaperForm(Form):
    """A proposal as it stands on the paper form."""

    person_number = StringField(
        _("Number of the author’s residence case or card"),
        [InputRequired(_("Write the number.")), Length(max=40)],
    )
    received_at = DateTimeLocalField(
        _("When did it arrive?"),
        [InputRequired(_("Write the day and the hour."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    scope = SelectField(_("Where"), choices=[])
    language = SelectField(_("Language of the text"), choices=[])
    category = SelectField(_("Category"), choices=[])
    title = StringField(_("Title"), [MOST_TYPED])
    summary = TextAreaField(_("Short description"), [MOST_TYPED])
    description = TextAreaField(_("Description"), [MOST_TYPED])
    justification = TextAreaField(_("Why it is needed"), [MOST_TYPED])
    audience = TextAreaField(_("For whom it is"), [MOST_TYPED])
    accessibility = TextAreaField(_("Accessibility"), [MOST_TYPED])
    place = StringField(_("Place"), [MOST_TYPED])
    places = TextAreaField(
        _("Places on the map"),
        [MOST_TYPED],
        description=_(
            "One place on a line: an address or words, then a semicolon and the coordinates, if the "
            "form gives them. Planty; 50.0614, 19.9366"
        ),
    )
    costs = TextAreaField(
        _("Costs"),
        [MOST_TYPED],
        description=_("One cost on a line: what it is, a semicolon, the amount. Bench; 4 200"),
    )
    documentation = TextAreaField(
        _("Costs of documentation"),
        [MOST_TYPED],
        description=_("Design, permits, expert opinions; written in the same way."),
    )

    def read_places(self) -> list[Place]:
        """The lines of places; what is no point belongs to the words."""
        return [read_place(line) for line in (self.places.data or "").splitlines() if line.strip()]

    def read_costs(self) -> list[CostItem]:
        """The lines of the estimate, documentation last; raises ValueError at one not understood."""
        return [
            *_lines_of(self.costs.data or "", WORK),
            *_lines_of(self.documentation.data or "", DOCUMENTATION),
        ]


def _lines_of(text: str, kind: str) -> list[CostItem]:
    items = []
    for line in text.splitlines():
        if line.strip():
            name, _sep, amount = line.rpartition(";")
            if not name.strip():
                raise ValueError(line)
            items.append(CostItem(name.strip(), read_money(amount), kind=kind))
    return items


class MergeForm(Form):
    """Which proposals should become one, why, and until when their authors answer."""

    kept = StringField(
        _("Reference of the proposal that remains"),
        [InputRequired(_("Write a reference.")), Length(max=40)],
        description=_("It keeps its number, its text and its author."),
    )
    joined = StringField(
        _("References of the proposals that become part of it"),
        [InputRequired(_("Write at least one reference.")), Length(max=400)],
        description=_("With commas between, for example BO.D8.3/26, BO.D8.9/26."),
    )
    words = TextAreaField(
        _("Why, in Polish"),
        [InputRequired(_("Write in Polish why they should be merged.")), Length(max=2000)],
        description=_("All the authors read it."),
    )
    answer_by = DateField(
        _("Answer by"), [InputRequired(_("Choose the day by which the authors answer."))]
    )


class GroupForm(Form):
    """Which proposals exclude one another, and why."""

    members = StringField(
        _("References of the proposals"),
        [InputRequired(_("Write at least two references.")), Length(max=1000)],
        description=_("With commas between, for example BO.D8.3/26, BO.OM.7/26."),
    )
    reason = TextAreaField(
        _("Why can only one of them be carried out?"),
        [InputRequired(_("Write why they exclude one another.")), Length(max=1000)],
        description=_("Everybody reads it, in Polish. For example: both use the same square."),
    )


class ListForm(Form):
    """Where the seed of the draw will come from, told before it is known."""

    is_physical = RadioField(
        _("How is the seed drawn?"),
        [InputRequired(_("Choose how the seed is drawn."))],
        choices=[
            SelectChoice("event", _("by a public event that nobody here can influence")),
            SelectChoice("physical", _("by hand, before witnesses, with a protocol")),
        ],
    )
    seed_at = DateTimeLocalField(
        _("When does it take place?"),
        [InputRequired(_("Write the day and the hour."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        description=_("On the city’s clock, after this publication."),
    )

    seed_source = TextAreaField(
        _("Where will the seed come from?"),
        [InputRequired(_("Write where the seed of the draw will come from."))],
        description=_(
            "A named public event after this publication, for example the numbers of a lottery "
            "draw on a given day, or a physical draw with a protocol."
        ),
    )


class DrawForm(Form):
    """The seed, as the event or the protocol gave it."""

    protocol = TextAreaField(
        _("Protocol of the draw"),
        [Length(max=4000)],
        description=_(
            "For a draw before witnesses: where it was drawn, who was there, what was drawn. Everybody "
            "reads it."
        ),
    )

    seed = StringField(
        _("The seed"),
        [InputRequired(_("Write the seed as the protocol of the draw gives it.")), Length(max=200)],
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )
