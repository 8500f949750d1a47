"""The shapes of the staff's administration; meaning is the service's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.accounts.labels import ROLE_NAMES
from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.errors import Conflict
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES

ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


class UntilForm(Form):
    """The last day on which a role runs; empty: no end."""

    until = StringField(
        _("Last day of work"),
        [Optional(), Length(max=10)],
        description=_("For example 31.12.2026. Leave it empty if no end is set."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def read_until(self) -> datetime | None:
        """The moment at which that day ends in the city; raises Conflict `bad_day` at `until`."""
        said = (self.until.data or "").strip()
        if not said:
            return None
        for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
            try:
                return _end_of(datetime.strptime(said, pattern).replace(tzinfo=UTC).date())
            except (ValueError, OverflowError):
                continue
        raise Conflict("bad_day", field="until")


class StaffForm(UntilForm):
    """A new member of staff."""

    name = StringField(
        _("First name and surname"),
        [InputRequired(_("Write the name.")), Length(max=120)],
        render_kw={"autocomplete": "off"},
    )
    contact = StringField(
        _("E-mail address at work"),
        [InputRequired(_("Write the e-mail address.")), Length(max=254)],
        description=_("An invitation to choose a password goes there."),
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )
    workplace = StringField(
        _("Place of work"),
        [Optional(), Length(max=120)],
        description=_("A department or an assistance point."),
        render_kw={"autocomplete": "off"},
    )
    roles = SelectMultipleField(
        _("Roles"),
        [InputRequired(_("Choose at least one role."))],
        choices=ROLES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    language = RadioField(_("Language of messages"), validators=[InputRequired()], default="pl")

    def offer(self, languages: Sequence[str]) -> None:
        """Set the languages to choose from."""
        self.language.choices = [SelectChoice(code, OWN_NAMES[code]) for code in languages]

    def read_roles(self) -> list[Role]:
        """The chosen roles."""
        return [Role(value) for value in self.roles.data or ()]


class RoleForm(UntilForm):
    """One more role, or another end of one."""

    role = SelectField(_("Role"), choices=ROLES)


class ResetForm(Form):
    """Why a colleague's second factor is taken away."""

    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Write the reason.")), Length(max=1000)],
        description=_(
            "For example: lost the printed sheet, recognised in person at the office. It stays in "
            "the register."
        ),
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CITY_ZONE).astimezone(UTC)
