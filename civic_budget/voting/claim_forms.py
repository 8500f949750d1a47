"""The shapes of claims about votes and of the commission's answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.voting.claim_rules import LONGEST_WORDS, ClaimAction, ClaimKind
from civic_budget.web.forms import Form


class LineClaimForm(Form):
    """A claim about a line of the board: code and signature, never a name."""

    kind = RadioField(
        _("What is wrong?"),
        [InputRequired(_("Choose what is wrong."))],
        choices=[
            SelectChoice(ClaimKind.MISSING.value, _("My control code is not on the board")),
            SelectChoice(
                ClaimKind.NOT_MY_CHOICE.value, _("Under my code stands something I did not choose")
            ),
        ],
    )
    code = StringField(
        _("Control code"),
        [InputRequired(_("Write the control code.")), Length(max=40)],
        description=_("Twelve letters and digits, for example K7Q2-9FMD-4TXA."),
    )
    signature = TextAreaField(
        _("Signature of the code"),
        [Length(max=400)],
        description=_(
            "It was shown under “Proof that this code was issued by us”. With it we can tell that "
            "the code is real; without it the claim is taken too."
        ),
    )
    words = TextAreaField(
        _("What happened"),
        [InputRequired(_("Write in a few words what happened.")), Length(max=LONGEST_WORDS)],
        description=_("In any language. Do not write your name here: the code is enough."),
    )


class VoteClaimForm(Form):
    """A claim that somebody else voted in a person's name."""

    person = HiddenField()
    words = TextAreaField(
        _("What happened"),
        [InputRequired(_("Write in a few words what happened.")), Length(max=LONGEST_WORDS)],
        description=_("For example how you learned of the vote, and whether you lost a document."),
    )


class ReferenceForm(Form):
    """The reference under which an answer is read."""

    reference = StringField(
        _("Reference of the claim"),
        [InputRequired(_("Write the reference of the claim.")), Length(max=60)],
        description=_(
            "Sixteen letters and digits that you got when you sent the claim, or the number of your complaint."
        ),
    )


class AnswerForm(Form):
    """The commission's answer to a claim; `case` says which record a visitor's claim is about."""

    case = StringField(
        _("Number of the visitor's residence case"),
        [Optional(), Length(max=40)],
        description=_(
            "Needed when the claim is right. You, or an assistance point, have seen the visitor's document."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    action = RadioField(
        _("Decision"),
        [InputRequired(_("Choose the decision."))],
        choices=[
            SelectChoice(ClaimAction.UPHOLD.value, _("The claim is right")),
            SelectChoice(ClaimAction.DISMISS.value, _("The claim is not right")),
        ],
    )
    answer = TextAreaField(
        _("Answer to the person"),
        [InputRequired(_("Write the answer.")), Length(max=LONGEST_WORDS)],
        description=_("In plain words, in the language in which the person wrote if you can."),
    )
