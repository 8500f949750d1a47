"""The draw: fixed numbers that anybody can compute, and a share that comes out."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess

import pytest

from civic_budget.residency.drawing import fingerprint, is_drawn, ticket
from civic_budget.residency.limits import Limits
from civic_budget.residency.rules import is_in_sample, new_reference

SEED = "3 11 24 30 41 49, 5 June 2027"


def test_the_lots_are_these_for_ever() -> None:
    assert ticket(SEED, "R-7K2M-94QF") == 406
    assert ticket("0", "R-2345-6789") == 991


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_a_shell_redoes_lot_and_fingerprint() -> None:
    line = f"{SEED}|R-7K2M-94QF".encode()
    said = subprocess.run(["sha256sum"], input=line, capture_output=True, check=True).stdout
    assert int(said[:16], 16) % 1000 == ticket(SEED, "R-7K2M-94QF")
    listed = b"R-7K2M-94QF\nR-2345-6789\n"
    done = subprocess.run(
        "sort | sha256sum", shell=True, input=listed, capture_output=True, check=True
    )
    assert done.stdout.split()[0].decode() == fingerprint(["R-7K2M-94QF", "R-2345-6789"])


def test_the_fingerprint_changes_with_every_reference_and_not_with_their_order() -> None:
    two = fingerprint(["R-AAAA-AAAA", "R-BBBB-BBBB"])
    assert two == fingerprint(["R-BBBB-BBBB", "R-AAAA-AAAA"])
    assert two != fingerprint(["R-AAAA-AAAA"])
    assert fingerprint([]) == hashlib.sha256(b"").hexdigest()


def test_about_the_share_is_drawn_and_another_seed_draws_others() -> None:
    chance = random.Random(5)
    references = [new_reference(chance.choice) for _ in range(20_000)]
    limits = Limits(sample_seed=SEED, sample_permille=40)
    one = {reference for reference in references if is_drawn(SEED, reference, 40)}
    other = {reference for reference in references if is_drawn("another", reference, 40)}
    # 800 expected, standard deviation 28.
    assert 660 < len(one) < 940
    assert len(one & other) < 100
    assert all(is_in_sample(r, limits) == (r in one) for r in references[:500])
