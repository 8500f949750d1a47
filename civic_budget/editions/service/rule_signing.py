"""The winner rule becomes an edition's when two people have signed the same text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic_budget.editions import policy
from civic_budget.editions.declared import SIGNATURES_NEEDED, preset_rules, rule_hash
from civic_budget.editions.events import RuleAdopted, RuleSigned
from civic_budget.editions.models import Edition, RuleSignature
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import NotFound
from civic_budget.storage.db import Work


def sign_rule(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    preset: str,
    tried_on: UUID,
    dry_run: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Sign a preset as the rule of an edition, with what it gave on an earlier one.

    True when this was the second person's signature under the same rule: it is the edition's now.
    A signature under another rule, or under an earlier text of the preset, does not count.
    """
    edition = work.session.get(Edition, edition_id, with_for_update=True)
    if edition is None:
        raise NotFound("no_edition")
    digest = rule_hash(preset_rules(preset))
    signers = set(
        work.session.scalars(
            select(RuleSignature.signed_by).where(
                RuleSignature.edition_id == edition_id, RuleSignature.rule_hash == digest
            )
        )
    )
    is_published = edition.published_at is not None
    has_signed = actor.account_id in signers
    require(policy.may_sign_rule(actor, is_published=is_published, has_signed=has_signed))
    assert actor.account_id is not None
    work.session.add(
        RuleSignature(
            edition_id=edition_id,
            preset=preset,
            rule_hash=digest,
            tried_on=tried_on,
            dry_run=dict(dry_run),
            signed_by=actor.account_id,
            signed_at=at,
        )
    )
    facts: dict[str, Any] = {"edition_id": edition_id, "preset": preset, "rule_hash": digest}
    work.publish(RuleSigned(**facts, at=at, by=actor.account_id))
    if len(signers | {actor.account_id}) < SIGNATURES_NEEDED:
        return False
    edition.selection_rule = {"preset": preset}
    work.publish(RuleAdopted(**facts, at=at, by=actor.account_id))
    return True
