"""The shapes of the office's pages about carrying out winners. Meaning is the service's job."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FileField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from civic_budget.kernel.money import read_money
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.labels import STAGE_NAMES
from civic_budget.results.building_labels import ALT_LANGUAGES, NOTE_LANGUAGES
from civic_budget.results.forms import read_day
from civic_budget.web.forms import Form

MOST_TYPED = Length(max=4000, message=_("This is far too long. Shorten it."))


class _StepForm(Form):
    happened_on = StringField(
        _("Day"),
        [InputRequired(_("Write the day, for example 17.11.2026."))],
        description=_("When it happened. For example 17.11.2026."),
    )
    expected_on = StringField(
        _("Should be ready on"),
        [Optional()],
        description=_("Everybody sees this day. For a delay it must be written."),
    )
    real_cost = StringField(
        _("Real cost so far"),
        [Optional()],
        description=_("With tax, as the invoices say. Leave it empty while it is not known."),
    )

    def validate_happened_on(self, field: StringField) -> None:
        """Refuse what is no day."""
        _check_day(field)

    def validate_expected_on(self, field: StringField) -> None:
        """Refuse what is no day."""
        _check_day(field)

    def validate_real_cost(self, field: StringField) -> None:
        """Refuse what is no amount."""
        try:
            read_money(field.data or "")
        except ValueError:
            raise ValidationError(gettext("Write an amount, for example 12 500,50.")) from None

    def read_step(self, stage: Stage) -> StepWords:
        """What was typed."""
        cost, expected = (self.real_cost.data or "").strip(), (self.expected_on.data or "").strip()
        return StepWords(
            stage=stage,
            happened_on=read_day(self.happened_on.data or ""),
            expected_on=read_day(expected) if expected else None,
            real_cost=read_money(cost) if cost else None,
            notes={code: self[f"note_{code}"].data or "" for code in NOTE_LANGUAGES},
        )


def _check_day(field: StringField) -> date:
    try:
        return read_day(field.data or "")
    except ValueError:
        raise ValidationError(gettext("Write the day, for example 17.11.2026.")) from None


class _NextStepForm(_StepForm):
    stage = RadioField(_("Stage"), [InputRequired(_("Choose the stage."))], validate_choice=False)
    after = HiddenField()

    def offer(self, stages: frozenset[Stage]) -> None:
        """Which stages can come next, in their order."""
        self.stage.choices = [
            SelectChoice(one.value, STAGE_NAMES[one]) for one in Stage if one in stages
        ]

    def validate_stage(self, field: RadioField) -> None:
        """Refuse what is no stage at all; whether it may come next is the service's question."""
        if field.data not in set(Stage):
            raise ValidationError(gettext("Choose the stage."))


class _PhotoForm(Form):
    file = FileField(
        _("Photo"), description=_("JPEG, PNG, HEIC or WebP, up to 10 MB. Show no faces.")
    )

    def validate_file(self, field: Any) -> None:
        """A file must have been chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError(gettext("Choose a file."))

    def read_alt(self) -> dict[str, str]:
        """Language → what is seen."""
        return {code: self[f"alt_{code}"].data or "" for code in ALT_LANGUAGES}


_NOTES = {
    f"note_{code}": TextAreaField(words, [MOST_TYPED]) for code, words in NOTE_LANGUAGES.items()
}
NextStepForm = type("NextStepForm", (_NextStepForm,), dict(_NOTES))
StepForm = type("StepForm", (_StepForm,), {**_NOTES, "seen": HiddenField()})
PhotoForm = type(
    "PhotoForm",
    (_PhotoForm,),
    {f"alt_{code}": TextAreaField(words, [MOST_TYPED]) for code, words in ALT_LANGUAGES.items()},
)
