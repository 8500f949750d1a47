"""The shapes of complaints and of their answers; meaning is the service's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind
from civic_budget.residency.desk_forms import PRESENT, DayForm
from civic_budget.residency.forms import LONGEST_NAME, LONGEST_WORDS, SentenceForm
from civic_budget.residency.labels.complaints import ANSWER_NAMES, KIND_NAMES
from civic_budget.web.forms import Form

KINDS = [SelectChoice(kind.value, words) for kind, words in KIND_NAMES.items()]


class ComplaintForm(DayForm):
    """A complaint; visitors say who they are and where the answer goes."""

    kind = RadioField(
        _("What is it about?"), [InputRequired(_("Choose what it is about."))], choices=KINDS
    )
    words = TextAreaField(
        _("What happened?"),
        [Optional(), Length(max=LONGEST_WORDS)],
        description=_("In any of the four languages. Please send no document numbers."),
    )
    about = StringField(
        _("Reference, if you know one"),
        [Optional(), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _("Your given names and family name"),
        [Optional(), Length(max=2 * LONGEST_NAME)],
        render_kw={"autocomplete": "name", "spellcheck": "false"},
    )
    contact = StringField(
        _("E-mail address or phone number"),
        [Optional(), Length(max=254)],
        description=_("The answer goes there, and nothing else."),
        render_kw={"autocomplete": "email"},
    )

    @property
    def is_dated(self) -> bool:
        """Whether a birth date was typed."""
        return any((self.birth_date.data, self.month.data, self.year.data))


class ComplaintStatusForm(Form):
    """The reference under which a complaint was filed."""

    reference = StringField(
        _("Reference of the complaint"),
        [InputRequired(_("Write the reference that you were given.")), Length(max=60)],
        description=_("For example C-7K2M-94QF."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class DeskComplaintForm(Form):
    """What somebody at a desk complains about."""

    kind = RadioField(
        _("What is it about?"), [InputRequired(_("Choose what it is about."))], choices=KINDS
    )
    words = TextAreaField(_("What the person says"), [Optional(), Length(max=LONGEST_WORDS)])


class AsMeForm(DayForm):
    """Who stands at the desk and asks whether anybody registered as them."""

    given_names = StringField(
        _("Given names"),
        [InputRequired(_("Write the given names.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    family_name = StringField(
        _("Family name"),
        [Optional(), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    present = BooleanField(
        PRESENT, [InputRequired(_("Answer only while the person stands before you."))]
    )


class AnswerForm(SentenceForm):
    """How a complaint ends, and the sentence that the person reads."""

    action = RadioField(_("What is the answer?"), [InputRequired(_("Choose what the answer is."))])

    check = StringField(
        _("Confirmed case to check again"),
        [Optional(), Length(max=60)],
        description=_(
            "Its reference. The confirmation holds until another officer has looked at it and says that "
            "it holds, or takes it back with a reason. The person is told and can appeal."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def offer(self, kind: ComplaintKind) -> None:
        """Set the endings that this kind of complaint can have."""
        self.action.choices = [
            SelectChoice(action.value, words)
            for action, words in ANSWER_NAMES.items()
            if action is not ComplaintAction.HAND_OVER or kind is ComplaintKind.VOTE
        ]
