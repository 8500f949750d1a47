"""Officers' words on similar records: different humans, or one (then two officers and a cluster).

A cluster is a connected component of accepted merges (`clusters`), written anew after every word that changes
one. A merge can be taken back until ballots are opened under it. Person ids are never reused and no record is
thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, or_, select

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency.clusters import component_of, components
from civic_budget.residency.events import PairCompared, PersonsMerged, PersonsParted
from civic_budget.residency.models import (
    DuplicateVerdict,
    OfficerInterest,
    Person,
    PersonCluster,
    ResidencySetting,
)
from civic_budget.residency.queries.cases import find_last_case
from civic_budget.residency.queries.duplicates import (
    CLUSTERS_FIXED_AT,
    clusters_fixed_at,
    find_basis,
    find_same_keys,
)
from civic_budget.residency.queries.persons import acts_for, cluster_members
from civic_budget.storage.db import Work

SAME, DIFFERENT, ONE_CHILD = "same", "different", "one_child"
"""Two officers' merge; a refusal of one; one child whose record each guardian had begun."""


def say_different(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> bool:
    """Two similar records are different humans; a proposed or done merge of the two ends.

    False: the two still count as one through other records, whose pairs need a word too. Raises
    NotAllowed `merge_fixed` where ballots were opened under the merges that hold them together.
    """
    _require_officer(work, actor, one, other)
    fixed_at = clusters_fixed_at(work.session)
    if fixed_at is not None:
        fixed = [edge for edge in _merges(work, one) if _moment(edge) <= fixed_at]
        if other in component_of(one, _ends(fixed)):
            raise NotAllowed("merge_fixed")
    work.session.merge(_verdict(work, one, other, DIFFERENT, actor, at))
    _settle(work, one, other, at)
    work.publish(PersonsParted(person_id=one, other_id=other, at=at, by=actor.account_id))
    return other not in cluster_members(work.session, one)


def say_same(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> bool:
    """Two records are one human: the first officer proposes, the second merges; True when merged.

    A proposal holds for the data that its officer saw: once a record has changed it has to be made anew.
    Raises NotAllowed `same_officer` when the proposer says it again; Conflict `contradicts_word` when it would
    make one human of two records that an officer called different (`one`, `other`: their references).
    """
    _require_officer(work, actor, one, other)
    first, second = sorted((one, other))
    said = work.session.get(DuplicateVerdict, (first, second), with_for_update=True)
    if said is not None and said.verdict != DIFFERENT and said.seconded_at is not None:
        return True
    # A proposal is never refused: two words of difference could not be taken back one after the other.
    # One that was made on other data is no word on these: the second officer becomes the first.
    if said is None or said.verdict != SAME or _is_on_other_data(work, said):
        work.session.merge(_verdict(work, one, other, SAME, actor, at))
        return False
    if said.said_by == actor.account_id:
        raise NotAllowed("same_officer")
    _require_no_contradiction(work, one, other)
    said.seconded_by, said.seconded_at = actor.account_id, _after_opening(work, at)
    _settle(work, one, other, at)
    work.publish(PersonsMerged(person_id=one, other_id=other, at=at, by=actor.account_id))
    return True


def join_child(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> None:
    """Two guardians began a record of one child: the officer who accepts the second one merges them.

    Over an officer's word nobody merges alone: Conflict `called_different` while one stands that the two
    are different people; a proposal of a merge, which may have replaced such a word, is seconded here, so
    NotAllowed `same_officer` for who made it. Raises Conflict `contradicts_word` as `say_same` does.
    """
    _take_turn(work)
    first, second = sorted((one, other))
    said = work.session.get(DuplicateVerdict, (first, second), with_for_update=True)
    if said is not None and said.verdict == DIFFERENT:
        raise Conflict("called_different")
    if said is not None and said.seconded_at is not None:
        return
    _require_no_contradiction(work, one, other)
    if said is not None and actor.account_id is not None:
        if said.said_by == actor.account_id or _is_on_other_data(work, said):
            raise NotAllowed("same_officer")
        said.seconded_by, said.seconded_at = actor.account_id, _after_opening(work, at)
    else:
        word = _verdict(work, one, other, ONE_CHILD, actor, at)
        word.seconded_at = _after_opening(work, at)
        work.session.merge(word)
    _settle(work, one, other, at)


def open_pair(work: Work, actor: Actor, *, one: UUID, other: UUID, at: datetime) -> None:
    """Write down that an officer looks at two records side by side.

    Raises NotAllowed for anybody but an officer, for oneself and for declared relatives; NotFound for
    records that share no key.
    """
    _require_officer(work, actor, one, other)
    if other not in find_same_keys(work.session, one):
        raise NotFound
    work.publish(PairCompared(person_id=one, other_id=other, at=at, by=actor.account_id))


def hold_merges(work: Work) -> None:
    """Let nobody merge or part records until this unit of work is committed: an opening counts humans."""
    _take_turn(work)


def fix_merges(work: Work, *, at: datetime) -> None:
    """Ballots were opened: merges that hold now cannot be taken back any more, later ones can."""
    work.session.merge(ResidencySetting(name=CLUSTERS_FIXED_AT, value={"value": at.isoformat()}))


def _verdict(
    work: Work, one: UUID, other: UUID, verdict: str, actor: Actor, at: datetime
) -> DuplicateVerdict:
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


def _is_on_other_data(work: Work, said: DuplicateVerdict) -> bool:
    """Whether a record has changed since an officer's word; unknown, after an erasure, is not changed."""
    basis = find_basis(work.session, said.person_a, said.person_b)
    return said.basis is not None and basis is not None and said.basis != basis


def _settle(work: Work, one: UUID, other: UUID, at: datetime) -> None:
    """Write the clusters of everybody who hangs together with two records now, or did before.

    A component keeps the cluster of its first record that has one; who came in anew joins at this moment.
    """
    work.session.flush()
    touched = {*cluster_members(work.session, one), *cluster_members(work.session, other)}
    held = {
        row.person_id: row
        for row in work.session.scalars(
            select(PersonCluster).where(PersonCluster.person_id.in_(touched))
        )
    }
    wanted: dict[UUID, UUID] = {}
    for members in components(_ends(_merges(work, *touched))):
        known = (held[each].cluster_id for each in sorted(members) if each in held)
        free = (cluster for cluster in known if cluster not in wanted.values())
        wanted |= dict.fromkeys(members, next(free, None) or uuid4())
    for person_id in touched | wanted.keys():
        row, cluster = held.get(person_id), wanted.get(person_id)
        if row is not None and cluster is None:
            work.session.delete(row)
        elif row is None and cluster is not None:
            row = PersonCluster(person_id=person_id, cluster_id=cluster, joined_at=at)
            work.session.add(row)
        elif row is not None and cluster is not None and row.cluster_id != cluster:
            row.cluster_id, row.joined_at = cluster, at
    work.session.flush()


def _merges(work: Work, *persons: UUID) -> Sequence[DuplicateVerdict]:
    """The accepted merges among these records and all who are in a cluster with one of them."""
    ids = {member for each in persons for member in cluster_members(work.session, each)}
    word = DuplicateVerdict
    return work.session.scalars(
        select(word).where(
            word.seconded_at.is_not(None),
            or_(word.person_a.in_(ids), word.person_b.in_(ids)),
        )
    ).all()


def _ends(merges: Iterable[DuplicateVerdict]) -> list[tuple[UUID, UUID]]:
    return [(merge.person_a, merge.person_b) for merge in merges]


def _moment(merge: DuplicateVerdict) -> datetime:
    assert merge.seconded_at is not None
    return merge.seconded_at


def _after_opening(work: Work, at: datetime) -> datetime:
    """When a merge counts as accepted: after an opening that it had to wait for, it is not under it."""
    fixed_at = clusters_fixed_at(work.session)
    return at if fixed_at is None or fixed_at < at else fixed_at + timedelta(microseconds=1)


def _require_no_contradiction(work: Work, one: UUID, other: UUID) -> None:
    """No two records may become one human that an officer called different, but the judged pair itself."""
    mine = cluster_members(work.session, one)
    theirs = cluster_members(work.session, other)
    if other in mine:
        return
    word = DuplicateVerdict
    between = or_(
        and_(word.person_a.in_(mine), word.person_b.in_(theirs)),
        and_(word.person_a.in_(theirs), word.person_b.in_(mine)),
    )
    for said in work.session.scalars(select(word).where(word.verdict == DIFFERENT, between)):
        if {said.person_a, said.person_b} != {one, other}:
            names = [find_last_case(work.session, each) for each in (said.person_a, said.person_b)]
            one_is, other_is = (case.reference if case else "–" for case in names)
            raise Conflict("contradicts_word", one=one_is, other=other_is)


def _take_turn(work: Work) -> None:
    # Two words on different pairs can touch one cluster: on PostgreSQL each waits for the other's commit.
    work.take_turns(b"clusters")


def _require_officer(work: Work, actor: Actor, one: UUID, other: UUID) -> None:
    if not actor.has(Role.OFFICER) or actor.account_id is None:
        raise NotAllowed("not_an_officer")
    _take_turn(work)
    # Always in the same order: two officers who come from two sides wait for each other, not forever.
    for person_id in sorted((one, other)):
        if work.session.get(Person, person_id, with_for_update=True) is None:
            raise NotFound
        if acts_for(work.session, actor.account_id, person_id):
            raise NotAllowed("own_case")
        if work.session.get(OfficerInterest, (actor.account_id, person_id)) is not None:
            raise NotAllowed("declared_interest")
