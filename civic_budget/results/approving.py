"""Deeds on acts: one member writes an act down, another one signs it; from then it holds for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.results import policy
from civic_budget.results.acts import ActKind, check_act, hash_of_winners
from civic_budget.results.events import ActDeclined, ActProposed, ActSigned
from civic_budget.results.models import ResultAct, ResultActAnswer, ScopeResult
from civic_budget.results.protocols import protocol_from
from civic_budget.results.queries import are_published, list_acts
from civic_budget.selection import Protocol
from civic_budget.storage.db import Work


@dataclass(frozen=True, kw_only=True)
class ActWords:
    """What an act says: its own title, its day, where it can be read, why (by language)."""

    title: str
    act_on: date
    link: str = ""
    reasons: Mapping[str, str]


def propose_act(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    kind: ActKind,
    reference: str = "",
    words: ActWords,
    at: datetime,
) -> int:
    """Write an act down; nothing holds until another member signs. Returns its number.

    Raises Conflict at the field that is wrong, and while another act waits for its second person.
    """
    require(policy.may_propose_act(actor))
    assert actor.account_id is not None
    protocols = _locked_protocols(work, edition_id)
    acts = list_acts(work.session, edition_id)
    if any(act.is_signed is None for act in acts):
        raise Conflict("act_waits")
    reference = reference.strip() if kind is not ActKind.APPROVED else ""
    check_act(protocols, acts, kind, reference)
    _check_words(words, at)
    number = len(acts) + 1
    work.session.add(
        ResultAct(
            edition_id=edition_id,
            number=number,
            kind=kind.value,
            reference=reference,
            title=words.title.strip(),
            act_on=words.act_on,
            link=words.link.strip(),
            reasons={code: said.strip() for code, said in words.reasons.items() if said.strip()},
            list_hash=hash_of_winners(protocols) if kind is ActKind.APPROVED else "",
            proposed_by=actor.account_id,
            proposed_at=at,
        )
    )
    work.publish(ActProposed(edition_id=edition_id, number=number, at=at, by=actor.account_id))
    return number


def answer_act(
    work: Work, actor: Actor, *, edition_id: UUID, number: int, sign: bool, at: datetime
) -> None:
    """Sign an act (it holds from now) or decline it; who wrote it down may only take it back.

    Raises Conflict("act_outdated") when the winners are no longer those that were approved, and
    "not_public_yet" for an act on one project under the embargo.
    """
    protocols = _locked_protocols(work, edition_id)
    acts = list_acts(work.session, edition_id)
    act = next((one for one in acts if one.number == number), None)
    if act is None:
        raise NotFound("no_such_act")
    require(policy.may_answer_act(actor, proposed_by=act.proposed_by, sign=sign))
    assert actor.account_id is not None
    if act.is_signed is not None:
        raise Conflict("act_answered")
    if sign:
        _check_public(work, edition_id, act.kind, at)
        check_act(protocols, acts, act.kind, act.reference)
        if act.list_hash and act.list_hash != hash_of_winners(protocols):
            raise Conflict("act_outdated")
    work.session.add(
        ResultActAnswer(
            edition_id=edition_id,
            number=number,
            proposed_by=act.proposed_by,
            is_signed=sign,
            given_by=actor.account_id,
            given_at=at,
        )
    )
    happened = ActSigned if sign else ActDeclined
    work.publish(happened(edition_id=edition_id, number=number, at=at, by=actor.account_id))


def _check_public(work: Work, edition_id: UUID, kind: ActKind, at: datetime) -> None:
    """Only the whole list is approved under the embargo: an act on a project tells its result."""
    edition = get_edition(work.session, edition_id)
    if kind is not ActKind.APPROVED and not are_published(edition, at=at):
        raise Conflict("not_public_yet")


def _check_words(words: ActWords, at: datetime) -> None:
    if not words.title.strip():
        raise Conflict("title_missing", field="title")
    if words.act_on > city_day(at):
        raise Conflict("act_in_the_future", field="act_on")
    if not words.reasons.get("pl", "").strip():
        raise Conflict("reason_missing", field="reason_pl")


def _locked_protocols(work: Work, edition_id: UUID) -> dict[str, Protocol]:
    """The protocols of an edition, locked against a draw entered meanwhile; raises NotFound."""
    rows = work.session.scalars(
        select(ScopeResult)
        .where(ScopeResult.edition_id == edition_id)
        .order_by(ScopeResult.scope)
        .with_for_update()
    ).all()
    if not rows:
        raise NotFound("no_results_yet")
    return {row.scope: protocol_from(row.protocol, scope=row.scope) for row in rows}
