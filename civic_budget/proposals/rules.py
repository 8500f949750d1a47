"""The lifecycle of a proposal and the limits of what it may say and cost. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civic_budget.kernel.workflow import Workflow


class ProposalState(StrEnum):
    """Where a proposal stands on its road to the ballot."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class ProposalAction(StrEnum):
    """What can be done to a proposal."""

    SUBMIT = "submit"
    RETURN = "return"
    CORRECT = "correct"
    ADMIT = "admit"
    REJECT = "reject"
    APPEAL = "appeal"
    RESTORE = "restore"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"
    MERGE = "merge"


_S, _A = ProposalState, ProposalAction
LIFECYCLE = Workflow[ProposalState, ProposalAction](
    "proposal",
    {
        (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
        (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
        (_S.SUBMITTED, _A.ADMIT): _S.ADMITTED,
        (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
        (_S.SUBMITTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SUBMITTED, _A.MERGE): _S.MERGED,
        (_S.RETURNED, _A.CORRECT): _S.SUBMITTED,
        (_S.RETURNED, _A.REJECT): _S.REJECTED,
        (_S.RETURNED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.RETURNED, _A.MERGE): _S.MERGED,
        (_S.ADMITTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.REJECTED, _A.APPEAL): _S.APPEALED,
        (_S.REJECTED, _A.RESTORE): _S.ADMITTED,
        (_S.APPEALED, _A.RESTORE): _S.ADMITTED,
        (_S.APPEALED, _A.DISMISS): _S.REJECTED,
        (_S.APPEALED, _A.WITHDRAW): _S.WITHDRAWN,
    },
)

PUBLIC_STATES = frozenset(
    {
        ProposalState.SUBMITTED,
        ProposalState.RETURNED,
        ProposalState.ADMITTED,
        ProposalState.REJECTED,
        ProposalState.APPEALED,
        ProposalState.WITHDRAWN,
        ProposalState.MERGED,
    }
)

TEXT_FIELDS = ("title", "summary", "description", "justification", "audience", "accessibility")

# The author's task list: section → the fields that it asks for, in the order of the form.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "about": ("title", "summary", "description", "justification", "audience"),
    "category": ("category",),
    "place": ("place", "places"),
    "costs": ("costs", "upkeep"),
    "access": ("accessibility",),
}

CORRECTION_TIME = timedelta(days=14)


@dataclass(frozen=True)
class Limit:
    """Shortest and longest text of a field, in characters."""

    least: int
    most: int


LIMITS: Mapping[str, Limit] = {
    "title": Limit(5, 120),
    "summary": Limit(60, 250),
    "description": Limit(50, 4000),
    "justification": Limit(20, 2000),
    "audience": Limit(3, 500),
    "accessibility": Limit(3, 1000),
    "place": Limit(3, 500),
}


WORK, DOCUMENTATION = COST_KINDS = ("work", "documentation")


@dataclass(frozen=True)
class CostItem:
    """One line of an estimate, in grosze; counted from the price list when it names a price."""

    name: str
    grosze: int
    price_key: str | None = None
    quantity: int | None = None
    kind: str = "work"

    @property
    def is_documentation(self) -> bool:
        """Whether it pays for papers (a design, permits, expert opinions), not for the thing itself."""
        return self.kind == DOCUMENTATION


def name_priced(names: Mapping[str, str], language: str, quantity: int) -> str:
    """What a line taken from the price list is called, in the proposal's language or in Polish."""
    return f"{names.get(language) or names['pl']} × {quantity}"


MOST_PLACES = 10
"""How many places a proposal may name; the database refuses the eleventh too."""
LONGEST_PLACE = 160
FARTHEST_METRES = 12_000
"""How far from the nearest district's centre a point may lie: Kraków's corners are 9 km from theirs."""


@dataclass(frozen=True)
class Place:
    """One of the places of a proposal: a point in degrees, an address or words, or both."""

    words: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude; None for a place in words only."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def as_data(self) -> list[object]:
        """As versions and the hashed text keep it: words, latitude, longitude."""
        return [self.words, self.latitude, self.longitude]


@dataclass(frozen=True)
class Gap:
    """Something that keeps a draft from being submitted: a field and why."""

    field: str
    reason: str
    limit: int | None = None


def section_of(field: str) -> str:
    """The section of the task list that asks for a field."""
    return next(section for section, fields in SECTIONS.items() if field in fields)


def sections_begun(texts: Mapping[str, str], *, category: str, has_costs: bool) -> frozenset[str]:
    """The sections in which the author has written something."""
    filled = {name for name, text in texts.items() if text}
    filled |= {"category"} if category else set()
    filled |= {"costs"} if has_costs else set()
    return frozenset(s for s, fields in SECTIONS.items() if not filled.isdisjoint(fields))


def correct_until(at: datetime, assessment_ends_at: datetime) -> datetime:
    """The last moment to correct a returned proposal: 14 days, at most until the assessment ends."""
    return min(at + CORRECTION_TIME, max(assessment_ends_at, at))


def find_gaps(
    texts: Mapping[str, str],
    costs: Sequence[CostItem],
    *,
    category: str,
    min_cost: int,
    max_cost: int,
) -> list[Gap]:
    """Everything that keeps a proposal from being complete, in the order of the form.

    Costs are in grosze; the limits are the pool's (Kraków: a district project may take at most
    40 % of its district's pool).
    """
    gaps = [gap for name in LIMITS if (gap := _text_gap(name, texts.get(name, "")))]
    if not category:
        gaps.append(Gap("category", "missing"))
    total = sum(item.grosze for item in costs)
    if not costs:
        gaps.append(Gap("costs", "missing"))
    elif total < min_cost:
        gaps.append(Gap("costs", "too_cheap", min_cost))
    elif total > max_cost:
        gaps.append(Gap("costs", "too_dear", max_cost))
    return gaps


def _text_gap(name: str, text: str) -> Gap | None:
    limit, length = LIMITS[name], len(text.strip())
    if length == 0:
        return Gap(name, "missing")
    if length < limit.least:
        return Gap(name, "too_short", limit.least)
    if length > limit.most:
        return Gap(name, "too_long", limit.most)
    return None
