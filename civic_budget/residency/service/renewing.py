"""Renewal with one tap, before a confirmation ends; and the worker's reminder of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency import sealing
from civic_budget.residency.events import RenewalDue
from civic_budget.residency.models import Confirmation, Person, ResidenceStatement
from civic_budget.residency.queries.cases import answers_of, find_open_case
from civic_budget.residency.queries.persons import (
    acts_for,
    find_confirmation,
    get_limits,
    identity_of,
    own_person,
)
from civic_budget.residency.rules import Limits, Purpose, Road
from civic_budget.residency.service.case_rows import load_case
from civic_budget.residency.service.drafts import start_case
from civic_budget.residency.service.sending import submit_case
from civic_budget.storage.db import Work

RENEWAL_VERSION = "2026-1-renewal"
BATCH = 500


def is_renewal_time(valid_until: datetime, limits: Limits, *, at: datetime) -> bool:
    """Whether a confirmation that ends at a moment can be renewed now."""
    return limits.renewal_from(valid_until) <= at < valid_until


def renew_residence(
    work: Work, actor: Actor, *, account_id: UUID, person_id: UUID, language: str, at: datetime
) -> UUID:
    """State again, with one tap, that the same home is still right; returns the new case's id.

    The old confirmation holds until the new one is decided. Raises NotAllowed `not_renewable` too
    early or too late, Conflict `open_case` while another application runs, `address_gone` when the
    city's list has no such address any more.
    """
    if not acts_for(work.session, account_id, person_id):
        raise NotFound
    work.session.get_one(Person, person_id, with_for_update=True)
    held = find_confirmation(work.session, person_id, at=at)
    limits = get_limits(work.session)
    if held is None or not is_renewal_time(held.valid_until, limits, at=at):
        raise NotAllowed("not_renewable")
    if find_open_case(work.session, person_id) is not None:
        raise Conflict("open_case")
    case_id = start_case(
        work,
        actor,
        account_id=account_id,
        language=language,
        person_id=person_id,
        purpose=Purpose.RENEWAL,
        at=at,
    )
    case = load_case(work, case_id)
    told = answers_of(work.session, case)
    identity = identity_of(work.session, person_id)
    if told.address is None or identity is None:
        raise Conflict("address_gone")
    case.road = Road.STATEMENT.value
    name = _signer_name(work, account_id) or identity.full_name
    sealed = sealing.seal(work.keyring, sealing.SIGNATURE, case_id, name)
    work.session.add(
        ResidenceStatement(
            case_id=case_id,
            version=RENEWAL_VERSION,
            language=language,
            signature_sealed=sealed,
            signed_at=at,
            confirmed_by="one_tap",
        )
    )
    work.session.flush()
    submit_case(work, actor, case_id=case_id, at=at)
    return case_id


def _signer_name(work: Work, account_id: UUID) -> str:
    """Who states it: a guardian signs with their own name, not with the child's."""
    own = own_person(work.session, account_id)
    signer = identity_of(work.session, own) if own else None
    return signer.full_name if signer else ""


def remind_of_renewal(work: Work, *, at: datetime) -> int:
    """Tell everybody whose confirmation ends soon, once for each; returns how many were told."""
    limits = get_limits(work.session)
    rows = work.session.scalars(
        select(Confirmation)
        .join(Person, Person.id == Confirmation.person_id)
        .where(
            Confirmation.reminded_at.is_(None),
            Confirmation.revoked_at.is_(None),
            Confirmation.valid_until > at,
            Confirmation.valid_until <= at + timedelta(days=30 * limits.renewal_months),
            Person.erased_at.is_(None),
        )
        .order_by(Confirmation.valid_until, Confirmation.id)
        .limit(BATCH)
        .with_for_update(of=Confirmation)
    ).all()
    told = 0
    for row in rows:
        row.reminded_at = at
        newest = find_confirmation(work.session, row.person_id, at=at)
        if newest is not None and newest.case_id == row.case_id:
            work.publish(RenewalDue(case_id=row.case_id, person_id=row.person_id, at=at, by=None))
            told += 1
    return told
