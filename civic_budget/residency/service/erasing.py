"""Erasure: what was told about a person goes at once, a tombstone stays while a round runs.

Erasure takes identity, answers, words, documents, citizenship and contact. The bare person, its
confirmations and its match keys stay until the running round is final: a vote cast keeps its worth,
and nobody votes twice by erasing themselves in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from civic_budget.accounts.service import close_account
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.residency import citizenship, policy
from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.copy_parts import CopyPart
from civic_budget.residency.events import PersonErased
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import (
    CLAIM_ENDS,
    ERASED,
    LIVE_STATES,
    TIE,
    TieAction,
    TieState,
)
from civic_budget.residency.models import (
    CaseDecision,
    CaseSentence,
    Confirmation,
    DistrictContest,
    EvidenceFile,
    Person,
    PersonHolder,
    PersonIdentity,
    PersonMatchKey,
    ProviderIdentity,
    ResidenceCase,
    ResidenceStatement,
    Tombstone,
)
from civic_budget.residency.queries.guardians import ward_relations
from civic_budget.residency.queries.joined import spare_records
from civic_budget.residency.queries.persons import get_limits, own_person
from civic_budget.residency.rules import CASE, CaseAction, CaseState
from civic_budget.residency.service.case_rows import let_go, move_case, note_deed
from civic_budget.residency.service.complaints import forget_complaints_of
from civic_budget.residency.service.drafts import forget_draft
from civic_budget.residency.service.guardian_ends import end_ties_of_account
from civic_budget.residency.service.tie_rows import end_tie, own_tie
from civic_budget.storage.db import Work


def erase_person(
    work: Work, actor: Actor, *, account_id: UUID, parts: Sequence[CopyPart] = (), at: datetime
) -> Sequence[UUID]:
    """Erase an account with its own person; returns the documents that `destroy` deletes next.

    `parts` are the other rooms', which forget while the account can still be known by its contact.
    Records that officers joined to the person's and that no account has go with it: nobody else could ever
    ask for them. Wards stay: a child's record does not go with a guardian's account. Raises NotAllowed for
    another's account.
    """
    require(ALLOWED if actor.account_id == account_id else Denied("not_your_data"))
    for part in parts:
        if part.forget is not None:
            part.forget(work, account_id, at)
    person_id = own_person(work.session, account_id)
    documents = _erase_human(work, actor, person_id, at) if person_id is not None else []
    # A complaint that was written before there was a person is known by the account alone.
    forget_complaints_of(work, actor, person_id=None, account_id=account_id, at=at)
    end_ties_of_account(work, actor, account_id=account_id, at=at)
    work.session.execute(
        update(PersonHolder)
        .where(PersonHolder.account_id == account_id, PersonHolder.until_at.is_(None))
        .values(until_at=at)
    )
    close_account(work, account_id=account_id, at=at)
    return documents


def erase_child(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> Sequence[UUID]:
    """Erase a child's record for the guardian who acts; returns the documents that `destroy` deletes next.

    What stays until a running round is final is the same as for one's own. Every guardian's tie ends
    and each is told. Raises NotFound for another's tie; NotAllowed while guardians disagree
    (guardians_disagree) and for one who is only told (other_guardian_erases).
    """
    person_id = own_tie(work, actor, tie_id).person_id
    # In one order, so that a dispute in the same moment waits for this or this for it.
    ties = work.session.scalars(
        select(Guardianship)
        .where(Guardianship.person_id == person_id)
        .order_by(Guardianship.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    require(policy.may_erase_child(actor, ward_relations(work.session, tie_id, at=at)))
    documents = _erase_human(work, actor, person_id, at)
    for tie in ties:
        if TieAction.END in TIE.actions_from(TieState(tie.state)):
            end_tie(work, tie, ERASED, actor, at)
        tie.child_key = None
    return documents


def clear_tombstones(work: Work, *, at: datetime) -> int:
    """Forget the match keys of erased persons, once no running round needs them; returns how many."""
    rows = work.session.scalars(select(Tombstone).where(Tombstone.cleared_at.is_(None))).all()
    for row in rows:
        row.cleared_at = at
        work.session.execute(
            delete(PersonMatchKey).where(PersonMatchKey.person_id == row.person_id)
        )
        work.session.execute(
            delete(ProviderIdentity).where(ProviderIdentity.person_id == row.person_id)
        )
        work.session.execute(
            update(Confirmation)
            .where(Confirmation.person_id == row.person_id, Confirmation.revoked_at.is_(None))
            .values(revoked_at=at)
        )
    return len(rows)


def forget_unaccepted_children(work: Work, *, at: datetime) -> int:
    """Wipe the records of children for whom nobody was accepted as guardian; returns how many.

    Their documents went with the claim. As nobody acts for such a child, nobody could erase it.
    """
    kept = timedelta(days=get_limits(work.session).evidence_days_after_decision)
    rows = work.session.scalars(
        select(Guardianship.person_id)
        .join(PersonIdentity, PersonIdentity.person_id == Guardianship.person_id)
        .where(
            or_(
                Guardianship.state.in_([TieState.REFUSED.value, TieState.WITHDRAWN.value]),
                Guardianship.reason.in_(CLAIM_ENDS),
            ),
            Guardianship.changed_at <= at - kept,
            Guardianship.person_id.not_in(
                select(Guardianship.person_id).where(Guardianship.state.in_(LIVE_STATES))
            ),
            Guardianship.person_id.not_in(select(PersonHolder.person_id)),
            Guardianship.person_id.not_in(select(Confirmation.person_id)),
        )
        .distinct()
    ).all()
    for person_id in rows:
        wipe_record(work, SYSTEM, person_id, at)
        work.session.execute(delete(PersonMatchKey).where(PersonMatchKey.person_id == person_id))
        work.publish(PersonErased(person_id=person_id, at=at, by=None))
    return len(rows)


def wipe_record(work: Work, actor: Actor, person_id: UUID, at: datetime) -> Sequence[UUID]:
    """Take everything that was told about a person; returns the documents that still have pages.

    The bare person, its ties, its decisions as codes, its confirmations and its match keys stay.
    """
    session = work.session
    cases = session.scalars(
        select(ResidenceCase).where(ResidenceCase.person_id == person_id).with_for_update()
    ).all()
    for case in cases:
        state = CaseState(case.state)
        if CaseAction.WITHDRAW in CASE.actions_from(state):
            move_case(work, case, CaseAction.WITHDRAW, at=at)
            let_go(case)
            if state is CaseState.DRAFT:
                forget_draft(work, case)
            else:
                note_deed(work, actor, case, CaseAction.WITHDRAW, at=at)
        case.answers_sealed = case.words_sealed = case.sent_basis = None
    ids = [case.id for case in cases]
    deeds = select(CaseDecision.id).where(CaseDecision.case_id.in_(ids))
    session.execute(delete(CaseSentence).where(CaseSentence.decision_id.in_(deeds)))
    session.execute(delete(ResidenceStatement).where(ResidenceStatement.case_id.in_(ids)))
    session.execute(delete(PersonIdentity).where(PersonIdentity.person_id == person_id))
    mine = DistrictContest.case_id.in_(ids)
    session.execute(update(DistrictContest).where(mine).values(reason_sealed=None))
    session.execute(
        update(DistrictContest)
        .where(mine, DistrictContest.state == ContestState.OPEN.value)
        .values(state=ContestState.WITHDRAWN.value, changed_at=at)
    )
    citizenship.forget(work, person_id=person_id)
    person = session.get_one(Person, person_id)
    person.sex, person.erased_at = None, at
    return _condemn_documents(work, ids, at)


def _condemn_documents(work: Work, case_ids: list[UUID], at: datetime) -> Sequence[UUID]:
    alive = (EvidenceFile.case_id.in_(case_ids), EvidenceFile.deleted_at.is_(None))
    found = work.session.scalars(select(EvidenceFile.id).where(*alive)).all()
    work.session.execute(
        update(EvidenceFile).where(*alive).values(deleted_why="erased", delete_after=at)
    )
    return found


def _erase_human(work: Work, actor: Actor, person_id: UUID, at: datetime) -> list[UUID]:
    """Erase a record with those joined to it that no account has."""
    documents: list[UUID] = []
    for record in (person_id, *spare_records(work.session, person_id)):
        documents += _erase(work, actor, record, at)
        work.publish(PersonErased(person_id=record, at=at, by=actor.account_id))
    return documents


def _erase(work: Work, actor: Actor, person_id: UUID, at: datetime) -> Sequence[UUID]:
    documents = wipe_record(work, actor, person_id, at)
    forget_complaints_of(work, actor, person_id=person_id, account_id=None, at=at)
    work.session.add(Tombstone(person_id=person_id, erased_at=at))
    return documents
