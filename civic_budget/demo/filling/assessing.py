"""The assessment: checklists, cards filled in by the units of the office, decisions, one appeal, the draw."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from civic_budget.assessment import service
from civic_budget.assessment.rules import (
    Answer,
    CriterionWords,
    ReasonWords,
    Said,
    Stage,
    end_of_day,
)
from civic_budget.demo import content
from civic_budget.demo.content.records import Proposal, Words
from civic_budget.demo.filling.town import Town
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.proposals import service as proposals
from civic_budget.storage.db import Work

UNITS = {
    "assessor-greenery": ("greenery", {"green", "health", "sport"}),
    "assessor-roads": ("roads", {"infrastructure", "safety", "cycling"}),
    "assessor-community": ("community", {"culture", "society", "education"}),
}
# Days of the story: the formal card, the merit card (one proposal a day), decisions with a day.
FORMAL_DAY, MERIT_DAY, WITHDRAWN_DAY = 40, 62, 70
RETURNED_DAY, NOT_CORRECTED_DAY = 97, 113
LAND_DAY, APPEAL_DAY, HEARING_DAY, APPEAL_DECIDED_DAY = 94, 98, 137, 140
LIST_DAY, DRAW_DAY, ASSESSED_DAY = 161, 165, 115
SEED_SOURCE = "Lotto, pierwsze losowanie po ogłoszeniu listy: sześć liczb od najmniejszej"
SEED = "4 11 19 27 36 48"

APPEAL_REASONS = (
    "На зборах мешканців більшість була за майданчик, а правління кооперативу змінилося. Прошу ще "
    "раз запитати власника ділянки, перш ніж відмовляти остаточно."
)
APPEAL_PLACE = "Kraków, ul. Wielopole, sala pokazowa"
APPEAL_WORDS = Words(
    pl="Spółdzielnia ponownie odmówiła zgody na użycie działki. Protestu nie uwzględniono.",
    en="The housing co-operative again refused the use of its plot. The appeal is dismissed.",
    uk="Кооператив повторно відмовив у користуванні ділянкою. Протест не задоволено.",
    ru="Кооператив повторно отказал в использовании участка. Протест отклонён.",
)
COUNCIL_WORDS = "Rada popiera odwołanie pod warunkiem zgody właściciela działki."
ACT_NUMBER = 1774
TO_CORRECT = {
    "cost_estimate": "Brak kosztu dokumentacji projektowej.",
    "feasible_place": "Zaznaczony teren obejmuje drogę pożarową.",
}


def load_rules_of_assessment(town: Town) -> None:
    """The checklists, the reasons for rejecting, the units of the office."""
    at = town.story.at(-60, 9)
    criteria = [
        CriterionWords(c.key, Stage(c.stage), c.correctable, asdict(c.words))
        for c in content.criteria()
    ]
    reasons = [
        ReasonWords(r.key, r.criterion, asdict(r.sentence)) for r in content.rejection_reasons()
    ]
    units = {member.key: member.unit for member in content.staff()}
    with town.database.writing() as work:
        service.load_criteria(work, SYSTEM, criteria, at=at)
        work.session.flush()
        service.load_reasons(work, reasons)
        for key, (code, _) in UNITS.items():
            unit = units[key]
            assert unit is not None
            service.put_department(work, code=code, names=asdict(unit))
        work.session.flush()
        for key, (code, _) in UNITS.items():
            account = town.staff[key].account_id
            assert account is not None
            service.put_members(work, SYSTEM, department=code, accounts=frozenset({account}), at=at)


def assess_proposals(town: Town) -> None:
    """Assess every submitted proposal, as far as the story has come."""
    town.progress.begin("Assessments")
    for number, proposal in enumerate(content.proposals()):
        if proposal.key not in town.proposals:
            continue
        if town.story.is_past(Milestone.SUBMISSION_CLOSES):
            _assess(town, proposal, number)
            town.progress.add()


def draw_numbers(town: Town) -> None:
    """Publish the list, and after the draw of a lottery give every proposal its number."""
    coordinator = town.member(Role.COORDINATOR)
    listed_at, drawn_at = town.story.at(LIST_DAY, 12), town.story.at(DRAW_DAY, 22)
    if not town.story.has_come(drawn_at):
        return
    with town.database.writing() as work:
        proposals.publish_ballot_list(
            work,
            coordinator,
            edition_id=town.edition_id,
            seed_source=SEED_SOURCE,
            seed_at=town.story.at(DRAW_DAY, 21, 40),
            at=listed_at,
        )
    with town.database.writing() as work:
        proposals.draw_ballot_numbers(
            work, coordinator, edition_id=town.edition_id, seed=SEED, at=drawn_at
        )


def _assess(town: Town, proposal: Proposal, number: int) -> None:
    assessor = _assessor_of(town, proposal)
    proposal_id = town.proposals[proposal.key]
    formal_at = town.story.at(FORMAL_DAY + number % 12, 10 + number % 5)
    merit_at = town.story.at(MERIT_DAY + number, 9 + number % 6)
    with town.database.writing() as work:
        _assign_and_check_form(town, work, proposal, assessor, formal_at)
    if proposal.fate == "withdrawn":
        _withdraw(town, proposal)
    elif proposal.fate == "returned":
        _return_and_give_up(town, proposal, assessor)
    elif proposal.fate == "rejected":
        _reject(town, proposal, assessor, formal_at)
    elif town.story.has_come(merit_at):
        with town.database.writing() as work:
            cost = proposal.cost_grosze if number % 3 else _rounded_up(proposal.cost_grosze)
            _fill(work, assessor, proposal_id, Stage.MERIT, {}, merit_at, cost=cost)
            service.admit_proposal(work, assessor, proposal_id=proposal_id, at=merit_at)


def _assign_and_check_form(
    town: Town, work: Work, proposal: Proposal, assessor: Actor, at: datetime
) -> None:
    proposal_id = town.proposals[proposal.key]
    service.assign(
        work,
        town.member(Role.COORDINATOR),
        proposal_id=proposal_id,
        department=_unit_of(proposal)[1],
        assessor=assessor.account_id,
        due_at=end_of_day(town.story.at(ASSESSED_DAY, 12).date()),
        at=at,
    )
    work.session.flush()
    reason = _reason(proposal)
    but = {}
    if reason is not None and _stage_of(reason) is Stage.FORMAL:
        but = {reason: Said(Answer.NOT_MET, _polish_words(proposal))}
    _fill(work, assessor, proposal_id, Stage.FORMAL, but, at)


def _fill(
    work: Work,
    assessor: Actor,
    proposal_id: UUID,
    stage: Stage,
    but: dict[str, Said],
    at: datetime,
    cost: int | None = None,
) -> None:
    service.fill_card(
        work,
        assessor,
        proposal_id=proposal_id,
        stage=stage,
        but=but,
        assessed_cost=cost,
        at=at,
    )
    work.session.flush()


def _withdraw(town: Town, proposal: Proposal) -> None:
    at = town.story.at(WITHDRAWN_DAY, 18)
    if town.story.has_come(at):
        author = town.residents[proposal.author].actor
        with town.database.writing() as work:
            proposals.withdraw_proposal(
                work, author, proposal_id=town.proposals[proposal.key], at=at
            )


def _return_and_give_up(town: Town, proposal: Proposal, assessor: Actor) -> None:
    """Sent back for corrections, which never came: rejected after the two weeks."""
    proposal_id = town.proposals[proposal.key]
    at, late_at = town.story.at(RETURNED_DAY, 11), town.story.at(NOT_CORRECTED_DAY, 9)
    if not town.story.has_come(at):
        return
    assert proposal.decision is not None
    with town.database.writing() as work:
        but = {key: Said(Answer.CORRECTABLE, words) for key, words in TO_CORRECT.items()}
        _fill(work, assessor, proposal_id, Stage.MERIT, but, at)
        words = asdict(proposal.decision)
        service.return_proposal(work, assessor, proposal_id=proposal_id, words=words, at=at)
    if town.story.has_come(late_at):
        sentence = next(r for r in content.rejection_reasons() if r.key == "not_corrected")
        with town.database.writing() as work:
            service.reject_proposal(
                work,
                assessor,
                proposal_id=proposal_id,
                reason=sentence.key,
                words=asdict(sentence.sentence),
                at=late_at,
            )


def _reject(town: Town, proposal: Proposal, assessor: Actor, formal_at: datetime) -> None:
    """A formal fault is rejected with its card; a fault of merit later, and that author appeals."""
    proposal_id, criterion = town.proposals[proposal.key], _reason(proposal)
    assert criterion is not None
    assert proposal.reason is not None
    assert proposal.decision is not None
    is_merit = _stage_of(criterion) is Stage.MERIT
    at = town.story.at(LAND_DAY, 13) if is_merit else formal_at
    if not town.story.has_come(at):
        return
    with town.database.writing() as work:
        if is_merit:
            but = {criterion: Said(Answer.NOT_MET, _polish_words(proposal))}
            _fill(work, assessor, proposal_id, Stage.MERIT, but, at)
        service.reject_proposal(
            work,
            assessor,
            proposal_id=proposal_id,
            reason=proposal.reason,
            words=asdict(proposal.decision),
            at=at,
        )
    if is_merit:
        _appeal(town, proposal)


def _appeal(town: Town, proposal: Proposal) -> None:
    proposal_id, author = town.proposals[proposal.key], town.residents[proposal.author].actor
    at, decided_at = town.story.at(APPEAL_DAY, 20), town.story.at(APPEAL_DECIDED_DAY, 12)
    with town.database.writing() as work:
        service.lodge_appeal(
            work,
            author,
            proposal_id=proposal_id,
            reasons=APPEAL_REASONS,
            language=proposal.language,
            at=at,
        )
    if not town.story.has_come(decided_at):
        return
    _hear_and_decide(town, proposal_id, decided_at)


def _hear_and_decide(town: Town, proposal_id: UUID, decided_at: datetime) -> None:
    """The hearing, the council's opinion, and an act of the mayor that decides otherwise."""
    coordinator = town.member(Role.COORDINATOR)
    with town.database.writing() as work:
        service.set_hearing(
            work,
            coordinator,
            proposal_id=proposal_id,
            hearing_at=town.story.at(HEARING_DAY, 16),
            place=APPEAL_PLACE,
            at=town.story.at(HEARING_DAY - 9, 10),
        )
        work.session.flush()
        service.record_opinion(
            work,
            coordinator,
            proposal_id=proposal_id,
            opinion=COUNCIL_WORDS,
            is_for=True,
            at=town.story.at(HEARING_DAY, 18),
        )
        work.session.flush()
        service.enter_act(
            work,
            coordinator,
            edition_id=town.edition_id,
            number=f"{ACT_NUMBER}/{town.story.year}",
            signed_on=decided_at.astimezone(CITY_ZONE).date(),
            items=[service.ActItem(proposal_id, False, asdict(APPEAL_WORDS))],
            at=decided_at,
        )


def _unit_of(proposal: Proposal) -> tuple[str, str]:
    """The assessor's key and the unit's code for a proposal's category."""
    for key, (code, categories) in UNITS.items():
        if proposal.category in categories:
            return key, code
    raise KeyError(proposal.category)


def _assessor_of(town: Town, proposal: Proposal) -> Actor:
    return town.staff[_unit_of(proposal)[0]]


def _reason(proposal: Proposal) -> str | None:
    """The criterion that failed, if the proposal is rejected."""
    if proposal.reason is None:
        return None
    return next(r.criterion for r in content.rejection_reasons() if r.key == proposal.reason)


def _stage_of(criterion: str) -> Stage:
    return Stage(next(c.stage for c in content.criteria() if c.key == criterion))


def _polish_words(proposal: Proposal) -> str:
    assert proposal.decision is not None
    return proposal.decision.pl


def _rounded_up(grosze: int, step: int = 500_000) -> int:
    """The office rounds some estimates up to the next 5,000 zloty."""
    return -(-grosze // step) * step
