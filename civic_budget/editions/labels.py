"""Words for phases and milestones of an edition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.editions.rules import Milestone, Phase

PHASE_NAMES = {
    Phase.PREPARATION: _("Preparation"),
    Phase.SUBMISSION: _("Proposals are being submitted"),
    Phase.ASSESSMENT: _("Proposals are being assessed"),
    Phase.BEFORE_VOTING: _("The list for the vote is ready"),
    Phase.VOTING: _("Voting is open"),
    Phase.VERIFICATION: _("Votes are being verified"),
    Phase.RESULTS: _("The results are published"),
}

MILESTONE_NAMES = {
    Milestone.SUBMISSION_OPENS: _("Submission of proposals opens"),
    Milestone.SUBMISSION_CLOSES: _("Submission of proposals closes"),
    Milestone.ASSESSMENT_PUBLISHED: _("The city publishes its assessment"),
    Milestone.APPEALS_CLOSE: _("Last day to appeal"),
    Milestone.LIST_PUBLISHED: _("The list for the vote is published"),
    Milestone.WITHDRAWAL_CLOSES: _("Last day for authors to withdraw"),
    Milestone.VOTING_OPENS: _("Voting opens"),
    Milestone.VOTING_CLOSES: _("Voting closes"),
    Milestone.RESULTS_PUBLISHED: _("The results are published"),
}
