"""An officer's deeds: claim, release, step aside, confirm, ask for more, refuse, decide an appeal."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import policy
from civic_budget.residency.desk_rules import SHOWS_A_HOME
from civic_budget.residency.events import (
    AppealDismissed,
    CaseClaimed,
    CaseReleased,
    InterestDeclared,
    MoreRequested,
    ResidenceRefused,
    ResidenceRevoked,
)
from civic_budget.residency.guardian_rules import CASE_REFUSED
from civic_budget.residency.models import Confirmation, OfficerInterest, ResidenceCase
from civic_budget.residency.options import Catalogue, suffices
from civic_budget.residency.queries.cases import list_evidence, relations_of
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.residency.queries.options import list_options, offered_codes
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import (
    CaseAction,
    CaseState,
    Limits,
    Road,
)
from civic_budget.residency.service.case_rows import let_go, load_case, move_case, note_deed
from civic_budget.residency.service.checking import REVOKED, close_check
from civic_budget.residency.service.granting import grant, keep_evidence_until
from civic_budget.residency.service.tie_rows import lapse_claims_of
from civic_budget.storage.db import Work


def claim_case(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Take a case, so that no other officer works on it; taking it twice is no harm.

    Raises NotAllowed: claimed_by_other, own_case, declared_interest, second_officer.
    """
    case = load_case(work, case_id)
    relations, limits = relations_of(work.session, case_id), get_limits(work.session)
    require(policy.may_claim(actor, relations, limits, at=at))
    if case.claimed_by != actor.account_id:
        work.publish(CaseClaimed(case_id=case_id, at=at, by=actor.account_id))
    case.claimed_by, case.claimed_at = actor.account_id, at


def release_case(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Give a case back to the queue; raises NotAllowed when it isn't the officer's."""
    case = load_case(work, case_id)
    if case.claimed_by != actor.account_id:
        raise NotAllowed("claim_first")
    let_go(case)
    work.publish(CaseReleased(case_id=case_id, at=at, by=actor.account_id))


def declare_interest(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Say that the person is a relative or a friend: somebody else decides, now and later."""
    case = load_case(work, case_id)
    if not actor.has(Role.OFFICER) or actor.account_id is None:
        raise NotAllowed("not_an_officer")
    work.session.merge(
        OfficerInterest(account_id=actor.account_id, person_id=case.person_id, declared_at=at)
    )
    if case.claimed_by == actor.account_id:
        let_go(case)
    work.publish(InterestDeclared(case_id=case_id, at=at, by=actor.account_id))


def confirm_case(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Confirm a residence, by a first decision or on appeal (then by another officer).

    Raises NotAllowed with the reason: claim_first, claimed_by_other, already_decided, own_case …
    Raises Conflict `second_proof_needed` when all documents are of a kind that doesn't confirm alone,
    and as `grant` does.
    """
    case = load_case(work, case_id)
    action = CaseAction.ALLOW_APPEAL if case.state == CaseState.APPEALED else CaseAction.CONFIRM
    limits = _require_may(work, actor, case_id, action, at)
    _require_enough(work, case)
    grant(work, actor, case, action, limits, at=at)


def ask_for_more(
    work: Work, actor: Actor, *, case_id: UUID, reason: str, sentence: str, at: datetime
) -> None:
    """Ask the person for something, with a sentence in their language and a deadline."""
    _check_words(work, Catalogue.MORE, reason, sentence)
    case = load_case(work, case_id)
    limits = _require_may(work, actor, case_id, CaseAction.ASK_MORE, at)
    move_case(work, case, CaseAction.ASK_MORE, at=at)
    case.answer_due_at = limits.answer_by(at)
    note_deed(work, actor, case, CaseAction.ASK_MORE, at=at, reason=reason, sentence=sentence)
    work.publish(
        MoreRequested(
            case_id=case_id, person_id=case.person_id, reason=reason, at=at, by=actor.account_id
        )
    )


def refuse_case(
    work: Work, actor: Actor, *, case_id: UUID, reason: str, sentence: str, at: datetime
) -> None:
    """Refuse with a reason and a sentence in the person's language; they can appeal until a day."""
    _check_words(work, Catalogue.REFUSAL, reason, sentence)
    case = load_case(work, case_id)
    limits = _require_may(work, actor, case_id, CaseAction.REFUSE, at)
    move_case(work, case, CaseAction.REFUSE, at=at)
    _close(work, case, actor, limits, at=at)
    case.appeal_due_at = limits.appeal_by(at)
    note_deed(work, actor, case, CaseAction.REFUSE, at=at, reason=reason, sentence=sentence)
    work.publish(
        ResidenceRefused(
            case_id=case_id, person_id=case.person_id, reason=reason, at=at, by=actor.account_id
        )
    )


def dismiss_appeal(
    work: Work, actor: Actor, *, case_id: UUID, reason: str, sentence: str, at: datetime
) -> None:
    """Uphold a refusal: only an officer other than the one who refused can."""
    _check_words(work, Catalogue.REFUSAL, reason, sentence)
    case = load_case(work, case_id)
    limits = _require_may(work, actor, case_id, CaseAction.DISMISS_APPEAL, at)
    move_case(work, case, CaseAction.DISMISS_APPEAL, at=at)
    _close(work, case, actor, limits, at=at)
    lapse_claims_of(work, case.person_id, CASE_REFUSED, at)
    note_deed(work, actor, case, CaseAction.DISMISS_APPEAL, at=at, reason=reason, sentence=sentence)
    work.publish(
        AppealDismissed(
            case_id=case_id, person_id=case.person_id, reason=reason, at=at, by=actor.account_id
        )
    )


def revoke_confirmation(
    work: Work, actor: Actor, *, case_id: UUID, reason: str, sentence: str, at: datetime
) -> None:
    """Take a wrong confirmation back; standing ends at once. The person can appeal until a day."""
    _check_words(work, Catalogue.REFUSAL, reason, sentence)
    case = load_case(work, case_id)
    limits = _require_may(work, actor, case_id, CaseAction.REVOKE, at)
    move_case(work, case, CaseAction.REVOKE, at=at)
    _close(work, case, actor, limits, at=at)
    case.appeal_due_at = limits.appeal_by(at)
    held = work.session.scalars(select(Confirmation).where(Confirmation.case_id == case_id)).one()
    held.revoked_at = at
    close_check(work, actor, case_id=case_id, outcome=REVOKED, at=at)
    note_deed(work, actor, case, CaseAction.REVOKE, at=at, reason=reason, sentence=sentence)
    work.publish(
        ResidenceRevoked(
            case_id=case_id, person_id=case.person_id, reason=reason, at=at, by=actor.account_id
        )
    )


def _require_may(
    work: Work, actor: Actor, case_id: UUID, action: CaseAction, at: datetime
) -> Limits:
    limits = get_limits(work.session)
    require(policy.may_decide(actor, relations_of(work.session, case_id), action, limits, at=at))
    return limits


def _close(work: Work, case: ResidenceCase, actor: Actor, limits: Limits, *, at: datetime) -> None:
    case.decided_at, case.decided_by = at, actor.account_id
    case.answer_due_at = None
    let_go(case)
    days = limits.evidence_days_after_decision
    if case.state in {CaseState.REFUSED, CaseState.REVOKED}:
        # The decision is final only when nobody can appeal any more.
        days += limits.appeal_days
    keep_evidence_until(work, case, at + timedelta(days=days))


def _check_words(work: Work, catalogue: Catalogue, reason: str, sentence: str) -> None:
    if reason not in offered_codes(work.session, catalogue):
        raise Conflict("choose_reason", field="reason")
    if not sentence.strip():
        raise Conflict("sentence_missing", field="sentence")


def _require_enough(work: Work, case: ResidenceCase) -> None:
    """Uploaded documents of kinds that don't confirm alone need a second one."""
    kinds = {file.kind for file in list_evidence(work.session, case.id)}
    noted = list_proofs(work.session, case.id)
    kinds |= {proof.kind for proof in noted if proof.outcome in SHOWS_A_HOME}
    if (
        case.road == Road.DOCUMENT
        and (kinds or noted)
        and not suffices(kinds, list_options(work.session, Catalogue.PROOF))
    ):
        raise Conflict("second_proof_needed", field="points")
