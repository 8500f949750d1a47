"""Small `.pb` files written out, and where the real ones lie."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SAMPLE = """META
key;value
description;District PB, Bieńczyce
unit;Kraków
district;Bieńczyce
num_projects;3
num_votes;2
budget;1000
vote_type;ordinal
rule;greedy
PROJECTS
project_id;cost;votes;score;name;selected
7;600;2;5;Zieleń;1
8;500.50;1;3;"Park ""Stok""; etap 2";0
9;100;1;2;Ławki;1
VOTES
voter_id;vote
1;7,9
2;8,7
"""


def real_files() -> list[Path]:
    """The published files, where they are at hand (`PABULIB_DIR` or a folder beside the project)."""
    beside = ROOT.parent / "shared" / "data" / "pabulib"
    return sorted(Path(os.environ.get("PABULIB_DIR", beside)).glob("*.pb"))


needs_real_files = pytest.mark.skipif(
    not real_files(), reason="no published .pb files: set PABULIB_DIR to a folder that has them"
)
