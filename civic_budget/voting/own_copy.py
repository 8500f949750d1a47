"""Claims about a vote in a person's own copy. Of the vote itself nothing is here, not even that there is one.

A copy can be asked of somebody by whoever has power over them; that one voted stands on one's own page.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.residency.copy_parts import CopyPart, Row, Section
from civic_budget.residency.copy_words import moment_of
from civic_budget.residency.own_copy import make_section
from civic_budget.voting.claim_labels import CLAIM_KINDS, CLAIM_STATES
from civic_budget.voting.claim_queries import copy_claims
from civic_budget.voting.claim_rules import ClaimKind, ClaimState
from civic_budget.voting.service.forgetting import forget_claims_of


def _claims(session: Session, rows: Sequence[Row]) -> list[Section]:
    return [
        make_section(
            gettext("Claim %(reference)s", reference=row["reference"]),
            [
                (gettext("About"), str(CLAIM_KINDS[ClaimKind(row["about"])])),
                (gettext("State"), str(CLAIM_STATES[ClaimState(row["state"])])),
                (gettext("Received"), moment_of(row["received"])),
                (gettext("Answered"), moment_of(row["answered"])),
                (gettext("What you wrote"), row["your_words"]),
                (gettext("The answer"), row["answer"] or ""),
            ],
        )
        for row in rows
    ]


parts = (CopyPart("vote_claims", copy_claims, _claims, forget=forget_claims_of),)
