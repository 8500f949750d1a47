"""May this session see this page of a document? Asked by the evidence process before it opens anything.

The web process hands over a signed session token; session, role, claim and file are checked here
anew, and the view is logged and committed before the answer is yes. Knows no Flask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic_budget.accounts.queries import SignedIn, find_signed_in
from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.residency import policy
from civic_budget.residency.evidence_process import ViewGranted, ViewRefused
from civic_budget.residency.evidence_wire import EvidenceRequest
from civic_budget.residency.models import EvidenceFile, EvidenceView
from civic_budget.residency.queries.cases import relations_of
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.session_token import read_session
from civic_budget.storage.db import Database, Work

Answer = ViewGranted | ViewRefused
Judge = Callable[[Work, SignedIn, EvidenceRequest, datetime], str | None]
"""Of a room that keeps documents in the vault: its name of what may be opened, the look being logged."""


def make_authorise(
    database: Database, clock: Callable[[], datetime], others: Sequence[Judge] = ()
) -> Callable[[EvidenceRequest], Answer]:
    """The question that the evidence process asks for each request.

    `others` are asked about what is no residence case's document.
    Reasons of refusal: bad_session, not_an_officer, claim_first, own_case, declared_interest,
    no_such_page.
    """

    def authorise(request: EvidenceRequest) -> Answer:
        at = clock()
        with database.writing() as work:
            viewer = _viewer(work, request.session_token, at)
            if viewer is None:
                return ViewRefused("bad_session")
            answer = _judge(work, viewer, request, at)
            return _ask_others(work, viewer, request, at, others) or answer

    return authorise


def _ask_others(
    work: Work, viewer: SignedIn, request: EvidenceRequest, at: datetime, others: Sequence[Judge]
) -> ViewGranted | None:
    if Role.OFFICER not in viewer.roles or _file(work, request) is not None:
        return None
    for judge in others:
        name = judge(work, viewer, request, at)
        if name is not None:
            return ViewGranted(name, request.page, _mark(viewer, at))
    return None


def _mark(viewer: SignedIn, at: datetime) -> str:
    return f"{viewer.staff_name} · {at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"


def _viewer(work: Work, token: str, at: datetime) -> SignedIn | None:
    sign_in_id = read_session(work.keyring, token)
    if sign_in_id is None:
        return None
    viewer = find_signed_in(work.session, sign_in_id, at=at)
    return viewer if viewer is not None and viewer.has_second_factor else None


def _judge(work: Work, viewer: SignedIn, request: EvidenceRequest, at: datetime) -> Answer:
    if Role.OFFICER not in viewer.roles:
        return ViewRefused("not_an_officer")
    file = _file(work, request)
    if file is None:
        return ViewRefused("no_such_page")
    relations = relations_of(work.session, file.case_id)
    may = policy.may_look(viewer.actor, relations)
    if not may:
        return ViewRefused(getattr(may, "reason", "not_an_officer"))
    held = policy.is_held(relations, get_limits(work.session), at=at)
    if not held or relations.claimed_by != viewer.account_id:
        return ViewRefused("claim_first")
    work.session.add(
        EvidenceView(
            file_id=file.id,
            page=request.page,
            at=at,
            account_id=viewer.account_id,
            sign_in_id=viewer.sign_in_id,
        )
    )
    return ViewGranted(file.vault_id, request.page, _mark(viewer, at))


def _file(work: Work, request: EvidenceRequest) -> EvidenceFile | None:
    """The document that the request names, if it belongs to the named case and has such a page."""
    try:
        case_id, file_id = UUID(request.case_id), UUID(request.file_id)
    except ValueError:
        return None
    file = work.session.scalars(
        select(EvidenceFile).where(
            EvidenceFile.id == file_id,
            EvidenceFile.case_id == case_id,
            EvidenceFile.deleted_why.is_(None),
        )
    ).first()
    return file if file is not None and 0 <= request.page < file.page_count else None
