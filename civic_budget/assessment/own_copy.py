"""Appeals in a person's own copy, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.assessment.labels import APPEAL_NAMES
from civic_budget.assessment.queries.own import copy_appeals
from civic_budget.assessment.rules import AppealState
from civic_budget.proposals.own_copy import name_proposal
from civic_budget.residency.copy_parts import CopyPart, Row, Section
from civic_budget.residency.copy_words import moment_of
from civic_budget.residency.own_copy import make_section


def _appeals(session: Session, rows: Sequence[Row]) -> list[Section]:
    return [
        make_section(
            gettext("Appeal: %(title)s", title=name_proposal(row)),
            [
                (gettext("State"), str(APPEAL_NAMES[AppealState(row["state"])])),
                (gettext("Received"), moment_of(row["lodged"])),
                (gettext("Your reasons"), row["your_reasons"]),
                (gettext("Hearing"), moment_of(row["hearing_at"])),
                (gettext("Place of the hearing"), row["hearing_place"]),
                (gettext("Opinion of the council"), row["opinion_of_the_council"]),
                (gettext("Decided"), moment_of(row["decided"])),
            ],
        )
        for row in rows
    ]


parts = (CopyPart("appeals", copy_appeals, _appeals),)
