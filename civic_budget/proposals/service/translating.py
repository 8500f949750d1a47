"""Words in other languages: written or corrected by a person, approved by a person and by the author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import Proposal, ProposalText
from civic_budget.proposals.queries.voted import is_text_frozen
from civic_budget.proposals.rules import TEXT_FIELDS, ProposalState
from civic_budget.proposals.service.rows import empty_text, load, load_with_relations, touch
from civic_budget.storage.db import Work


def put_translation(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    language: str,
    texts: Mapping[str, str],
    source: str = "human",
    is_reviewed: bool = True,
    at: datetime,
) -> None:
    """Add or replace the words in another language than the author's; reviewed by the actor.

    Raises NotAllowed (not_an_editor) and Conflict at `title` when an approval has no title.
    """
    require(policy.may_translate(actor))
    proposal = load(work, proposal_id)
    if language == proposal.language:
        raise Conflict("authors_own_language", field="language")
    if (
        language == "pl"
        and proposal.state == ProposalState.ADMITTED
        and is_text_frozen(work.session, proposal.edition_id)
    ):
        raise Conflict("text_is_frozen")
    if is_reviewed and not texts.get("title", "").strip():
        raise Conflict("title_missing", field="title")
    text = find_text(proposal, language)
    if text is None:
        text = empty_text(language, source)
        proposal.texts.append(text)
    said = {name: texts.get(name, "").strip() for name in TEXT_FIELDS}
    is_same = all(getattr(text, name) == said[name] for name in TEXT_FIELDS)
    if is_reviewed and is_same and text.reviewed_by is not None:
        return  # the very words that were approved: nobody is asked to agree again
    text.source = source
    text.reviewed_by = _reviewer(actor) if is_reviewed else None
    text.author_agreed_at = None
    for name in TEXT_FIELDS:
        setattr(text, name, said[name])
    touch(proposal, at)
    if is_reviewed:
        work.publish(
            events.TranslationReviewed(
                proposal_id=proposal_id, language=language, at=at, by=actor.account_id
            )
        )


def agree_with_translation(
    work: Work, actor: Actor, *, proposal_id: UUID, language: str, at: datetime
) -> None:
    """The author agrees with approved words; without it they are public all the same, but unmarked."""
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    text = find_text(proposal, language)
    if text is None or text.source == "author":
        raise NotFound("no_such_translation")
    require(policy.may_agree(actor, known, is_reviewed=text.reviewed_by is not None))
    text.author_agreed_at = at
    work.publish(
        events.TranslationAgreed(
            proposal_id=proposal_id, language=language, at=at, by=actor.account_id
        )
    )


def find_text(proposal: Proposal, language: str) -> ProposalText | None:
    """The words in a language, if there are any."""
    return next((text for text in proposal.texts if text.language == language), None)


def _reviewer(actor: Actor) -> UUID:
    # The platform itself approves only what came in as approved (an imported edition).
    return actor.account_id or UUID(int=0)
