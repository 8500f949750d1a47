"""Who may do what to a proposal, with the reason when not: relation ∧ standing ∧ phase ∧ state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied
from civic_budget.proposals.rules import LIFECYCLE, ProposalAction, ProposalState
from civic_budget.proposals.support_rules import SUPPORTABLE

WITHDRAWABLE = frozenset({Phase.SUBMISSION, Phase.ASSESSMENT, Phase.BEFORE_VOTING})
CORRECTABLE = frozenset({Phase.SUBMISSION, Phase.ASSESSMENT})
DRAWABLE = frozenset({Phase.ASSESSMENT, Phase.BEFORE_VOTING})


@dataclass(frozen=True)
class Relations:
    """What the policy needs to know of a proposal and its edition at a moment."""

    author_account: UUID
    state: ProposalState
    phase: Phase
    appeals_open: bool
    withdrawal_open: bool
    correct_by: datetime | None = None
    co_authors: frozenset[UUID] = frozenset()
    editing_closes: datetime | None = None


@dataclass(frozen=True)
class SupportTies:
    """What the policy needs to know of a would-be supporter and the proposal."""

    state: ProposalState
    needed: int
    until: datetime
    author_accounts: frozenset[UUID]
    is_author_person: bool
    has_standing: bool
    lives_there: bool
    has_supported: bool


def may_start(*, phase: Phase, has_standing: bool, is_own_person: bool = True) -> Decision:
    """A resident with a confirmed residence, or a complete case, may begin while submission is open."""
    return first_denied(
        ALLOWED if is_own_person else Denied("not_your_person"),
        _submission(phase),
        ALLOWED if has_standing else Denied("residence_needed"),
    )


def may_edit(actor: Actor, proposal: Relations, *, at: datetime) -> Decision:
    """Its authors edit a draft while submission is open, and a returned proposal until its day.

    Neither after the day on which the edition's calendar closes editing, if it has one.
    """
    own = is_an_author(actor, proposal)
    if not own:
        return own
    if proposal.editing_closes is not None and at >= proposal.editing_closes:
        return Denied("editing_closed")
    if proposal.state is ProposalState.DRAFT:
        return _submission(proposal.phase)
    if proposal.state is not ProposalState.RETURNED:
        return Denied("no_longer_a_draft")
    in_time = proposal.correct_by is None or at < proposal.correct_by
    if in_time and proposal.phase in CORRECTABLE:
        return ALLOWED
    return Denied("correction_closed")


def may_withdraw(actor: Actor, proposal: Relations) -> Decision:
    """The author may withdraw until the day that the calendar sets, before voting opens."""
    return first_denied(
        _author(actor, proposal),
        ALLOWED
        if (proposal.state, ProposalAction.WITHDRAW) in LIFECYCLE.moves
        else Denied("cannot_be_withdrawn"),
        ALLOWED if _can_still_withdraw(proposal) else Denied("withdrawal_closed"),
    )


def _can_still_withdraw(proposal: Relations) -> bool:
    if proposal.state is ProposalState.DRAFT:
        return True  # a draft that nobody saw may always be thrown away
    return proposal.phase in WITHDRAWABLE and proposal.withdrawal_open


def may_appeal(actor: Actor, proposal: Relations) -> Decision:
    """The author may appeal a rejection until the last day of appeals."""
    return first_denied(
        _author(actor, proposal),
        ALLOWED if proposal.state is ProposalState.REJECTED else Denied("not_rejected"),
        ALLOWED if proposal.appeals_open else Denied("appeals_closed"),
    )


def may_agree(actor: Actor, proposal: Relations, *, is_reviewed: bool) -> Decision:
    """The author agrees with a translation that a person has approved."""
    return first_denied(
        _author(actor, proposal),
        ALLOWED if is_reviewed else Denied("not_reviewed"),
        ALLOWED if proposal.phase in WITHDRAWABLE else Denied("list_is_closed"),
    )


def may_translate(actor: Actor) -> Decision:
    """Editors and coordinators write translations and approve them."""
    is_editor = actor.is_system or actor.has(Role.EDITOR, Role.COORDINATOR)
    return ALLOWED if is_editor else Denied("not_an_editor")


def may_draw(actor: Actor, *, phase: Phase) -> Decision:
    """A coordinator publishes the list and draws the numbers, before voting opens."""
    return first_denied(
        _coordinator(actor),
        ALLOWED if phase in DRAWABLE else Denied("draw_out_of_time"),
    )


def may_enter_paper(actor: Actor, *, phase: Phase) -> Decision:
    """Coordinators and officers type in what came on paper, also after submission has closed."""
    may = actor.is_system or actor.has(Role.COORDINATOR, Role.OFFICER)
    return first_denied(
        ALLOWED if may else Denied("not_a_coordinator"),
        ALLOWED if phase in CORRECTABLE else Denied("submission_closed"),
    )


def may_record_step(actor: Actor, *, is_responsible: bool) -> Decision:
    """A coordinator tells how a winner is carried out, or the people of the unit that is responsible."""
    is_of_unit = actor.has(Role.ASSESSOR) and is_responsible
    may = actor.is_system or actor.has(Role.COORDINATOR) or is_of_unit
    return ALLOWED if may else Denied("not_your_project")


def may_keep_prices(actor: Actor) -> Decision:
    """A coordinator keeps the price list."""
    is_coordinator = actor.is_system or actor.has(Role.COORDINATOR)
    return ALLOWED if is_coordinator else Denied("not_a_coordinator")


def may_group(actor: Actor, *, phase: Phase) -> Decision:
    """A coordinator says which proposals exclude one another, before voting opens."""
    return first_denied(
        _coordinator(actor),
        ALLOWED if phase in WITHDRAWABLE else Denied("list_is_closed"),
    )


def may_propose_merge(actor: Actor, *, phase: Phase) -> Decision:
    """A coordinator proposes merges while proposals are assessed."""
    return first_denied(
        _coordinator(actor),
        ALLOWED if phase in CORRECTABLE else Denied("merge_out_of_time"),
    )


def may_cancel_merge(actor: Actor) -> Decision:
    """A coordinator takes a merge back."""
    return _coordinator(actor)


def may_answer_merge(
    actor: Actor, *, author_account: UUID, is_open: bool, is_answered: bool
) -> Decision:
    """The author answers for their own proposal, once, until the day that the office set."""
    return first_denied(
        ALLOWED if actor.account_id == author_account else Denied("not_the_author"),
        ALLOWED if is_open else Denied("merge_over"),
        Denied("already_answered") if is_answered else ALLOWED,
    )


def is_an_author(actor: Actor, proposal: Relations) -> Decision:
    """The author or a co-author who accepted."""
    is_one = actor.account_id in {proposal.author_account, *proposal.co_authors}
    return ALLOWED if is_one and actor.is_signed_in else Denied("not_the_author")


def may_invite(actor: Actor, proposal: Relations, *, at: datetime) -> Decision:
    """The author invites co-authors as long as the text may be written."""
    return first_denied(_author(actor, proposal), may_edit(actor, proposal, at=at))


def may_support(actor: Actor, ties: SupportTies, *, at: datetime) -> Decision:
    """A resident, of the district for a district proposal, once, in the days after the submission."""
    conditions = (
        (ties.needed > 0, "support_not_asked"),
        (ties.state in SUPPORTABLE and at < ties.until, "support_closed"),
        (actor.is_signed_in and not actor.roles, "residents_only"),
        (
            actor.account_id not in ties.author_accounts and not ties.is_author_person,
            "own_proposal",
        ),
        (ties.has_standing, "residence_needed"),
        (ties.lives_there, "not_your_district"),
        (not ties.has_supported, "already_supported"),
    )
    return first_denied(*(ALLOWED if holds else Denied(why) for holds, why in conditions))


def may_send_list(
    actor: Actor, proposal: Relations, *, needed: int, until: datetime | None, at: datetime
) -> Decision:
    """Its authors send scans of signed lists, from the submission until ten days after it."""
    return first_denied(
        is_an_author(actor, proposal),
        ALLOWED if needed else Denied("support_not_asked"),
        ALLOWED if until is not None else Denied("send_it_first"),
        ALLOWED
        if until is not None and at < until and proposal.state in SUPPORTABLE
        else Denied("support_closed"),
    )


def may_count(actor: Actor) -> Decision:
    """Officers count signatures: they see names and addresses for their work anyway."""
    return ALLOWED if actor.is_system or actor.has(Role.OFFICER) else Denied("not_an_officer")


def may_read_attachment(actor: Actor, *, is_public: bool, authors: frozenset[UUID]) -> Decision:
    """Public attachments are everybody's; internal ones are the assessment's and the authors'."""
    if is_public or actor.account_id in authors:
        return ALLOWED
    is_assessing = actor.has(Role.ASSESSOR, Role.COORDINATOR)
    return ALLOWED if is_assessing else Denied("internal_attachment")


def may_see(
    actor: Actor,
    *,
    author_account: UUID,
    state: ProposalState,
    co_authors: frozenset[UUID] = frozenset(),
) -> Decision:
    """Drafts are their authors' alone; everything submitted is public."""
    authors = {author_account, *co_authors}
    if state is ProposalState.DRAFT and actor.account_id not in authors:
        return Denied("not_the_author")
    return ALLOWED


def _author(actor: Actor, proposal: Relations) -> Decision:
    is_author = actor.account_id == proposal.author_account
    return ALLOWED if is_author else Denied("not_the_author")


def _coordinator(actor: Actor) -> Decision:
    is_coordinator = actor.is_system or actor.has(Role.COORDINATOR)
    return ALLOWED if is_coordinator else Denied("not_a_coordinator")


def _submission(phase: Phase) -> Decision:
    return ALLOWED if phase is Phase.SUBMISSION else Denied("submission_closed")
