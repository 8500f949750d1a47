"""The shapes of sign-up, sign-in, codes and one's own account."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.accounts.contacts import CardNumber, read_card_number
from civic_budget.kernel.errors import Conflict
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES

CONTACT_MISSING = _("Write your e-mail address or phone number.")
LONGEST_ANSWER = 16_384


class ContactForm(Form):
    """A contact alone: of a forgotten password, or for a link."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )


class SignInForm(Form):
    """A contact, or the number of a card, and its password."""

    contact = StringField(
        _("E-mail, phone or card number"),
        [
            InputRequired(_("Write your e-mail address, phone number or card number.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Write your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class SignUpForm(Form):
    """A contact and a password."""

    contact = StringField(
        _("E-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        description=_("We send you a code, and later only messages about your own matters."),
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )
    password = PasswordField(
        _("Choose a password"),
        [InputRequired(_("Choose a password.")), Length(max=200)],
        description=_("At least 10 characters. Three words that you can remember are a good one."),
        render_kw={"autocomplete": "new-password"},
    )


class CodeForm(Form):
    """A code that came by message or is printed on a sheet."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )


class NewPasswordForm(CodeForm):
    """The code and a new password."""

    password = PasswordField(
        _("New password"),
        [InputRequired(_("Choose a password.")), Length(max=200)],
        description=_("At least 10 characters. Three words that you can remember are a good one."),
        render_kw={"autocomplete": "new-password"},
    )


class ActivationForm(NewPasswordForm):
    """What stands on an activation card, and a password."""

    card = StringField(
        _("Card number"),
        [InputRequired(_("Write the card number.")), Length(max=40)],
        description=_("It begins with K, for example K-7K2M-94QF."),
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )

    def read_card(self) -> CardNumber:
        """The card number that was typed; raises Conflict at `card` when it cannot be one."""
        number = read_card_number(self.card.data or "")
        if number is None:
            raise Conflict("bad_card", field="card")
        return CardNumber(number)


class LinkForm(Form):
    """The button under a mailed link; the address is asked for in another browser only."""

    contact = StringField(
        _("Your e-mail address"),
        [Optional(), Length(max=254)],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


class ChangePasswordForm(Form):
    """The present password, if there is one, and the next."""

    current = PasswordField(
        _("Present password"),
        [Optional(), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _("New password"),
        [InputRequired(_("Choose a password.")), Length(max=200)],
        description=_("At least 10 characters. Three words that you can remember are a good one."),
        render_kw={"autocomplete": "new-password"},
    )


class NewContactForm(Form):
    """Another contact, and the password as a proof that it is the owner who asks."""

    contact = StringField(
        _("New e-mail address or phone number"),
        [InputRequired(CONTACT_MISSING), Length(max=254)],
        description=_("We send a code there. It replaces the former one of the same kind."),
        render_kw={"autocomplete": "off"},
    )
    current = PasswordField(
        _("Your password"),
        [Optional(), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class MessageLanguageForm(Form):
    """In which language messages come; the languages call themselves by their own names."""

    language = RadioField(_("Language of messages"), validators=[InputRequired()])

    def offer(self, languages: Sequence[str]) -> None:
        """Set the languages to choose from."""
        self.language.choices = [SelectChoice(code, OWN_NAMES[code]) for code in languages]


class PasskeyForm(Form):
    """An authenticator's answer, put in by the script."""

    answer = HiddenField(validators=[InputRequired(), Length(max=LONGEST_ANSWER)])
