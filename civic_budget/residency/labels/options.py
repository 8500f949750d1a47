"""Words of kinds of proof and reasons: the city's own in the reader's language, else the product's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _

from civic_budget.residency.labels.proofs import (
    MORE_NAMES,
    MORE_SENTENCES,
    PROOF_HINTS,
    PROOF_NAMES,
    REFUSAL_NAMES,
    REFUSAL_SENTENCES,
)
from civic_budget.residency.options import Catalogue, Option

CATALOGUE_NAMES = {
    Catalogue.PROOF: _("Kinds of proof"),
    Catalogue.MORE: _("Reasons to ask for more"),
    Catalogue.REFUSAL: _("Reasons of refusal"),
}
CATALOGUE_LEADS = {
    Catalogue.PROOF: _(
        "What residents can send or show. At least one kind that confirms alone must need no landlord."
    ),
    Catalogue.MORE: _(
        "What officers can ask for. The sentence is drafted in the person’s language and can be changed."
    ),
    Catalogue.REFUSAL: _(
        "Why officers can refuse. The sentence is drafted in the person’s language and can be changed."
    ),
}
_NAMES: dict[Catalogue, Mapping[str, LazyString]] = {
    Catalogue.PROOF: PROOF_NAMES,
    Catalogue.MORE: MORE_NAMES,
    Catalogue.REFUSAL: REFUSAL_NAMES,
}
_TEXTS: dict[Catalogue, Mapping[str, LazyString]] = {
    Catalogue.PROOF: PROOF_HINTS,
    Catalogue.MORE: MORE_SENTENCES,
    Catalogue.REFUSAL: REFUSAL_SENTENCES,
}


def say_option(option: Option, language: str) -> str:
    """The name of an entry."""
    return _say(option.names, _NAMES[option.catalogue], option.code, language)


def say_option_text(option: Option, language: str) -> str:
    """The hint of a proof, or the sentence that a reason drafts."""
    return _say(option.texts, _TEXTS[option.catalogue], option.code, language)


def option_names(options: Iterable[Option], language: str) -> dict[str, str]:
    """Names by code, in order."""
    return {option.code: say_option(option, language) for option in options}


def option_texts(options: Iterable[Option], language: str) -> dict[str, str]:
    """Hints or sentences by code, in order."""
    return {option.code: say_option_text(option, language) for option in options}


def _say(
    own: Mapping[str, str], brought: Mapping[str, LazyString], code: str, language: str
) -> str:
    if language in own:
        return own[language]
    with force_locale(language):
        return str(brought.get(code, code))
