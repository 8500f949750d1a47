"""An instance is filled once, filled anew when it is broken or old, and its processes end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from civic_budget.demo import __main__ as entry
from civic_budget.demo import instance as instances
from civic_budget.demo import running
from civic_budget.demo.filling.city import add_edition
from civic_budget.demo.filling.town import Town
from civic_budget.demo.instance import Instance, InstanceBusy
from civic_budget.demo.running import PortTaken, check_port, is_complete, prepare
from civic_budget.demo.sign_ins import SignIns
from civic_budget.demo.story import Story
from civic_budget.demo.supervisor import Part, Supervisor
from civic_budget.editions.rules import Phase
from civic_budget.kernel.clock import utc_now


@pytest.fixture
def fillings(monkeypatch: pytest.MonkeyPatch) -> list[Phase]:
    """A filling that only makes the edition, and says each time that it ran."""
    done: list[Phase] = []

    def small_fill(app, phase, *, now, progress):
        town = Town(
            database=app.extensions["database"],
            settings=app.extensions["settings"],
            story=Story(phase, now),
            progress=progress,
            sign_ins=SignIns.fresh(),
        )
        monkeypatch.setattr("civic_budget.demo.filling.city.list_pools", list)
        add_edition(town, year=2026, names=None, calendar=town.story.calendar)
        done.append(phase)
        return town.sign_ins

    monkeypatch.setattr(running, "fill", small_fill)
    return done


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(Phase.VOTING, tmp_path / "demo")


def test_a_second_run_fills_nothing_and_prints_the_same_sheet(
    instance: Instance, fillings: list[Phase], capsys: pytest.CaptureFixture[str]
) -> None:
    with instance.held():
        prepare(instance)
        sheet = instance.sign_ins.read_text()
        capsys.readouterr()
        prepare(instance)
    assert fillings == [Phase.VOTING]
    assert instance.sign_ins.read_text() == sheet
    assert instance.sign_ins.stat().st_mode & 0o777 == 0o600
    password = sheet.splitlines()[1].rpartition(" ")[2]
    assert password in capsys.readouterr().out


def test_a_killed_filling_is_removed_and_done_again(
    instance: Instance, fillings: list[Phase], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = running.fill

    def killed(app, phase, **how):
        whole(app, phase, **how)
        (instance.folder / "mailbox").mkdir()
        raise KeyboardInterrupt

    with instance.held():
        monkeypatch.setattr(running, "fill", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(instance)
        assert not is_complete(instance)
        monkeypatch.setattr(running, "fill", whole)
        prepare(instance)
    assert is_complete(instance)
    assert not (instance.folder / "mailbox").exists()
    assert len(fillings) == 2


def test_a_city_whose_phase_is_over_is_filled_anew(
    instance: Instance, fillings: list[Phase], monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance.held():
        prepare(instance)
        monkeypatch.setattr(instances, "utc_now", lambda: utc_now() + timedelta(days=20))
        assert not is_complete(instance)


def test_a_city_of_another_version_is_filled_anew(
    instance: Instance, fillings: list[Phase], monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance.held():
        prepare(instance)
        assert is_complete(instance)
        monkeypatch.setattr(instances, "CONTENT", instance.folder)
        assert not is_complete(instance)


def test_one_demo_of_a_phase_runs_at_a_time(instance: Instance) -> None:
    with (
        instance.held(),
        pytest.raises(InstanceBusy),
        Instance(Phase.VOTING, instance.folder).held(),
    ):
        pass


def test_other_installations_variables_do_not_reach_the_demo(instance: Instance) -> None:
    seen = instance.environment(
        {"CIVIC_BUDGET_DATABASE_URL": "postgresql://city", "PATH": "/usr/bin"}
    )
    assert "CIVIC_BUDGET_DATABASE_URL" not in seen
    assert seen["CIVIC_BUDGET_MODE"] == "demo"
    assert seen["PATH"] == "/usr/bin"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_said_in_a_sentence_before_anything_is_filled(
    taken_port: int, fillings: list[Phase], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PortTaken):
        check_port(taken_port)
    assert entry.main(["--port", str(taken_port)]) == 2
    assert f"make demo PORT={taken_port + 1}" in capsys.readouterr().err
    assert fillings == []


SLEEPER = "import time; time.sleep(60)"


def part(name: str, code: str) -> Part:
    return Part(name, (sys.executable, "-c", code))


def is_running(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


def test_when_one_part_dies_all_end(capfd: pytest.CaptureFixture[str]) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    house = Supervisor(
        [part("web", SLEEPER), part("worker", "raise SystemExit(3)"), part("evidence", SLEEPER)],
        dict(os.environ),
    )
    try:
        assert house.run() == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert not any(is_running(process) for process in house._running.values())
    assert "worker process ended (3)" in capfd.readouterr().err


def test_sigterm_ends_all_parts(tmp_path: Path) -> None:
    marks = [tmp_path / name for name in ("web", "worker")]
    code = (
        "import os,pathlib,sys,time; p=pathlib.Path(sys.argv[1]);"
        "p.with_suffix('.part').write_text(str(os.getpid()));"
        "p.with_suffix('.part').rename(p); time.sleep(60)"
    )
    parts = [Part(mark.name, (sys.executable, "-c", code, str(mark))) for mark in marks]
    script = (
        "import os,sys; from civic_budget.demo.supervisor import Part, Supervisor;"
        f"sys.exit(Supervisor({parts!r}, dict(os.environ)).run())"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as house:
        wait_until(lambda: all(mark.exists() for mark in marks))
        pids = [int(mark.read_text()) for mark in marks]
        house.terminate()
        assert house.wait(15) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def wait_until(is_so, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
