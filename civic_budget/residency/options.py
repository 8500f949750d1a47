"""Kinds of proof and officers' reasons as a city configures them: what is offered, what it means. Plain Python.

The product brings a list of each; a city renames, closes or adds entries. Codes stay for ever, because
decisions and files refer to them: what is no longer wanted is closed, never deleted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from civic_budget.config import LANGUAGES
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.rules import MORE_REASONS, PROOF_KINDS, REFUSAL_REASONS

_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")
LONGEST_NAME, LONGEST_TEXT = 120, 600


class Catalogue(StrEnum):
    """The lists that a city configures."""

    PROOF = "proof"
    MORE = "more"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Option:
    """One entry of a list. `names` and `texts` are empty while the product's own words hold.

    A proof's text is the hint for the resident; a reason's text is the drafted sentence.
    """

    catalogue: Catalogue
    code: str
    is_offered: bool = True
    needs_landlord: bool = False
    confirms_alone: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def built_in(catalogue: Catalogue) -> tuple[Option, ...]:
    """What the product brings, in its order."""
    if catalogue is Catalogue.PROOF:
        return tuple(
            Option(
                catalogue,
                kind.code,
                needs_landlord=kind.needs_landlord,
                confirms_alone=kind.confirms_alone,
            )
            for kind in PROOF_KINDS
        )
    codes = MORE_REASONS if catalogue is Catalogue.MORE else REFUSAL_REASONS
    return tuple(Option(catalogue, code) for code in codes)


def merged(catalogue: Catalogue, changed: Iterable[Option]) -> tuple[Option, ...]:
    """The product's entries with the city's changes, then the city's own by code."""
    own = {option.code: option for option in changed}
    known = built_in(catalogue)
    brought = {option.code for option in known}
    added = sorted(code for code in own if code not in brought)
    return (*(own.get(option.code, option) for option in known), *(own[code] for code in added))


def suffices(kinds: Iterable[str], options: Iterable[Option]) -> bool:
    """Whether documents of these kinds are enough: one that confirms alone, or two different ones."""
    given = set(kinds)
    alone = {option.code for option in options if option.confirms_alone}
    return bool(given & alone) or len(given) > 1


def check_option(option: Option, *, is_new: bool, taken: Collection[str]) -> None:
    """Raises Conflict at the field that is wrong: `code`, `name_uk`, `text_pl`.

    Words are given in all four languages or, for what the product brings, in none.
    """
    if is_new:
        if not _CODE.fullmatch(option.code):
            raise Conflict("bad_code", field="code")
        if option.code in taken:
            raise Conflict("code_taken", field="code")
    brought = option.code in {each.code for each in built_in(option.catalogue)}
    for kind, words, longest in (
        ("name", option.names, LONGEST_NAME),
        ("text", option.texts, LONGEST_TEXT),
    ):
        if brought and not any(words.values()):
            continue
        for language in LANGUAGES:
            said = words.get(language, "")
            if not said.strip():
                raise Conflict("words_missing", field=f"{kind}_{language}")
            if len(said) > longest:
                raise Conflict("words_too_long", field=f"{kind}_{language}", most=longest)


def check_catalogue(options: Iterable[Option]) -> None:
    """A list that leaves people without a way is refused: raises Conflict at `is_offered`."""
    offered = [option for option in options if option.is_offered]
    if not offered:
        raise Conflict("nothing_offered", field="is_offered")
    is_proof = offered[0].catalogue is Catalogue.PROOF
    if is_proof and not any(not o.needs_landlord and o.confirms_alone for o in offered):
        raise Conflict("landlord_always_needed", field="is_offered")
