"""An edition's own checklists: change a criterion's words or place, leave one out, add one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic_budget.assessment import policy
from civic_budget.assessment.events import ChecklistChanged
from civic_budget.assessment.models import Criterion, EditionCriterion, RejectionReason
from civic_budget.assessment.queries import has_answers, list_checklist
from civic_budget.assessment.rules import CriterionWords
from civic_budget.editions.drafts import get_draft_by_id
from civic_budget.editions.events import EditionCreated
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
LANGUAGES = ("pl", "en", "uk", "ru")


def put_criterion(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    criterion: CriterionWords,
    position: int,
    is_asked: bool,
    sentence: Mapping[str, str] | None = None,
    at: datetime,
) -> None:
    """Say how an edition asks a criterion; a new key adds one to this edition alone.

    `sentence` is the public sentence of a rejection for it, needed with a new one. All words are
    needed in four languages. Raises Conflict: bad_key, words_incomplete, cards_begun, wrong_stage.
    """
    require(policy.may_set_up(actor))
    get_draft_by_id(work.session, edition_id)
    if has_answers(work.session, edition_id):
        raise Conflict("cards_begun")
    _require_words(criterion.words, "words")
    known = work.session.get(Criterion, criterion.key)
    if known is None:
        _add(work, criterion, position, sentence or {})
    elif known.stage != criterion.stage.value:
        raise Conflict("wrong_stage", field="key")
    work.session.merge(
        EditionCriterion(
            edition_id=edition_id,
            key=criterion.key,
            correctable=criterion.correctable,
            words=dict(criterion.words),
            position=position,
            is_asked=is_asked,
        )
    )
    work.publish(ChecklistChanged(edition_id=edition_id, at=at, by=actor.account_id))


def copy_checklist(work: Work, happened: EditionCreated) -> None:
    """A copied edition asks what its model asked (handler of EditionCreated)."""
    if happened.copy_of is None:
        return
    for line in list_checklist(work.session, happened.copy_of):
        if line.is_own:
            work.session.merge(
                EditionCriterion(
                    edition_id=happened.edition_id,
                    key=line.criterion.key,
                    correctable=line.criterion.correctable,
                    words=dict(line.criterion.words),
                    position=line.position,
                    is_asked=line.is_asked,
                )
            )


def _add(work: Work, criterion: CriterionWords, position: int, sentence: Mapping[str, str]) -> None:
    if not KEY.fullmatch(criterion.key):
        raise Conflict("bad_key", field="key")
    _require_words(sentence, "sentence")
    # Not one of the default lists: other editions never see it.
    work.session.add(
        Criterion(
            key=criterion.key,
            stage=criterion.stage.value,
            correctable=criterion.correctable,
            words=dict(criterion.words),
            position=position,
            is_active=False,
        )
    )
    work.session.flush()
    last = work.session.scalar(select(func.max(RejectionReason.position))) or 0
    work.session.add(
        RejectionReason(
            key=criterion.key,
            criterion=criterion.key,
            sentence=dict(sentence),
            position=last + 1,
        )
    )


def _require_words(words: Mapping[str, str], name: str) -> None:
    for language in LANGUAGES:
        if not words.get(language, "").strip():
            raise Conflict("words_incomplete", field=f"{name}_{language}")
