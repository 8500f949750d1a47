"""Words for records that may be one human."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from civic_budget.residency.queries.pairs import PairState

PAIR_STATES = {
    PairState.OPEN: _("Nobody has looked yet"),
    PairState.PROPOSED: _("Merge proposed, needs a second officer"),
    PairState.MERGED: _("Merged: one person"),
    PairState.DIFFERENT: _("Two different people"),
}
PAIR_KINDS = {
    PairState.OPEN: "warn",
    PairState.PROPOSED: "brand",
    PairState.MERGED: "ok",
    PairState.DIFFERENT: "",
}
