"""Words for what is wrong in typed machine-readable lines."""

from __future__ import annotations

from dataclasses import asdict

from flask_babel import lazy_gettext as _

from civic_budget.residency.matching.mrz_faults import Fault

_FIELDS = {
    "document_number": _("document number"),
    "birth_date": _("birth date"),
    "expiry_date": _("expiry date"),
    "optional_data": _("additional data"),
}
_WORDS = {
    "lines": _("Type two lines (passport) or three lines (card); you typed %(said)s."),
    "length": _("Line %(line)s has %(first)s signs; it must have %(last)s."),
    "sign": _("Line %(line)s, sign %(first)s is “%(said)s”; only A–Z, 0–9 and “<” stand there."),
    "composite": _(
        "Line %(line)s, sign %(check)s: the last check digit does not agree with the whole. "
        "Compare all lines once more."
    ),
}
_FIELD_DIFFERS = _(
    "Line %(line)s: the %(field)s (signs %(first)s–%(last)s) and its check digit (sign %(check)s) "
    "do not agree. Compare them sign by sign; 0 and O, 1 and I are easily mistaken."
)


def say_fault(fault: Fault) -> str:
    """Which line and which signs to compare with the document."""
    values = {**asdict(fault), "field": str(_FIELDS.get(fault.code, fault.code))}
    return str(_WORDS.get(fault.code, _FIELD_DIFFERS)) % values
