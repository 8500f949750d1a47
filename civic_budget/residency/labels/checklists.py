"""What an officer ticks before confirming: for a statement, for documents, and for each kind of proof."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic_budget.residency.labels.proofs import CHECKLIST, STATEMENT_CHECKLIST
from civic_budget.residency.rules import CaseState, Road

Point = tuple[str, LazyString]

KIND_POINTS: dict[str, Point] = {
    "school_letter": ("school", _("The school is named and somebody signed for it")),
    "clinic_letter": ("health", _("Nothing about the person’s health can be read")),
    "ngo_letter": ("organisation", _("The organisation exists and somebody signed for it")),
    "bill_transfer": (
        "transfer",
        _("The title names rent or bills, and the person sent the money"),
    ),
    "utility_bill": ("supply", _("The bill is for the supply of this home")),
    "employer_certificate": ("employer", _("The employer is named and somebody signed for it")),
    "university_certificate": ("year", _("It is for the present academic year")),
    "dormitory_certificate": (
        "place",
        _("The place is on the city’s list, and it says since when the person lives there"),
    ),
    "tax_form": ("stamp", _("It has the tax office’s stamp or a confirmation of receipt (UPO)")),
    "lease": ("parties", _("Both sides signed, and the agreement holds today")),
    "registration_certificate": ("register", _("The registration has not ended")),
    "owner_statement": ("owner", _("The owner is named and signed it")),
}
APPEAL_POINT: Point = ("appeal", _("I read what the person wrote in the appeal"))


def checklist_for(road: Road | None, kinds: Iterable[str], state: CaseState) -> tuple[Point, ...]:
    """The points for a case, by its road, the kinds of its documents and whether it is an appeal."""
    points = list(STATEMENT_CHECKLIST if road is Road.STATEMENT else CHECKLIST)
    points += [KIND_POINTS[kind] for kind in sorted(set(kinds)) if kind in KIND_POINTS]
    if state is CaseState.APPEALED:
        points.append(APPEAL_POINT)
    return tuple(points)
