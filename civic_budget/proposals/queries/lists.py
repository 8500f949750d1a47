"""Lists of proposals for authors, for the ballot, for the office and for the sealed statistics."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from civic_budget.proposals.models import (
    BallotDraw,
    BallotList,
    CoAuthor,
    ImplementationStep,
    PriceItem,
    Proposal,
    ProposalText,
)
from civic_budget.proposals.queries.facts import POLISH, OfficeRow, ProposalFacts, facts_of
from civic_budget.proposals.rules import ProposalState

OVER = (ProposalState.WITHDRAWN, ProposalState.MERGED)
TRANSLATED_STATES = (
    ProposalState.SUBMITTED,
    ProposalState.RETURNED,
    ProposalState.ADMITTED,
    ProposalState.REJECTED,
    ProposalState.APPEALED,
)


def list_of_author(session: Session, account_id: UUID) -> Sequence[ProposalFacts]:
    """The proposals that an account wrote, alone or with others, the latest first."""
    shared = select(CoAuthor.proposal_id).where(
        CoAuthor.account_id == account_id, CoAuthor.ended_at.is_(None)
    )
    rows = session.scalars(
        select(Proposal)
        .where(or_(Proposal.author_account == account_id, Proposal.id.in_(shared)))
        .order_by(Proposal.created_at.desc())
        .options(selectinload(Proposal.texts), selectinload(Proposal.co_authors))
    )
    return [facts_of(row, with_authors=True) for row in rows]


def list_in_states(
    session: Session, edition_id: UUID, states: Sequence[ProposalState]
) -> Sequence[ProposalFacts]:
    """Proposals of an edition in some states, in the order in which they were submitted."""
    return _listed(
        session,
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.state.in_([s.value for s in states]))
        .order_by(Proposal.submitted_at, Proposal.reference),
    )


def list_accounts_of_authors(
    session: Session, edition_id: UUID, scopes: Collection[str] | None = None
) -> set[UUID]:
    """The accounts of authors and co-authors whose proposals are alive, of all scopes or of some."""
    alive = select(Proposal.id).where(
        Proposal.edition_id == edition_id, Proposal.state.not_in([s.value for s in OVER])
    )
    if scopes is not None:
        alive = alive.where(Proposal.scope.in_(sorted(scopes)))
    authors = select(Proposal.author_account).where(Proposal.id.in_(alive))
    others = select(CoAuthor.account_id).where(
        CoAuthor.proposal_id.in_(alive), CoAuthor.account_id.is_not(None)
    )
    return {found for found in (*session.scalars(authors), *session.scalars(others)) if found}


def list_for_ballot(session: Session, edition_id: UUID) -> Sequence[ProposalFacts]:
    """The admitted proposals by scope and ballot number."""
    return _listed(
        session,
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.state == ProposalState.ADMITTED.value)
        .order_by(Proposal.scope, Proposal.ballot_number, Proposal.reference),
    )


def list_author_persons(session: Session, edition_id: UUID) -> set[UUID]:
    """The persons who submitted at least one proposal in an edition (for the sealed statistics)."""
    rows = session.scalars(
        select(Proposal.author_person).where(
            Proposal.edition_id == edition_id, Proposal.submitted_at.is_not(None)
        )
    )
    return set(rows)


def latest_stages(session: Session, edition_id: UUID) -> dict[UUID, str]:
    """Proposal id → the latest stage of its implementation."""
    rows = session.execute(
        select(ImplementationStep.proposal_id, ImplementationStep.stage)
        .join(Proposal, Proposal.id == ImplementationStep.proposal_id)
        .where(Proposal.edition_id == edition_id)
        .order_by(ImplementationStep.number)
    )
    return {row.proposal_id: row.stage for row in rows}


def list_office_rows(session: Session, edition_id: UUID) -> Sequence[OfficeRow]:
    """Everything that was submitted in an edition, in the order of submission, in one query."""
    return _office_rows(session, _office().where(Proposal.edition_id == edition_id))


def list_to_translate(
    session: Session, edition_id: UUID, language: str = POLISH
) -> Sequence[OfficeRow]:
    """What has no approved words in a language yet, in the order of submission."""
    words = aliased(ProposalText)
    chosen = (
        _office()
        .outerjoin(words, and_(words.proposal_id == Proposal.id, words.language == language))
        .where(
            Proposal.edition_id == edition_id,
            Proposal.language != language,
            Proposal.state.in_([s.value for s in TRANSLATED_STATES]),
            or_(words.language.is_(None), words.reviewed_by.is_(None)),
        )
    )
    return _office_rows(session, chosen)


def list_rows_among(session: Session, ids: Select[UUID]) -> Sequence[OfficeRow]:
    """The submitted proposals that a query names."""
    return _office_rows(session, _office().where(Proposal.id.in_(ids)))


def list_begun(session: Session, edition_id: UUID, language: str) -> dict[UUID, str]:
    """Proposals with words in a language that nobody has approved → who wrote them (human, machine)."""
    rows = session.execute(
        select(ProposalText.proposal_id, ProposalText.source)
        .join(Proposal, Proposal.id == ProposalText.proposal_id)
        .where(
            Proposal.edition_id == edition_id,
            ProposalText.language == language,
            ProposalText.source != "author",
            ProposalText.reviewed_by.is_(None),
        )
    )
    return {row.proposal_id: row.source for row in rows}


def list_waiting_for_author(session: Session, edition_id: UUID) -> Sequence[OfficeRow]:
    """Proposals whose approved Polish words their author has not agreed with yet."""
    polish = aliased(ProposalText)
    chosen = (
        _office()
        .join(polish, and_(polish.proposal_id == Proposal.id, polish.language == POLISH))
        .where(
            Proposal.edition_id == edition_id,
            Proposal.language != POLISH,
            Proposal.state.in_([s.value for s in TRANSLATED_STATES]),
            polish.reviewed_by.is_not(None),
            polish.author_agreed_at.is_(None),
        )
    )
    return _office_rows(session, chosen)


def count_submitted(session: Session, edition_id: UUID) -> dict[ProposalState, int]:
    """State → how many submitted proposals of an edition are in it."""
    rows = session.execute(
        select(Proposal.state, func.count().label("number"))
        .where(Proposal.edition_id == edition_id, Proposal.reference.is_not(None))
        .group_by(Proposal.state)
    )
    return {ProposalState(row.state): row.number for row in rows}


def list_ballot_lists(session: Session, edition_id: UUID) -> Sequence[BallotList]:
    """The published lists of an edition, the latest first."""
    return session.scalars(
        select(BallotList)
        .where(BallotList.edition_id == edition_id)
        .order_by(BallotList.number.desc())
    ).all()


def find_draw(session: Session, edition_id: UUID) -> BallotDraw | None:
    """The draw of an edition's numbers; None before it."""
    return session.get(BallotDraw, edition_id)


def list_prices(session: Session) -> Sequence[PriceItem]:
    """The city's price list in its order."""
    return session.scalars(select(PriceItem).order_by(PriceItem.position, PriceItem.key)).all()


def _listed(session: Session, chosen: Select[Proposal]) -> Sequence[ProposalFacts]:
    return [facts_of(row) for row in session.scalars(chosen.options(selectinload(Proposal.texts)))]


def _office() -> Select[Proposal, str, str]:
    own, approved = aliased(ProposalText), aliased(ProposalText)
    return (
        select(
            Proposal,
            func.coalesce(approved.title, own.title),
            func.coalesce(approved.language, own.language),
        )
        .join(own, and_(own.proposal_id == Proposal.id, own.language == Proposal.language))
        .outerjoin(
            approved,
            and_(
                approved.proposal_id == Proposal.id,
                approved.language == POLISH,
                approved.reviewed_by.is_not(None),
            ),
        )
        .where(Proposal.reference.is_not(None))
        .order_by(Proposal.submitted_at, Proposal.reference)
    )


def _office_rows(session: Session, chosen: Select[Proposal, str, str]) -> Sequence[OfficeRow]:
    return [_office_row(row, title, language) for row, title, language in session.execute(chosen)]


def _office_row(row: Proposal, title: str, language: str) -> OfficeRow:
    assert row.reference is not None
    assert row.submitted_at is not None
    return OfficeRow(
        id=row.id,
        reference=row.reference,
        scope=row.scope,
        state=ProposalState(row.state),
        language=row.language,
        title=title,
        title_language=language,
        category=row.category,
        cost=row.cost if row.assessed_cost is None else row.assessed_cost,
        place=row.place,
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
        correct_by=row.correct_by,
        author_person=row.author_person,
    )
