"""Drawing confirmed cases for a check by a second officer: fix the list, enter the seed, pick."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import policy
from civic_budget.residency.drawing import fingerprint, is_drawn
from civic_budget.residency.events import SampleAnnounced, SampleDrawn
from civic_budget.residency.limits import SEED, Limits, checked
from civic_budget.residency.models import EvidenceFile, ResidenceCase, SampleDraw, SampleMember
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseState
from civic_budget.storage.db import Work

BATCH = 5000


class Confirmed(NamedTuple):
    """A case that can be put on a list, and who confirmed it."""

    id: UUID
    reference: str
    decided_by: UUID | None


def announce_draw(work: Work, actor: Actor, *, source: str, permille: int, at: datetime) -> UUID:
    """Fix the list of all cases confirmed since the last draw, under a fingerprint; returns the draw.

    `source` tells where the seed will come from. Raises NotAllowed `not_a_settings_role`, Conflict
    `source_missing`, `out_of_bounds`, `draw_open` while another one waits, `nothing_to_draw`.
    """
    require(policy.may_set(actor))
    _check_announcement(work, source, permille)
    fresh = _confirmed_since_last_draw(work)
    draw_id, mark = uuid4(), fingerprint(row.reference for row in fresh)
    work.session.add(
        SampleDraw(
            id=draw_id,
            announced_at=at,
            announced_by=actor.account_id,
            source=" ".join(source.split()),
            permille=permille,
            size=len(fresh),
            fingerprint=mark,
            is_open=True,
        )
    )
    _list(work, draw_id, fresh)
    work.publish(
        SampleAnnounced(
            draw_id=draw_id,
            size=len(fresh),
            permille=permille,
            fingerprint=mark,
            at=at,
            by=actor.account_id,
        )
    )
    return draw_id


def enter_seed(work: Work, actor: Actor, *, draw_id: UUID, seed: str, at: datetime) -> int:
    """Enter the seed that has become known, and pick the cases; returns how many are drawn.

    Documents of drawn cases stay until the check's deadline. Raises NotAllowed `not_a_settings_role`,
    Conflict `bad_seed`, `draw_done`, `seed_too_early`.
    """
    require(policy.may_set(actor))
    limits = get_limits(work.session)
    seed = _checked_seed(seed, limits)
    draw = work.session.get(SampleDraw, draw_id, with_for_update=True)
    if draw is None:
        raise NotFound
    if not draw.is_open:
        raise Conflict("draw_done")
    if at <= draw.announced_at:
        raise Conflict("seed_too_early")
    members = work.session.execute(
        select(ResidenceCase.id, ResidenceCase.reference)
        .join(SampleMember, SampleMember.case_id == ResidenceCase.id)
        .where(SampleMember.draw_id == draw_id)
    )
    drawn = [row.id for row in members if is_drawn(seed, row.reference, draw.permille)]
    draw.seed, draw.drawn_at, draw.drawn_by, draw.is_open = seed, at, actor.account_id, False
    _pick(work, draw_id, drawn, limits, at=at)
    work.publish(
        SampleDrawn(draw_id=draw_id, seed=seed, drawn=len(drawn), at=at, by=actor.account_id)
    )
    return len(drawn)


def _check_announcement(work: Work, source: str, permille: int) -> None:
    if not source.strip():
        raise Conflict("source_missing", field="source")
    if not 1 <= permille <= 1000:
        raise Conflict("out_of_bounds", field="permille", lowest=1, highest=1000)
    if work.session.scalar(select(SampleDraw.id).where(SampleDraw.is_open)) is not None:
        raise Conflict("draw_open")


def _confirmed_since_last_draw(work: Work) -> list[Confirmed]:
    rows = work.session.execute(
        select(ResidenceCase.id, ResidenceCase.reference, ResidenceCase.decided_by).where(
            ResidenceCase.state == CaseState.CONFIRMED,
            ResidenceCase.id.not_in(select(SampleMember.case_id)),
        )
    )
    found = [Confirmed(*row) for row in rows]
    if not found:
        raise Conflict("nothing_to_draw")
    return found


def _list(work: Work, draw_id: UUID, fresh: list[Confirmed]) -> None:
    work.session.flush()
    for start in range(0, len(fresh), BATCH):
        work.session.execute(
            insert(SampleMember),
            [
                {
                    "draw_id": draw_id,
                    "case_id": each.id,
                    "first_officer": each.decided_by,
                    "is_drawn": False,
                }
                for each in fresh[start : start + BATCH]
            ],
        )


def _checked_seed(typed: str, limits: Limits) -> str:
    seed = " ".join(typed.split())
    try:
        checked(limits, {SEED: seed})
    except Conflict as wrong:
        raise Conflict(wrong.code, field="seed") from wrong
    return seed


def _pick(work: Work, draw_id: UUID, drawn: list[UUID], limits: Limits, *, at: datetime) -> None:
    due, keep = limits.decide_by(at), timedelta(days=limits.evidence_days_after_decision)
    for start in range(0, len(drawn), BATCH):
        picked = drawn[start : start + BATCH]
        work.session.execute(
            update(SampleMember)
            .where(SampleMember.draw_id == draw_id, SampleMember.case_id.in_(picked))
            .values(is_drawn=True)
        )
        work.session.execute(
            update(ResidenceCase).where(ResidenceCase.id.in_(picked)).values(due_at=due)
        )
        work.session.execute(
            update(EvidenceFile)
            .where(EvidenceFile.case_id.in_(picked), EvidenceFile.deleted_why.is_(None))
            .values(delete_after=due + keep)
        )
