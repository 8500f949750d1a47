"""The demo's time and its generated residents."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from civic_budget.demo import content
from civic_budget.demo.content.records import Person
from civic_budget.demo.crowd import crowd
from civic_budget.demo.filling.documents import proof_for
from civic_budget.demo.filling.figures import invented_people
from civic_budget.demo.filling.past import count_voters
from civic_budget.demo.progress import Progress
from civic_budget.demo.sign_ins import KeyFileLine, ResidentLine, SignIns, StaffSheet, shortened
from civic_budget.demo.story import PHASES, Story, past_calendar_of
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.residency.intake_decoding import Kind

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("now", [NOW, datetime(2027, 3, 28, 0, 30, tzinfo=UTC)])
def test_the_phase_is_now(phase: Phase, now: datetime) -> None:
    story = Story(phase, now)
    assert story.calendar.phase(now) is phase
    assert story.year > content.past_edition().year


def test_voting_opened_five_days_ago_and_has_nine_whole_days_to_go() -> None:
    moments = Story(Phase.VOTING, NOW).calendar.moments
    assert timedelta(days=5) <= NOW - moments[Milestone.VOTING_OPENS] < timedelta(days=6)
    assert timedelta(days=9) <= moments[Milestone.VOTING_CLOSES] - NOW < timedelta(days=10)


def test_the_past_edition_voted_on_the_days_of_the_content() -> None:
    past = content.past_edition()
    calendar = past_calendar_of(past)
    noon = datetime(2025, 10, 3, 21, 59, 59, tzinfo=UTC)
    assert past.voting_closed_on == date(2025, 10, 3)
    assert calendar.phase(noon) is Phase.VOTING
    assert calendar.phase(noon + timedelta(seconds=1)) is Phase.VERIFICATION


def test_the_crowd_lives_at_addresses_of_its_district() -> None:
    people = list(crowd(300, NOW.date()))
    for person in people:
        parts = [s for s in content.streets() if s.name == person.street]
        assert any(s.district == person.district and s.holds(int(person.house)) for s in parts)
    assert len({(p.given_names, p.family_name, p.born_on) for p in people}) == len(people)
    assert {"UA", "PL"} <= {code for p in people for code in p.citizenships}
    assert any(not p.citizenships for p in people)


def test_the_same_seed_gives_the_same_crowd() -> None:
    assert list(crowd(20, NOW.date())) == list(crowd(20, NOW.date()))


def test_of_sixty_thousand_as_many_voted_as_ballots_were_counted() -> None:
    past = content.past_edition()
    people = list(invented_people(past, 60_000))
    voters = [person for person in people if person.channel is not None]
    assert len(people) == 60_000
    assert len(voters) == count_voters(past)
    days = {person.counted_on for person in voters}
    assert min(filter(None, days)) == past.voting_opened_on
    assert max(filter(None, days)) == past.voting_closed_on


def uploaders() -> list[Person]:
    return [p for p in content.people() if p.proof_kind and p.standing != "confirmed"]


@pytest.mark.parametrize("person", uploaders(), ids=lambda person: person.key)
def test_a_proof_is_a_file_of_the_kind_that_its_name_promises(person: Person) -> None:
    data, name = proof_for(person, NOW.date())
    start = {".pdf": b"%PDF", ".png": b"\x89PNG"}[name[-4:]]
    assert data.startswith(start)
    assert len(data) < 5_000_000
    assert Kind(name[-3:])


def test_progress_without_a_terminal_tells_finished_steps_only() -> None:
    out = StringIO()
    progress = Progress(out)
    progress.begin("Votes")
    progress.add(40)
    progress.add(2)
    progress.begin("Opening")
    progress.end()
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["Votes", "Opening"]
    assert " 42 " in lines[0]


def test_the_sheet_on_the_screen_is_short_and_keeps_passphrases() -> None:
    sheet = SignIns.fresh()
    sheet.residents = [ResidentLine(f"R{n}", f"r{n}@example.org", "pl") for n in range(30)]
    sheet.staff = [StaffSheet("Jan", "officer", "jan@example.org", [f"C{n}" for n in range(20)])]
    sheet.key_files = [KeyFileLine(content.reading.FOLDER, "AAAA-BBBB")]
    text = sheet.text()
    assert sheet.resident_password != SignIns.fresh().resident_password
    assert all(f"C{n}" in text for n in range(20))
    short = shortened(text)
    assert "r11@example.org" in short
    assert "r12@example.org" not in short
    assert "C4" in short
    assert "C5" not in short
    assert "AAAA-BBBB" in short
