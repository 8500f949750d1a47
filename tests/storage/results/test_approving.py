"""Acts on results are written by two people and stay for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals.queries import find_by_reference, get_proposal, list_steps
from civic_budget.results.acts import ActKind
from civic_budget.results.approving import ActWords, answer_act, propose_act
from civic_budget.results.queries import list_acts
from civic_budget.results.service import enter_draw
from civic_budget.selection import Draw
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_staff
from tests.builders_results import make_opened_round

WINNER = "BO.D8.1/26"


def test_an_act_holds_when_a_second_member_signs(database: Database) -> None:
    opened = make_opened_round(database)
    first, second = opened.commission[:2]
    at = opened.closes_at + timedelta(days=1)
    words = ActWords(title="Zarządzenie nr 1", act_on=city_day(at), reasons={"pl": "Wyniki."})
    officer = make_staff(database, Role.OFFICER, Role.ADMINISTRATOR)

    with pytest.raises(NotAllowed), database.writing() as work:
        propose_act(
            work, officer, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with database.writing() as work:
        propose_act(
            work, first, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with pytest.raises(Conflict, match="act_waits"), database.writing() as work:
        propose_act(
            work, second, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with pytest.raises(NotAllowed, match="needs_second_person"), database.writing() as work:
        answer_act(work, first, edition_id=opened.edition_id, number=1, sign=True, at=at)
    with database.writing() as work:
        answer_act(work, second, edition_id=opened.edition_id, number=1, sign=True, at=at)
    with database.writing() as work:
        propose_act(
            work,
            second,
            edition_id=opened.edition_id,
            kind=ActKind.WITHDRAWN,
            reference=WINNER,
            words=words,
            at=at,
        )
    with database.writing() as work:
        answer_act(work, second, edition_id=opened.edition_id, number=2, sign=False, at=at)
    with pytest.raises(Conflict, match="act_answered"), database.writing() as work:
        answer_act(work, first, edition_id=opened.edition_id, number=2, sign=True, at=at)

    with database.reading() as session:
        acts = list_acts(session, opened.edition_id)
    assert [(a.kind, a.is_signed) for a in acts] == [
        (ActKind.APPROVED, True),
        (ActKind.WITHDRAWN, False),
    ]


def test_the_database_keeps_acts_as_they_are_and_wants_two_people(database: Database) -> None:
    opened = make_opened_round(database)
    first, second = opened.commission[:2]
    at = opened.closes_at + timedelta(days=1)
    words = ActWords(title="Zarządzenie nr 1", act_on=city_day(at), reasons={"pl": "Wyniki."})
    with database.writing() as work:
        propose_act(
            work, first, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with pytest.raises(IntegrityError), database.writing() as work:
        work.session.execute(
            text(
                "INSERT INTO result_act_answer SELECT edition_id, number, proposed_by, :yes, "
                "proposed_by, proposed_at FROM result_act"
            ),
            {"yes": True},
        )
    with database.writing() as work:
        answer_act(work, second, edition_id=opened.edition_id, number=1, sign=True, at=at)
    for sentence in (
        "UPDATE result_act SET title = 'other'",
        "DELETE FROM result_act_answer",
        "DELETE FROM result_act",
    ):
        with pytest.raises(DatabaseError), database.writing() as work:
            work.session.execute(text(sentence))


def test_what_was_approved_must_still_be_so_when_it_is_signed(database: Database) -> None:
    opened = make_opened_round(database, picks=((1, 2, 3), (2, 1, 3)), district_money=25_000_000)
    first = opened.commission[0]
    at = opened.closes_at + timedelta(days=1)
    words = ActWords(title="Zarządzenie nr 1", act_on=city_day(at), reasons={"pl": "Wyniki."})
    with pytest.raises(Conflict, match="draw_outstanding"), database.writing() as work:
        propose_act(
            work, first, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with database.writing() as work:
        enter_draw(
            work, first, edition_id=opened.edition_id, draw=Draw("4 8 15"), source="lotto.pl", at=at
        )
    with database.writing() as work:
        propose_act(
            work, first, edition_id=opened.edition_id, kind=ActKind.APPROVED, words=words, at=at
        )
    with pytest.raises(Conflict, match="no_draw_needed"), database.writing() as work:
        enter_draw(
            work, first, edition_id=opened.edition_id, draw=Draw("4 8 16"), source="lotto.pl", at=at
        )


def test_an_act_on_a_project_waits_for_publication_then_reaches_author_and_timeline(
    database: Database,
) -> None:
    opened = make_opened_round(database)
    first, second = opened.commission[:2]
    embargo, public = opened.closes_at + timedelta(days=1), opened.closes_at + timedelta(days=11)
    words = ActWords(title="Zarządzenie nr 2", act_on=city_day(embargo), reasons={"pl": "Tramwaj."})
    asked = {"edition_id": opened.edition_id, "at": embargo}
    with database.writing() as work:
        propose_act(work, first, kind=ActKind.APPROVED, words=words, **asked)
    with database.writing() as work:
        answer_act(work, second, number=1, sign=True, **asked)
    with database.writing() as work:
        propose_act(work, first, kind=ActKind.NOT_BUILT, reference=WINNER, words=words, **asked)
    with pytest.raises(Conflict, match="not_public_yet"), database.writing() as work:
        answer_act(work, second, number=2, sign=True, **asked)
    with database.writing() as work:
        answer_act(work, second, number=2, sign=True, **(asked | {"at": public}))

    with database.reading() as session:
        proposal_id = find_by_reference(session, WINNER)
        assert proposal_id is not None
        steps = list_steps(session, proposal_id)
        author = get_proposal(session, proposal_id).author_account
    sent: list[Task] = []
    work_off(database, {"message": sent.append}, at=public)
    assert [(step.stage, step.happened_on, step.said("uk")[0]) for step in steps] == [
        ("abandoned", city_day(embargo), "Tramwaj.")
    ]
    told = [one.payload for one in sent if one.payload["message"] == "act_on_project"]
    assert [one["account_id"] for one in told] == [str(author)]
    assert told[0]["values"]["kind"] == "not_built"
