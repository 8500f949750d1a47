"""Proposals that exclude one another: confirmed by a person, carried to the ballot, frozen with it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries, service
from civic_budget.proposals.models import ProposalPlace
from civic_budget.storage.db import Database
from civic_budget.voting.service.preparing import freeze_list
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW


@pytest.fixture
def author(database: Database) -> tuple[Actor, UUID]:
    """A resident of Dębniki in a city that takes proposals."""
    make_city(database)
    make_checklists(database)
    return make_resident(database)


@pytest.fixture
def edition_id(database: Database, author: tuple[Actor, UUID]) -> UUID:
    """Proposals are being submitted."""
    return make_edition(database, Phase.SUBMISSION)


@pytest.fixture
def made(database: Database, author: tuple[Actor, UUID], edition_id: UUID) -> list[UUID]:
    """Three proposals: two of one square, one across the river."""
    places = ((50.0500, 19.9300), (50.0505, 19.9302), (50.0600, 19.9500))
    ids = []
    for latitude, longitude in places:
        ids.append(make_submitted(database, *author, edition_id))
        with database.writing() as work:
            work.session.execute(
                insert(ProposalPlace),
                [
                    # The second place of each is what brings neighbours together.
                    {"proposal_id": ids[-1], "position": 1, "words": "Rynek"},
                    {
                        "proposal_id": ids[-1],
                        "position": 2,
                        "words": "",
                        "latitude": latitude,
                        "longitude": longitude,
                    },
                ],
            )
    return ids


def confirm(
    database: Database, actor: Actor, edition_id: UUID, ids: list[UUID], *, days: int = 0
) -> UUID:
    """They use the same square."""
    with database.writing() as work:
        return service.confirm_exclusive(
            work,
            actor,
            edition_id=edition_id,
            proposals=frozenset(ids),
            reason="Ten sam plac.",
            at=NOW + timedelta(days=days),
        )


def test_neighbours_are_offered_until_a_person_decides(
    database: Database, edition_id: UUID, made: list[UUID]
) -> None:
    coordinator = make_coordinator(database)
    with database.reading() as session:
        (pair,) = queries.list_candidates(session, edition_id)
    assert {pair.first.id, pair.second.id} == set(made[:2])
    assert 50 < pair.metres < 62
    with database.writing() as work:
        service.clear_pair(work, coordinator, first=made[1], second=made[0], at=NOW)
    with database.reading() as session:
        assert queries.list_candidates(session, edition_id) == []
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        confirm(database, make_assessor(database), edition_id, made[:2])
    with pytest.raises(Conflict, match="group_too_small"):
        confirm(database, coordinator, edition_id, made[:1])
    confirm(database, coordinator, edition_id, made[:2])
    with pytest.raises(Conflict, match="group_exists"):
        confirm(database, coordinator, edition_id, made[:2])
    with pytest.raises(NotAllowed, match="list_is_closed"):
        confirm(database, coordinator, edition_id, made[1:], days=400)


def test_groups_stand_in_the_frozen_list_until_dissolved(
    database: Database, edition_id: UUID, made: list[UUID]
) -> None:
    coordinator = make_coordinator(database)
    group_id = confirm(database, coordinator, edition_id, made[:2])
    confirm(database, coordinator, edition_id, made[1:])
    with database.reading() as session:
        groups = queries.exclusive_groups(session, edition_id)
        listed = [queries.get_proposal(session, one) for one in made]
        frozen = freeze_list(get_edition(session, edition_id), listed, UUID(int=1), {}, groups)
        others = queries.list_excluded(session, made[1])
    held = {p.id: p.groups for level in frozen.levels for s in level.scopes for p in s.projects}
    assert [held[one.reference or ""] for one in listed] == [("X1",), ("X1", "X2"), ("X2",)]
    assert {row.id for row in others} == {made[0], made[2]}
    with database.writing() as work:
        service.dissolve_exclusive(work, coordinator, group_id=group_id, at=NOW)
    with pytest.raises(Conflict, match="group_dissolved"), database.writing() as work:
        service.dissolve_exclusive(work, coordinator, group_id=group_id, at=NOW)
    with database.reading() as session:
        assert queries.exclusive_groups(session, edition_id) == {made[1]: ("X2",), made[2]: ("X2",)}
