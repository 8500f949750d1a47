"""A signed correction is told to those whose proposals it concerns and to the office, once each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from civic_budget.editions.models import Edition
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.editions.service import answer_correction, propose_correction
from civic_budget.kernel.actor import Actor, Role
from civic_budget.notifications.rendering import render_letter
from civic_budget.proposals import service
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next, mark_done
from tests.builders import make_city, make_edition, make_staff
from tests.builders_proposals import make_checklists, make_coordinator, make_draft, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW

REASON = {"pl": "Uchwała Rady Miasta przesunęła termin.", "uk": "Рада перенесла строк."}


def told(database: Database) -> list[dict[str, Any]]:
    """The messages about corrections that wait; each is taken once."""
    found = []
    while (task := lease_next(database, at=NOW)) is not None:
        if task.payload.get("message") == "edition_corrected":
            found.append(task.payload)
        mark_done(database, task, at=NOW)
    return found


def accounts(messages: list[dict[str, Any]]) -> Counter[tuple[str, bool]]:
    """How often each account is told, and whether as an author."""
    return Counter((one["account_id"], one["values"]["is_author"]) for one in messages)


def correct(
    database: Database, people: tuple[Actor, Actor], edition_id: UUID, *, by_days: int = 0
) -> None:
    """Move the closing of submission, or without days raise the pool of district 8."""
    with database.reading() as session:
        edition = get_edition(session, edition_id)
    closes = edition.moment_of(Milestone.SUBMISSION_CLOSES) + timedelta(days=by_days)
    pool = edition.pool("d08")
    with database.writing() as work:
        number = propose_correction(
            work,
            people[0],
            edition_id=edition_id,
            moments={Milestone.SUBMISSION_CLOSES: closes} if by_days else {},
            pools=[] if by_days else [replace(pool, money=pool.money + 100)],
            reasons=REASON,
            at=NOW,
        )
    with database.writing() as work:
        answer_correction(work, people[1], edition_id=edition_id, number=number, sign=True, at=NOW)


def test_a_correction_is_told_to_authors_concerned_and_to_the_office(
    app: Flask, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    people = (make_coordinator(database), make_coordinator(database))
    officer, _analyst = (make_staff(database, role) for role in (Role.OFFICER, Role.ANALYST))
    (ada, ada_person), (bea, bea_person) = make_resident(database), make_resident(database)
    make_submitted(database, ada, ada_person, edition_id)
    make_draft(database, ada, ada_person, edition_id)
    gone = make_submitted(database, bea, bea_person, edition_id)
    with database.writing() as work:
        service.withdraw_proposal(work, bea, proposal_id=gone, at=NOW)
    office = {(str(one.account_id), False): 1 for one in (*people, officer)}
    everybody = {(str(ada.account_id), True): 1, **office}
    told(database)
    correct(database, people, edition_id, by_days=1)
    messages = told(database)
    assert accounts(messages) == everybody
    correct(database, people, edition_id)
    assert accounts(told(database)) == everybody
    values = messages[0]["values"]
    with app.app_context():
        letter = render_letter("edition_corrected", "uk", values)
    assert "Рада перенесла строк." in letter.body
    assert "/uk/editions/2026#corrections" in letter.body
    with database.writing() as work:
        work.session.get_one(Edition, edition_id).is_training = True
    correct(database, people, edition_id, by_days=2)
    assert told(database) == []
