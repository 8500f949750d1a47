"""Names of citizenships in the reader's language, sorted by the reader's alphabet."""

from __future__ import annotations

from babel import Locale
from flask_babel import gettext

from civic_budget.kernel.alphabet import alphabetic
from civic_budget.residency.citizenship import CODES, STATELESS, UNDETERMINED


def country_name(code: str, language: str) -> str:
    """A citizenship's name in a language."""
    if code == STATELESS:
        return str(gettext("Stateless"))
    if code == UNDETERMINED:
        return str(gettext("Not determined"))
    locale = Locale.parse("en" if language == "eo" else language)
    return str(locale.territories.get(code, code))


def list_countries(language: str) -> list[tuple[str, str]]:
    """All citizenships (code, name) by the reader's alphabet; stateless and undetermined last."""
    special = (STATELESS, UNDETERMINED)
    named = [(code, country_name(code, language)) for code in CODES if code not in special]
    named.sort(key=lambda pair: alphabetic(pair[1], language))
    return [*named, *((code, country_name(code, language)) for code in special)]


def find_code(name: str, language: str) -> str | None:
    """The code of a citizenship that somebody typed or chose; None: not in the list."""
    said = name.strip().casefold()
    return next(
        (code for code, known in list_countries(language) if known.casefold() == said), None
    )
