"""Pages of voting: the voter's booth, the public board, the commission's round."""

from __future__ import annotations

from flask_babel import lazy_gettext

from civic_budget.voting.views import board, voter
from civic_budget.voting.views.blueprint import voting
from civic_budget.web.pages import NavItem

__all__ = ["blueprints", "board", "navigation", "voter"]

blueprints = (voting,)
navigation = (NavItem(lazy_gettext("Vote"), "voting.start", shown=voter.is_voting_open),)
