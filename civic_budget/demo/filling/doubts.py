"""What officers look at twice: records that may be one human, and a confirmation that a complaint reopened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from civic_budget.accounts.contacts import read_contact
from civic_budget.demo.content import reading
from civic_budget.demo.filling.assisting import register_told
from civic_budget.demo.filling.town import Town
from civic_budget.kernel.actor import VISITOR, Role
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind
from civic_budget.residency.queries import get_case
from civic_budget.residency.queries.complaints import find_complaint
from civic_budget.residency.rules import CaseState, Road

DOUBLED_DAYS_AGO, REOPENED_DAYS_AGO = 4, 8


def raise_doubts(town: Town) -> None:
    """Doubles of `assisting.toml`, the register compared with itself, and a confirmation reopened."""
    town.progress.begin("Doubles and a second look")
    told = reading.table("assisting.toml")
    for number, row in enumerate(told["double"]):
        _double(town, row, town.story.ago(days=DOUBLED_DAYS_AGO, hours=number))
        town.progress.add()
    residency.compare_register(town.database, reason="night", at=town.story.ago(hours=8))
    for row in told["reopened"]:
        _reopen(town, row, town.story.ago(days=REOPENED_DAYS_AGO))
        town.progress.add()


def _double(town: Town, row: dict[str, Any], at: datetime) -> None:
    _, case_id = register_told(town, row, about=f"a double of {row['of']}, waits", at=at)
    if not row["is_proposed"]:
        return
    with town.database.writing() as work:
        residency.say_same(
            work,
            town.member(Role.OFFICER),
            one=town.residents[row["of"]].person_id,
            other=get_case(work.session, case_id).person_id,
            at=at + timedelta(hours=20),
        )


def _reopen(town: Town, row: dict[str, Any], at: datetime) -> None:
    """One officer confirmed, another upheld the complaint: the third of them may decide."""
    _, case_id = register_told(
        town, row, road=Road.DOCUMENT, about="confirmed, checked again after a complaint", at=at
    )
    confirming, upholding = town.member(Role.OFFICER, 1), town.member(Role.OFFICER)
    later = at + timedelta(days=1)
    with town.database.writing() as work:
        assert get_case(work.session, case_id).state is CaseState.SUBMITTED
        residency.claim_case(work, confirming, case_id=case_id, at=later)
        residency.confirm_case(work, confirming, case_id=case_id, at=later)
    complaint = row["complaint"]
    with town.database.writing() as work:
        reference = residency.file_complaint(
            work,
            VISITOR,
            kind=ComplaintKind.REGISTRATION,
            words=complaint["words"],
            language=row["language"],
            name=complaint["name"],
            contact=read_contact(complaint["email"]),
            at=at + timedelta(days=4),
        )
        line = find_complaint(work.session, reference)
        assert line is not None
        answered = at + timedelta(days=6)
        residency.take_complaint(work, upholding, complaint_id=line.id, at=answered)
        residency.answer_complaint(
            work,
            upholding,
            complaint_id=line.id,
            action=ComplaintAction.UPHOLD,
            answer=complaint["answer"],
            check=get_case(work.session, case_id).reference,
            at=answered,
        )
