"""Words for states, deeds, roads, flags and tabs of residence cases."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.residency.queries import Tab
from civic_budget.residency.rules import CaseAction, CaseState, Flag, Purpose, Road, Sex, Standing

STATE_NAMES = {
    CaseState.DRAFT: _("Not sent yet"),
    CaseState.SUBMITTED: _("Waits for the office"),
    CaseState.NEEDS_MORE: _("The office needs something more"),
    CaseState.CONFIRMED: _("Residence confirmed"),
    CaseState.REFUSED: _("Refused"),
    CaseState.APPEALED: _("Your appeal is being decided"),
    CaseState.DISMISSED: _("Refused, also on appeal"),
    CaseState.WITHDRAWN: _("Withdrawn"),
    CaseState.LAPSED: _("Ended without an answer"),
    CaseState.REVOKED: _("Confirmation taken back"),
}
STATE_KINDS = {
    CaseState.SUBMITTED: "brand",
    CaseState.APPEALED: "brand",
    CaseState.NEEDS_MORE: "warn",
    CaseState.CONFIRMED: "ok",
    CaseState.REFUSED: "danger",
    CaseState.DISMISSED: "danger",
    CaseState.REVOKED: "danger",
}
OFFICE_STATE_NAMES = {**STATE_NAMES, CaseState.APPEALED: _("Appeal to decide")}
ACTION_NAMES = {
    CaseAction.SUBMIT: _("Sent"),
    CaseAction.ASK_MORE: _("Asked for more"),
    CaseAction.ANSWER: _("Answered"),
    CaseAction.CONFIRM: _("Confirmed"),
    CaseAction.REFUSE: _("Refused"),
    CaseAction.APPEAL: _("Appealed"),
    CaseAction.ALLOW_APPEAL: _("Appeal allowed, residence confirmed"),
    CaseAction.DISMISS_APPEAL: _("Appeal dismissed"),
    CaseAction.WITHDRAW: _("Withdrawn"),
    CaseAction.LAPSE: _("Ended without an answer"),
    CaseAction.REVOKE: _("Confirmation taken back"),
}
ROAD_NAMES = {
    Road.STATEMENT: _("Statement"),
    Road.DOCUMENT: _("Document"),
    Road.DESK: _("Seen at a desk"),
    Road.REGISTER: _("City register"),
    Road.LETTER: _("Letter to the address"),
}
PURPOSE_NAMES = {
    Purpose.FIRST: _("First confirmation"),
    Purpose.MOVE: _("New address"),
    Purpose.RENEWAL: _("Renewal"),
    Purpose.CORRECTION: _("Correction of data"),
}
FLAG_NAMES = {
    Flag.DUPLICATE: _("May be registered already"),
    Flag.GREAT_AGE: _("Very great age"),
    Flag.SAMPLE: _("Drawn for a check"),
    Flag.CROWDED_ADDRESS: _("Many people at this address"),
}
STANDING_NAMES = {
    Standing.CONFIRMED: _("You can take part in everything."),
    Standing.PROVISIONAL: _(
        "You can take part already. What you do counts for good once your residence is confirmed."
    ),
    Standing.NONE: _("Confirm where you live to submit proposals, support them and vote."),
}
SEX_NAMES = {
    Sex.FEMALE: _("Woman"),
    Sex.MALE: _("Man"),
    Sex.OTHER: _("Another answer"),
}
TAB_NAMES = {
    Tab.WAITING: _("Waiting"),
    Tab.MINE: _("Mine"),
    Tab.FLAGGED: _("Flagged"),
    Tab.APPEALS: _("Appeals"),
    Tab.CHECKS: _("Drawn for a second look"),
    Tab.OVERDUE: _("Past the deadline"),
    Tab.ASKED: _("Asked for more"),
    Tab.DECIDED: _("Decided"),
}
