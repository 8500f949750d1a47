"""Elections as published files, invented but shaped like the real ones."""

from __future__ import annotations

import os
from pathlib import Path

from civic_budget.paths import ROOT

DISTRICT = """META
key;value
description;District PB in Kraków, Dębniki
country;Poland
unit;Kraków
district;Dębniki
subunit;Dębniki
instance;2019
num_projects;4
num_votes;4
budget;1000
vote_type;ordinal
rule;greedy
date_begin;28.09.2019
date_end;07.10.2019
min_length;3
max_length;3
edition;6
language;pl
currency;PLN
comment;#1: voters are from 16 to 90 years old
PROJECTS
project_id;cost;votes;score;name;category;selected
9;600;4;9;Plac zabaw;sport;1
19;500.50;3;6;Samochód ratowniczy;;0
17;300;4;6;Zajęcia taneczne;culture;1
4;999999999;1;3;Wycofany skwer;;0
VOTES
voter_id;vote;age;sex;voting_method;district
7001;9,19,17;34;F;internet;DĘBNIKI
7002;19,9,17;71;M;paper;DĘBNIKI
7003;9,17,19;19;F;internet;DĘBNIKI
7004;4,17,9;45;M;internet;DĘBNIKI
"""

CITY = """META
key;value
description;Municipal PB in Kraków
country;Poland
unit;Kraków
instance;2019
num_projects;3
num_votes;2
budget;2000
vote_type;ordinal
rule;greedy
date_begin;28.09.2019
date_end;07.10.2019
min_length;3
max_length;3
language;pl
currency;PLN
PROJECTS
project_id;cost;votes;score;name;selected
5;1500;2;6;Park przy Karmelickiej;1
9;900;2;4;Bulwary;0
7;500;2;2;Młynówka;1
VOTES
voter_id;vote;age;sex
1;5,9,7;20;F
2;5,9,7;30;M
"""


def published_files() -> Path | None:
    """The folder of real files: PABULIB_DIR, or beside the repository; None when there is none."""
    named = os.environ.get("PABULIB_DIR")
    folder = Path(named) if named else Path(ROOT).parent / "shared" / "data" / "pabulib"
    return folder if folder.is_dir() else None


def write_files(folder: Path, **files: str) -> list[Path]:
    """Files of an election, by name."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.pb"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
