"""Officers' words on similar records: different humans, or one (then two officers and a cluster).

Reversible until ballots are opened. Person ids are never reused and no record is thrown away.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.residency.events import PairCompared, PersonsMerged, PersonsParted
from civic_budget.residency.models import (
    DuplicateVerdict,
    OfficerInterest,
    Person,
    PersonCluster,
    ResidencySetting,
)
from civic_budget.residency.queries.duplicates import (
    CLUSTERS_FIXED_AT,
    clusters_fixed_at,
    find_basis,
    find_same_keys,
)
from civic_budget.residency.queries.persons import acts_for
from civic_budget.storage.db import Work

SAME, DIFFERENT = "same", "different"


def say_different(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> None:
    """Two similar records are different humans; a proposed or done merge of the two ends.

    Raises NotAllowed `merge_fixed` for a merge under which ballots were opened.
    """
    _require_officer(work, actor, one, other)
    _part(work, one, other)
    work.session.merge(_verdict(work, one, other, DIFFERENT, actor, at))
    work.publish(PersonsParted(person_id=one, other_id=other, at=at, by=actor.account_id))


def say_same(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> bool:
    """Two records are one human: the first officer proposes, the second merges; True when merged.

    Raises NotAllowed `same_officer` when the proposer says it again.
    """
    _require_officer(work, actor, one, other)
    first, second = sorted((one, other))
    said = work.session.get(DuplicateVerdict, (first, second), with_for_update=True)
    if said is None or said.verdict != SAME:
        work.session.merge(_verdict(work, one, other, SAME, actor, at))
        return False
    if said.said_by == actor.account_id:
        raise NotAllowed("same_officer")
    if said.seconded_by is None:
        said.seconded_by, said.seconded_at = actor.account_id, at
        _join(work, one, other, at)
        work.publish(PersonsMerged(person_id=one, other_id=other, at=at, by=actor.account_id))
    return True


def open_pair(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> None:
    """Write down that an officer looks at two records side by side.

    Raises NotAllowed for anybody but an officer, for oneself and for declared relatives; NotFound for
    records that share no key.
    """
    _require_officer(work, actor, one, other)
    if other not in find_same_keys(work.session, one):
        raise NotFound
    work.publish(PairCompared(person_id=one, other_id=other, at=at, by=actor.account_id))


def fix_merges(work: Work, *, at: datetime) -> None:
    """Ballots were opened: merges that hold now cannot be taken back any more, later ones can."""
    work.session.merge(ResidencySetting(name=CLUSTERS_FIXED_AT, value={"value": at.isoformat()}))


def _verdict(
    work: Work, one: UUID, other: UUID, verdict: str, actor: Actor, at: datetime
) -> DuplicateVerdict:
    assert actor.account_id is not None
    first, second = sorted((one, other))
    return DuplicateVerdict(
        person_a=first,
        person_b=second,
        verdict=verdict,
        said_by=actor.account_id,
        said_at=at,
        seconded_by=None,
        seconded_at=None,
        basis=find_basis(work.session, first, second),
    )


def _join(work: Work, one: UUID, other: UUID, at: datetime) -> None:
    """Put both records, and whoever is merged with them already, into one cluster."""
    mine, theirs = work.session.get(PersonCluster, one), work.session.get(PersonCluster, other)
    target = mine.cluster_id if mine else theirs.cluster_id if theirs else uuid4()
    if mine and theirs and mine.cluster_id != theirs.cluster_id:
        work.session.execute(
            update(PersonCluster)
            .where(PersonCluster.cluster_id == theirs.cluster_id)
            .values(cluster_id=target)
        )
    for person_id, known in ((one, mine), (other, theirs)):
        if known is None:
            work.session.add(PersonCluster(person_id=person_id, cluster_id=target, joined_at=at))


def _part(work: Work, one: UUID, other: UUID) -> None:
    """Take the second record out of the first one's cluster; a cluster of one is none."""
    mine, theirs = work.session.get(PersonCluster, one), work.session.get(PersonCluster, other)
    if mine is None or theirs is None or mine.cluster_id != theirs.cluster_id:
        return
    fixed_at = clusters_fixed_at(work.session)
    if fixed_at is not None and max(mine.joined_at, theirs.joined_at) <= fixed_at:
        raise NotAllowed("merge_fixed")
    cluster = mine.cluster_id
    work.session.delete(theirs)
    work.session.flush()
    left = work.session.scalar(
        select(func.count()).select_from(PersonCluster).where(PersonCluster.cluster_id == cluster)
    )
    if left == 1:
        work.session.execute(delete(PersonCluster).where(PersonCluster.cluster_id == cluster))


def _require_officer(work: Work, actor: Actor, one: UUID, other: UUID) -> None:
    if not actor.has(Role.OFFICER) or actor.account_id is None:
        raise NotAllowed("not_an_officer")
    # Always in the same order: two officers who come from two sides wait for each other, not forever.
    for person_id in sorted((one, other)):
        if work.session.get(Person, person_id, with_for_update=True) is None:
            raise NotFound
        if acts_for(work.session, actor.account_id, person_id):
            raise NotAllowed("own_case")
        if work.session.get(OfficerInterest, (actor.account_id, person_id)) is not None:
            raise NotAllowed("declared_interest")
