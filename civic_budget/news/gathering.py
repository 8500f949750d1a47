"""What an edition's news is: what happened to proposals, the results of the vote, days of the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civic_budget.editions.queries import EditionFacts
from civic_budget.editions.rules import Milestone
from civic_budget.proposals.queries import (
    Happening,
    ProposalFacts,
    Window,
    list_happenings,
    proposals_among,
    references_among,
)
from civic_budget.results.queries import are_published, list_scope_results
from civic_budget.selection import WINNING

POLISH = "pl"
TOLD_MILESTONES = (
    Milestone.SUBMISSION_OPENS,
    Milestone.ASSESSMENT_PUBLISHED,
    Milestone.LIST_PUBLISHED,
    Milestone.VOTING_OPENS,
    Milestone.RESULTS_PUBLISHED,
)


@dataclass(frozen=True)
class NewsItem:
    """One piece of news. `key` never changes; `proposal` is None for news of the whole edition."""

    key: str
    kind: str
    code: str
    at: datetime
    updated_at: datetime
    scope: str
    proposal: ProposalFacts | None
    words: Mapping[str, str]

    def title(self, language: str) -> tuple[str, str]:
        """The proposal's title for a reader, and its language; empty for news of the edition."""
        if self.proposal is None:
            return "", language
        words = self.proposal.best_words(language)
        return words.title, words.language

    def said(self, language: str) -> tuple[str, str]:
        """The office's words for a reader: theirs, else Polish, else none."""
        for code in (language, POLISH):
            if self.words.get(code):
                return self.words[code], code
        return "", language


def gather_news(session: Session, edition: EditionFacts, window: Window) -> list[NewsItem]:
    """The news of an edition, of one pool or of one proposal, the latest first; a training has none."""
    if edition.is_training:
        return []
    found = [*list_happenings(session, edition.id, window), *_results(session, edition, window)]
    known = proposals_among(session, list({one.proposal_id for one in found}))
    items = [_item(one, known[one.proposal_id]) for one in found if one.proposal_id in known]
    if not window.scope and window.proposal_id is None:
        items += _milestones(edition, window)
    return sorted(items, key=lambda one: (one.at, one.key), reverse=True)[: window.most]


def _item(one: Happening, proposal: ProposalFacts) -> NewsItem:
    return NewsItem(
        key=one.key,
        kind=one.kind,
        code=one.code,
        at=one.at,
        updated_at=one.changed_at or one.at,
        scope=proposal.scope,
        proposal=proposal,
        words=one.words,
    )


def _results(session: Session, edition: EditionFacts, window: Window) -> Iterator[Happening]:
    """Won or not, from the moment when results are public and decided; a pool with a draw open waits."""
    if not are_published(edition, at=window.until):
        return
    public_at = edition.moment_of(Milestone.RESULTS_PUBLISHED)
    ids = references_among(session, edition.id, proposal_id=window.proposal_id)
    for pool in list_scope_results(session, edition.id):
        at = max(public_at, pool.decided_at)
        in_time = window.since < at <= window.until
        if not pool.is_complete or not in_time or (window.scope and window.scope != pool.scope):
            continue
        for line in pool.lines:
            if line.reference in ids:
                code = "won" if line.outcome in WINNING else "lost"
                key = f"result-{ids[line.reference]}"
                yield Happening(key, "result", code, at, ids[line.reference])


def _milestones(edition: EditionFacts, window: Window) -> Iterator[NewsItem]:
    for milestone in TOLD_MILESTONES:
        at = edition.moment_of(milestone)
        if edition.knows(milestone) and window.since < at <= window.until:
            key = f"calendar-{edition.id}-{milestone.value}"
            yield NewsItem(key, "calendar", milestone.value, at, at, "", None, {})
