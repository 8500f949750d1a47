"""The shapes of cards, decisions and appeals. A card's fields follow from the loaded criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from civic_budget.assessment.labels import ANSWER_NAMES, STAGE_NAMES
from civic_budget.assessment.rules import (
    LONGEST_COMMENT,
    Answer,
    CriterionWords,
    Said,
    Stage,
    answers_for,
)
from civic_budget.kernel.money import read_money
from civic_budget.proposals.people_forms import ListFileForm
from civic_budget.web.forms import Form, check_money
from civic_budget.web.locale import CONTENT_LANGUAGES, OWN_NAMES

WORDS_MISSING = _("Write what the author and the public will read.")


class CardForm(Form):
    """A card: one answer and one comment for each criterion; `version` is what the reader saw."""

    version = HiddenField()
    assessed_cost = StringField(
        _("Cost by the office’s estimate"),
        [Optional(), Length(max=20), check_money],
        description=_(
            "This is the cost that counts in the vote. Leave empty to keep the author’s."
        ),
    )

    def cost(self) -> int | None:
        """The office's estimate in grosze; None when nothing was typed."""
        return read_money(self.assessed_cost.data) if self.assessed_cost.data else None

    def seen_version(self) -> int:
        """The version that the writer looked at."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else 0

    def said(self, criteria: Sequence[CriterionWords]) -> dict[str, Said]:
        """Criterion → answer, for those that were answered."""
        return {
            c.key: Said(Answer(chosen), (self[f"comment_{c.key}"].data or "").strip())
            for c in criteria
            if (chosen := self[f"answer_{c.key}"].data)
        }


def card_form(
    criteria: Sequence[CriterionWords], stage: Stage, language: str, data: Mapping[str, Any]
) -> CardForm:
    """The form of a stage's card, with what was said so far."""
    fields: dict[str, Any] = {}
    for one in criteria:
        choices = [
            SelectChoice(answer.value, ANSWER_NAMES[answer])
            for answer in answers_for(correctable=one.correctable)
        ]
        label = one.words.get(language) or one.words["pl"]
        fields[f"answer_{one.key}"] = RadioField(label, [Optional()], choices=choices)
        fields[f"comment_{one.key}"] = TextAreaField(_("Comment"), [Length(max=LONGEST_COMMENT)])
    made = type("PresentCardForm", (CardForm,), fields)(data=dict(data))
    if stage is Stage.FORMAL:
        del made.assessed_cost
    assert isinstance(made, CardForm)
    return made


class AssignForm(Form):
    """Department and assessor; empty choices mean nobody."""

    department = SelectField(_("Department"), choices=[])
    assessor = SelectField(_("Assessor"), choices=[])
    due = DateField(
        _("To be assessed by"),
        [Optional()],
        description=_("The assessor is reminded three days before. Leave empty for no deadline."),
    )


class NoteForm(Form):
    """A note for colleagues."""

    text = TextAreaField(
        _("Internal note"),
        [InputRequired(_("Write the note.")), Length(max=4000)],
        description=_("Only the office sees it. It cannot be changed later."),
    )


class AskForm(Form):
    """A question to another unit of the office."""

    department = SelectField(_("Which unit?"), choices=[])
    question = TextAreaField(
        _("What should the unit answer?"),
        [InputRequired(_("Write what the unit should answer.")), Length(max=LONGEST_COMMENT)],
    )
    due = DateField(
        _("Answer by"), [InputRequired(_("Choose the day by which you need the answer."))]
    )


class AnswerForm(Form):
    """A unit's opinion."""

    is_for = RadioField(
        _("The unit’s opinion"),
        [InputRequired(_("Choose what the unit thinks."))],
        choices=[SelectChoice("yes", _("in favour")), SelectChoice("no", _("against"))],
    )
    answer = TextAreaField(
        _("Reasons"),
        [InputRequired(_("Write the reasons.")), Length(max=10_000)],
        description=_("The assessor reads them. They are not published."),
    )


class HandBackForm(Form):
    """Why an assessor gives a proposal back."""

    reason = TextAreaField(
        _("Why do you give it back?"),
        [InputRequired(_("Write why somebody else should assess it.")), Length(max=1000)],
        description=_("The coordinators read it, for example: another unit owns this street."),
    )


class MembersForm(Form):
    """Who works in a unit."""

    members = SelectMultipleField(_("Who works in this unit?"), choices=[])


class PackageForm(Form):
    """What to put together for the bulletin."""

    what = SelectField(_("What should be published?"), choices=[])


class ActForm(Form):
    """An act of the mayor: its number, its day, and for each proposal what it decides."""

    number = StringField(
        _("Number of the act"),
        [InputRequired(_("Write the number of the act.")), Length(max=60)],
        description=_("For example 1774/2026."),
    )
    signed_on = DateField(
        _("Signed on"), [InputRequired(_("Choose the day on which the mayor signed it."))]
    )


class ScanForm(ListFileForm):
    """The signed act as a PDF."""

    file = FileField(
        _("Signed act, scanned"),
        description=_(
            "PDF, up to 10 MB and 20 pages. It is public at once: look first that it names no "
            "resident."
        ),
    )


def act_form(proposals: Sequence[tuple[str, str, bool]]) -> ActForm:
    """The form of an act over these proposals: (id, reference, whether it was appealed)."""
    fields: dict[str, Any] = {}
    for key, reference, is_appealed in proposals:
        choices = [SelectChoice("", _("not in this act")), SelectChoice("restore", _("restored"))]
        if is_appealed:
            choices.append(SelectChoice("refuse", _("stays rejected")))
        fields[f"outcome_{key}"] = RadioField(reference, [Optional()], choices=choices, default="")
        fields[f"words_{key}"] = TextAreaField(
            _("Reasons for %(reference)s, in Polish", reference=reference), [Length(max=4000)]
        )
    made = type("PresentActForm", (ActForm,), fields)()
    assert isinstance(made, ActForm)
    return made


class _CriterionForm(Form):
    """A criterion as an edition asks it, in four languages."""

    key = StringField(
        _("Code"),
        [InputRequired(_("Write a short code.")), Length(max=40)],
        description=_("Small letters, digits and underscores. It never changes."),
    )
    stage = RadioField(
        _("On which card?"),
        [InputRequired(_("Choose the card."))],
        choices=[SelectChoice(stage.value, STAGE_NAMES[stage]) for stage in Stage],
    )
    position = IntegerField(_("Place in the list"), [InputRequired(_("Write a number."))])
    correctable = BooleanField(_("The author may correct it"))
    is_asked = BooleanField(_("This edition asks it"))

    def read_words(self, name: str) -> dict[str, str]:
        """Language → what was typed."""
        return {code: (self[f"{name}_{code}"].data or "").strip() for code in CONTENT_LANGUAGES}


def criterion_form(*, is_new: bool, data: Mapping[str, Any]) -> _CriterionForm:
    """The form of a criterion; a new one needs the public sentence of a rejection too."""
    fields: dict[str, Any] = {}
    for code in CONTENT_LANGUAGES:
        label = _("The criterion: %(language)s", language=OWN_NAMES[code])
        fields[f"words_{code}"] = TextAreaField(label, [Length(max=500)])
    for code in CONTENT_LANGUAGES if is_new else ():
        label = _("Public sentence when it is not met: %(language)s", language=OWN_NAMES[code])
        fields[f"sentence_{code}"] = TextAreaField(label, [Length(max=500)])
    made = type("CriterionForm", (_CriterionForm,), fields)(data=dict(data))
    if not is_new:
        del made.key, made.stage
    assert isinstance(made, _CriterionForm)
    return made


class WordsForm(Form):
    """A decision's public words: Polish, and the author's language when it is another."""

    version = HiddenField()
    words_pl = TextAreaField(_("In Polish, for everybody"), [Length(max=4000)])

    def seen_version(self) -> int:
        """The version that the writer looked at."""
        return int(self.version.data) if (self.version.data or "").isdecimal() else 0

    def words(self) -> dict[str, str]:
        """Language → sentence."""
        return {
            name.removeprefix("words_"): (field.data or "").strip()
            for name, field in self._fields.items()
            if name.startswith("words_")
        }


class RejectForm(WordsForm):
    """A rejection: its reason and its words."""

    reason = HiddenField()


def words_form(
    kind: type[WordsForm], author_language: str, language_name: str, data: Mapping[str, str]
) -> WordsForm:
    """A decision's form with a field for the author's language, when it is not Polish."""
    fields: dict[str, Any] = {}
    if author_language != "pl":
        fields[f"words_{author_language}"] = TextAreaField(
            _("In the author’s language: %(language)s", language=language_name),
            [Length(max=4000)],
        )
    made = type("PresentWordsForm", (kind,), fields)(data=dict(data))
    assert isinstance(made, WordsForm)
    return made


class AppealForm(Form):
    """The author's reasons."""

    reasons = TextAreaField(
        _("Why is the rejection wrong?"),
        [InputRequired(_("Write your reasons.")), Length(max=10_000)],
        description=_("Answer what the office wrote. Another person will read it."),
    )


class HearingForm(Form):
    """When and where the author is heard."""

    day = DateTimeLocalField(
        _("Day and hour of the hearing"),
        [InputRequired(_("Write the day and the hour of the hearing."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    place = StringField(
        _("Place of the hearing"),
        [InputRequired(_("Write where the hearing takes place.")), Length(max=300)],
    )


class OpinionForm(Form):
    """What the council of the civic budget advises."""

    is_for = RadioField(
        _("The council advises"),
        [InputRequired(_("Choose what the council advises."))],
        choices=[
            SelectChoice("yes", _("to grant the appeal")),
            SelectChoice("no", _("to dismiss the appeal")),
        ],
    )
    opinion = TextAreaField(
        _("The council’s opinion"), [InputRequired(_("Write the council’s opinion."))]
    )


class DecideAppealForm(WordsForm):
    """Granted or dismissed, with public words."""

    outcome = RadioField(
        _("Decision on the appeal"),
        [InputRequired(_("Choose whether the appeal is granted."))],
        choices=[
            SelectChoice("grant", _("Grant: the proposal is admitted to the vote")),
            SelectChoice("dismiss", _("Dismiss: the proposal stays rejected")),
        ],
    )
