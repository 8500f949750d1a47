"""What people of the demo do with one another's proposals: write together, follow, merge."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.demo.filling.town import Resident, Town
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import NotAllowed
from civic_budget.news import service as news
from civic_budget.news.rules import Subject
from civic_budget.proposals import service as proposals
from civic_budget.proposals.queries import ProposalFacts, list_in_states
from civic_budget.proposals.rules import PUBLIC_STATES, ProposalState
from civic_budget.storage.db import Work

EVERY_WITH_TWO = 9
FOLLOWERS = 12
SUBSCRIBERS = (
    ("czytelniczka@example.org", "pl", ""),
    ("chytach@example.org", "uk", "city"),
    ("neighbour@example.org", "en", "d08"),
)
WHY_MERGE = {
    "pl": "Oba projekty dotyczą tego samego miejsca i podobnych prac: razem będą tańsze.",
    "en": "Both are about the same place and similar works: together they will cost less.",
    "uk": "Обидва проєкти стосуються того самого місця й схожих робіт: разом вони обійдуться дешевше.",
    "ru": "Оба проекта касаются одного места и похожих работ: вместе они обойдутся дешевле.",
}


def invite_neighbour(
    town: Town, work: Work, proposal_id: UUID, author: Resident, number: int, at: datetime
) -> None:
    """Each ninth author writes with a neighbour, who accepts the next day."""
    if number % EVERY_WITH_TWO:
        return
    other = next(
        (r for r in _with_account(town) if r.account_id != author.account_id and _was_here(r, at)),
        None,
    )
    if other is None:
        return
    token = proposals.invite_co_author(
        work,
        author.actor,
        proposal_id=proposal_id,
        address="zaproszenie@example.org",
        language=other.language,
        at=at,
    )
    work.session.flush()
    proposals.accept_invitation(work, other.actor, token=token, at=at + timedelta(hours=20))


def propose_a_merge(town: Town) -> None:
    """While proposals are assessed, two authors of one pool are asked whether theirs may become one."""
    if town.story.phase is not Phase.ASSESSMENT:
        return
    with town.database.writing() as work:
        waiting = list_in_states(work.session, town.edition_id, [ProposalState.SUBMITTED])
        pair = _two_of_a_pool(waiting)
        if pair is None:
            return
        proposals.propose_merge(
            work,
            town.member(Role.COORDINATOR),
            kept=pair[0].id,
            joined=[pair[1].id],
            words=WHY_MERGE,
            answer_by=town.story.now + timedelta(days=6),
            at=town.story.ago(days=1),
        )


def follow_proposals(town: Town, past_edition_id: UUID) -> None:
    """Residents follow with one click; a few addresses are confirmed. They hear of the last ten days."""
    town.progress.begin("Followers")
    since = town.story.ago(days=10)
    for edition_id in (past_edition_id, town.edition_id):
        with town.database.writing() as work:
            listed = list_in_states(work.session, edition_id, sorted(PUBLIC_STATES))
            for number, resident in enumerate(_with_account(town)[:FOLLOWERS]):
                if listed:
                    _follow(work, resident, listed[number * 5 % len(listed)], since)
                    town.progress.add()
    with town.database.writing() as work:
        edition = get_edition(work.session, town.edition_id)
        if since < edition.moment_of(Milestone.SUBMISSION_OPENS):
            return
        for address, language, scope in SUBSCRIBERS:
            subject = Subject(town.edition_id, scope)
            token = news.ask_for_news(
                work, subject=subject, address=address, language=language, at=since
            )
            work.session.flush()
            news.confirm_news(work, token=token, at=since)
            town.progress.add()


def _follow(work: Work, resident: Resident, proposal: ProposalFacts, at: datetime) -> None:
    with suppress(NotAllowed):  # one's own
        news.follow_proposal(work, resident.actor, proposal_id=proposal.id, at=at)


def _with_account(town: Town) -> Sequence[Resident]:
    return [one for one in town.residents.values() if one.account_id is not None]


def _was_here(resident: Resident, at: datetime) -> bool:
    return resident.confirmed_at is not None and resident.confirmed_at < at


def _two_of_a_pool(waiting: Sequence[ProposalFacts]) -> tuple[ProposalFacts, ProposalFacts] | None:
    """Two proposals of one pool by two authors, the first that there are."""
    for first in waiting:
        for second in waiting:
            if (
                first.id != second.id
                and first.scope == second.scope
                and first.author_account != second.author_account
            ):
                return first, second
    return None
