"""What a person's own copy says of proposals: written, written together, agreed to, supported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from civic_budget.editions.queries import get_edition
from civic_budget.proposals.models import (
    CoAuthor,
    MergePart,
    PaperProposal,
    Proposal,
    ProposalAttachment,
    ProposalConsent,
    ProposalMerge,
    ProposalPicture,
    ProposalSupport,
    SupportList,
)
from civic_budget.proposals.queries.facts import ProposalFacts, content_of
from civic_budget.proposals.queries.happenings import proposals_among
from civic_budget.proposals.queries.people import list_names
from civic_budget.proposals.queries.single import get_proposal, list_decisions, list_versions
from civic_budget.proposals.rules import TEXT_FIELDS
from civic_budget.residency.copy_parts import CopyOwner, Row, say


class _AboutProposal(Protocol):
    """A row that says which proposal it is about."""

    proposal_id: Any


Told = TypeVar("Told", bound=_AboutProposal)


def list_own_ids(session: Session, owner: CopyOwner) -> Sequence[UUID]:
    """The proposals that somebody wrote, alone or with others, drafts too; the oldest first."""
    return session.scalars(
        _own(owner).with_only_columns(Proposal.id).order_by(Proposal.created_at, Proposal.id)
    ).all()


def name_proposals(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Proposal id → its reference and its title in the author's words."""
    return {
        proposal_id: {"proposal": facts.reference, "title": facts.original.title}
        for proposal_id, facts in proposals_among(session, ids).items()
    }


def tell_of_proposals(
    session: Session, rows: Sequence[Told], tell: Callable[[Told], Row]
) -> list[Row]:
    """What `tell` says of each row that is about a proposal, after which proposal that is."""
    named = name_proposals(session, [row.proposal_id for row in rows])
    return [named[row.proposal_id] | tell(row) for row in rows]


def copy_proposals(session: Session, owner: CopyOwner) -> list[Row]:
    """All that a person wrote in proposals, with its versions and what the office decided."""
    return [_proposal(session, owner, one) for one in list_own_ids(session, owner)]


def copy_co_authorships(session: Session, owner: CopyOwner) -> list[Row]:
    """Where somebody was asked to write together; whoever else writes is named on the page alone."""
    rows = session.scalars(
        select(CoAuthor)
        .where(CoAuthor.account_id == owner.account_id, CoAuthor.account_id.is_not(None))
        .order_by(CoAuthor.invited_at, CoAuthor.id)
    ).all()
    return tell_of_proposals(
        session,
        rows,
        lambda row: {
            "invited": say(row.invited_at),
            "accepted": say(row.accepted_at),
            "ended": say(row.ended_at),
        },
    )


def copy_consents(session: Session, owner: CopyOwner) -> list[Row]:
    """What somebody agreed to as an author, and under which name they wished to be shown."""
    rows = session.scalars(
        select(ProposalConsent)
        .where(ProposalConsent.account_id == owner.account_id)
        .order_by(ProposalConsent.agreed_at, ProposalConsent.kind)
    ).all()
    return tell_of_proposals(
        session,
        rows,
        lambda row: {
            "agreed_to": row.kind,
            "your_words": row.words,
            "language": row.language,
            "at": say(row.agreed_at),
        },
    )


def copy_supports(session: Session, owner: CopyOwner) -> list[Row]:
    """Which proposals a person supports by a click, and since when."""
    rows = session.scalars(
        select(ProposalSupport)
        .where(ProposalSupport.person_id == owner.person_id)
        .order_by(ProposalSupport.at, ProposalSupport.proposal_id)
    ).all()
    return tell_of_proposals(session, rows, lambda row: {"at": say(row.at)})


def _own(owner: CopyOwner) -> Select[Proposal]:
    mine = [Proposal.author_person == owner.person_id]
    if owner.account_id is not None:
        shared = select(CoAuthor.proposal_id).where(
            CoAuthor.account_id == owner.account_id,
            CoAuthor.accepted_at.is_not(None),
            CoAuthor.ended_at.is_(None),
        )
        mine += [Proposal.author_account == owner.account_id, Proposal.id.in_(shared)]
    return select(Proposal).where(or_(*mine))


def _proposal(session: Session, owner: CopyOwner, proposal_id: UUID) -> Row:
    facts = get_proposal(session, proposal_id)
    paper = session.get(PaperProposal, proposal_id)
    is_own = facts.author_person == owner.person_id or facts.author_account == owner.account_id
    return {
        "edition": get_edition(session, facts.edition_id).slug,
        "reference": facts.reference,
        "number_on_the_ballot": facts.ballot_number,
        "state": facts.state.value,
        "scope": facts.scope,
        "written_as": "author" if is_own else "co_author",
        "names_shown": list(list_names(session, proposal_id)),
        "begun": say(session.get_one(Proposal, proposal_id).created_at),
        "changed": say(facts.changed_at),
        "sent": say(facts.submitted_at),
        "came_on_paper": say(paper.received_at) if paper else None,
        "correct_by": say(facts.correct_by),
        "withdrawn": say(facts.withdrawn_at),
        "content": content_of(facts),
        "translations": _translations(facts),
        "assessed_cost": facts.assessed_cost,
        "versions": [
            {"number": one.number, "at": say(one.at), "content": one.content}
            for one in list_versions(session, proposal_id)
        ],
        "decisions": [
            {
                "at": say(one.at),
                "decided": one.action.value,
                "reason": one.reason,
                "said": dict(one.words),
                "act": one.act_number,
            }
            for one in list_decisions(session, proposal_id)
        ],
        "merges": _merges(session, proposal_id),
        "pictures": _pictures(session, proposal_id),
        "attachments": _attachments(session, proposal_id),
        "signed_lists": _signed_lists(session, proposal_id),
    }


def _translations(facts: ProposalFacts) -> list[Row]:
    return [
        {name: getattr(words, name) for name in TEXT_FIELDS}
        | {
            "language": words.language,
            "written_by": words.source,
            "approved": words.is_reviewed,
            "you_agreed": say(words.author_agreed_at),
        }
        for words in facts.words.values()
        if words.language != facts.language
    ]


def _merges(session: Session, proposal_id: UUID) -> list[Row]:
    rows = session.execute(
        select(ProposalMerge, MergePart)
        .join(MergePart, MergePart.merge_id == ProposalMerge.id)
        .where(MergePart.proposal_id == proposal_id)
        .order_by(ProposalMerge.proposed_at)
    )
    return [
        {
            "state": merge.state,
            "asked": say(merge.proposed_at),
            "answer_by": say(merge.answer_by),
            "said": dict(merge.words),
            "you_agree": part.agrees,
            "you_answered": say(part.answered_at),
        }
        for merge, part in rows
    ]


def _pictures(session: Session, proposal_id: UUID) -> list[Row]:
    # Photos of the work are the city's.
    rows = session.scalars(
        select(ProposalPicture)
        .where(ProposalPicture.proposal_id == proposal_id, ProposalPicture.step_id.is_(None))
        .order_by(ProposalPicture.added_at, ProposalPicture.id)
    )
    return [
        {
            "seen": dict(row.alt),
            "width": row.width,
            "height": row.height,
            "added": say(row.added_at),
        }
        for row in rows
    ]


def _attachments(session: Session, proposal_id: UUID) -> list[Row]:
    rows = session.scalars(
        select(ProposalAttachment)
        .where(ProposalAttachment.proposal_id == proposal_id)
        .order_by(ProposalAttachment.added_at, ProposalAttachment.id)
    )
    return [
        {
            "title": row.title,
            "language": row.language,
            "public": row.is_public,
            "pages": row.page_count,
            "added": say(row.added_at),
        }
        for row in rows
    ]


def _signed_lists(session: Session, proposal_id: UUID) -> list[dict[str, Any]]:
    """How many pages and signatures: whose they are is nobody's copy."""
    rows = session.scalars(
        select(SupportList)
        .where(SupportList.proposal_id == proposal_id)
        .order_by(SupportList.sent_at, SupportList.id)
    )
    return [
        {
            "sent": say(row.sent_at),
            "pages": row.page_count,
            "counted": row.counted,
            "counted_at": say(row.counted_at),
            "scan_deleted": say(row.deleted_at),
        }
        for row in rows
    ]
