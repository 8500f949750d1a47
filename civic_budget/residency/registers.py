"""Asking a register whether somebody lives where they say: a yes or no, and nothing else leaves the house.

The port is `Register`. An entry is a keyed fingerprint of names, birth date and home, made with a key of
its own; a register that is a file holds fingerprints alone, so neither side learns whom it does not
know already. Without a folder of registers there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from civic_budget.kernel.keys import KeyRing
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.matching import blind_keys
from civic_budget.residency.matching.records import IdentityRecord

PURPOSE = "residency-register"
KNOWN = ("residents", "card", "university", "dormitory", "employer")
"""Registers that a city may ask under contract; each has words in four languages."""
SUFFIX = ".keys"


class Register(Protocol):
    """A list that answers yes or no."""

    @property
    def name(self) -> str:
        """One of `KNOWN`."""

    def has(self, fingerprint: str) -> bool:
        """Whether the list holds this fingerprint."""


class FileRegister:
    """A register as a file of fingerprints, one a line: for the demo, tests, and lists brought on a stick."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name without its end."""
        return self._path.stem

    def has(self, fingerprint: str) -> bool:
        """Whether a line is this fingerprint."""
        with self._path.open(encoding="ascii") as lines:
            return any(line.strip() == fingerprint for line in lines)


def list_registers(folder: Path) -> Sequence[Register]:
    """The registers that this city may ask, by name; none without the folder."""
    if not folder.is_dir():
        return []
    return [FileRegister(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if path.stem in KNOWN]


def fingerprint(ring: KeyRing, identity: Identity, home: HomeAddress) -> str:
    """The keyed fingerprint of a person at a home; however the name is spelt, it is the same.

    Names and birth date meet as in matching (K1), the home by street, house and flat.
    """
    keys = blind_keys(
        ring.key(PURPOSE),
        given_names=identity.given_names,
        family_name=identity.family_name,
        birth_on=identity.born_on,
    )
    place = f"{home.street}|{home.house}|{home.flat}".casefold().replace(" ", "")
    return ring.blind(PURPOSE, f"{(keys.k1 or b'').hex()}|{place}").hex()


def write_register(
    ring: KeyRing, people: Iterable[tuple[str, IdentityRecord]], target: Path
) -> int:
    """Write a register's file from a list of people; returns how many. Names are not kept."""
    lines = []
    for _id, person in people:
        if person.address is None:
            continue
        home = HomeAddress(person.address.street, person.address.house, person.address.flat)
        who = Identity(person.given_names, person.family_name, person.birth_on)
        lines.append(fingerprint(ring, who, home))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Sorted: the order of the list would tell who is who.
    target.write_text("".join(f"{line}\n" for line in sorted(set(lines))), encoding="ascii")
    return len(lines)
