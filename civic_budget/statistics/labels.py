"""Words for statistics: nationalities, classes, dimensions, numbers with margins, the log, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import LazyString, gettext, lazy_gettext

from civic_budget.editions.rules import district_of
from civic_budget.kernel.errors import DomainError
from civic_budget.statistics.classes import OTHER, REST
from civic_budget.statistics.estimate import Difference, Estimate, Rate, difference
from civic_budget.statistics.nationality import STATELESS, UNKNOWN
from civic_budget.statistics.outreach_queries import SHOWN_FROM
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_number, say_percent

WITHIN = "\u00a0±\u00a0"
"""Between a number and its margin, never at the end of a line."""

REST_NAMES = {
    "eu-efta": lazy_gettext("Other: EU and EFTA"),
    "other-europe": lazy_gettext("Other: Europe outside the EU"),
    "caucasus-central-asia": lazy_gettext("Other: Caucasus, Central Asia"),
    "middle-east-north-africa": lazy_gettext("Other: Middle East, North Africa"),
    "sub-saharan-africa": lazy_gettext("Other: Sub-Saharan Africa"),
    "south-east-asia": lazy_gettext("Other: South and East Asia"),
    "americas-oceania": lazy_gettext("Other: Americas, Oceania"),
    "stateless-unknown": lazy_gettext("Stateless persons"),
}
"""Short, since they stand beside their numbers on a narrow screen."""
SEX_NAMES = {
    "F": lazy_gettext("Women"),
    "M": lazy_gettext("Men"),
    "X": lazy_gettext("Other or not given"),
}
CHANNEL_NAMES = {"paper": lazy_gettext("On paper"), "web": lazy_gettext("Online")}
MEASURE_NAMES = {
    "registered": lazy_gettext("Registered residents"),
    "authors": lazy_gettext("Authors of proposals"),
    "voters": lazy_gettext("Voters"),
}
DIMENSION_NAMES = {
    "nat": lazy_gettext("Citizenship"),
    "class": lazy_gettext("Citizenship or region"),
    "district": lazy_gettext("District"),
    "age": lazy_gettext("Age"),
    "sex": lazy_gettext("Sex"),
    "channel": lazy_gettext("Way of voting"),
    "day": lazy_gettext("Day"),
}
STEP_NAMES = {
    "sealed": lazy_gettext("The tables were drawn and sealed"),
    "imported": lazy_gettext("A release of a past edition was taken in"),
    "restored": lazy_gettext("A sealed release came back from the archive; nothing was drawn"),
    "refused": lazy_gettext("Sealing was refused"),
}
STEP_WORDS = {
    "visited": lazy_gettext("Visits"),
    "started": lazy_gettext("Starts"),
    "confirmed": lazy_gettext("Confirmations"),
}
REASONS = {
    "TooLate": lazy_gettext("The round is final, so it is no longer known who took part."),
    "ArchiveDisagrees": lazy_gettext(
        "The archive outside the database tells another history. Nothing is drawn until somebody "
        "has looked."
    ),
    "BrokenChain": lazy_gettext("A seal does not match its content."),
    "BadPerson": lazy_gettext("A record of a person cannot be counted."),
    "round_secrets_missing": lazy_gettext("The file with the secrets of the round is missing."),
    "round_secrets_readable_by_others": lazy_gettext(
        "The file with the secrets of the round can be read by others."
    ),
    "round_secrets_of_another_key": lazy_gettext(
        "The file with the secrets belongs to another round."
    ),
}


def nationality_name(code: str) -> str:
    """A citizenship in the reader's language, in the nominative: a label, not a part of a sentence."""
    if code == STATELESS:
        return str(gettext("Stateless persons"))
    if code == UNKNOWN:
        return str(gettext("Citizenship not given"))
    language = locale_code()
    locale = Locale.parse("en" if language == "eo" else language)
    return str(locale.territories.get(code, code))


def class_name(code: str) -> str:
    """A nationality with rows of its own, the rest of a region, or all other countries."""
    if code == OTHER:
        return str(gettext("Other countries"))
    if code.startswith(REST):
        return str(REST_NAMES[code.removeprefix(REST)])
    return nationality_name(code)


def district_name(code: str, names: Mapping[int, str]) -> str:
    """A district, or several small ones that are counted together: "VIII Dębniki"."""
    return " + ".join(_district(part, names) for part in code.split("+"))


def _district(code: str, names: Mapping[int, str]) -> str:
    number = district_of(code.lower())
    return names.get(number, code) if number is not None else code


def districts_in(code: str) -> tuple[int, ...]:
    """The numbers of the districts that a code of the tables stands for."""
    found = (district_of(part.lower()) for part in code.split("+"))
    return tuple(number for number in found if number is not None)


def age_name(code: str) -> str:
    """A band of ages: "up to 15", "25–34", "65 and older"."""
    if code.endswith("+"):
        return str(gettext("%(age)s and older", age=code[:-1]))
    first, _dash, last = code.partition("-")
    if first == "0":
        return str(gettext("up to %(age)s", age=last))
    return f"{first}–{last}"


def channel_name(code: str) -> str:
    """A way of voting."""
    known: LazyString | str = CHANNEL_NAMES.get(code, code)
    return str(known)


def say_estimate(estimate: Estimate) -> str:
    """A number with its margin, an exact number, or "fewer than 10"."""
    if estimate.value is None:
        return str(gettext("fewer than %(limit)s", limit=say_number(estimate.below or 0)))
    if estimate.exact:
        return say_number(estimate.value)
    return f"{say_number(estimate.value)}{WITHIN}{say_number(estimate.margin)}"


def say_epsilon(eps: Fraction) -> str:
    """An epsilon with all its decimals (prices are multiples of a ten-thousandth)."""
    language = locale_code()
    return str(format_decimal(float(eps), "0.####", "en" if language == "eo" else language))


def say_rate(rate: Rate | None, *, digits: int = 1) -> str:
    """A share with the interval that the margins allow; a dash when too few to say."""
    if rate is None:
        return "–"
    value, low, high = (say_percent(float(x), digits) for x in (rate.value, rate.low, rate.high))
    return str(gettext("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high))


def say_share(rate: Rate | None) -> str:
    """A share alone, where its interval is drawn beside it."""
    return str(gettext("too few persons")) if rate is None else say_percent(float(rate.value))


def say_difference(found: Difference | None) -> str:
    """How much more or fewer, with its margin; a dash when one of the two is not shown."""
    if found is None:
        return "–"
    sign = "+" if found.value > 0 else "−" if found.value < 0 else ""
    return f"{sign}{say_number(abs(found.value))}{WITHIN}{say_number(found.margin)}"


def say_worth(found: Difference | None) -> str:
    """What a difference is worth."""
    return say_worth_of_rates(None if found is None else found.worth)


def say_points(one: Rate | None, other: Rate | None) -> str:
    """How many percentage points lie between two rates; a dash when one is not told."""
    if one is None or other is None:
        return "–"
    points = round(float(one.value - other.value) * 100, 1)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return str(gettext("%(sign)s%(points)s pp", sign=sign, points=say_number(abs(points))))


def say_worth_of_rates(worth: Literal["within", "larger"] | None) -> str:
    """What the difference of two rates is worth."""
    if worth is None:
        return str(gettext("cannot be told: one of the two numbers is too small to show"))
    if worth == "larger":
        return str(gettext("larger than the margin"))
    return str(gettext("within the margin: it may be chance"))


def say_count(count: int | None) -> str:
    """A count by a code as it may be told: "fewer than 10", or rounded down to fives."""
    if count is None:
        return str(gettext("fewer than %(limit)s", limit=say_number(SHOWN_FROM)))
    return str(gettext("about %(number)s", number=say_number(count)))


def say_progress(count: int | None, target: int | None) -> str:
    """How much of what was hoped for is there, to stand after the count; empty when it can't be said."""
    if not target or count is None:
        return ""
    return f" ({gettext('%(share)s of it', share=say_percent(count / target, 0))})"


def say_target(target: int | None, reached: Estimate) -> str:
    """Whether a target is reached, beyond the margin or within it."""
    found = difference(reached, Estimate(target, None, 0, True)) if target is not None else None
    if target is None:
        return ""
    if found is None:
        return str(gettext("too few persons"))
    if found.worth == "within":
        return str(gettext("reached within the margin: it may be a little more or less"))
    if found.value > 0:
        return str(gettext("passed by more than the margin"))
    return str(gettext("missed by more than the margin"))


def say_reason(reason: str) -> str:
    """Why sealing was refused."""
    known: LazyString | str = REASONS.get(reason, reason)
    return str(known)


def say_refusal(error: DomainError) -> str:
    """What to tell an analyst whom a deed refused."""
    words = {
        "words_missing": gettext("Please write something here."),
        "campaign_taken": gettext("There is a code for this already. Please give another name."),
        "register_taken": gettext("This source with this date is there already."),
        "not_an_analyst": gettext("Only analysts can log an answer."),
    }
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))
