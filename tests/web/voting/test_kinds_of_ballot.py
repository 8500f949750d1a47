"""Every kind of ballot in the booth, and a device that others use too."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from civic_budget.storage.db import Database
from civic_budget.voting.models import BallotRow
from tests.builders_booth import Voter, make_voter_in_booth
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import Round, make_round
from tests.pages import CheckedClient

NONCE = bytes(range(32))
FIRST, SECOND, THIRD = "BO.OM.1/26", "BO.OM.2/26", "BO.OM.3/26"


def fill_district(voter: Voter) -> None:
    voter.press("district", add="BO.D8.1/26")


def opened_choices(database: Database, opened: Round, scope: str) -> list[str]:
    close_vote(database, opened)
    open_box(database, opened)
    with database.reading() as session:
        rows = session.scalars(select(BallotRow.choice).where(BallotRow.scope == scope))
        return list(rows)


def test_points_are_divided_freely(database: Database, client: CheckedClient) -> None:
    rule = {"kind": "cumulative", "minimum": 1, "maximum": 3, "sum": 5}
    opened = make_round(database, ballot_rule=rule)
    voter = make_voter_in_booth(database, client)
    voter.begin(NONCE.hex())
    fill_district(voter)
    assert "You have 5 points to divide" in voter.press("city", add=FIRST)
    voter.press("city", add=SECOND)
    for _ in range(3):
        page = voter.press("city", more=SECOND)
    assert "5 of 5 points given." in page
    assert "given all 5 points" in voter.press("city", more=FIRST)
    assert "given all 5 points" in voter.press("city", add=THIRD)
    page = voter.press("city", less=SECOND)
    assert "4 of 5 points given." in page
    assert 'name="up"' not in page
    voter.cast()
    assert opened_choices(database, opened, "city") == [f"{FIRST},{SECOND};1,3"]


@pytest.mark.parametrize(
    ("rule", "how", "stored"),
    [
        (
            {"kind": "approval", "minimum": 1, "maximum": 3},
            "Choose from 1 to 3 projects.",
            f"{FIRST},{SECOND}",
        ),
        ({"kind": "one"}, "Choose one project.", FIRST),
    ],
    ids=["approval", "one"],
)
def test_a_mark_is_just_a_mark(
    database: Database, client: CheckedClient, rule: dict[str, object], how: str, stored: str
) -> None:
    opened = make_round(database, ballot_rule=rule)
    voter = make_voter_in_booth(database, client)
    voter.begin(NONCE.hex())
    fill_district(voter)
    voter.press("city", add=SECOND)
    page = voter.press("city", add=FIRST)
    assert how in page
    assert "On your ballot" in page
    assert not re.search(r"\d points?<", page)
    voter.cast()
    assert opened_choices(database, opened, "city") == [stored]


POINTS = {"kind": "points", "points": [3, 2, 1]}


@pytest.mark.parametrize(
    ("rule", "per_scope", "how"),
    [
        (
            {**POINTS, "minimum": 3, "maximum": 3},
            4,
            "Choose 3 projects. The first place gets the most points.",
        ),
        (
            {**POINTS, "minimum": 1, "maximum": 3},
            4,
            "Choose from 1 to 3 projects. The first place gets the most points.",
        ),
        ({"kind": "approval", "minimum": 2, "maximum": 2}, 1, "Choose 1 project."),
        (
            {"kind": "approval", "maximum": 3, "required": ["city"]},
            4,
            "Choose from 1 to 3 projects. You may also leave this list empty.",
        ),
    ],
    ids=["all places", "fewer are enough", "short pool", "optional list"],
)
def test_the_pages_ask_for_exactly_what_the_rule_asks_for(
    database: Database, client: CheckedClient, rule: dict[str, object], per_scope: int, how: str
) -> None:
    make_round(database, ballot_rule=rule, per_scope=per_scope)
    voter = make_voter_in_booth(database, client)
    assert f". {how}" in client.page("/en/vote").text()
    voter.begin()
    assert f">{how}<" in client.get("/en/vote/list/district").text
    if "required" in rule:
        assert "leave this list empty" not in client.get("/en/vote/list/city").text


def test_a_district_without_projects_is_told(database: Database, client: CheckedClient) -> None:
    make_round(database, scopes=("d18", "city"))
    voter = make_voter_in_booth(database, client)
    page = client.page("/en/vote").text()
    assert "Projects of your district There is no project to vote on." in page
    voter.begin()
    assert "Step 1 of 2" in client.get("/en/vote/list/city").text


def test_a_shared_device_keeps_nothing_and_signs_out(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    told = {"voter": str(voter.person_id), "nonce": NONCE.hex(), "shared": "y"}
    client.send("/en/vote", told, to="/en/vote/begin")
    cookie = client.get_cookie("ballot")
    assert cookie is not None
    assert cookie.max_age == 20 * 60
    voter.mark()
    page = voter.cast()
    assert "three minutes only" in page
    cookie = client.get_cookie("ballot")
    assert cookie is not None
    assert cookie.max_age == 3 * 60
    assert 'action="/en/sign-out"' in page.split("I have noted them")[0].split("<main")[1]
    page = client.send("/en/vote/codes", {}, to="/en/sign-out").text
    assert "You are signed out." in page
    assert client.get_cookie("ballot") is None
    assert "/sign-in" in client.get("/en/vote", follow_redirects=False).headers["Location"]


def numbers_on(page: str) -> list[str]:
    return re.findall(r'id="project-(BO\.OM\.\d+/26)"', page)


def test_a_list_shuffled_for_each_voter_stays_the_same_for_one(
    database: Database, client: CheckedClient
) -> None:
    rule = {"kind": "approval", "maximum": 3, "order": "shuffled", "required": ["city"]}
    make_round(database, ballot_rule=rule, per_scope=8)
    orders = []
    for _ in range(3):
        voter = make_voter_in_booth(database, client)
        voter.begin()
        once, again = (numbers_on(client.get("/en/vote/list/city").text) for _ in range(2))
        assert once == again
        assert sorted(once) == sorted(f"BO.OM.{n}/26" for n in range(1, 9))
        orders.append(tuple(once))
    assert len(set(orders)) > 1
    voter.press("city", add=FIRST)
    assert "Your vote is in the box" in voter.cast()


def test_an_empty_ballot_is_not_put_into_the_box(database: Database, client: CheckedClient) -> None:
    make_round(database, ballot_rule={"kind": "approval", "maximum": 3, "required": []})
    voter = make_voter_in_booth(database, client)
    voter.begin()
    assert "choose at least 1 project" in voter.cast()
    voter.press("city", add=FIRST)
    page = voter.cast()
    assert "Thank you. This is your control code." in page
    assert "Your vote counts without this code" in page
    assert "codes" not in page.split("<main")[1].split("</main>")[0].replace('class="codes"', "")
