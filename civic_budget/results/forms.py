"""The shapes of the commission's forms on results."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from civic_budget.results.acts import ActKind
from civic_budget.results.labels import ACT_DEEDS, REASON_LANGUAGES
from civic_budget.web.forms import Form

DAY_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")


class DrawForm(Form):
    """What the announced event gave, or the order drawn before witnesses, and where it can be read."""

    seed = StringField(
        _("What the event gave"),
        [Length(max=500)],
        description=_("For example the winning numbers, in the order of their publication."),
    )
    order = TextAreaField(
        _("Or the order drawn before witnesses"),
        [Optional(), Length(max=4000)],
        description=_(
            "Only when slips were drawn on paper. The numbers of all equal projects, one a line, "
            "first drawn first."
        ),
    )
    source = StringField(
        _("Where it can be looked up"),
        [
            InputRequired(
                _(
                    "Say where anybody can look up the outcome of the event, or the witnesses' protocol."
                )
            ),
            Length(max=500),
        ],
        description=_(
            "An address, or the day and the signatures of the witnesses' protocol. It stands on the "
            "results for everybody."
        ),
    )

    def validate_seed(self, field: StringField) -> None:
        """Ask for one of both ways."""
        if not (field.data or "").strip() and not (self.order.data or "").strip():
            raise ValidationError(
                gettext("Write what the event gave, exactly as it was published.")
            )


class PublishForm(Form):
    """A press that only needs a token."""


def read_day(text: str) -> date:
    """A day as people write it (17.11.2026); raises ValueError."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


class _ActForm(Form):
    kind = RadioField(
        _("What the act decides"),
        [InputRequired(_("Choose what the act decides."))],
        choices=[SelectChoice(kind.value, words) for kind, words in ACT_DEEDS.items()],
    )
    reference = SelectField(
        _("Project"),
        [Optional()],
        description=_("Leave it empty for the approval of the whole list."),
        validate_choice=False,
    )
    title = StringField(
        _("The act"),
        [InputRequired(_("Write its kind, number and who issued it.")), Length(max=300)],
        description=_("For example: Ordinance no. 2841/2026 of the Mayor of Kraków."),
    )
    act_on = StringField(
        _("Its day"),
        [InputRequired(_("Write the day of the act, for example 17.11.2026."))],
        description=_("For example 17.11.2026."),
    )
    link = StringField(
        _("Where it can be read"),
        [
            Optional(),
            Length(max=500),
            Regexp(r"https?://", message=_("Begin the address with https://.")),
        ],
    )

    def validate_act_on(self, field: StringField) -> None:
        """Refuse what is no day."""
        try:
            read_day(field.data or "")
        except ValueError:
            raise ValidationError(
                gettext("Write the day of the act, for example 17.11.2026.")
            ) from None

    def read_kind(self) -> ActKind:
        """What was chosen."""
        return ActKind(self.kind.data)

    def read_reasons(self) -> dict[str, str]:
        """Language → why."""
        return {code: self[f"reason_{code}"].data or "" for code in REASON_LANGUAGES}


ActForm = type(
    "ActForm",
    (_ActForm,),
    {
        f"reason_{code}": TextAreaField(words, [Optional(), Length(max=4000)])
        for code, words in REASON_LANGUAGES.items()
    },
)
