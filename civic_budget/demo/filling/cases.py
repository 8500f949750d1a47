"""Residence cases that are still on their way: real uploaded documents, requests for more, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.demo import content
from civic_budget.demo.content.records import Person, Words
from civic_budget.demo.filling.documents import proof_for
from civic_budget.demo.filling.town import Resident, Town
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.residency import service as residency
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.intake import take_in
from civic_budget.residency.queries import get_case
from civic_budget.residency.rules import Limits, Road
from civic_budget.storage.db import Work

SECOND_PROOF = Words(
    pl="Prosimy o drugi dokument: {kind}. Ten, który mamy, sam nie wystarcza.",
    en="Please add a second document: {kind}. The one we have is not enough alone.",
    uk="Просимо додати ще один документ: {kind}. Того, що ми маємо, самого замало.",
    ru="Пожалуйста, добавьте ещё один документ: {kind}. Одного имеющегося недостаточно.",
)
CHILDS_PROOF = Words(
    pl="Prosimy o zaświadczenie ze szkoły dziecka.",
    en="Please add a letter from the child’s school.",
    uk="Просимо додати довідку зі школи дитини.",
    ru="Пожалуйста, добавьте справку из школы ребёнка.",
)
SENT, ASKED, REFUSED = 9, 4, 5
"""Days ago: a case was sent, more was asked for, it was refused."""
EVERYBODY = 1000


def bring_to_standing(
    town: Town, person: Person, account_id: UUID | None, identity: Identity, sex: str | None
) -> Resident:
    """Send a person's case and let an officer do what the content says became of it."""
    at = town.story.ago(days=SENT) + timedelta(minutes=31 * len(town.residents))
    if person.guardian is not None or person.proof_road == "statement":
        case_id = _registered(town, person, account_id, identity, sex, at)
    else:
        case_id = _sent_with_document(town, person, account_id, identity, sex, at)
    with town.database.writing() as work:
        _decide(town, work, person, case_id)
        person_id = get_case(work.session, case_id).person_id
    if person.guardian is not None and person.proof_road == "upload":
        _answer_for_child(town, person, account_id, case_id)
    return Resident(person_id, account_id, person.district, person.language, None)


@contextmanager
def everybody_in_the_sample(work: Work) -> Iterator[None]:
    """While it lasts, the draw of statements to be checked picks every one."""
    residency.set_limits(work, {"sample_permille": EVERYBODY})
    work.session.flush()
    yield
    residency.set_limits(work, {"sample_permille": Limits().sample_permille})


def _registered(
    town: Town,
    person: Person,
    account_id: UUID | None,
    identity: Identity,
    sex: str | None,
    at: datetime,
) -> UUID:
    with town.database.writing() as work, everybody_in_the_sample(work):
        return residency.register_person(
            work,
            Actor(account_id),
            account_id=account_id,
            identity=identity,
            address=HomeAddress(person.street, person.number),
            district=person.district,
            road=Road.STATEMENT if person.proof_road == "statement" else Road.DOCUMENT,
            sex=sex,
            language=person.language,
            at=at,
            relation="guardian" if person.guardian else "holder",
        )


def _sent_with_document(
    town: Town,
    person: Person,
    account_id: UUID | None,
    identity: Identity,
    sex: str | None,
    at: datetime,
) -> UUID:
    """The resident's own road, question by question, with an uploaded file."""
    assert account_id is not None
    actor = Actor(account_id)
    with town.database.writing() as work:
        case_id = residency.start_case(
            work, actor, account_id=account_id, language=person.language, at=at
        )
        residency.tell_name(
            work,
            actor,
            case_id=case_id,
            given_names=identity.given_names,
            family_name=identity.family_name,
            original_name=identity.original_name,
            patronymic=identity.patronymic,
            at=at,
        )
        residency.tell_birth_date(work, actor, case_id=case_id, born_on=identity.born_on, at=at)
        residency.tell_sex(work, actor, case_id=case_id, sex=sex, at=at)
        home = HomeAddress(person.street, person.number, district=person.district)
        residency.tell_address(work, actor, case_id=case_id, address=home, at=at)
    _upload(town, person, actor, case_id, at)
    with town.database.writing() as work:
        residency.submit_case(work, actor, case_id=case_id, at=at)
    return case_id


def _upload(town: Town, person: Person, actor: Actor, case_id: UUID, at: datetime) -> None:
    """A file passes the fenced decoder and the vault, as every uploaded one does."""
    assert person.proof_kind is not None
    shown, town_name = person, "Kraków"
    if person.refusal_reason == "other_person":
        shown = replace(person, given_names="HELENA", family_name="ZARZYCKA")
    if person.refusal_reason == "outside_city":
        town_name = "Skawina"
    data, name = proof_for(shown, city_day(at) - timedelta(days=20), city=town_name)
    taken = take_in(data, filename=name)
    sealed = open_vault(town.settings).seal(taken.pages)
    with town.database.writing() as work:
        residency.add_evidence(
            work,
            actor,
            case_id=case_id,
            vault_id=sealed.file_id,
            kind=person.proof_kind,
            page_count=sealed.page_count,
            at=at,
        )


def _decide(town: Town, work: Work, person: Person, case_id: UUID) -> None:
    officer = town.member(Role.OFFICER, len(town.residents))
    if person.asked_for is not None:
        at = town.story.ago(days=ASKED)
        kind = next(k for k in content.proof_kinds() if k.key == person.asked_for)
        words = SECOND_PROOF.in_language(person.language)
        sentence = words.format(kind=kind.name.in_language(person.language))
        _ask(work, officer, case_id, sentence, at)
    elif person.refusal_reason is not None:
        at = town.story.ago(days=REFUSED)
        found = next(r for r in content.refusal_reasons() if r.key == person.refusal_reason)
        residency.claim_case(work, officer, case_id=case_id, at=at)
        residency.refuse_case(
            work,
            officer,
            case_id=case_id,
            reason=found.key,
            sentence=found.sentence.in_language(person.language),
            at=at,
        )
    elif person.guardian is not None and person.proof_road == "upload":
        sentence = CHILDS_PROOF.in_language(person.language)
        _ask(work, officer, case_id, sentence, town.story.ago(days=ASKED))


def _ask(work: Work, officer: Actor, case_id: UUID, sentence: str, at: datetime) -> None:
    residency.claim_case(work, officer, case_id=case_id, at=at)
    residency.ask_for_more(
        work, officer, case_id=case_id, reason="second_proof", sentence=sentence, at=at
    )


def _answer_for_child(town: Town, person: Person, account_id: UUID | None, case_id: UUID) -> None:
    """A guardian adds the paper that was asked for; the case waits for the officer again."""
    actor, at = Actor(account_id), town.story.ago(days=1)
    _upload(town, person, actor, case_id, at)
    with town.database.writing() as work:
        residency.answer_request(work, actor, case_id=case_id, words="", at=at)
