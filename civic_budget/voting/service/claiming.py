"""Claims about votes: file one, answer one. Nothing here looks into an envelope.

A claim about a line is checked at once against what is public: whether the code stands on the board,
and whether the round signed it when it was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import find_by_contact, get_reachable
from civic_budget.editions.queries import find_current_edition, get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency.events import VoteDisputed
from civic_budget.residency.queries import accounts_of_person, persons_acting_for
from civic_budget.residency.queries.complaints import get_complaint
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_queries import WORDS
from civic_budget.voting.claim_rules import (
    CLAIM_LIFECYCLE,
    ClaimAction,
    ClaimKind,
    ClaimState,
    answer_due,
    board_public_at,
    may_claim,
)
from civic_budget.voting.codes import in_fours, is_signed, new_serial, read_code
from civic_budget.voting.commission_queries import find_loss
from civic_budget.voting.events import VoteClaimAnswered, VoteClaimed
from civic_budget.voting.models import BallotRow
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.service.access import lock_round, require_member
from civic_budget.voting.service.returning import suggest_return


@dataclass(frozen=True)
class LineClaim:
    """A claim about a line of the board, without a name: code and signature as they were shown."""

    kind: ClaimKind
    code: str
    signature: str
    words: str


def file_line_claim(work: Work, *, round_id: UUID, claim: LineClaim, at: datetime) -> str:
    """File a claim about a line; returns its reference. Nobody's account is kept with it.

    Raises NotAllowed outside the time for claims; Conflict on `code` when it can't be a code, when
    the line of a "missing" claim is on the board, when that of a wrong one is not, or when the same
    was claimed already.
    """
    found = queries.get_round(work.session, round_id)
    _require_open(work.session, found, claim.kind, at)
    try:
        code = read_code(claim.code)
    except ValueError:
        raise Conflict("not_a_code", field="code") from None
    is_there = _is_on_board(work.session, round_id, code)
    if claim.kind is ClaimKind.MISSING and is_there:
        raise Conflict("line_is_there", field="code")
    if claim.kind is ClaimKind.NOT_MY_CHOICE and not is_there:
        raise Conflict("line_is_missing", field="code")
    same = select(
        exists().where(
            VoteClaim.round_id == round_id,
            VoteClaim.kind == claim.kind.value,
            VoteClaim.code == code,
        )
    )
    if work.session.scalar(same):
        raise Conflict("already_claimed", field="code")
    row = _new_row(work, found, claim.kind, claim.words, at)
    row.code, row.is_on_board = code, is_there
    row.is_signed = _was_issued(found, code, claim.signature)
    return _file(work, row, at)


def file_vote_claim(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    person_id: UUID,
    words: str,
    kind: ClaimKind = ClaimKind.NOT_MY_VOTE,
    at: datetime,
) -> str:
    """Claim that somebody else voted in a person's name, or that the vote was lost; the reference.

    Raises NotAllowed when the account does not act for the person or outside the time for claims,
    Conflict when a claim of this person waits already or no loss was acknowledged.
    """
    if actor.account_id is None or person_id not in {
        one.person_id for one in persons_acting_for(work.session, actor.account_id, at=at)
    }:
        raise NotAllowed("not_your_person")
    lock_round(work, round_id)  # an opening at work has looked for claims: this one comes after it
    found = queries.get_round(work.session, round_id)
    _require_open(work.session, found, kind, at)
    if kind is ClaimKind.LOST_VOTE and find_loss(work.session, round_id) is None:
        raise Conflict("no_loss_acknowledged")
    if _waits(work.session, round_id, person_id):
        raise Conflict("already_claimed")
    row = _new_row(work, found, kind, words, at)
    row.account_id, row.person_id = actor.account_id, person_id
    return _file(work, row, at)


def take_dispute_over(work: Work, happened: VoteDisputed) -> None:
    """A complaint to the residence office that a vote is not the person's waits for the commission too.

    Without a round that takes such claims, or beside a claim of the person that waits already, there is
    nothing to add. The words stay with the office; the claim names the complaint. A visitor whom no
    account names gets a person when a member, who saw their document, upholds the claim.
    """
    edition = find_current_edition(work.session, at=happened.at)
    found = queries.find_round_of_edition(work.session, edition.id) if edition else None
    if found is None:
        return
    lock_round(work, found.id)  # as in `file_vote_claim`
    if isinstance(_may_claim(work.session, found, ClaimKind.NOT_MY_VOTE, happened.at), Denied):
        return
    if happened.person_id is not None and _waits(work.session, found.id, happened.person_id):
        return
    complaint = get_complaint(work.session, happened.complaint_id)
    number = complaint.line.reference
    row = _new_row(work, found, ClaimKind.NOT_MY_VOTE, number, happened.at)
    row.account_id, row.person_id = complaint.account_id, happened.person_id
    row.complaint_id = happened.complaint_id
    _file(work, row, happened.at)


def answer_claim(
    work: Work,
    actor: Actor,
    *,
    claim_id: UUID,
    action: ClaimAction,
    answer: str,
    person_id: UUID | None = None,
    at: datetime,
) -> None:
    """Uphold or dismiss, with the answer that the claimant reads. Members of the round only.

    While nothing is opened, an upheld claim of a person is at once this member's proposal to give the vote
    back; a second member confirms it. `person_id` is the record of a visitor whose document was seen:
    without one a visitor's claim cannot be upheld. Raises NotAllowed for a member's own claim, WrongState
    when it was answered already, Conflict at `case`.
    """
    row = work.session.get(VoteClaim, claim_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_claim")
    member = require_member(work, actor, row.round_id)
    if row.account_id == member:
        raise NotAllowed("own_claim")
    following = CLAIM_LIFECYCLE.next(ClaimState(row.state), action).value
    if row.complaint_id is not None and row.person_id is None and action is ClaimAction.UPHOLD:
        row.person_id = _require_visitor(work.session, row.complaint_id, person_id)
    row.state = following
    row.answered_at, row.answered_by, row.answer = at, member, answer
    if row.person_id is not None and action is ClaimAction.UPHOLD:
        suggest_return(
            work,
            actor,
            round_id=row.round_id,
            person_id=row.person_id,
            note=in_fours(row.reference),
            at=at,
        )
    work.publish(
        VoteClaimAnswered(
            at=at,
            by=member,
            round_id=row.round_id,
            claim_id=row.id,
            kind=row.kind,
            state=row.state,
            account_id=row.account_id,
        )
    )


def _require_visitor(session: Session, complaint_id: UUID, person_id: UUID | None) -> UUID:
    """The record that a visitor's claim is about, which nobody but the visitor may hold.

    Otherwise the vote would be given back to whoever opened an account in the visitor's name. An account
    that a desk opened with a card, for somebody whose document it saw, stands in nobody's way. Raises
    Conflict at `case`.
    """
    if person_id is None:
        raise Conflict("claim_needs_case", field="case")
    complaint = get_complaint(session, complaint_id)
    by_contact = find_by_contact(session, complaint.contact) if complaint.contact else None
    own = {complaint.account_id, by_contact.id if by_contact else None}
    others = [one for one in accounts_of_person(session, person_id) if one not in own]
    if any(get_reachable(session, one).contact for one in others):
        raise Conflict("record_held_by_another", field="case")
    return person_id


def _require_open(session: Session, found: RoundFacts, kind: ClaimKind, at: datetime) -> None:
    decision = _may_claim(session, found, kind, at)
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)


def _may_claim(session: Session, found: RoundFacts, kind: ClaimKind, at: datetime) -> Decision:
    edition = get_edition(session, found.edition_id)
    published_at = board_public_at(
        edition.moment_of(Milestone.RESULTS_PUBLISHED),
        closes_at=found.closes_at,
        opened_at=found.opened_at,
    )
    return may_claim(kind, opens_at=found.opens_at, published_at=published_at, at=at)


def _waits(session: Session, round_id: UUID, person_id: UUID) -> bool:
    """Whether a claim of this person waits for its answer."""
    waiting = exists().where(
        VoteClaim.round_id == round_id,
        VoteClaim.person_id == person_id,
        VoteClaim.state == ClaimState.RECEIVED.value,
    )
    return bool(session.scalar(select(waiting)))


def _is_on_board(session: Session, round_id: UUID, code: str) -> bool:
    line = exists().where(BallotRow.round_id == round_id, BallotRow.code == code)
    return bool(session.scalar(select(line)))


def _was_issued(found: RoundFacts, code: str, signature: str) -> bool:
    """Whether the round signed the code for any of its lists (the claim need not name the list)."""
    said = "".join(signature.split())
    scopes = (scope.code for scope in found.frozen.scopes)
    return any(is_signed(found.verify_key, found.id, scope, code, said) for scope in scopes)


def _new_row(work: Work, found: RoundFacts, kind: ClaimKind, words: str, at: datetime) -> VoteClaim:
    claim_id = uuid4()
    return VoteClaim(
        id=claim_id,
        round_id=found.id,
        reference=new_serial(),
        kind=kind.value,
        state=ClaimState.RECEIVED.value,
        words=work.keyring.seal(WORDS, words.encode(), bound_to=str(claim_id)),
        filed_at=at,
        due_at=answer_due(at),
    )


def _file(work: Work, row: VoteClaim, at: datetime) -> str:
    """Nobody's id goes into the trail: a claim about a line must not be joined to an account."""
    work.session.add(row)
    work.session.flush()
    work.publish(
        VoteClaimed(at=at, by=row.account_id, round_id=row.round_id, claim_id=row.id, kind=row.kind)
    )
    return row.reference
