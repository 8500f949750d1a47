"""An edition's own checklists: words, order and criteria of its own; frozen once somebody has answered."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from civic_budget.assessment import queries, service
from civic_budget.assessment.rules import Answer, CriterionWords, Said, Stage, Verdict
from civic_budget.editions import service as editions
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    CRITERIA,
    four,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW

NEAR = CriterionWords("near_school", Stage.FORMAL, True, four("Przy szkole"))


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """A city with default checklists, in which proposals are being submitted."""
    make_city(database)
    make_checklists(database)
    return make_edition(database, Phase.SUBMISSION)


def put(database: Database, actor: Actor, edition_id: UUID, one: CriterionWords, **more) -> None:  # type: ignore[no-untyped-def]
    """How the edition asks a criterion."""
    values = {"position": 9, "is_asked": True, "sentence": four("Nie przy szkole."), **more}
    with database.writing() as work:
        service.put_criterion(work, actor, edition_id=edition_id, criterion=one, at=NOW, **values)


def keys(database: Database, edition_id: UUID | None) -> list[str]:
    """The formal card of an edition."""
    with database.reading() as session:
        return [c.key for c in queries.list_criteria(session, Stage.FORMAL, edition_id=edition_id)]


def test_an_edition_changes_its_own_lists_only_and_a_copy_takes_them_over(
    database: Database, edition_id: UUID
) -> None:
    coordinator = make_coordinator(database)
    with pytest.raises(NotAllowed):
        put(database, make_assessor(database), edition_id, NEAR)
    with pytest.raises(Conflict, match="bad_key"):
        put(database, coordinator, edition_id, replace(NEAR, key="Near School"))
    with pytest.raises(Conflict, match="words_incomplete"):
        put(database, coordinator, edition_id, replace(NEAR, words={"pl": "Przy szkole"}))
    with pytest.raises(Conflict, match="words_incomplete"):
        put(database, coordinator, edition_id, NEAR, sentence={})
    with pytest.raises(Conflict, match="wrong_stage"):
        put(database, coordinator, edition_id, replace(CRITERIA[0], stage=Stage.MERIT))
    put(database, coordinator, edition_id, NEAR)
    put(database, coordinator, edition_id, CRITERIA[0], position=20)
    put(database, coordinator, edition_id, CRITERIA[1], is_asked=False)
    assert keys(database, edition_id) == ["near_school", "on_time"]
    assert keys(database, None) == ["on_time", "fields_complete"]
    with database.writing() as work:
        copied = editions.prepare_edition(
            work,
            coordinator,
            slug="2027",
            year=2027,
            names={"pl": "Edycja 2027"},
            copy_of=edition_id,
            is_training=False,
            at=NOW,
        )
    assert keys(database, copied) == ["near_school", "on_time"]
    with database.reading() as session:
        assert queries.get_reason(session, "near_school").criterion == "near_school"


def test_cards_ask_what_the_edition_asks_and_then_freeze_it(
    database: Database, edition_id: UUID
) -> None:
    coordinator = make_coordinator(database)
    put(database, coordinator, edition_id, NEAR)
    proposal_id = make_submitted(database, *make_resident(database), edition_id)
    said = {c.key: Said(Answer.MET) for c in CRITERIA[:2]}

    def save(more: dict[str, Said]) -> Verdict:
        with database.writing() as work:
            return service.save_card(
                work,
                coordinator,
                proposal_id=proposal_id,
                stage=Stage.FORMAL,
                said=said | more,
                at=NOW,
            )

    assert save({}) is Verdict.INCOMPLETE
    assert save({"near_school": Said(Answer.MET)}) is Verdict.PASSES
    with pytest.raises(Conflict, match="cards_begun"):
        put(database, coordinator, edition_id, NEAR, is_asked=False)
