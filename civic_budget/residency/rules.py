"""Rules of residence: the case's lifecycle, deadlines, plausibility, standing. Plain Python."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from civic_budget.kernel.clock import age_on, city_day
from civic_budget.kernel.errors import Conflict
from civic_budget.kernel.workflow import Workflow
from civic_budget.residency.limits import Limits

__all__ = [
    "ASKING_FOR_FILE",
    "CASE",
    "DECIDED_STATES",
    "MAX_AGE",
    "MAX_FILES",
    "MORE_REASONS",
    "NEEDS_REASON",
    "OPEN_STATES",
    "PROOF_CODES",
    "PROOF_KINDS",
    "REFERENCE_LETTERS",
    "REFUSAL_REASONS",
    "UNDECIDED_STATES",
    "WAITS_FOR_OFFICER",
    "CaseAction",
    "CaseState",
    "Flag",
    "Limits",
    "ProofKind",
    "Purpose",
    "Road",
    "Sex",
    "Standing",
    "check_birth_date",
    "is_in_sample",
    "is_same_name",
    "new_reference",
    "read_reference",
    "standing",
]

# No 0/O, 1/I/L: references are read aloud and copied from paper.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MAX_AGE = 120
MAX_FILES = 5


class CaseState(StrEnum):
    """Where a residence case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_MORE = "needs_more"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    APPEALED = "appealed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REVOKED = "revoked"


class CaseAction(StrEnum):
    """What can be done with a residence case."""

    SUBMIT = "submit"
    ASK_MORE = "ask_more"
    ANSWER = "answer"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    APPEAL = "appeal"
    ALLOW_APPEAL = "allow_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    REVOKE = "revoke"


CASE: Workflow[CaseState, CaseAction] = Workflow(
    "residence case",
    {
        (CaseState.DRAFT, CaseAction.SUBMIT): CaseState.SUBMITTED,
        (CaseState.DRAFT, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
        (CaseState.DRAFT, CaseAction.LAPSE): CaseState.LAPSED,
        (CaseState.SUBMITTED, CaseAction.CONFIRM): CaseState.CONFIRMED,
        (CaseState.SUBMITTED, CaseAction.ASK_MORE): CaseState.NEEDS_MORE,
        (CaseState.SUBMITTED, CaseAction.REFUSE): CaseState.REFUSED,
        (CaseState.SUBMITTED, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
        (CaseState.NEEDS_MORE, CaseAction.ANSWER): CaseState.SUBMITTED,
        (CaseState.NEEDS_MORE, CaseAction.CONFIRM): CaseState.CONFIRMED,
        (CaseState.NEEDS_MORE, CaseAction.REFUSE): CaseState.REFUSED,
        (CaseState.NEEDS_MORE, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
        (CaseState.NEEDS_MORE, CaseAction.LAPSE): CaseState.LAPSED,
        (CaseState.REFUSED, CaseAction.APPEAL): CaseState.APPEALED,
        (CaseState.APPEALED, CaseAction.ALLOW_APPEAL): CaseState.CONFIRMED,
        (CaseState.APPEALED, CaseAction.DISMISS_APPEAL): CaseState.DISMISSED,
        (CaseState.APPEALED, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
        (CaseState.CONFIRMED, CaseAction.REVOKE): CaseState.REVOKED,
        (CaseState.REVOKED, CaseAction.APPEAL): CaseState.APPEALED,
    },
)

OPEN_STATES = frozenset(
    {CaseState.DRAFT, CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED}
)
"""A person has at most one case in these states."""
UNDECIDED_STATES = frozenset({CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED})
"""The case was complete once and nobody has decided it for good: it gives provisional standing."""
WAITS_FOR_OFFICER = frozenset({CaseState.SUBMITTED, CaseState.APPEALED})
DECIDED_STATES = frozenset(
    {CaseState.CONFIRMED, CaseState.REFUSED, CaseState.DISMISSED, CaseState.REVOKED}
)
NEEDS_REASON = frozenset(
    {CaseAction.ASK_MORE, CaseAction.REFUSE, CaseAction.DISMISS_APPEAL, CaseAction.REVOKE}
)


class Road(StrEnum):
    """How residence is proved."""

    STATEMENT = "statement"
    DOCUMENT = "document"
    DESK = "desk"
    REGISTER = "register"
    LETTER = "letter"


class Purpose(StrEnum):
    """What a case is about."""

    FIRST = "first"
    MOVE = "move"
    RENEWAL = "renewal"
    CORRECTION = "correction"


class Standing(StrEnum):
    """What a person's residence is worth at a moment."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    NONE = "none"


class Flag(StrEnum):
    """Why an officer should look closely."""

    DUPLICATE = "duplicate"
    GREAT_AGE = "great_age"
    SAMPLE = "sample"
    CROWDED_ADDRESS = "crowded_address"


class Sex(StrEnum):
    """As the person says; nobody has to."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"


@dataclass(frozen=True)
class ProofKind:
    """A kind of proof: needs it the landlord's help, and is it enough alone?"""

    code: str
    needs_landlord: bool
    confirms_alone: bool


PROOF_KINDS: tuple[ProofKind, ...] = (
    ProofKind("school_letter", False, True),
    ProofKind("clinic_letter", False, True),
    ProofKind("ngo_letter", False, True),
    ProofKind("bill_transfer", False, False),
    ProofKind("utility_bill", False, True),
    ProofKind("employer_certificate", False, True),
    ProofKind("university_certificate", False, True),
    ProofKind("dormitory_certificate", False, True),
    ProofKind("tax_form", False, True),
    ProofKind("lease", True, True),
    ProofKind("registration_certificate", True, True),
    ProofKind("owner_statement", True, True),
)
PROOF_CODES = frozenset(kind.code for kind in PROOF_KINDS)

REFUSAL_REASONS: tuple[str, ...] = (
    "outside_city",
    "other_person",
    "other_address",
    "outdated",
    "unreadable",
    "no_answer",
    "altered",
    "already_confirmed",
    "not_guardian",
)
MORE_REASONS: tuple[str, ...] = (
    "better_picture",
    "newer_document",
    "all_pages",
    "name_differs",
    "address_differs",
    "second_proof",
    "come_to_desk",
)
ASKING_FOR_FILE = frozenset(
    {"better_picture", "newer_document", "all_pages", "second_proof", "address_differs"}
)


def new_reference(pick: Callable[[str], str] = secrets.choice) -> str:
    """A case's reference for people: R-7K2M-94QF (about 39 bits)."""
    letters = "".join(pick(REFERENCE_LETTERS) for _ in range(8))
    return f"R-{letters[:4]}-{letters[4:]}"


def read_reference(text: str) -> str | None:
    """The reference that somebody typed, whatever its case, spaces and hyphens; None: not one."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix("R") if text else ""
    whole = re.sub(r"[^0-9A-Z]", "", text.upper())
    letters = bare if len(bare) == 8 else whole
    if len(letters) != 8 or any(letter not in REFERENCE_LETTERS for letter in letters):
        return None
    return f"R-{letters[:4]}-{letters[4:]}"


def check_birth_date(born_on: date, at: datetime) -> None:
    """A birth date that a living person can have; raises Conflict at field `birth_date`."""
    today = city_day(at)
    if born_on > today:
        raise Conflict("born_in_future", field="birth_date")
    if age_on(born_on, today) > MAX_AGE:
        raise Conflict("born_too_long_ago", field="birth_date", age=MAX_AGE)


def standing(
    *,
    confirmed_at: datetime | None,
    valid_until: datetime | None,
    revoked_at: datetime | None,
    undecided_since: datetime | None,
    at: datetime,
) -> Standing:
    """A person's standing at a moment, from their last confirmation and their undecided case."""
    if confirmed_at is not None and valid_until is not None:
        is_revoked = revoked_at is not None and revoked_at <= at
        if confirmed_at <= at < valid_until and not is_revoked:
            return Standing.CONFIRMED
    if undecided_since is not None and undecided_since <= at:
        return Standing.PROVISIONAL
    return Standing.NONE


def is_in_sample(reference: str, limits: Limits) -> bool:
    """Whether the draw under a seed picks this case for a check: SHA-256(seed|reference)."""
    drawn = hashlib.sha256(f"{limits.sample_seed}|{reference}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % 1000 < limits.sample_permille


def is_same_name(typed: str, given_names: str, family_name: str) -> bool:
    """Whether a signature is the person's name, in either order, whatever case and spaces."""
    words = sorted(re.findall(r"[^\W_]+", typed.casefold()))
    return bool(words) and words == sorted(
        re.findall(r"[^\W_]+", f"{given_names} {family_name}".casefold())
    )
