"""Words for the city's settings of residence: names, what they do, and the pages that they stand on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.residency.limits import Group

GROUP_NAMES = {
    Group.DEADLINES: _("Deadlines"),
    Group.CONFIRMATION: _("Confirmation"),
    Group.CHECKS: _("Sample and flags"),
    Group.GUARDIANS: _("Children and guardians"),
    Group.RETENTION: _("Keeping of documents"),
    Group.FORECAST: _("Minutes per case"),
}
GROUP_LEADS = {
    Group.DEADLINES: _("They count for what happens from now on. A deadline that was told stays."),
    Group.CONFIRMATION: _("How long a confirmation holds, and whether a statement confirms alone."),
    Group.CHECKS: _("Which cases an officer looks at more closely."),
    Group.GUARDIANS: _("From which age and until which age a guardian acts for a child."),
    Group.RETENTION: _(
        "Documents are deleted by themselves after these days, with a line in the trail."
    ),
    Group.FORECAST: _("How long an officer needs. The forecast of hours counts with it."),
}
SETTING_NAMES = {
    "decide_days": _("Days for the office to decide"),
    "answer_days": _("Days to answer a request for more"),
    "appeal_days": _("Days to appeal a refusal"),
    "complaint_days": _("Days to answer a complaint"),
    "posted_code_days": _("Days that a code sent by post is good for"),
    "activation_code_days": _("Days that an activation card is good for"),
    "claim_hours": _("Hours that a taken case stays with its officer"),
    "valid_years": _("Years that a confirmation holds"),
    "renewal_months": _("Months before its end from which it can be renewed"),
    "register_questions": _("Questions to lists that an account may ask in one edition"),
    "sample_permille": _("Statements drawn for a check, of each 1,000"),
    "great_age": _("Age from which a case is flagged"),
    "crowd": _("People at one address above which a case is flagged"),
    "guardian_youngest_age": _("Youngest age of a child registered online"),
    "hand_over_age": _("Age at which a young person takes over"),
    "online_vote_age": _("Youngest age for which a vote is cast online"),
    "evidence_days_after_decision": _("Days after the final decision"),
    "evidence_days_unfinished": _("Days for unfinished cases"),
    "minutes_statement": _("Minutes for a statement"),
    "minutes_document": _("Minutes for a case with documents"),
    "minutes_appeal": _("Minutes for an appeal"),
    "statement_confirms": _("A signed statement without flags confirms at once"),
    "letter_confirms": _(
        "A code from a letter to the address confirms a case without flags at once"
    ),
    "register_confirms": _("A match in a register confirms a case without flags at once"),
    "sample_seed": _("Seed of the draw at sending"),
}
SETTING_HINTS = {
    "register_questions": _(
        "For all the people whom the account acts for together. Who asks without end could find out who "
        "lives where."
    ),
    "guardian_youngest_age": _(
        "0: no limit. Younger children are registered at an assistance point."
    ),
    "online_vote_age": _("0: no limit. For younger children the vote is cast at a point."),
    "sample_seed": _(
        "Anything that nobody could know beforehand, such as the numbers of a public lottery and its "
        "day. A key of the city is mixed in, so that nobody can compute before sending whether their "
        "case will be drawn."
    ),
    "crowd": _("Halls of residence, hostels and shelters from the list of places are not counted."),
    "evidence_days_after_decision": _("A refusal is final when it can no longer be appealed."),
}
