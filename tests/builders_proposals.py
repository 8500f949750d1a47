"""Plain functions that make proposals, checklists and assessments, through the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from civic_budget.assessment import service as assessment
from civic_budget.assessment.rules import Answer, CriterionWords, ReasonWords, Said, Stage
from civic_budget.editions.models import Pool
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.editions.service import move_milestone, put_category
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.proposals import service
from civic_budget.proposals.rules import CostItem
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, make_staff
from tests.conftest import NOW

TEXTS = {
    "title": "Лавки біля зупинки",
    "summary": "Десять зручних лавок зі спинками біля зупинок на вулиці Західній, щоб було де присісти.",
    "description": "Поставити десять лавок зі спинками й підлокітниками біля чотирьох зупинок.",
    "justification": "Людям похилого віку ніде чекати на трамвай.",
    "audience": "Для всіх, хто чекає на трамвай.",
    "accessibility": "Поруч із кожною лавкою є місце для крісла колісного.",
}

POLISH_TEXTS = {
    "title": "Ławki przy przystanku",
    "summary": "Dziesięć wygodnych ławek z oparciami przy przystankach na ulicy Zachodniej.",
    "description": "Postawić dziesięć ławek z oparciami i podłokietnikami przy czterech przystankach.",
    "justification": "Starsi ludzie nie mają gdzie czekać na tramwaj.",
    "audience": "Dla wszystkich, którzy czekają na tramwaj.",
    "accessibility": "Obok każdej ławki jest miejsce na wózek.",
}

COSTS = (CostItem("Лавка", 4_200_000), CostItem("Монтаж", 800_000))


def four(words: str) -> dict[str, str]:
    """Words that differ by language only in a mark, so that a page can be checked for the right one."""
    return {
        "pl": f"{words} (pl)",
        "en": f"{words} (en)",
        "uk": f"{words} (uk)",
        "ru": f"{words} (ru)",
    }


CRITERIA = (
    CriterionWords("on_time", Stage.FORMAL, False, four("W terminie")),
    CriterionWords("fields_complete", Stage.FORMAL, True, four("Kompletne")),
    CriterionWords("city_land", Stage.MERIT, True, four("Teren miasta")),
    CriterionWords("own_task", Stage.MERIT, False, four("Zadanie miasta")),
)
REASONS = (
    ReasonWords("late", "on_time", four("Po terminie.")),
    ReasonWords("land_not_city", "city_land", four("Teren nie należy do miasta.")),
)


def make_checklists(database: Database) -> None:
    """Two formal and two merit criteria, two reasons, two categories, a department."""
    with database.writing() as work:
        assessment.load_criteria(work, SYSTEM, CRITERIA, at=NOW)
        work.session.flush()
        assessment.load_reasons(work, REASONS)
        assessment.put_department(
            work,
            code="zieleni",
            names={"pl": "Zarząd Zieleni", "en": "Greenery unit", "uk": "Зелень", "ru": "Зелень"},
        )
        put_category(
            work,
            code="green",
            names={"pl": "Zieleń", "en": "Greenery", "uk": "Зелень", "ru": "Зелень"},
            position=1,
        )
        put_category(
            work,
            code="infrastructure",
            names={
                "pl": "Infrastruktura",
                "en": "Infrastructure",
                "uk": "Інфраструктура",
                "ru": "Инфраструктура",
            },
            position=2,
        )


def make_draft(
    database: Database,
    author: Actor,
    person_id: UUID,
    edition_id: UUID,
    *,
    scope: str = "d08",
    language: str = "uk",
    texts: Mapping[str, str] = TEXTS,
    at: datetime = NOW,
) -> UUID:
    """A complete draft."""
    with database.writing() as work:
        proposal_id = service.start_proposal(
            work,
            author,
            edition_id=edition_id,
            person_id=person_id,
            scope=scope,
            language=language,
            at=at,
        )
        work.session.flush()
        service.save_texts(work, author, proposal_id=proposal_id, texts=texts, at=at)
        service.save_details(
            work,
            author,
            proposal_id=proposal_id,
            category="infrastructure",
            place="Zachodnia 5",
            at=at,
        )
        service.save_costs(work, author, proposal_id=proposal_id, costs=COSTS, at=at)
    return proposal_id


def make_edition_for_supporters(database: Database, number: int = 2) -> UUID:
    """A city with checklists, and an edition in submission that asks each proposal for supporters."""
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    with database.writing() as work:
        work.session.execute(update(Pool).values(signatures=number))
    return edition_id


def make_submitted(
    database: Database,
    author: Actor,
    person_id: UUID,
    edition_id: UUID,
    *,
    scope: str = "d08",
    language: str = "uk",
    texts: Mapping[str, str] = TEXTS,
    at: datetime = NOW,
) -> UUID:
    """A submitted proposal."""
    proposal_id = make_draft(
        database, author, person_id, edition_id, scope=scope, language=language, texts=texts, at=at
    )
    with database.writing() as work:
        service.submit_proposal(work, author, proposal_id=proposal_id, at=at)
    return proposal_id


def make_assessor(database: Database) -> Actor:
    """An assessor."""
    return make_staff(database, Role.ASSESSOR)


def make_coordinator(database: Database) -> Actor:
    """A coordinator."""
    return make_staff(database, Role.COORDINATOR)


def pass_cards(
    database: Database,
    assessor: Actor,
    proposal_id: UUID,
    *,
    but: Mapping[str, Said] | None = None,
    assessed_cost: int | None = None,
    at: datetime = NOW,
) -> None:
    """Both cards filled in: everything met except what is named."""
    but = but or {}
    with database.writing() as work:
        for stage in Stage:
            keys = {c.key for c in CRITERIA if c.stage is stage}
            assessment.fill_card(
                work,
                assessor,
                proposal_id=proposal_id,
                stage=stage,
                but={key: one for key, one in but.items() if key in keys},
                assessed_cost=assessed_cost if stage is Stage.MERIT else None,
                at=at,
            )


def admit(database: Database, assessor: Actor, proposal_id: UUID, *, at: datetime = NOW) -> None:
    """Both cards pass and the proposal is admitted."""
    pass_cards(database, assessor, proposal_id, at=at)
    with database.writing() as work:
        assessment.admit_proposal(work, assessor, proposal_id=proposal_id, at=at)


def reject(database: Database, assessor: Actor, proposal_id: UUID, *, at: datetime = NOW) -> None:
    """The land is not the city's: rejected with public words."""
    said = {"city_land": Said(Answer.NOT_MET, "Działka spółdzielni.")}
    pass_cards(database, assessor, proposal_id, but=said, at=at)
    words = {"pl": "Teren nie należy do miasta.", "uk": "Ділянка не належить місту."}
    with database.writing() as work:
        assessment.reject_proposal(
            work, assessor, proposal_id=proposal_id, reason="land_not_city", words=words, at=at
        )


def return_it(
    database: Database, assessor: Actor, proposal_id: UUID, *, at: datetime = NOW
) -> None:
    """Something has to be corrected: returned with public words."""
    said = {"fields_complete": Said(Answer.CORRECTABLE, "Brak mapy.")}
    pass_cards(database, assessor, proposal_id, but=said, at=at)
    words = {
        "pl": "Proszę dodać opis miejsca.",
        "uk": "Додайте опис місця.",
        "ru": "Добавьте описание места.",
    }
    with database.writing() as work:
        assessment.return_proposal(work, assessor, proposal_id=proposal_id, words=words, at=at)


def move_to(database: Database, edition_id: UUID, milestone: Milestone, to: datetime) -> None:
    """Move one moment of an edition's calendar."""
    with database.writing() as work:
        move_milestone(work, SYSTEM, edition_id=edition_id, milestone=milestone, to=to, at=NOW)
