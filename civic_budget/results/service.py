"""Deeds on results: choose winners when a round was opened, enter a draw, publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, select

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.editions.service import move_milestone
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.results.boards import is_board_whole, keep_board, try_to_keep_board
from civic_budget.results.deciding import decide_all, rule_of, served_by
from civic_budget.results.drawing import check_draw
from civic_budget.results.events import DrawEntered, ResultsPublished, WinnersChosen
from civic_budget.results.models import ProjectResult, ScopeResult
from civic_budget.results.protocols import protocol_from
from civic_budget.selection import Draw, Protocol, SelectionError, protocol_to, rule_to
from civic_budget.storage.db import Work
from civic_budget.voting import queries as voting
from civic_budget.voting.commission_queries import list_annulments
from civic_budget.voting.events import RoundAnnulled, RoundOpened, ScopeAnnulled
from civic_budget.voting.queries import RoundFacts


def on_round_opened(work: Work, happened: RoundOpened) -> None:
    """Choose the winners of all pools in the opening's own transaction; the board follows the commit."""
    decide_round(work, round_id=happened.round_id, at=happened.at)
    work.publish(
        WinnersChosen(
            edition_id=happened.edition_id,
            round_id=happened.round_id,
            at=happened.at,
            by=happened.by,
        )
    )


def on_round_annulled(work: Work, happened: RoundAnnulled) -> None:
    """A round that does not count has no winners; its board stays in the archive."""
    _delete(work, ScopeResult.round_id == happened.round_id)


def on_scope_annulled(work: Work, happened: ScopeAnnulled) -> None:
    """The annulled pool has no winners until it is voted on anew; the others stand.

    What waited for its draw waits no longer. The board tells the act from now on.
    """
    _delete(work, ScopeResult.round_id == happened.round_id, ScopeResult.scope == happened.scope)
    if voting.get_round(work.session, happened.round_id).board_root is not None:
        decide_round(work, round_id=happened.round_id, at=happened.at)


def decide_round(
    work: Work, *, round_id: UUID, draw: Draw | None = None, source: str = "", at: datetime
) -> Mapping[str, Protocol]:
    """Decide every pool of an opened round that is not decided yet; the board follows the commit.

    A pool whose draw is outstanding is decided anew. What is decided in full stands, and so does what
    another round has decided of a pool whose vote was annulled in this one.
    """
    opened_round = voting.get_round(work.session, round_id)
    opened = voting.read_opened(work.session, round_id)
    standing = _standing(work, round_id)
    decided = decide_all(
        opened_round.frozen,
        opened.ballots,
        draw,
        standing=standing,
        annulled=[one.scope for one in list_annulments(work.session, round_id)],
        served=_served_elsewhere(work, opened_round),
    )
    protocols = {scope: one.protocol for scope, one in decided.items() if scope not in standing}
    _forget(work, opened_round.edition_id, protocols)
    scopes = {scope.code: scope for scope in opened_round.frozen.scopes}
    for scope, protocol in protocols.items():
        rule = rule_to(rule_of(scopes[scope].selection))
        _keep(work, opened_round, scope, protocol, rule, draw, source, at)
    work.after_commit(partial(try_to_keep_board, round_id=round_id))
    return protocols


def enter_draw(
    work: Work, actor: Actor, *, edition_id: UUID, draw: Draw, source: str, at: datetime
) -> None:
    """Enter the draw; ties are broken and the board is written anew.

    Either the seed that the named public event gave, or the order that was drawn before witnesses;
    `source` says where the outcome, or the witnesses' protocol, can be looked up. Where pools of two
    rounds wait (a list was voted on anew), it settles each for which it is enough.
    """
    if not actor.has(Role.COMMISSION):
        raise NotAllowed("not_the_commission")
    waiting = _waiting_rounds(work, edition_id)
    if not waiting:
        raise Conflict("no_draw_needed")
    check_draw(draw)
    if not source.strip():
        raise Conflict("source_missing", field="source")
    lacking = []
    for round_id in waiting:
        try:
            decide_round(work, round_id=round_id, draw=draw, source=source.strip(), at=at)
        except SelectionError as wrong:
            if wrong.code != "draw_incomplete":
                raise
            lacking.append(wrong)
    if len(lacking) == len(waiting):
        raise Conflict("order_incomplete", field="order", **lacking[0].values)
    work.publish(DrawEntered(edition_id=edition_id, seed=draw.seed, at=at, by=actor.account_id))


def _waiting_rounds(work: Work, edition_id: UUID) -> list[UUID]:
    """Rounds of which a pool waits for a draw, in the order of their opening."""
    rows = work.session.execute(
        select(ScopeResult.round_id, ScopeResult.decided_at)
        .where(
            ScopeResult.edition_id == edition_id,
            ScopeResult.is_complete.is_(False),
            ScopeResult.round_id.is_not(None),
        )
        .order_by(ScopeResult.decided_at, ScopeResult.round_id)
    )
    return list(dict.fromkeys(row.round_id for row in rows))


def _served_elsewhere(work: Work, deciding: RoundFacts) -> dict[str, str]:
    """Exclusive groups that winners of the edition's other rounds serve: nothing is paid for twice."""
    rows = work.session.scalars(
        select(ScopeResult).where(
            ScopeResult.edition_id == deciding.edition_id,
            ScopeResult.round_id != deciding.id,
            ScopeResult.is_complete.is_(True),
        )
    ).all()
    served: dict[str, str] = {}
    for row in rows:
        assert row.round_id is not None
        frozen = voting.get_round(work.session, row.round_id).frozen
        served |= served_by(frozen, row.protocol["selected"])
    return served


def _standing(work: Work, round_id: UUID) -> dict[str, Protocol]:
    """The pools of a round that are decided in full."""
    rows = work.session.scalars(
        select(ScopeResult).where(
            ScopeResult.round_id == round_id, ScopeResult.is_complete.is_(True)
        )
    )
    return {row.scope: protocol_from(row.protocol, scope=row.scope) for row in rows}


def publish_results(work: Work, actor: Actor, *, edition_id: UUID, at: datetime) -> None:
    """Lift the embargo now: the calendar's moment of publication becomes this one.

    A moment that has come already stays as it is. Raises Conflict before the round was opened, or when
    a board is not written yet and cannot be written now.
    """
    if not actor.has(Role.COMMISSION):
        raise NotAllowed("not_the_commission")
    decided = select(ScopeResult.id).where(ScopeResult.edition_id == edition_id).limit(1)
    if work.session.scalar(decided) is None:
        raise Conflict("no_results_yet")
    if get_edition(work.session, edition_id).moment_of(Milestone.RESULTS_PUBLISHED) > at:
        move_milestone(
            work, actor, edition_id=edition_id, milestone=Milestone.RESULTS_PUBLISHED, to=at, at=at
        )
    _require_boards(work, edition_id)
    work.publish(ResultsPublished(edition_id=edition_id, at=at, by=actor.account_id))


def _require_boards(work: Work, edition_id: UUID) -> None:
    """Nothing is published without the files from which anybody recounts it."""
    rounds = select(ScopeResult.round_id).where(ScopeResult.edition_id == edition_id).distinct()
    for round_id in work.session.scalars(rounds).all():
        if round_id is None or is_board_whole(work.session, round_id):
            continue
        try:
            keep_board(work.session, round_id)
        except OSError:
            raise Conflict("board_not_written") from None


def keep_result(
    work: Work,
    *,
    edition_id: UUID,
    round_id: UUID | None,
    scope: str,
    protocol: Protocol,
    rule: Mapping[str, object],
    at: datetime,
    seed: str | None = None,
    source: str | None = None,
) -> None:
    """Store the protocol of a pool, whether of an opened round or of an imported edition."""
    result_id = uuid4()
    work.session.add(
        ScopeResult(
            id=result_id,
            edition_id=edition_id,
            round_id=round_id,
            scope=scope,
            budget=protocol.budget,
            spent=protocol.spent,
            voters=protocol.voters,
            is_complete=protocol.is_complete,
            rule=dict(rule),
            protocol=protocol_to(protocol),
            seed=seed,
            seed_source=source,
            decided_at=at,
        )
    )
    work.session.flush()
    last = {row.project: row for row in protocol.decisions}
    work.session.add_all(
        ProjectResult(
            result_id=result_id,
            reference=row.project,
            rank=row.rank,
            points=row.points,
            votes=row.votes,
            cost=row.cost,
            left_before=row.left_before,
            left_after=row.left_after,
            outcome=row.outcome.value,
        )
        for row in last.values()
    )


def _keep(
    work: Work,
    opened: RoundFacts,
    scope: str,
    protocol: Protocol,
    rule: Mapping[str, object],
    draw: Draw | None,
    source: str,
    at: datetime,
) -> None:
    keep_result(
        work,
        edition_id=opened.edition_id,
        round_id=opened.id,
        scope=scope,
        protocol=protocol,
        rule=rule,
        seed=(draw.seed or None) if draw and protocol.draws else None,
        source=source if draw and protocol.draws else None,
        at=at,
    )


def _forget(work: Work, edition_id: UUID, scopes: Iterable[str]) -> None:
    """A round that supplements another replaces the results of its own pools only."""
    _delete(work, ScopeResult.edition_id == edition_id, ScopeResult.scope.in_(list(scopes)))


def _delete(work: Work, *which: ColumnElement[bool]) -> None:
    ids = select(ScopeResult.id).where(*which)
    work.session.execute(delete(ProjectResult).where(ProjectResult.result_id.in_(ids)))
    work.session.execute(delete(ScopeResult).where(*which))
