"""An edition chosen by Equal Shares is explained as such: no walk down a list is told of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from civic_budget.config import LANGUAGES
from civic_budget.storage.db import Database
from tests.builders import make_city
from tests.pages import CheckedClient

FILE = """META
key;value
unit;Wieliczka
instance;2023
num_projects;3
num_votes;6
budget;600
vote_type;approval
rule;equalshares/add1-comparison
date_begin;01.10.2023
date_end;10.10.2023
PROJECTS
project_id;cost;votes;name;selected
1;300;4;Ławki;1
2;400;3;Lampy;0
3;150;2;Drzewa;1
VOTES
voter_id;vote
1;1,2
2;1,2
3;1,2
4;1
5;3
6;3
"""
RESULTS = "/editions/wieliczka-2023/results"
NO_BREAK = "\u00a0"


@pytest.fixture
def _imported(app: Flask, database: Database, tmp_path: Path) -> None:
    make_city(database)
    path = tmp_path / "wieliczka.pb"
    path.write_text(FILE, encoding="utf-8")
    arguments = ["editions", "import-pb", str(path), "--name", "Wieliczka 2023"]
    said = app.test_cli_runner().invoke(args=arguments)
    assert said.exit_code == 0, said.output
    assert "winners equal" in said.output


@pytest.mark.usefixtures("_imported")
def test_shares_are_told_and_no_turn_on_a_list(client: CheckedClient) -> None:
    won = client.page(f"/en{RESULTS}/project/BO.OM.1/23").text().replace(NO_BREAK, " ")
    assert "the people who chose it paid for it together" in won
    lost = client.page(f"/en{RESULTS}/project/BO.OM.2/23").text().replace(NO_BREAK, " ")
    assert "too little left of their shares" in lost
    assert "too little." not in lost
    assert "It would have won at a cost" not in lost
    pool = client.page(f"/en{RESULTS}/city").text()
    assert "Compared with a list ordered by votes" in pool
    assert "All voters get an equal share of the money." in pool
    for language in LANGUAGES:
        for page in ("", "/city", "/project/BO.OM.1/23", "/project/BO.OM.2/23", "/files/city.pdf"):
            assert client.get(f"/{language}{RESULTS}{page}").status_code == 200
    data = json.loads(client.get(f"/en{RESULTS}/files/city.json").data)
    assert data["method"] == "equal-shares"
    assert (data["spent"], len(data["selected"])) == (450_00, 2)
