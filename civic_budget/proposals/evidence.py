"""The word of this room in the evidence process: may this officer see this page of a signed list?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts.queries import SignedIn
from civic_budget.proposals.service import authorise_list_view
from civic_budget.residency.evidence_wire import EvidenceRequest
from civic_budget.storage.db import Work


def judge_list_view(
    work: Work, viewer: SignedIn, request: EvidenceRequest, at: datetime
) -> str | None:
    """The vault's name of the list when the viewer holds it, the look being logged; None: not ours."""
    try:
        proposal_id, list_id = UUID(request.case_id), UUID(request.file_id)
    except ValueError:
        return None
    return authorise_list_view(
        work,
        roles=viewer.roles,
        account_id=viewer.account_id,
        sign_in_id=viewer.sign_in_id,
        proposal_id=proposal_id,
        list_id=list_id,
        page=request.page,
        at=at,
    )
