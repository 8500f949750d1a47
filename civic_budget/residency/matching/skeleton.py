"""Skeletons: what is left of a name when spelling habits are taken away.

Vowels go, sibilants and affricates become one letter. Made from folded names only; it knows no
birth dates, keys or scores.
"""

from functools import lru_cache
from typing import NamedTuple

from civic_budget.residency.matching.fold import fold, spells_ch_as_h
from civic_budget.residency.matching.given_names import root_name

PARTICLES = frozenset(
    (
        "ti",
        "van",
        "von",
        "de",
        "del",
        "la",
        "da",
        "di",
        "dos",
        "al",
        "el",
        "bin",
        "ibn",
        "abu",
        "ter",
    )
)
"""Folded words that begin thousands of names and tell nobody apart, such as the Vietnamese Thi."""

_MERGED = str.maketrans("ščžcz", "sssss", "aeiou")


@lru_cache(maxsize=200_000)
def consonants(folded: str) -> str:
    """The skeleton of one folded word; a word of vowels alone stays as it is."""
    bare = folded.translate(_MERGED)
    kept = [c for i, c in enumerate(bare) if i == 0 or bare[i - 1] != c]
    return "".join(kept) or folded


class NameParts(NamedTuple):
    """A human's names, folded, with the skeleton of the first telling word of each field.

    `given_root` is the given name's group in the table of equivalents, "" when it has none.
    """

    given: str
    family: str
    given_root: str
    family_root: str
    given_skeleton: str
    family_skeleton: str

    @property
    def calling_skeleton(self) -> str:
        """The given name's skeleton; the other field's, when only that is a known given name."""
        swapped = self.family_root and not self.given_root
        return self.family_skeleton if swapped else self.given_skeleton

    @property
    def sorted_skeletons(self) -> tuple[str, str]:
        """Both skeletons in one order, so that swapped fields change nothing."""
        first, second = sorted((self.given_skeleton, self.family_skeleton))
        return first, second


def name_parts(given_names: str, family_name: str) -> NameParts:
    """Fold and reduce both name fields; either may be empty, and either may hold the other's name.

    The table of equivalents is asked for both fields, because people swap them.
    """
    ch_is_h = spells_ch_as_h(given_names, family_name)
    given = fold(given_names, ch_is_h=ch_is_h)
    family = fold(family_name, ch_is_h=ch_is_h)
    given_root, given_skeleton = _reduced(given)
    family_root, family_skeleton = _reduced(family)
    return NameParts(given, family, given_root, family_root, given_skeleton, family_skeleton)


def _reduced(folded: str) -> tuple[str, str]:
    words = folded.split()
    telling = [word for word in words if word not in PARTICLES] or words or [""]
    first = telling[0]
    root = root_name(first)
    return root, consonants(root or first)
