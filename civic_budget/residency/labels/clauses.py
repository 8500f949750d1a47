"""Words for the purposes of information clauses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

CLAUSE_NAMES = {
    "registration": _("Confirming your residence"),
    "evidence": _("Documents that you send"),
    "guardianship": _("Registering a child"),
    "citizenship": _("Citizenship, if you give it"),
    "proposal": _("Proposing and supporting"),
    "voting": _("Voting"),
    "statistics": _("Statistics of participation"),
}
