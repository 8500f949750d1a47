"""Acts of the mayor: one act restores or refuses many proposals, also against the council's opinion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from civic_budget.assessment import events, policy
from civic_budget.assessment.models import Appeal, MayorAct, MayorActItem
from civic_budget.assessment.queries import ties_of
from civic_budget.assessment.rules import APPEAL, OPEN_APPEALS, AppealAction, AppealState
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals.queries import ProposalFacts
from civic_budget.proposals.rules import ProposalAction, ProposalState
from civic_budget.proposals.service import ActName, decide_proposal, lock_proposal
from civic_budget.storage.db import Work


@dataclass(frozen=True)
class ActItem:
    """What the mayor decided on one proposal; `words` (by language) are public, Polish is binding."""

    proposal_id: UUID
    is_restored: bool
    words: Mapping[str, str]


def enter_act(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    number: str,
    signed_on: date,
    items: Sequence[ActItem],
    at: datetime,
) -> UUID:
    """Enter an act that the mayor signed; all its decisions hold together or none. Returns its id.

    Raises NotAllowed when one proposal is not for this actor (details: the proposal), and Conflict:
    act_number_missing, act_number_taken, signed_in_future, act_empty, words_missing.
    """
    _check(work, edition_id, number, signed_on, items, at)
    assert actor.account_id is not None
    act = MayorAct(
        id=uuid4(),
        edition_id=edition_id,
        number=number.strip(),
        signed_on=signed_on,
        entered_at=at,
        entered_by=actor.account_id,
    )
    work.session.add(act)
    work.session.flush()
    for item in sorted(items, key=lambda one: one.proposal_id):  # always locked in one order
        _decide(work, actor, act, item, at)
    work.publish(
        events.MayorActEntered(
            act_id=act.id, edition_id=edition_id, count=len(items), at=at, by=actor.account_id
        )
    )
    return act.id


def _check(
    work: Work,
    edition_id: UUID,
    number: str,
    signed_on: date,
    items: Sequence[ActItem],
    at: datetime,
) -> None:
    if not number.strip():
        raise Conflict("act_number_missing", field="number")
    taken = select(MayorAct.id).where(
        MayorAct.edition_id == edition_id, MayorAct.number == number.strip()
    )
    if work.session.scalar(taken) is not None:
        raise Conflict("act_number_taken", field="number")
    if signed_on > at.astimezone(CITY_ZONE).date():
        raise Conflict("signed_in_future", field="signed_on")
    if not items:
        raise Conflict("act_empty")
    if len({item.proposal_id for item in items}) != len(items):
        raise Conflict("act_names_one_twice")


def _decide(work: Work, actor: Actor, act: MayorAct, item: ActItem, at: datetime) -> None:
    proposal = lock_proposal(work, item.proposal_id)
    if proposal.edition_id != act.edition_id:
        raise Conflict("act_of_other_edition")
    earlier = select(MayorActItem.act_id).where(MayorActItem.proposal_id == proposal.id)
    if work.session.scalar(earlier) is not None:
        raise NotAllowed("decided_by_act", proposal=proposal.reference)
    ties = ties_of(work.session, actor, proposal, at=at)
    may = policy.may_enter_act(actor, ties, restores=item.is_restored)
    if isinstance(may, Denied):
        raise NotAllowed(may.reason, proposal=proposal.reference)
    if not item.words.get("pl", "").strip():
        raise Conflict("words_missing", field=f"words_{item.proposal_id}")
    council_was_for = _close_appeal(work, actor, proposal, item, at)
    work.session.add(
        MayorActItem(
            act_id=act.id,
            proposal_id=proposal.id,
            is_restored=item.is_restored,
            council_was_for=council_was_for,
            reasons=dict(item.words),
        )
    )
    decide_proposal(
        work,
        actor,
        proposal_id=proposal.id,
        action=ProposalAction.RESTORE if item.is_restored else ProposalAction.DISMISS,
        words=item.words,
        act=ActName(act.id, act.number),
        at=at,
    )


def _close_appeal(
    work: Work, actor: Actor, proposal: ProposalFacts, item: ActItem, at: datetime
) -> bool | None:
    """The open appeal ends with the act; returns what the council had advised."""
    row = work.session.scalars(
        select(Appeal).where(Appeal.proposal_id == proposal.id).with_for_update()
    ).first()
    if row is None:
        return None
    if proposal.state is ProposalState.APPEALED and AppealState(row.state) in OPEN_APPEALS:
        action = AppealAction.GRANT if item.is_restored else AppealAction.DISMISS
        row.state = APPEAL.next(AppealState(row.state), action).value
        row.decided_at, row.decided_by = at, actor.account_id
    return row.is_opinion_for
