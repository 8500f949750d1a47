"""An author's deeds on real databases: deadlines to the second, references, corrections, translations."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DatabaseError

from civic_budget.assessment import service as assessment
from civic_budget.assessment.rules import Answer, Said, Stage
from civic_budget.editions.models import Edition
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.proposals import queries, service
from civic_budget.proposals.models import ProposalVersion
from civic_budget.proposals.rules import CostItem, ProposalState
from civic_budget.proposals.service import Incomplete
from civic_budget.residency.identity import HomeAddress
from civic_budget.storage.db import Database, Work
from civic_budget.storage.outbox import lease_next, mark_done
from tests.builders import make_account, make_city, make_edition, make_staff
from tests.builders_proposals import (
    POLISH_TEXTS,
    admit,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_draft,
    make_submitted,
    reject,
    return_it,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """A city in which proposals are being submitted."""
    make_city(database)
    make_checklists(database)
    return make_edition(database, Phase.SUBMISSION)


@pytest.fixture
def author(database: Database, edition_id: UUID) -> tuple[Actor, UUID]:
    """A resident of Dębniki: the account and the person."""
    return make_resident(database)


def state_of(database: Database, proposal_id: UUID) -> ProposalState:
    """Where a proposal stands."""
    with database.reading() as session:
        return queries.get_proposal(session, proposal_id).state


def test_the_deadline_of_submission_counts_to_the_second(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    actor, person = author
    in_time = make_draft(database, actor, person, edition_id)
    too_late = make_draft(database, actor, person, edition_id)
    with database.reading() as session:
        closes = get_edition(session, edition_id).moment_of(Milestone.SUBMISSION_CLOSES)
    with database.writing() as work:
        service.submit_proposal(work, actor, proposal_id=in_time, at=closes - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="submission_closed"), database.writing() as work:
        service.submit_proposal(work, actor, proposal_id=too_late, at=closes)
    assert state_of(database, too_late) is ProposalState.DRAFT


def test_references_count_within_each_part_of_the_city(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    actor, person = author
    made = [
        make_submitted(database, actor, person, edition_id, scope=scope)
        for scope in ("d08", "city", "d08")
    ]
    with database.reading() as session:
        references = [queries.get_proposal(session, one).reference for one in made]
    assert references == ["BO.D8.1/26", "BO.OM.1/26", "BO.D8.2/26"]


def test_an_incomplete_draft_says_all_that_it_lacks_and_stays_a_draft(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    actor, person = author
    proposal_id = make_draft(database, actor, person, edition_id, texts={"title": "Ła"})
    with database.writing() as work:
        service.save_costs(
            work,
            actor,
            proposal_id=proposal_id,
            costs=[CostItem("Wszystko", 999_999_999_99)],
            at=NOW,
        )
    with pytest.raises(Incomplete) as refused, database.writing() as work:
        service.submit_proposal(work, actor, proposal_id=proposal_id, at=NOW)
    told = {gap.field: gap.reason for gap in refused.value.gaps}
    assert told["title"] == "too_short"
    assert told["summary"] == "missing"
    assert told["costs"] == "too_dear"
    assert state_of(database, proposal_id) is ProposalState.DRAFT


def test_a_district_proposal_belongs_to_ones_own_district(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    actor, person = author
    with pytest.raises(Conflict, match="not_your_district"):
        make_draft(database, actor, person, edition_id, scope="d18")
    neighbour, other = make_resident(database, address=HomeAddress("aleja Róż", "3", ""))
    assert make_draft(database, neighbour, other, edition_id, scope="d18")


def test_one_begins_only_for_oneself_and_with_a_residence(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    stranger = make_account(database)
    with pytest.raises(NotAllowed, match="not_your_person"):
        make_draft(database, stranger, author[1], edition_id)


def test_nobody_writes_in_anothers_draft(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_draft(database, *author, edition_id)
    stranger = make_account(database)
    with pytest.raises(NotAllowed, match="not_the_author"), database.writing() as work:
        service.save_texts(work, stranger, proposal_id=proposal_id, texts={"title": "Inny"}, at=NOW)


def test_a_withdrawn_draft_is_gone_and_a_withdrawn_proposal_stays_public(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    draft = make_draft(database, *author, edition_id)
    sent = make_submitted(database, *author, edition_id)
    with database.writing() as work:
        service.withdraw_proposal(work, author[0], proposal_id=draft, at=NOW)
        service.withdraw_proposal(work, author[0], proposal_id=sent, at=NOW)
    with pytest.raises(NotFound):
        state_of(database, draft)
    assert state_of(database, sent) is ProposalState.WITHDRAWN


def test_a_corrected_proposal_keeps_both_versions_and_its_translation_is_doubted(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    actor, _person = author
    proposal_id = make_submitted(database, *author, edition_id)
    editor = make_staff(database, Role.EDITOR)
    with database.writing() as work:
        service.put_translation(
            work, editor, proposal_id=proposal_id, language="pl", texts=POLISH_TEXTS, at=NOW
        )
        service.agree_with_translation(work, actor, proposal_id=proposal_id, language="pl", at=NOW)
    return_it(database, make_assessor(database), proposal_id)
    with database.reading() as session:
        returned = queries.get_proposal(session, proposal_id)
    assert returned.correct_by == NOW + timedelta(days=14)
    with database.writing() as work:
        service.save_texts(
            work, actor, proposal_id=proposal_id, texts={"title": "Нові лавки"}, at=NOW
        )
        service.submit_proposal(work, actor, proposal_id=proposal_id, at=NOW)
    with database.reading() as session:
        present = queries.get_proposal(session, proposal_id)
        versions = queries.list_versions(session, proposal_id)
        waiting = queries.list_to_translate(session, edition_id)
    assert present.state is ProposalState.SUBMITTED
    assert [v.content["title"] for v in versions] == ["Лавки біля зупинки", "Нові лавки"]
    assert not present.words["pl"].is_reviewed
    assert present.words["pl"].author_agreed_at is None
    assert [row.id for row in waiting] == [proposal_id]


def test_a_correction_after_its_day_is_refused(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    return_it(database, make_assessor(database), proposal_id)
    due = NOW + timedelta(days=14)
    with pytest.raises(NotAllowed, match="correction_closed"), database.writing() as work:
        service.submit_proposal(work, author[0], proposal_id=proposal_id, at=due)


def test_versions_and_decisions_cannot_be_rewritten(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as work:
        version = work.session.get_one(ProposalVersion, (proposal_id, 1))
        version.content = {"title": "inny"}


def test_the_message_to_the_author_speaks_their_language(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    reject(database, make_assessor(database), proposal_id)
    with database.reading() as session:
        facts = queries.get_message_facts(session, proposal_id)
    assert facts.author_account == author[0].account_id
    assert facts.reference == "BO.D8.1/26"
    assert (facts.language, facts.sentence) == ("uk", "Ділянка не належить місту.")


def test_only_editors_translate_and_approval_needs_a_title(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    editor = make_staff(database, Role.EDITOR)

    def put(actor: Actor, **values: object) -> None:
        with database.writing() as work:
            service.put_translation(
                work, actor, proposal_id=proposal_id, at=NOW, **{"language": "pl", **values}
            )

    with pytest.raises(NotAllowed, match="not_an_editor"):
        put(author[0], texts=POLISH_TEXTS)
    with pytest.raises(Conflict, match="title_missing"):
        put(editor, texts={"title": " "})
    with pytest.raises(Conflict, match="authors_own_language"):
        put(editor, texts=POLISH_TEXTS, language="uk")
    put(editor, texts=POLISH_TEXTS, is_reviewed=False)
    with pytest.raises(NotAllowed, match="not_reviewed"), database.writing() as work:
        service.agree_with_translation(
            work, author[0], proposal_id=proposal_id, language="pl", at=NOW
        )


def put_polish(work: Work, proposal_id: UUID, title: str) -> None:
    """Approved Polish words."""
    texts = {**POLISH_TEXTS, "title": title}
    service.put_translation(
        work, SYSTEM, proposal_id=proposal_id, language="pl", texts=texts, at=NOW
    )


def test_numbers_are_drawn_from_a_published_list_once(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    assessor, coordinator = make_assessor(database), make_coordinator(database)
    made = [make_submitted(database, *author, edition_id) for _ in range(4)]
    for proposal_id in made:
        admit(database, assessor, proposal_id)
    at = NOW + timedelta(days=8)  # the assessment

    def draw(seed: str) -> None:
        with database.writing() as work:
            service.draw_ballot_numbers(work, coordinator, edition_id=edition_id, seed=seed, at=at)

    def publish() -> str:
        with database.writing() as work:
            return service.publish_ballot_list(
                work, coordinator, edition_id=edition_id, seed_source="Lotto 1 czerwca", at=at
            )

    with pytest.raises(Conflict, match="list_not_published"):
        draw("1 2 3")
    first = publish()
    with database.writing() as work:
        service.withdraw_proposal(work, author[0], proposal_id=made[0], at=at)
    with pytest.raises(Conflict, match="list_changed"):
        draw("1 2 3")
    assert publish() != first
    with database.writing() as work:  # a word of a text is changed: the list is another one
        put_polish(work, made[1], "Inny tytuł")
    with pytest.raises(Conflict, match="list_changed"):
        draw("1 2 3")
    publish()
    draw("1 2 3")
    with pytest.raises(Conflict, match="text_is_frozen"), database.writing() as work:
        put_polish(work, made[1], "Jeszcze inny tytuł")
    with pytest.raises(Conflict, match="already_drawn"):
        draw("4 5 6")
    with pytest.raises(Conflict, match="already_drawn"):
        publish()
    with database.reading() as session:
        numbers = [p.ballot_number for p in queries.list_for_ballot(session, edition_id)]
    assert numbers == [1, 2, 3]


def test_drawing_is_a_coordinators_and_has_its_time(database: Database, edition_id: UUID) -> None:
    for actor, at, reason in (
        (make_assessor(database), NOW + timedelta(days=8), "not_a_coordinator"),
        (make_coordinator(database), NOW, "draw_out_of_time"),
    ):
        with pytest.raises(NotAllowed, match=reason), database.writing() as work:
            service.publish_ballot_list(
                work, actor, edition_id=edition_id, seed_source="Lotto", at=at
            )


def test_the_office_cost_is_the_one_that_counts(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    assessor = make_assessor(database)
    with database.writing() as work:
        for stage in Stage:
            assessment.fill_card(
                work,
                assessor,
                proposal_id=proposal_id,
                stage=stage,
                but={"city_land": Said(Answer.CORRECTED)} if stage is Stage.MERIT else {},
                assessed_cost=6_100_000 if stage is Stage.MERIT else None,
                at=NOW,
            )
        assessment.admit_proposal(work, assessor, proposal_id=proposal_id, at=NOW)
    with database.reading() as session:
        facts = queries.get_proposal(session, proposal_id)
    assert (facts.cost, facts.final_cost) == (5_000_000, 6_100_000)


def messages(database: Database) -> list[str]:
    """What waits to be sent to authors; each is taken once."""
    found = []
    while (task := lease_next(database, at=NOW)) is not None:
        found.append(str(task.payload.get("message")))
        mark_done(database, task, at=NOW)
    return found


def test_the_author_is_asked_once_to_agree_with_approved_polish_words(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID]
) -> None:
    proposal_id = make_submitted(database, *author, edition_id)
    messages(database)

    def put(language: str = "pl", *, title: str = "Ławki", is_reviewed: bool = True) -> list[str]:
        with database.writing() as work:
            service.put_translation(
                work,
                SYSTEM,
                proposal_id=proposal_id,
                language=language,
                texts={**POLISH_TEXTS, "title": title},
                is_reviewed=is_reviewed,
                at=NOW,
            )
        return messages(database)

    assert put("en") == []
    assert put(is_reviewed=False) == []
    assert put() == ["polish_text_approved"]
    with database.writing() as work:
        service.agree_with_translation(
            work, author[0], proposal_id=proposal_id, language="pl", at=NOW
        )
    assert put() == []
    with database.reading() as session:  # the same words again leave the agreement
        assert queries.get_proposal(session, proposal_id).words["pl"].author_agreed_at == NOW
    assert put(title="Ławki i cień") == ["polish_text_approved"]
    with database.writing() as work:
        work.session.get_one(Edition, edition_id).is_training = True
    assert put(title="Ławki w cieniu") == []
