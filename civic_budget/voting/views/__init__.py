"""Pages of voting: the voter's booth, the public board, the commission's round."""

from __future__ import annotations

from flask_babel import lazy_gettext

from civic_budget.kernel.actor import Role
from civic_budget.voting.views import (
    board,
    casting,
    claims,
    commission,
    course,
    ending,
    keying,
    lists,
    members,
    opening_box,
    paper_batches,
    paper_office,
    printing,
    returning,
    small_batches,
    start,
    window,
)
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.pressing import load_pressing_user
from civic_budget.web.pages import NavItem

__all__ = [
    "blueprints",
    "board",
    "casting",
    "claims",
    "commission",
    "course",
    "ending",
    "footer",
    "keying",
    "lists",
    "load_pressing_user",
    "members",
    "navigation",
    "opening_box",
    "paper_batches",
    "paper_office",
    "printing",
    "returning",
    "small_batches",
    "start",
    "voting",
    "window",
]

blueprints = (voting,)
navigation = (
    NavItem(lazy_gettext("Vote"), "voting.start", shown=start.is_voting_open),
    NavItem(
        lazy_gettext("Round of voting"),
        "voting.office_round",
        roles=frozenset({Role.COMMISSION}),
    ),
    NavItem(
        lazy_gettext("Claims about votes"),
        "voting.office_claims",
        roles=frozenset({Role.COMMISSION}),
        waiting=claims.waiting_claims,
    ),
    NavItem(
        lazy_gettext("Paper votes"),
        "voting.paper",
        roles=frozenset({Role.CLERK, Role.COMMISSION}),
        waiting=paper_office.waiting_batches,
    ),
)
footer = (NavItem(lazy_gettext("How your vote stays secret"), "voting.secrecy"),)
