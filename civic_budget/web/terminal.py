"""Words at the terminal in four languages, with or without an application behind the command.

A command takes `language_option`; what it prints goes through `gettext` here, which asks no request.
"""

from __future__ import annotations

import os
from functools import cache

import click
from babel.support import NullTranslations, Translations

from civic_budget.paths import TRANSLATIONS
from civic_budget.web.locale import CONTENT_LANGUAGES

_KEY = "civic_budget.language"


def surroundings_language() -> str:
    """The language that the terminal asks for by LC_ALL, LC_MESSAGES or LANG; English for any other."""
    said = next(filter(None, (os.environ.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    code = said.partition("_")[0].partition(".")[0]
    return code if code in CONTENT_LANGUAGES else "en"


def _remember(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    context.meta[_KEY] = value or surroundings_language()


language_option = click.option(
    "--language",
    type=click.Choice(CONTENT_LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_remember,
    help="The language of what is printed; default: that of the terminal (LANG).",
)


def gettext(message: str, **values: object) -> str:
    """A message in the language of the running command."""
    context = click.get_current_context(silent=True)
    language = context.meta.get(_KEY, "en") if context else "en"
    said = str(_translations(language).gettext(message))
    return said % values if values else said


@cache
def _translations(language: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [language])
