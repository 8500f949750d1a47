"""The page on which a guardian erases a child's record, and the sentences where it may not be."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from civic_budget.kernel.actor import SYSTEM
from civic_budget.notifications.rendering import render_letter
from civic_budget.residency import queries, service
from civic_budget.residency.guardian_rules import ERASED
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_city, sign_in_as
from tests.builders_residency import make_claim, make_guardian
from tests.conftest import NOW
from tests.pages import CheckedClient


def test_a_guardian_erases_a_child_and_the_other_one_reads_of_it(
    app: Flask, client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    mother, father = make_guardian(database), make_guardian(database, "TARAS")
    (tie, case), (second, _) = make_claim(database, mother), make_claim(database, father)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case, at=NOW)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=second, is_second=True, at=NOW)
    his = new_client()
    sign_in_as(client, database, mother)
    sign_in_as(his, database, father)
    for language, sentence, told in (
        ("pl", "oddano głos w imieniu dziecka", "Drugi opiekun"),
        ("en", "voted for the child", "other guardian gets a message"),
        ("uk", "проголосували від імені дитини", "Другий опікун"),
        ("ru", "проголосовали от имени ребёнка", "Второй опекун"),
    ):
        page = client.get(f"/{language}/children/{tie}/erase").text
        assert sentence in page and told in page and "MAKSYM KOVALENKO" in page
    assert his.get(f"/en/children/{tie}/erase").status_code == 404
    only = his.get(f"/en/children/{second}/erase", follow_redirects=True)
    assert "Only the guardian who acts" in only.text
    his.send("/en/children", to=f"/en/children/{tie}/dispute")
    refused = client.get(f"/uk/children/{tie}/erase", follow_redirects=True)
    assert "не дійшли згоди" in refused.text
    with database.writing() as work:
        service.settle_dispute(work, SYSTEM, tie_id=tie, at=NOW)
    assert "Tick the box" in client.send(f"/en/children/{tie}/erase").text
    done = client.send(f"/en/children/{tie}/erase", {"sure": "y", "current": PASSWORD})
    assert "The child’s record is erased." in done.text and "MAKSYM" not in done.text
    assert "An erased record" in done.text
    assert "had the child’s record erased" in his.get("/en/children").text
    with database.reading() as session:
        child = queries.get_case(session, case).person_id
        assert queries.guardian_of(session, child, at=NOW) is None
    with app.test_request_context("/"):
        letters = {
            language: render_letter("guardian_changed", language, {"outcome": ERASED}).body
            for language in ("pl", "en", "uk", "ru")
        }
    for language, sentence in (
        ("pl", "usunął jego wpis"),
        ("en", "had its record erased"),
        ("uk", "видалив її запис"),
        ("ru", "удалил его запись"),
    ):
        assert sentence in letters[language] and f"/{language}/children" in letters[language]
