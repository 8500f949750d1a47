"""Cards, decisions and appeals on real databases: two at once, interests, another person for appeals."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.assessment import queries, service
from civic_budget.assessment.queries import QueueFilter, Tab
from civic_budget.assessment.rules import Answer, AppealState, Said, Stage, Verdict
from civic_budget.assessment.service import BadAnswers
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals import queries as proposals
from civic_budget.proposals import service as proposals_service
from civic_budget.proposals.rules import ProposalAction, ProposalState
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next, mark_done
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    CRITERIA,
    admit,
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    pass_cards,
    reject,
    return_it,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW

ASSESSMENT = NOW + timedelta(days=8)
REASONS = "Działka należy do miasta od marca, co pokazuje księga wieczysta."
GRANTED = {"pl": "Odwołanie jest słuszne.", "uk": "Апеляція обґрунтована."}


@pytest.fixture
def edition_id(database: Database) -> UUID:
    """A city in which proposals are being submitted; the assessment begins in five days."""
    make_city(database)
    make_checklists(database)
    return make_edition(database, Phase.SUBMISSION)


@pytest.fixture
def author(database: Database, edition_id: UUID) -> tuple[Actor, UUID]:
    """A resident of Dębniki: the account and the person."""
    return make_resident(database)


@pytest.fixture
def proposal_id(database: Database, edition_id: UUID, author: tuple[Actor, UUID]) -> UUID:
    """A submitted proposal."""
    return make_submitted(database, *author, edition_id)


@pytest.fixture
def assessor(database: Database) -> Actor:
    """An assessor."""
    return make_assessor(database)


def save(
    database: Database, actor: Actor, proposal_id: UUID, said: dict[str, Said], **values: object
) -> Verdict:
    """Answers on the formal card."""
    with database.writing() as work:
        return service.save_card(
            work,
            actor,
            proposal_id=proposal_id,
            stage=Stage.FORMAL,
            said=said,
            at=NOW,
            **values,  # type: ignore[arg-type]
        )


def test_of_two_assessors_at_once_the_second_is_told_who_was_quicker(
    database: Database, proposal_id: UUID
) -> None:
    one, other = make_coordinator(database), make_coordinator(database)
    save(database, one, proposal_id, {"on_time": Said(Answer.MET)}, seen_version=0)
    with pytest.raises(Conflict, match="changed_meanwhile") as refused:
        save(database, other, proposal_id, {"on_time": Said(Answer.NOT_MET, "!")}, seen_version=0)
    assert str(refused.value.details["who"]).startswith("Staff")
    with database.reading() as session:
        assert queries.get_answers(session, proposal_id)["on_time"].answer is Answer.MET


def test_a_card_that_was_begun_belongs_to_its_assessor(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    save(database, assessor, proposal_id, {"on_time": Said(Answer.MET)})
    with pytest.raises(NotAllowed, match="assigned_to_other"):
        save(database, make_assessor(database), proposal_id, {"on_time": Said(Answer.MET)})


def test_bad_answers_are_told_one_by_one_and_nothing_is_saved(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    answers = {
        "on_time": Said(Answer.CORRECTABLE, "nie da się"),
        "fields_complete": Said(Answer.CORRECTABLE),
        "strange": Said(Answer.MET),
    }
    with pytest.raises(BadAnswers) as refused:
        save(database, assessor, proposal_id, answers)
    assert {(f.criterion, f.reason) for f in refused.value.faults} == {
        ("on_time", "not_correctable"),
        ("fields_complete", "comment_missing"),
        ("strange", "unknown_criterion"),
    }
    with database.reading() as session:
        assert queries.get_answers(session, proposal_id) == {}


def test_admission_needs_both_cards(database: Database, proposal_id: UUID, assessor: Actor) -> None:
    with pytest.raises(Conflict, match="cards_not_passed"), database.writing() as work:
        service.admit_proposal(work, assessor, proposal_id=proposal_id, at=NOW)
    admit(database, assessor, proposal_id)
    with database.reading() as session:
        assert proposals.get_proposal(session, proposal_id).state is ProposalState.ADMITTED
        decisions = proposals.list_decisions(session, proposal_id)
    assert [d.action for d in decisions] == [ProposalAction.ADMIT]
    with pytest.raises(NotAllowed, match="not_being_assessed"), database.writing() as work:
        service.admit_proposal(work, assessor, proposal_id=proposal_id, at=NOW)


def test_a_rejection_needs_a_failed_criterion_and_words_in_both_languages(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    def attempt(reason: str = "land_not_city", **words: str) -> None:
        with database.writing() as work:
            service.reject_proposal(
                work, assessor, proposal_id=proposal_id, reason=reason, words=words, at=NOW
            )

    with pytest.raises(Conflict, match="nothing_failed"):
        attempt(pl="Nie.", uk="Ні.")
    pass_cards(
        database, assessor, proposal_id, but={"city_land": Said(Answer.NOT_MET, "Spółdzielnia.")}
    )
    with pytest.raises(Conflict, match="no_such_reason"):
        attempt(reason="because", pl="Nie.", uk="Ні.")
    with pytest.raises(Conflict, match="words_missing") as refused:
        attempt(pl="Nie.")
    assert refused.value.field == "words_uk"
    attempt(pl="Nie.", uk="Ні.")
    with database.reading() as session:
        decision = proposals.find_last_decision(session, proposal_id)
    assert decision is not None
    assert (decision.reason, decision.sentence("uk")) == ("land_not_city", ("Ні.", "uk"))
    assert decision.sentence("ru") == ("Nie.", "pl")


def test_a_return_names_what_to_correct_and_late_authors_may_be_rejected(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    return_it(database, assessor, proposal_id)
    with database.reading() as session:
        decision = proposals.find_last_decision(session, proposal_id)
    assert decision is not None
    (asked,) = decision.asked
    assert (asked.criterion, asked.field, asked.comment) == (
        "fields_complete",
        "description",
        "Brak mapy.",
    )
    words = {"pl": "Nie poprawiono.", "uk": "Не виправлено."}
    for at, is_late in ((NOW + timedelta(days=13), False), (NOW + timedelta(days=14), True)):
        with database.writing() as work:
            deed = {"proposal_id": proposal_id, "reason": "late", "words": words, "at": at}
            if is_late:
                service.reject_proposal(work, assessor, **deed)  # type: ignore[arg-type]
            else:
                with pytest.raises(Conflict, match="nothing_failed"):
                    service.reject_proposal(work, assessor, **deed)  # type: ignore[arg-type]


def test_nothing_is_returned_without_a_correctable_point(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    pass_cards(database, assessor, proposal_id)
    with pytest.raises(Conflict, match="nothing_to_correct"), database.writing() as work:
        service.return_proposal(
            work, assessor, proposal_id=proposal_id, words={"pl": "?", "uk": "?"}, at=NOW
        )


def test_authors_never_judge_their_own_proposal_whatever_their_role(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID], proposal_id: UUID
) -> None:
    assert author[0].account_id is not None
    as_assessor = Actor(author[0].account_id, frozenset({Role.ASSESSOR}))
    with pytest.raises(NotAllowed, match="own_proposal"):
        save(database, as_assessor, proposal_id, {"on_time": Said(Answer.MET)})


def test_whoever_steps_aside_judges_neither_now_nor_later(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    save(database, assessor, proposal_id, {"on_time": Said(Answer.MET)})
    with database.writing() as work:
        service.declare_interest(work, assessor, proposal_id=proposal_id, at=NOW)
    with pytest.raises(NotAllowed, match="declared_interest"):
        save(database, assessor, proposal_id, {"on_time": Said(Answer.MET)})
    save(database, make_assessor(database), proposal_id, {"on_time": Said(Answer.MET)})


def test_assignment_is_a_coordinators_and_only_to_assessors(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    coordinator = make_coordinator(database)

    def assign(actor: Actor, to: Actor) -> None:
        with database.writing() as work:
            service.assign(
                work,
                actor,
                proposal_id=proposal_id,
                department="zieleni",
                assessor=to.account_id,
                at=NOW,
            )

    with pytest.raises(NotAllowed, match="not_your_role"):
        assign(assessor, assessor)
    with pytest.raises(Conflict, match="not_an_assessor"):
        assign(coordinator, coordinator)
    assign(coordinator, assessor)
    with database.reading() as session:
        assert queries.get_assessment(session, proposal_id).assessor == assessor.account_id


def appeal(database: Database, author: Actor, proposal_id: UUID, reasons: str = REASONS) -> None:
    """The author appeals."""
    with database.writing() as work:
        service.lodge_appeal(
            work, author, proposal_id=proposal_id, reasons=reasons, language="uk", at=ASSESSMENT
        )


def waiting(database: Database) -> list[object]:
    """The messages that wait to be sent; each is taken once."""
    found = []
    while (task := lease_next(database, at=ASSESSMENT)) is not None:
        found.append(task.payload.get("message"))
        mark_done(database, task, at=ASSESSMENT)
    return found


def decide(database: Database, actor: Actor, proposal_id: UUID, *, is_granted: bool) -> None:
    """A decision on the appeal."""
    with database.writing() as work:
        service.decide_appeal(
            work,
            actor,
            proposal_id=proposal_id,
            is_granted=is_granted,
            words=GRANTED,
            at=ASSESSMENT,
        )


def test_an_appeal_is_heard_and_granted_by_another_person(
    database: Database, author: tuple[Actor, UUID], proposal_id: UUID
) -> None:
    judge, other = make_coordinator(database), make_coordinator(database)
    reject(database, judge, proposal_id)
    with pytest.raises(Conflict, match="reasons_too_short"):
        appeal(database, author[0], proposal_id, "Nie!")
    assert "proposal_appeal_received" not in waiting(database)
    appeal(database, author[0], proposal_id)
    assert waiting(database).count("proposal_appeal_received") == 1
    with database.writing() as work:
        service.set_hearing(
            work,
            other,
            proposal_id=proposal_id,
            hearing_at=ASSESSMENT + timedelta(days=1),
            place="Sala 5",
            at=ASSESSMENT,
        )
        service.record_opinion(
            work, other, proposal_id=proposal_id, opinion="Za.", is_for=True, at=ASSESSMENT
        )
    with pytest.raises(NotAllowed, match="judged_it_before"):
        decide(database, judge, proposal_id, is_granted=True)
    decide(database, other, proposal_id, is_granted=True)
    with database.reading() as session:
        lodged = queries.find_appeal(session, proposal_id)
        assert proposals.get_proposal(session, proposal_id).state is ProposalState.ADMITTED
    assert lodged is not None
    assert lodged.state is AppealState.GRANTED


def test_a_dismissed_appeal_leaves_the_rejection_and_cannot_be_lodged_again(
    database: Database, author: tuple[Actor, UUID], proposal_id: UUID, assessor: Actor
) -> None:
    reject(database, assessor, proposal_id)
    appeal(database, author[0], proposal_id)
    decide(database, make_coordinator(database), proposal_id, is_granted=False)
    with database.reading() as session:
        assert proposals.get_proposal(session, proposal_id).state is ProposalState.REJECTED
    with pytest.raises(NotAllowed, match="already_appealed"):
        appeal(database, author[0], proposal_id)


def test_withdrawing_ends_an_open_appeal(
    database: Database, author: tuple[Actor, UUID], proposal_id: UUID, assessor: Actor
) -> None:
    reject(database, assessor, proposal_id)
    appeal(database, author[0], proposal_id)
    with database.writing() as work:
        proposals_service.withdraw_proposal(work, author[0], proposal_id=proposal_id, at=ASSESSMENT)
    with database.reading() as session:
        lodged = queries.find_appeal(session, proposal_id)
    assert lodged is not None
    assert lodged.state is AppealState.WITHDRAWN


def test_each_proposal_waits_in_exactly_one_list(
    database: Database, edition_id: UUID, author: tuple[Actor, UUID], assessor: Actor
) -> None:
    made = [make_submitted(database, *author, edition_id) for _ in range(6)]
    save(database, assessor, made[1], {c.key: Said(Answer.MET) for c in CRITERIA[:2]})
    pass_cards(database, assessor, made[2])
    return_it(database, assessor, made[3])
    admit(database, assessor, made[4])
    reject(database, assessor, made[5])
    appeal(database, author[0], made[5])
    with database.reading() as session:
        pages = {tab: queries.list_queue(session, edition_id, QueueFilter(tab=tab)) for tab in Tab}
        mine = queries.list_queue(
            session, edition_id, QueueFilter(tab=Tab.MERIT, assessor=assessor.account_id)
        )
    listed = {tab: [row.proposal.id for row in page.rows] for tab, page in pages.items()}
    assert listed == {
        Tab.FORMAL: [made[0]],
        Tab.MERIT: [made[1]],
        Tab.DECIDE: [made[2]],
        Tab.RETURNED: [made[3]],
        Tab.DONE: [made[4]],
        Tab.APPEALS: [made[5]],
    }
    assert mine.counts[Tab.FORMAL] == 0
    assert mine.counts[Tab.MERIT] == 1


def test_retired_criteria_keep_their_answers_but_no_longer_count(
    database: Database, proposal_id: UUID, assessor: Actor
) -> None:
    save(database, assessor, proposal_id, {"fields_complete": Said(Answer.NOT_MET, "Brak.")})
    with database.writing() as work:
        service.load_criteria(work, SYSTEM, [CRITERIA[0]], at=NOW)
    outcome = save(database, assessor, proposal_id, {"on_time": Said(Answer.MET)})
    assert outcome is Verdict.PASSES
    with database.reading() as session:
        assert "fields_complete" in queries.get_answers(session, proposal_id)
