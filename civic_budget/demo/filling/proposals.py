"""The proposals of the present edition: submitted by their authors, translated by editors."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, Narrative, Proposal
from civic_budget.demo.filling.together import invite_neighbour
from civic_budget.demo.filling.town import Resident, Town
from civic_budget.editions.rules import Milestone, scope_of
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import NotAllowed
from civic_budget.proposals import service
from civic_budget.proposals.rules import DOCUMENTATION, WORK, CostItem, Place
from civic_budget.storage.db import Work

DRAFT_DAYS = 3
TRANSLATION_DAYS = 6
LEAST_SIGNATURES = 15
EVERY = 3
"""Of those whose day of submission is still to come, each third is a draft already."""


def submit_proposals(town: Town) -> None:
    """Every author submits within the window; what is still to come is a draft or nothing yet."""
    town.progress.begin("Proposals")
    for number, proposal in enumerate(content.proposals()):
        submitted_at = _submission_moment(town, number)
        author = town.residents[proposal.author]
        if town.story.has_come(submitted_at):
            with town.database.writing() as work:
                _submit(town, work, proposal, author, number, submitted_at)
            with town.database.writing() as work:
                _collect_support(town, work, proposal, number, submitted_at)
            with town.database.writing() as work:
                _translate(town, work, proposal, author, submitted_at)
        elif number % EVERY == 0:
            with town.database.writing() as work:
                _draft(town, work, proposal, author, town.story.ago(days=1))
        else:
            continue
        town.progress.add()


def _collect_support(
    town: Town, work: Work, proposal: Proposal, number: int, submitted_at: datetime
) -> None:
    """Some neighbours click; a signed list comes to the office two days later and is counted."""
    proposal_id, clicked = town.proposals[proposal.key], 0
    for neighbour in town.residents.values():
        at = submitted_at + timedelta(hours=2 + 5 * clicked)
        if clicked >= 1 + number % 5 or not town.story.has_come(at):
            break
        # Who would surely be refused is not asked: most of the filling's time went there.
        if neighbour.confirmed_at is None or neighbour.confirmed_at > at:
            continue
        if proposal.district not in (None, neighbour.district):
            continue
        with suppress(NotAllowed):
            service.support_proposal(work, neighbour.actor, proposal_id=proposal_id, at=at)
            clicked += 1
    counted_at = submitted_at + timedelta(days=2)
    if town.story.has_come(counted_at):
        service.enter_paper_list(
            work,
            town.member(Role.OFFICER),
            proposal_id=proposal_id,
            counted=LEAST_SIGNATURES + number % 9,
            at=counted_at,
        )


def costs_of(proposal: Proposal) -> list[CostItem]:
    """The author's estimate, line by line, in the author's language."""
    return [
        CostItem(
            f"{line.price.name.in_language(proposal.language)} × {line.quantity}",
            line.grosze,
            price_key=line.price.key,
            quantity=line.quantity,
            kind=DOCUMENTATION if line.price.key.startswith("documentation") else WORK,
        )
        for line in proposal.costs
    ]


def _submission_moment(town: Town, number: int) -> datetime:
    """Spread over the window, most of them towards its end, as everywhere."""
    calendar = town.story.calendar.moments
    opens = calendar[Milestone.SUBMISSION_OPENS] + timedelta(days=DRAFT_DAYS)
    closes = calendar[Milestone.SUBMISSION_CLOSES] - timedelta(hours=3)
    share = math.sqrt((number * 37) % 100 / 100)
    return opens + timedelta(seconds=(closes - opens).total_seconds() * share)


def _submit(
    town: Town,
    work: Work,
    proposal: Proposal,
    author: Resident,
    number: int,
    submitted_at: datetime,
) -> None:
    begun_at = max(
        submitted_at - timedelta(days=DRAFT_DAYS),
        town.story.calendar.moments[Milestone.SUBMISSION_OPENS],
    )
    proposal_id = _draft(town, work, proposal, author, begun_at)
    invite_neighbour(town, work, proposal_id, author, number, begun_at)
    service.submit_proposal(work, author.actor, proposal_id=proposal_id, at=submitted_at)


def _draft(town: Town, work: Work, proposal: Proposal, author: Resident, at: datetime) -> UUID:
    actor = author.actor
    proposal_id = service.start_proposal(
        work,
        actor,
        edition_id=town.edition_id,
        person_id=author.person_id,
        scope=scope_of(proposal.district),
        language=proposal.language,
        at=at,
    )
    work.session.flush()
    own = texts_in(proposal, proposal.language, proposal.original)
    service.save_texts(work, actor, proposal_id=proposal_id, texts=own, at=at)
    service.save_details(
        work,
        actor,
        proposal_id=proposal_id,
        category=proposal.category,
        place=proposal.place,
        upkeep=proposal.upkeep_grosze,
        at=at,
    )
    spots = [Place(spot.words, spot.latitude, spot.longitude) for spot in proposal.places]
    service.save_places(work, actor, proposal_id=proposal_id, places=spots, at=at)
    service.save_costs(work, actor, proposal_id=proposal_id, costs=costs_of(proposal), at=at)
    town.proposals[proposal.key] = proposal_id
    return proposal_id


def texts_in(proposal: Proposal, language: str, narrative: Narrative | None) -> dict[str, str]:
    """Title and summary in a language, with the long texts when they are there."""
    texts = {
        "title": proposal.title.in_language(language),
        "summary": proposal.summary.in_language(language),
    }
    return texts | (asdict(narrative) if narrative else {})


def _translate(
    town: Town, work: Work, proposal: Proposal, author: Resident, submitted_at: datetime
) -> None:
    """Editors translate within a week; the author agrees with the binding Polish words."""
    at = submitted_at + timedelta(days=TRANSLATION_DAYS)
    if not town.story.has_come(at):
        return
    editor: Actor = town.member(Role.EDITOR)
    proposal_id = town.proposals[proposal.key]
    for language in LANGUAGES:
        if language == proposal.language:
            continue
        narrative = proposal.polish if language == "pl" else None
        texts = texts_in(proposal, language, narrative)
        service.put_translation(
            work, editor, proposal_id=proposal_id, language=language, texts=texts, at=at
        )
        work.session.flush()
    if proposal.language != "pl":
        service.agree_with_translation(
            work,
            author.actor,
            proposal_id=proposal_id,
            language="pl",
            at=min(at + timedelta(days=1), town.story.now),
        )
