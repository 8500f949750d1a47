"""What the matcher is told about a human, and the normal forms of documents and addresses.

It must not know where the record came from, nor any name's spelling (that is fold.py).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from civic_budget.residency.matching.countries import country_code
from civic_budget.residency.matching.fold import CYRILLIC, fold
from civic_budget.residency.matching.skeleton import consonants


@dataclass(frozen=True, slots=True)
class Document:
    """A travel or identity document: a kind's code, an issuing country (ISO 3166), a number."""

    kind: str
    country: str
    number: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives; a house written `12/5` is read as house 12, flat 5."""

    street: str
    house: str
    flat: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """Names as in the document's machine-readable line (any script works), birth date, the rest."""

    given_names: str
    family_name: str
    birth_on: date
    document: Document | None = None
    address: Address | None = None


class PlainDocument(NamedTuple):
    """A document's normal form; two spellings of one document have the same one."""

    kind: str
    country: str
    number: str


class PlainAddress(NamedTuple):
    """An address's normal form: the street's skeleton, house and flat; the postcode is left out."""

    street: str
    house: str
    flat: str


# Series of old booklets are written in Cyrillic; the look-alike Latin letter is what the next
# clerk types, else the transliterated one. O and I become the digits they are mistaken for.
_NUMBER_LETTERS = str.maketrans(
    {letter.upper(): latin.upper() for letter, latin in CYRILLIC.items() if latin.isascii()}
    | dict(zip("АВСЕНІКМОРТХУOI", "ABCEH1KM0PTXY01", strict=True))
)
_NOT_NUMBER = re.compile(r"[\W_]+")


def plain_document(document: Document | None) -> PlainDocument | None:
    """The document's normal form, or None when no number was given."""
    if document is None:
        return None
    number = _NOT_NUMBER.sub("", document.number.upper().translate(_NUMBER_LETTERS))
    if not number:
        return None
    kind = document.kind.strip().casefold()
    return PlainDocument(kind, country_code(document.country), number)


_DESIGNATORS = frozenset(
    (
        *("ul", "ulica", "os", "osiedle", "al", "aleia", "aleie", "pl", "plac", "rondo", "skver"),
        *("bulvar", "bul", "sv", "sventy", "sventeho", "im", "imenia", "gen", "heneralna"),
        *("henerala", "dr", "ks", "prof", "mareska", "marsalka"),
    )
)
"""Words beside a street's name, folded."""
_FLAT_IN_HOUSE = re.compile(r"^(\d+\s*[^\W\d_]?)\s*(?:/|m\.?|lok\.?|кв\.?)\s*(\d+\s*[^\W\d_]?)$")
_ROMAN = re.compile(r"^[ivxl]+$")


def plain_address(address: Address | None) -> PlainAddress | None:
    """The address's normal form, or None when street or house is missing.

    Of a street's words the last long one counts: clerks write *gen. Tadeusza Kosciuszki*,
    *Kosciuszki* and *ul. T. Kosciuszki* for the same street.
    """
    if address is None:
        return None
    house, flat = address.house.strip().casefold(), address.flat.strip().casefold()
    inside = _FLAT_IN_HOUSE.match(house)
    if inside and not flat:
        house, flat = inside.groups()
    street = _street_skeleton(address.street)
    house, flat = _NOT_NUMBER.sub("", house), _NOT_NUMBER.sub("", flat)
    if not street or not house:
        return None
    return PlainAddress(street, house, re.sub(r"^(?:m|lok|кв)(?=\d)", "", flat))


def _street_skeleton(street: str) -> str:
    numbers = re.findall(r"\d+", street)
    words = [w for w in fold(street).split() if w not in _DESIGNATORS]
    long_words = [w for w in words if len(w) > 3 and not _ROMAN.match(w)] or words
    return "".join([consonants(w) for w in long_words[-1:]] + numbers)
