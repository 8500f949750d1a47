"""The sheet of passwords and printed codes of a demo instance, as people read it.

Written once when the city is filled, with mode 0600; fresh for every instance.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SYLLABLES = ("ba", "do", "fi", "ga", "ka", "le", "mo", "nu", "pi", "ra", "se", "ta", "wo", "zu")
CODES_A_LINE = 5
CODE_INDENT = " " * 6


@dataclass(frozen=True)
class StaffSheet:
    """How a member of staff signs in: each printed code works once."""

    name: str
    role: str
    contact: str
    codes: Sequence[str]


@dataclass(frozen=True)
class ResidentLine:
    """How a resident signs in."""

    name: str
    contact: str
    about: str


@dataclass(frozen=True)
class KeyFileLine:
    """Where a key file of the commission is, and its passphrase."""

    path: Path
    passphrase: str


@dataclass(frozen=True)
class VoteLine:
    """Whose vote shows which control codes on the public board."""

    name: str
    codes: str


@dataclass
class SignIns:
    """Everything that opens the doors of one instance."""

    resident_password: str
    staff_password: str
    residents: list[ResidentLine] = field(default_factory=list)
    staff: list[StaffSheet] = field(default_factory=list)
    key_files: list[KeyFileLine] = field(default_factory=list)
    votes: list[VoteLine] = field(default_factory=list)

    @staticmethod
    def fresh() -> SignIns:
        """New passwords, nobody on the lists yet."""
        return SignIns(_new_password(), _new_password())

    def text(self) -> str:
        """The sheet."""
        lines = ["RESIDENTS", f"Everybody's password: {self.resident_password}", ""]
        width = max((len(line.contact) for line in self.residents), default=0)
        lines += [f"  {r.contact:<{width}}  {r.name} ({r.about})" for r in self.residents]
        lines += ["", "STAFF", f"Everybody's password: {self.staff_password}"]
        lines += ["After it comes a code of the own printed sheet; each works once.", ""]
        for member in self.staff:
            lines.append(f"  {member.contact}  {member.name}, {member.role}")
            lines += [CODE_INDENT + line for line in _in_lines(member.codes)]
        if self.key_files:
            lines += ["", "KEY FILES OF THE COMMISSION (any one of them opens the ballots)", ""]
            lines += [
                f"  {key.path}\n{CODE_INDENT}passphrase: {key.passphrase}" for key in self.key_files
            ]
        if self.votes:
            lines += ["", "CONTROL CODES of some votes, to be found on the public board", ""]
            lines += [f"  {vote.name}: {vote.codes}" for vote in self.votes]
        return "\n".join(lines) + "\n"


def write(path: Path, sign_ins: SignIns) -> None:
    """Keep the sheet for its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(sign_ins.text())


def _in_lines(codes: Sequence[str]) -> list[str]:
    starts = range(0, len(codes), CODES_A_LINE)
    return ["  ".join(codes[start : start + CODES_A_LINE]) for start in starts]


def _new_password() -> str:
    """Three words that can be typed on any keyboard: about 45 bits."""
    return "-".join("".join(secrets.choice(SYLLABLES) for _ in range(4)) for _ in range(3))


def shortened(text: str, *, residents: int = 12) -> str:
    """The sheet for a screen: some residents, and the first line of everybody's codes."""
    kept: list[str] = []
    listed = 0
    for line in text.splitlines():
        is_codes = line.startswith(CODE_INDENT) and "passphrase" not in line
        if is_codes and kept[-1].startswith(CODE_INDENT):
            continue
        if line.startswith("  ") and not is_codes and "STAFF" not in kept:
            listed += 1
            if listed > residents:
                continue
        kept.append(line)
    return "\n".join(kept) + "\n"
