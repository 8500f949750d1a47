"""The leaflet by which somebody came, in their own copy, while they agree to be counted."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.residency.copy_parts import CopyPart, Row, Section
from civic_budget.residency.copy_words import moment_of
from civic_budget.residency.own_copy import make_section
from civic_budget.statistics.outreach_queries import copy_arrivals


def _arrivals(session: Session, rows: Sequence[Row]) -> list[Section]:
    pairs = [(f"{row['name']} ({row['code']})", moment_of(row["arrived"])) for row in rows]
    return [make_section(gettext("Where you heard of the civic budget"), pairs)]


parts = (CopyPart("arrived_by", copy_arrivals, _arrivals),)
