"""The shapes of the voter's, the commission's and the board's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.web.forms import Form


class BeginForm(Form):
    """For whom, and the secret that the voter's browser drew (empty without JavaScript)."""

    voter = HiddenField()
    nonce = HiddenField()
    shared = BooleanField(
        _("Other people use this device too"),
        description=_(
            "Then your unfinished ballot is wiped after 20 minutes without a press, the codes are "
            "shown for three minutes, and leaving them signs you out."
        ),
    )


class MarkForm(Form):
    """One press on a list: exactly one of these names a project."""

    add = HiddenField()
    remove = HiddenField()
    up = HiddenField()
    down = HiddenField()
    more = HiddenField()
    less = HiddenField()


class CastForm(Form):
    """The press on "cast"; `shown` names the choice that the page showed."""

    shown = HiddenField("")  # without a label none is looked up in a catalogue


class ForgetForm(Form):
    """A press that only needs a token."""


class LookUpForm(Form):
    """A control code to look up on the board."""

    code = StringField(
        _("Control code"),
        [InputRequired(_("Write the control code.")), Length(max=40)],
        description=_("Twelve letters and digits, for example K7Q2-9FMD-4TXA."),
    )


class PrepareForm(Form):
    """Who holds the keys, and how many of them are needed to open."""

    members = SelectMultipleField(
        _("Members who hold a key file"),
        [InputRequired(_("Choose the members."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    threshold = SelectField(
        _("How many of them are needed to open"),
        choices=[SelectChoice(str(n), str(n)) for n in range(1, 6)],
        default="2",
        description=_(
            "Two of three is usual: one lost file does no harm, one member alone opens nothing."
        ),
    )


class SuspendForm(Form):
    """Why the vote is suspended; the public protocol tells it."""

    note = TextAreaField(
        _("Why"), [InputRequired(_("Write the reason; it becomes public.")), Length(max=1000)]
    )


class VoidForm(Form):
    """One envelope to take out, and why."""

    tag = HiddenField(validators=[InputRequired()])
    reason = SelectField(_("Reason"))


class KeysForm(Form):
    """Key files with their passphrases; made by `keys_form` for as many members as are needed."""


def keys_form(members: int) -> KeysForm:
    """A form with a file and a passphrase for each of so many members."""
    fields: dict[str, object] = {}
    for n in range(1, members + 1):
        fields[f"file_{n}"] = FileField(
            _("Key file %(n)s", n=n), [InputRequired(_("Choose the key file."))]
        )
        fields[f"passphrase_{n}"] = PasswordField(
            _("Passphrase %(n)s", n=n),
            [InputRequired(_("Write the passphrase.")), Length(max=200)],
            render_kw={"autocomplete": "off", "spellcheck": "false"},
        )
    made: KeysForm = type("KeysForm", (KeysForm,), fields)()
    return made


def held_keys(form: KeysForm, members: int) -> list[tuple[bytes, str]]:
    """What was given: (content of the key file, passphrase)."""
    return [
        (form[f"file_{n}"].data.read(), form[f"passphrase_{n}"].data) for n in range(1, members + 1)
    ]
