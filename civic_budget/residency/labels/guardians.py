"""Words for guardianship and contested districts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.guardian_rules import (
    ACCOUNT_CLOSED,
    CASE_REFUSED,
    ERASED,
    GIVEN_UP,
    OUT_OF_AGE,
    OUTGROWN,
    UNFINISHED,
    TieState,
)

PAPER_NAMES = {
    "birth_certificate": _("Child’s birth certificate"),
    "court_order": _("Court’s paper on custody or guardianship"),
    "temporary_guardian": _("Certificate of a temporary guardian"),
    "desk": _("I will show the paper at an assistance point"),
}
PAPER_HINTS = {
    "birth_certificate": _(
        "In any language, with your name as a parent. A translation is not needed."
    ),
    "court_order": _("The page that names you and the child. You may cover the reasons."),
    "temporary_guardian": _(
        "For children who came without their parents, from the war for example."
    ),
    "desk": _("An officer only looks at it and keeps no copy."),
}
TIE_NAMES = {
    TieState.CLAIMED: _("Waits for the office"),
    TieState.ACTING: _("You act for the child"),
    TieState.INFORMED: _("Another guardian acts, you are told"),
    TieState.DISPUTED: _("Disputed: a desk settles it"),
    TieState.REFUSED: _("Not accepted"),
    TieState.WITHDRAWN: _("Withdrawn"),
    TieState.ENDED: _("Ended"),
}
TIE_KINDS = {
    TieState.CLAIMED: "brand",
    TieState.ACTING: "ok",
    TieState.DISPUTED: "warn",
    TieState.REFUSED: "danger",
}
OFFICE_TIE_NAMES = {
    **TIE_NAMES,
    TieState.CLAIMED: _("To decide"),
    TieState.ACTING: _("Acts for the child"),
    TieState.INFORMED: _("Is told"),
}
TIE_STATES = {
    TieState.CLAIMED: _("claimed, not decided yet"),
    TieState.ACTING: _("the guardian acts for the child"),
    TieState.INFORMED: _("the guardian is told what happens"),
    TieState.DISPUTED: _("disputed between guardians"),
    TieState.REFUSED: _("not accepted"),
    TieState.WITHDRAWN: _("withdrawn"),
    TieState.ENDED: _("ended"),
}
"""The same for both sides, as the copy of one's data says it."""
END_NAMES = {
    OUT_OF_AGE: _("The child is old enough for an account of their own."),
    GIVEN_UP: _("You gave the guardianship up here."),
    ACCOUNT_CLOSED: _("The guardian’s account was closed."),
    ERASED: _("The guardian who acted had the child’s record erased."),
    UNFINISHED: _("The child’s application stayed unfinished for too long. You can begin again."),
    OUTGROWN: _("The child came of age for an account of their own before an officer decided."),
    CASE_REFUSED: _("The child’s residence was refused. You can begin again with other papers."),
}
CONTEST_NAMES = {
    ContestState.OPEN: _("An officer looks at it"),
    ContestState.UPHELD: _("You were right: the district is changed"),
    ContestState.DISMISSED: _("The district stays as in the list"),
    ContestState.WITHDRAWN: _("Withdrawn"),
}
