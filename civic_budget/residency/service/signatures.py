"""Signing the statement of residence: whose name signs, and how the signer was known besides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import sealing
from civic_budget.residency.identity import Answers
from civic_budget.residency.models import ResidenceCase, ResidenceStatement
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.queries.guardians import is_for_child
from civic_budget.residency.queries.persons import identity_of, own_person
from civic_budget.residency.rules import Road, is_same_name
from civic_budget.residency.service.case_rows import require_open_road
from civic_budget.residency.service.drafts import editable, squeeze
from civic_budget.storage.db import Work

STATEMENT_VERSION = "2026-1"


def sign_statement(
    work: Work,
    actor: Actor,
    *,
    case_id: UUID,
    signature: str,
    language: str,
    confirmed_by: str | None = None,
    at: datetime,
) -> None:
    """Sign the statement by typing one's name.

    Raises Conflict at `signature` for another name, or where the edition closes this road.
    `confirmed_by` says how the signer was known besides: a code to the e-mail or phone, a desk.
    """
    case = editable(work, actor, case_id)
    require_open_road(work, case, Road.STATEMENT, field="signature", at=at)
    _require_signature(work, case, signature)
    case.road = Road.STATEMENT.value
    case.updated_at = at
    sealed = sealing.seal(work.keyring, sealing.SIGNATURE, case_id, squeeze(signature))
    work.session.merge(
        ResidenceStatement(
            case_id=case_id,
            version=STATEMENT_VERSION,
            language=language,
            signature_sealed=sealed,
            signed_at=at,
            confirmed_by=confirmed_by,
        )
    )


def check_signature(
    work: Work, actor: Actor, *, case_id: UUID, signature: str, at: datetime
) -> None:
    """Refuse another name than the signer's, and a closed road, before a code is sent for it."""
    case = editable(work, actor, case_id)
    require_open_road(work, case, Road.STATEMENT, field="signature", at=at)
    _require_signature(work, case, signature)


def _require_signature(work: Work, case: ResidenceCase, signature: str) -> None:
    told = answers_of(work.session, case)
    if not told.given_names:
        raise Conflict("tell_name_first", field="signature")
    signer = _signer(work, case, told)
    if not _is_own_name(signature, signer):
        raise Conflict("signature_differs", field="signature", name=_full_name(signer))


def _signer(work: Work, case: ResidenceCase, told: Answers) -> Answers:
    """Whose name signs: the person's own, or for a child that of the guardian who claims or acts."""
    if case.account_id is None or not is_for_child(work.session, case.account_id, case.person_id):
        return told
    own = own_person(work.session, case.account_id)
    known = identity_of(work.session, own) if own else None
    if known is None:
        raise Conflict("tell_own_name_first", field="signature")
    return Answers(
        given_names=known.given_names,
        family_name=known.family_name,
        original_name=known.original_name,
    )


def _is_own_name(signature: str, told: Answers) -> bool:
    own_script = bool(told.original_name) and is_same_name(signature, told.original_name, "")
    return own_script or is_same_name(signature, told.given_names, told.family_name)


def _full_name(told: Answers) -> str:
    return f"{told.given_names} {told.family_name}".strip()
