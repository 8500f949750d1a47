"""The shapes of the office's pages about an edition; meaning is the service's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from civic_budget.editions.ballots import MOST_TO_DIVIDE
from civic_budget.editions.labels import (
    DUPLICATE_NAMES,
    KIND_NAMES,
    LANGUAGE_NAMES,
    LIST_NAMES,
    MILESTONE_NAMES,
    ORDER_NAMES,
    POOL_FIELD_NAMES,
    PROOF_KINDS,
    SIDE_DATE_NAMES,
    say_scope,
)
from civic_budget.editions.rules import Milestone, PoolFacts, district_of, read_city_time
from civic_budget.editions.side_dates import SideDate, read_side_time
from civic_budget.kernel.errors import Conflict
from civic_budget.kernel.money import read_money, say_money
from civic_budget.web.forms import Form

LONGEST_NAME = 120
LONGEST_TEXT = 2000
TYPED = "%Y-%m-%dT%H:%M"
POOL_FIELDS = ("money", "min_cost", "max_cost", "signatures")


def choices(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """What a select field offers: values and their words."""
    return [SelectChoice(value, words) for value, words in pairs]


class EmptyForm(Form):
    """A button's form: nothing but its token."""


class PrepareForm(Form):
    """The beginning of an edition."""

    slug = StringField(
        _("Address of the edition"),
        [InputRequired(_("Write an address.")), Length(max=40)],
        description=_("The last part of its web address, for example 2027. It never changes."),
    )
    year = IntegerField(_("Year"), [InputRequired(_("Write the year with four digits."))])
    copy_of = SelectField(_("Settings"), choices=[])
    is_training = BooleanField(
        _("An edition for training"),
        description=_("To practise with invented people. Marked on every page."),
    )


def _calendar_fields() -> dict[str, Any]:
    return {
        milestone.value: DateTimeLocalField(
            MILESTONE_NAMES[milestone], [Optional()], format=[TYPED, TYPED + ":%S"]
        )
        for milestone in Milestone
    } | {
        date.value: DateTimeLocalField(
            SIDE_DATE_NAMES[date], [Optional()], format=[TYPED, TYPED + ":%S"]
        )
        for date in SideDate
    }


class _MomentsForm(Form):
    """What a form with a field per milestone can read."""

    def read_moments(self) -> dict[Milestone, datetime]:
        """The moments that were typed, in UTC; raises Conflict at a time that does not exist."""
        typed = {m: self[m.value].data for m in Milestone}
        return {m: read_city_time(value, m) for m, value in typed.items() if value is not None}

    def read_side_dates(self) -> dict[SideDate, datetime | None]:
        """The further days, in UTC; None for one that is left open."""
        typed = {d: self[d.value].data for d in SideDate}
        return {d: read_side_time(value, d) if value else None for d, value in typed.items()}


CalendarForm = type("CalendarForm", (_MomentsForm,), _calendar_fields())


class _PoolsForm(Form):
    """What a form with a row of fields per pool can read."""

    scopes: Sequence[str] = ()

    def read_pools(self) -> list[PoolFacts]:
        """The rows that have money; raises Conflict at what is not an amount."""
        pools = []
        for scope in self.scopes:
            if not (self[f"money_{scope}"].data or "").strip():
                continue
            amounts = {
                field: _read_amount(self[f"{field}_{scope}"].data, field, scope)
                for field in POOL_FIELDS
            }
            pools.append(PoolFacts(scope=scope, district=district_of(scope), **amounts))
        return pools


def _read_amount(typed: str | None, field: str, scope: str) -> int:
    said = (typed or "").strip()
    if not said:
        return 0
    try:
        return int(said) if field == "signatures" else read_money(said)
    except ValueError:
        raise Conflict("not_an_amount", field=f"{field}_{scope}") from None


def pools_form(scopes: Iterable[str], districts: Mapping[int, str]) -> type[_PoolsForm]:
    """A form with a row for each scope; each field's label names amount and scope."""
    fields: dict[str, Any] = {"scopes": tuple(scopes)}
    for scope in fields["scopes"]:
        where = say_scope(scope, districts)
        for field in POOL_FIELDS:
            label = f"{POOL_FIELD_NAMES[field]}: {where}"
            fields[f"{field}_{scope}"] = StringField(label, [Optional(), Length(max=20)])
    return type("PoolsForm", (_PoolsForm,), fields)


def typed_pools(pools: Iterable[PoolFacts]) -> dict[str, str]:
    """What the fields of a pools form hold for pools that are already set."""
    typed: dict[str, str] = {}
    for pool in pools:
        for field in POOL_FIELDS:
            amount = getattr(pool, field)
            said = str(amount) if field == "signatures" else _typed_money(amount)
            typed[f"{field}_{pool.scope}"] = said
    return typed


def _typed_money(grosze: int) -> str:
    return say_money(grosze).removesuffix("zł").strip()


class BallotForm(Form):
    """How a ballot is marked."""

    kind = SelectField(_("How a ballot is marked"), choices=choices(KIND_NAMES.items()))
    points = StringField(
        _("Points"),
        [Optional(), Length(max=60)],
        description=_("For projects in order: the first place first, for example 3, 2, 1."),
    )
    minimum = IntegerField(
        _("Fewest projects on a list"), [InputRequired(_("Write a number.")), NumberRange(0, 500)]
    )
    maximum = IntegerField(
        _("Most projects on a list"),
        [Optional(), NumberRange(1, 500)],
        description=_("Empty: as many as there are. With points: as many as there are points."),
    )
    total = IntegerField(
        _("Points to divide"),
        [Optional(), NumberRange(1, MOST_TO_DIVIDE)],
        description=_("For points divided freely: how many each voter has on each list."),
    )
    city_minimum = IntegerField(
        _("Fewest projects on the city's list"), [Optional(), NumberRange(0, 500)]
    )
    city_maximum = IntegerField(
        _("Most projects on the city's list"),
        [Optional(), NumberRange(1, 500)],
        description=_("Only where the city's list has other numbers than those of the districts."),
    )
    required = SelectMultipleField(
        _("Lists that a voter must fill"),
        choices=choices(LIST_NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    order = SelectField(_("Order of the projects on a list"), choices=choices(ORDER_NAMES.items()))
    on_duplicate = SelectField(
        _("Two envelopes of one person"), choices=choices(DUPLICATE_NAMES.items())
    )

    def read_points(self) -> list[int]:
        """The vector that was typed; raises Conflict at the field."""
        try:
            return [int(part) for part in (self.points.data or "").split(",") if part.strip()]
        except ValueError:
            raise Conflict("points_missing", field="points") from None


def _words(label: str, field: type, languages: Mapping[str, Any], **options: Any) -> dict[str, Any]:
    limit = LONGEST_NAME if field is StringField else LONGEST_TEXT
    return {
        f"{label}_{code}": field(words, [Optional(), Length(max=limit)], **options)
        for code, words in languages.items()
    }


class _TextsForm(Form):
    """Words by language, the year, proofs."""

    year = IntegerField(_("Year"), [InputRequired(_("Write the year with four digits."))])
    accepted_proofs = SelectMultipleField(
        _("Proofs of residence that count"),
        choices=choices(PROOF_KINDS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def read_words(self, label: str) -> dict[str, str]:
        """Language → what was typed."""
        return {code: self[f"{label}_{code}"].data or "" for code in LANGUAGE_NAMES}


TextsForm = type(
    "TextsForm",
    (_TextsForm,),
    _words("name", StringField, LANGUAGE_NAMES)
    | _words("introduction", TextAreaField, LANGUAGE_NAMES),
)


class SourceForm(Form):
    """The act from which a setting follows."""

    setting = SelectField(_("Setting"), choices=[])
    act = StringField(
        _("Resolution or ordinance"),
        [InputRequired(_("Write its number, date and title.")), Length(max=300)],
    )
    paragraph = StringField(_("Paragraph"), [Optional(), Length(max=60)])
    link = StringField(_("Link"), [Optional(), Length(max=500)])


class _CategoryForm(Form):
    """A category: its code, its place in the list, its name in every language."""

    code = StringField(_("Code"), [InputRequired(_("Write a short code.")), Length(max=40)])
    position = IntegerField(_("Place in the list"), [InputRequired(_("Write a number."))])

    def read_words(self) -> dict[str, str]:
        """Language → its name."""
        return {code: (self[f"name_{code}"].data or "").strip() for code in LANGUAGE_NAMES}


CategoryForm = type(
    "CategoryForm",
    (_CategoryForm,),
    {
        f"name_{code}": StringField(
            words, [InputRequired(_("Write how it is called.")), Length(max=LONGEST_NAME)]
        )
        for code, words in LANGUAGE_NAMES.items()
    },
)


class _ReasonForm(_MomentsForm):
    """Why the public edition should differ, in Polish and perhaps in other languages."""

    def read_reasons(self) -> dict[str, str]:
        """Language → the reason."""
        return {code: self[f"reason_{code}"].data or "" for code in LANGUAGE_NAMES}


_REASONS = _words("reason", TextAreaField, LANGUAGE_NAMES)


def correction_form(scopes: Iterable[str], districts: Mapping[int, str]) -> type[Form]:
    """The calendar, the pools and the reasons of a correction in one form."""
    pools = pools_form(scopes, districts)
    return type("CorrectionForm", (_ReasonForm, pools), {**_calendar_fields(), **_REASONS})
