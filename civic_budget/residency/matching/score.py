"""How likely two records are one human: points with reasons that an officer can read.

Weights were set by hand on tuning seeds of bench/people.py, never on the hold-out ones.
It must not decide anything: a suspect pair goes to an officer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civic_budget.residency.matching.keys import Prepared, prepare
from civic_budget.residency.matching.records import IdentityRecord, PlainAddress, PlainDocument
from civic_budget.residency.matching.similarity import is_one_edit, is_one_slip, jaro_winkler
from civic_budget.residency.matching.skeleton import NameParts, consonants

SUSPECT_AT = 75
"""Pairs with at least so many points are shown to an officer."""


class ReasonCode(StrEnum):
    """What agreed or differed; `labels` turn each code into words."""

    GIVEN_SAME = "given_same"
    GIVEN_EQUIVALENT = "given_equivalent"
    GIVEN_ALIKE = "given_alike"
    GIVEN_NEAR = "given_near"
    GIVEN_UNSURE = "given_unsure"
    GIVEN_DIFFERENT = "given_different"
    FAMILY_SAME = "family_same"
    FAMILY_ALIKE = "family_alike"
    FAMILY_NEAR = "family_near"
    FAMILY_UNSURE = "family_unsure"
    FAMILY_DIFFERENT = "family_different"
    NAMES_SWAPPED = "names_swapped"
    BIRTH_SAME = "birth_same"
    BIRTH_DAY_MONTH_SWAPPED = "birth_day_month_swapped"
    BIRTH_ONE_SLIP = "birth_one_slip"
    BIRTH_NEAR = "birth_near"
    BIRTH_DIFFERENT = "birth_different"
    DOCUMENT_SAME = "document_same"
    DOCUMENT_NUMBER_SAME = "document_number_same"
    DOCUMENT_NEAR = "document_near"
    ADDRESS_SAME = "address_same"
    HOUSE_SAME = "house_same"
    STREET_SAME = "street_same"


POINTS = {
    ReasonCode.GIVEN_SAME: 24,
    ReasonCode.GIVEN_EQUIVALENT: 22,
    ReasonCode.GIVEN_ALIKE: 20,
    ReasonCode.GIVEN_NEAR: 12,
    ReasonCode.GIVEN_UNSURE: -48,
    ReasonCode.GIVEN_DIFFERENT: -60,
    ReasonCode.FAMILY_SAME: 36,
    ReasonCode.FAMILY_ALIKE: 30,
    ReasonCode.FAMILY_NEAR: 5,
    ReasonCode.FAMILY_UNSURE: 0,
    ReasonCode.FAMILY_DIFFERENT: -30,
    ReasonCode.NAMES_SWAPPED: 0,
    ReasonCode.BIRTH_SAME: 45,
    ReasonCode.BIRTH_DAY_MONTH_SWAPPED: 25,
    ReasonCode.BIRTH_ONE_SLIP: 12,
    ReasonCode.BIRTH_NEAR: 0,
    ReasonCode.BIRTH_DIFFERENT: -60,
    ReasonCode.DOCUMENT_SAME: 80,
    ReasonCode.DOCUMENT_NUMBER_SAME: 60,
    ReasonCode.DOCUMENT_NEAR: 12,
    ReasonCode.ADDRESS_SAME: 40,
    ReasonCode.HOUSE_SAME: 12,
    ReasonCode.STREET_SAME: 4,
}
"""Points of each reason. Swapped fields cost nothing; a clearly different given name costs most
of what a shared family name, birth date and home of twins give."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One agreement or difference and the points it gave or took."""

    code: ReasonCode
    points: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Points of a pair, and the reasons that add up to them: names, birth, document, address."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_suspect(self) -> bool:
        """Whether an officer should look at the pair."""
        return self.score >= SUSPECT_AT


def compare(a: IdentityRecord, b: IdentityRecord) -> Comparison:
    """Compare two records in the clear; the order of the two changes nothing."""
    return compare_prepared(prepare(a), prepare(b))


def compare_prepared(a: Prepared, b: Prepared) -> Comparison:
    """As `compare`, for records that were folded before."""
    codes = _names(a.names, b.names)
    codes.append(_births(a.birth_on, b.birth_on))
    codes += _documents(a.document, b.document) + _addresses(a.address, b.address)
    reasons = tuple(Reason(code, POINTS[code]) for code in codes)
    return Comparison(sum(r.points for r in reasons), reasons)


def _names(a: NameParts, b: NameParts) -> list[ReasonCode]:
    given = _given((a.given, a.given_root), (b.given, b.given_root))
    family = _family(a.family, b.family)
    straight = [given, family]
    if POINTS[given] > 0 and POINTS[family] > 0:
        return straight
    crossed = [
        [
            _given((a.given, a.given_root), (b.family, b.family_root)),
            _family(a.family, b.given),
            ReasonCode.NAMES_SWAPPED,
        ],
        [
            _given((a.family, a.family_root), (b.given, b.given_root)),
            _family(a.given, b.family),
            ReasonCode.NAMES_SWAPPED,
        ],
    ]
    return max((straight, *crossed), key=lambda codes: (sum(POINTS[c] for c in codes), codes))


def _given(a: tuple[str, str], b: tuple[str, str]) -> ReasonCode:
    """Compare given names, each with its root in the table of equivalents."""
    (name_a, root_a), (name_b, root_b) = a, b
    words_a, words_b = name_a.split(), name_b.split()
    if name_a == name_b and name_a:
        return ReasonCode.GIVEN_SAME
    if not words_a or not words_b or _later_names_differ(words_a[1:], words_b[1:]):
        return ReasonCode.GIVEN_UNSURE
    if root_a and root_a == root_b:
        return ReasonCode.GIVEN_EQUIVALENT
    if set(words_a) & set(words_b):
        return ReasonCode.GIVEN_ALIKE if words_a[0] == words_b[0] else ReasonCode.GIVEN_NEAR
    if root_a and root_b:
        return ReasonCode.GIVEN_DIFFERENT
    return _GIVEN_LEVELS[_level(words_a[0], words_b[0])]


def _later_names_differ(a: list[str], b: list[str]) -> bool:
    """Whether both go on after the first name, and no word of one is near a word of the other."""
    return bool(a and b) and not any(_level(x, y) > 1 for x in a for y in b)


def _family(a: str, b: str) -> ReasonCode:
    """Compare family names; one half of a double-barrelled name is enough to be alike."""
    if a == b and a:
        return ReasonCode.FAMILY_SAME
    words_a, words_b = a.split(), b.split()
    if not words_a or not words_b:
        return ReasonCode.FAMILY_UNSURE
    if set(words_a) & set(words_b):
        return ReasonCode.FAMILY_ALIKE
    best = max(_level(a, b), *(_level(x, y) for x in words_a for y in words_b))
    return _FAMILY_LEVELS[best]


_GIVEN_LEVELS = (
    ReasonCode.GIVEN_DIFFERENT,
    ReasonCode.GIVEN_UNSURE,
    ReasonCode.GIVEN_NEAR,
    ReasonCode.GIVEN_ALIKE,
)
_FAMILY_LEVELS = (
    ReasonCode.FAMILY_DIFFERENT,
    ReasonCode.FAMILY_UNSURE,
    ReasonCode.FAMILY_NEAR,
    ReasonCode.FAMILY_ALIKE,
)
_LEVELS_FROM = (0.78, 0.86, 0.93)
"""Jaro-Winkler similarities at which words are unsure, near and alike."""
_SAME_SKELETON_FROM = 0.7
"""Words of one skeleton are alike from this similarity on, when the skeleton has two letters."""

_SHORT = 4
"""One letter apart, longer words are alike, words of this length near, shorter ones neither."""


def _level(a: str, b: str) -> int:
    """0 different, 1 unsure, 2 near, 3 alike."""
    likeness = jaro_winkler(a, b)
    skeleton = consonants(a)
    if likeness >= _SAME_SKELETON_FROM and len(skeleton) > 1 and skeleton == consonants(b):
        return 3
    level = sum(likeness >= bound for bound in _LEVELS_FROM)
    if level < 3 and is_one_edit(a, b):
        by_length = 3 if min(len(a), len(b)) > _SHORT else 2 if min(len(a), len(b)) == _SHORT else 0
        return max(level, by_length)
    return level


_NEAR_DAYS = 3


def _births(a: date, b: date) -> ReasonCode:
    if a == b:
        return ReasonCode.BIRTH_SAME
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return ReasonCode.BIRTH_DAY_MONTH_SWAPPED
    if is_one_slip(a.isoformat(), b.isoformat()):
        return ReasonCode.BIRTH_ONE_SLIP
    parts_alike = (a.year == b.year) + (a.month == b.month) + (a.day == b.day)
    if parts_alike == 2 or abs((a - b).days) <= _NEAR_DAYS:
        return ReasonCode.BIRTH_NEAR
    return ReasonCode.BIRTH_DIFFERENT


def _documents(a: PlainDocument | None, b: PlainDocument | None) -> list[ReasonCode]:
    if a is None or b is None:
        return []
    if a == b:
        return [ReasonCode.DOCUMENT_SAME]
    if a.number == b.number:
        return [ReasonCode.DOCUMENT_NUMBER_SAME]
    # The last digit apart is a family whose passports were printed together, not a slip.
    near = a[:2] == b[:2] and is_one_slip(a.number, b.number) and a.number[-1] == b.number[-1]
    return [ReasonCode.DOCUMENT_NEAR] if near else []


def _addresses(a: PlainAddress | None, b: PlainAddress | None) -> list[ReasonCode]:
    if a is None or b is None or a.street != b.street:
        return []
    if a.house != b.house:
        return [ReasonCode.STREET_SAME]
    return [ReasonCode.ADDRESS_SAME if a.flat == b.flat else ReasonCode.HOUSE_SAME]
