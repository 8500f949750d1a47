"""A person's own copy: each table that the privacy register counts in is filled in it, for its owner alone."""

from __future__ import annotations

from uuid import UUID

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import NotAllowed
from civic_budget.paths import ROOT
from civic_budget.residency import citizenship, queries, service
from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.models import Complaint
from civic_budget.residency.own_copy import render_copy
from civic_budget.storage.db import Database
from civic_budget.storage.privacy import find_copy_words
from civic_budget.wiring import COPY_PARTS
from tests.builders import make_account, make_clerk, make_point, make_staff
from tests.builders_residency import (
    make_case,
    make_city_that_decides_nothing_alone,
    make_claim,
    make_desk_record,
    make_identity,
    merge_records,
)
from tests.conftest import NOW

WORDS = "Ktoś zarejestrował się jako ja."


def furnish(database: Database) -> tuple[Actor, UUID, UUID]:
    """A mother of whom everything that this room can hold is held; her person and her child."""
    make_city_that_decides_nothing_alone(database)
    mother = make_account(database, contact="olena@example.org")
    case_id = make_case(database, mother, identity=make_identity())
    officer, point = make_staff(database, Role.OFFICER), make_point(database)
    desk = make_clerk(database, point)
    assert mother.account_id is not None
    with database.writing() as work:
        service.ask_letter(work, mother, case_id=case_id, at=NOW)
        case = queries.get_case(work.session, case_id)
        person = case.person_id
        service.open_visit(
            work, desk, person_id=person, reason=VisitReason.ASKED, point_id=point, at=NOW
        )
        service.note_clause(work, person_id=person, purpose="registration", language="uk", at=NOW)
        citizenship.answer(work, mother, person_id=person, codes=["UA"], at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
    with database.writing() as work:
        filed = service.file_complaint(
            work, mother, kind=ComplaintKind.REGISTRATION, words=WORDS, language="uk", at=NOW
        )
        found = work.session.scalars(select(Complaint.id).where(Complaint.reference == filed)).one()
    other = make_staff(database, Role.OFFICER)
    with database.writing() as work:
        filed = service.file_complaint(
            work,
            make_account(database),
            kind=ComplaintKind.REGISTRATION,
            words=WORDS * 2,
            language="pl",
            name="Hanna",
            at=NOW,
        )
        about = work.session.scalars(select(Complaint.id).where(Complaint.reference == filed)).one()
        service.take_complaint(work, other, complaint_id=about, at=NOW)
        service.answer_complaint(
            work,
            other,
            complaint_id=about,
            action=ComplaintAction.UPHOLD,
            answer="Sprawdzamy.",
            check=case.reference,
            at=NOW,
        )
        service.take_complaint(work, officer, complaint_id=found, at=NOW)
        service.answer_complaint(
            work,
            officer,
            complaint_id=found,
            action=ComplaintAction.DISMISS,
            answer="Ні, не бачимо.",
            at=NOW,
        )
    tie_id, child_case = make_claim(database, mother)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie_id, at=NOW)
        child = queries.get_case(work.session, child_case).person_id
    merge_records(database, person, make_desk_record(database))
    return mother, person, child


def test_what_the_register_counts_in_is_in_the_copy_and_nothing_of_others(
    app: Flask, database: Database
) -> None:
    mother, person, child = furnish(database)
    with database.writing() as work:
        copied = service.export_person(work, mother, person_id=person, at=NOW)
        childs = service.export_person(work, mother, person_id=child, at=NOW)
    words = find_copy_words(ROOT / "docs" / "privacy-register.toml")
    keys = {word[4:].partition(",")[0] for word in words.values() if word.startswith("in: ")}
    here = {key for key in keys if key in copied}
    assert here == keys - {part.key for part in COPY_PARTS}
    assert all(copied[key] or childs[key] for key in here)
    (case,) = copied["cases"]
    assert len(case["letters"]) == 1
    assert [check["why"] for check in case["checks"]] == ["complaint"]
    assert [one["your_words"] for one in copied["complaints"]] == [WORDS]
    assert copied["complaints"][0]["answer"] == "Ні, не бачимо."
    assert copied["visits"][0]["what_for"] == "asked"
    assert (copied["children"][0]["state"], childs["guardians"][0]["state"]) == ("acting", "acting")
    # What belongs to the guardian is no part of the child's copy.
    assert (childs["account"], childs["complaints"], childs["children"]) == (None, [], [])
    for language, complaint, letter in (
        ("pl", "Skarga", "List z kodem"),
        ("uk", "Скарга", "Лист із кодом"),
    ):
        with app.test_request_context(f"/{language}/"), database.reading() as session:
            said = text_of(
                render_copy(copied, session, title="X", language=language, city_locale=language)
            )
        assert "MAKSYM" in said and "Ні, не бачимо." in said
        assert complaint in said and letter in said


def test_only_a_guardian_who_acts_copies_a_childs_data(database: Database) -> None:
    _, _, child = furnish(database)
    with pytest.raises(NotAllowed, match="not_your_data"), database.writing() as work:
        service.export_person(work, make_account(database), person_id=child, at=NOW)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)
