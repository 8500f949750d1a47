"""An observer opens the sealed export on another machine, and sees what was altered in it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.observer import export_round
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import InvalidReason
from tests.builders_commission import close_vote, open_box, take_out
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW


def unpacked(database: Database, opened: Round, folder: Path) -> Path:
    with database.writing() as work:
        content = export_round(work, secrets=opened.secrets, at=opened.closes_at)
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def reopen(
    folder: Path, opened: Round, *more: str, phrases: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    files = []
    for number, (content, _) in enumerate(opened.held[:2]):
        path = folder / f"member-{number}.json"
        path.write_bytes(content)
        files.append(str(path))
    said = phrases or tuple(phrase for _, phrase in opened.held[:2])
    return subprocess.run(
        [
            *(sys.executable, "-I", str(folder / "reopen.py"), str(folder), *files),
            *("--passphrases-from-stdin", *more),
        ],
        input="\n".join(said) + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def voted(database: Database) -> Round:
    opened = make_round(database)
    for marks in (choice(), choice(picks=(4, 3, 1))):
        cast(database, opened, make_voter(database), marks=marks)
    gone = make_voter(database)
    cast(database, opened, gone)
    for _ in range(4):
        person = make_voter(database)
        with database.writing() as work:
            service.claim_slip(
                work,
                round_id=opened.id,
                secrets=opened.secrets,
                person_id=person,
                point="library",
                at=NOW,
            )
    with database.writing() as work:
        batch = service.open_batch(
            work, SYSTEM, round_id=opened.id, point="library", scope="d08", claimed=4
        )
        service.register_card(work, secrets=opened.secrets, serial="7" * 16, scope="d08")
        work.session.flush()
        service.key_card(
            work,
            SYSTEM,
            secrets=opened.secrets,
            batch_id=batch,
            serial="7" * 16,
            choice=choice(picks=(2, 3, 4)),
            at=NOW,
        )
        for reason in (InvalidReason.BLANK, InvalidReason.SIGNED):
            service.count_invalid(work, SYSTEM, batch_id=batch, reason=reason, number=1)
        service.count_missing(work, SYSTEM, batch_id=batch, number=1, note="Taken home.")
        service.close_batch(
            work,
            SYSTEM,
            secrets=opened.secrets,
            batch_id=batch,
            missing=1,
            protocol_number="1",
            at=NOW,
        )
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(gone))
    with database.writing() as work:
        service.close_paper(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            at=opened.closes_at,
        )
    return opened


def test_the_observer_comes_to_the_same_root(database: Database, tmp_path: Path) -> None:
    opened = voted(database)
    folder = unpacked(database, opened, tmp_path / "sealed")
    open_box(database, opened)
    with database.reading() as session:
        root = (get_round(session, opened.id).board_root or b"").hex()
    result = reopen(folder, opened, "--board-root", root)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"6 lines, board root {root}" in result.stdout
    of_batch = "d08, protocol 1: 4 slips, 1 keyed, 2 invalid (blank 1, signed 1), 1 missing"
    assert of_batch in result.stdout
    other = reopen(folder, opened, "--board-root", "00" * 32)
    assert other.returncode == 1
    wrong = reopen(folder, opened, phrases=("not the passphrase", "nor this one at all"))
    assert wrong.returncode == 1
    assert "passphrase is wrong" in wrong.stderr


def change_line(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def altered(folder: Path) -> None:
        path = folder / name
        lines = path.read_text().splitlines()
        lines[0] = change(lines[0])
        path.write_text("\n".join(lines) + "\n")

    return altered


def change_batch(**values: object) -> Callable[[Path], None]:
    def altered(folder: Path) -> None:
        path = folder / "batches.json"
        (batch,) = json.loads(path.read_text())
        path.write_text(json.dumps([{**batch, **values}]))

    return altered


ALTERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "envelope": (
        change_line("envelopes.csv", lambda line: line[:-2] + "00"),
        "did not come through",
    ),
    "card": (change_line("papers.csv", lambda line: line[:-2] + "00"), "was not keyed through"),
    "void": (change_line("voids.csv", lambda line: line[:-2] + "00"), "was not recorded"),
    "eligible": (lambda folder: empty(folder / "eligible.csv"), "no eligible voter"),
    "list": (
        change_line("sealed-list.txt", lambda line: "00" * 32),
        "not those of the sealed list",
    ),
    "sum": (change_batch(invalid={"blank": 1}), "has 4 slips and accounts for 3"),
    "negative": (change_batch(invalid={"blank": 3, "signed": -1}), "below nought"),
    "cards": (change_batch(keyed=0, invalid={"blank": 3}), "as many cards as it says"),
    "batch": (change_batch(batch="00" * 16, keyed=0, missing=2), "belong to no batch"),
    "slips": (change_batch(slips=3, missing=0), "the sealed list has 4 slips"),
    "signed": (change_batch(invalid={"blank": 2}), "is not as it was signed off"),
}


def empty(path: Path) -> None:
    path.write_text("")


def test_what_was_altered_is_named(database: Database, tmp_path: Path) -> None:
    """One export, altered in many ways, each in a copy of its own."""
    opened = voted(database)
    exported = unpacked(database, opened, tmp_path / "sealed")
    for name, (alter, words) in ALTERED.items():
        folder = tmp_path / name
        shutil.copytree(exported, folder)
        alter(folder)
        result = reopen(folder, opened)
        assert result.returncode == 1, name
        assert words in result.stderr, name


def test_nothing_is_exported_while_voting_is_open(database: Database) -> None:
    opened = make_round(database)
    with pytest.raises(Conflict), database.writing() as work:
        export_round(work, secrets=opened.secrets, at=NOW)
