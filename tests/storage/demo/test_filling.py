"""A demo city filled through the services, in the phase of voting; with few generated residents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from civic_budget.demo import content
from civic_budget.demo.filling.outreach import CODES
from civic_budget.editions.queries import get_current_edition, list_editions
from civic_budget.editions.rules import Phase
from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.notifications.delivery import list_mailbox
from civic_budget.proposals.queries import (
    get_proposal,
    list_for_ballot,
    list_in_states,
    list_pictures,
    list_steps,
)
from civic_budget.proposals.rules import ProposalState
from civic_budget.residency.drawing import is_drawn
from civic_budget.residency.evidence import open_reader
from civic_budget.residency.guardian_rules import TieState
from civic_budget.residency.queries import (
    QueueFilter,
    Tab,
    get_case,
    get_limits,
    list_evidence,
    list_person_ids,
    list_queue,
    list_ties_of_child,
)
from civic_budget.residency.queries.pairs import PairFilter, PairState, list_pairs
from civic_budget.residency.queries.sampling import list_draws, list_references
from civic_budget.residency.rules import CaseState
from civic_budget.results.queries import list_scope_results
from civic_budget.statistics.outreach_queries import list_campaigns
from civic_budget.statistics.queries import find_release
from civic_budget.storage import audit
from civic_budget.voting import keyfiles
from civic_budget.voting.commission_queries import list_batches, list_points
from civic_budget.voting.queries import (
    count_envelopes,
    find_round_of_edition,
    list_members,
    list_nightly_counts,
)
from civic_budget.voting.rules import RoundStatus
from tests.builders_demo import CROWD, NOW, City, fill_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = fill_city(tmp_path_factory.mktemp("demo"), Phase.VOTING)
    yield made
    made.database.dispose()


def test_voting_is_now_in_the_present_edition(city: City) -> None:
    with city.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        assert edition.phase(NOW) is Phase.VOTING
        assert edition.year == 2026
        assert len(edition.pools) == 19
        assert [e.year for e in list_editions(session)] == [2026, 2025]


def test_proposals_met_the_fate_that_the_content_tells(city: City) -> None:
    with city.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        listed = list_for_ballot(session, edition.id)
        rejected = list_in_states(session, edition.id, [ProposalState.REJECTED])
        withdrawn = list_in_states(session, edition.id, [ProposalState.WITHDRAWN])
    admitted = [p for p in content.proposals() if p.fate == "admitted"]
    assert {p.in_language("pl").title for p in listed} == {p.title.pl for p in admitted}
    numbers = sorted(p.ballot_number or 0 for p in listed if p.scope == "city")
    assert numbers == list(range(1, len(numbers) + 1))
    # The one that was sent back came to nothing within its two weeks.
    assert (len(rejected), len(withdrawn)) == (3, 1)


def test_every_foreign_proposal_has_reviewed_polish_words(city: City) -> None:
    with city.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        for proposal in list_for_ballot(session, edition.id):
            polish = proposal.in_language("pl")
            assert polish.language == "pl"
            assert polish.description


def test_the_round_takes_votes_and_publishes_every_night(city: City) -> None:
    with city.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        found = find_round_of_edition(session, edition.id)
        assert found is not None
        assert found.status is RoundStatus.READY
        assert len(list_members(session, found.id)) == 3
        inside = sum(count_envelopes(session, found.id).values())
        nights = list_nightly_counts(session, found.id)
    assert 0 < inside <= CROWD
    assert len(nights) == 5
    assert [night.count for night in nights] == sorted(night.count for night in nights)


def test_any_printed_key_file_opens_with_its_passphrase(city: City) -> None:
    with city.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        found = find_round_of_edition(session, edition.id)
    assert found is not None
    assert len(city.sheet.key_files) == 3
    key = city.sheet.key_files[1]
    held = [(key.path.read_bytes(), key.passphrase)]
    assert keyfiles.open_key_files(held, round_id=found.id, public_key=found.public_key)
    assert key.path.stat().st_mode & 0o777 == 0o600


def test_a_sample_is_drawn_and_a_second_officer_has_begun(city: City) -> None:
    with city.database.reading() as session:
        (draw,) = list_draws(session)
        lots = [
            is_drawn(draw.seed or "", each, draw.permille)
            for each in list_references(session, draw.id)
        ]
    assert draw.size == len(lots) > CROWD
    assert draw.drawn == sum(lots)
    assert draw.held == min(2, draw.drawn)


def test_officers_find_doubles_a_reopened_confirmation_and_families(city: City) -> None:
    with city.database.reading() as session:
        pairs = list_pairs(session, PairFilter(state=None))
        rows = list_queue(
            session,
            QueueFilter(tab=Tab.CHECKS),
            get_limits(session),
            officer=uuid4(),
            at=NOW,
        )
        reopened = [
            get_case(session, row.id).answers.given_names for row in rows if row.is_reopened
        ]
        ties = [
            tie
            for person in list_person_ids(session)
            for tie in list_ties_of_child(session, person)
        ]
    assert Counter(pair.state for pair in pairs)[PairState.PROPOSED] == 1
    assert {bool(pair.keys[:-1]) for pair in pairs if pair.state is PairState.OPEN} == {True, False}
    assert reopened == ["KATARZYNA"]
    assert {TieState.ACTING, TieState.INFORMED, TieState.CLAIMED} <= {tie.state for tie in ties}


def test_officers_find_cases_with_documents_that_open(city: City) -> None:
    reader = open_reader(city.app.extensions["settings"])
    with city.database.reading() as session:
        rows = list_queue(session, QueueFilter(), get_limits(session), officer=uuid4(), at=NOW)
        with_files = [row for row in rows if list_evidence(session, row.id)]
        states = {get_case(session, row.id).state for row in rows}
        for row in with_files:
            for file in list_evidence(session, row.id):
                page = reader.open_page(file.vault_id, 0)
                assert page.startswith(b"\xff\xd8")
    assert len(with_files) >= 3
    assert CaseState.SUBMITTED in states


def test_people_write_together_and_follow_and_works_are_shown(city: City) -> None:
    with city.database.reading() as session:
        past = next(e for e in list_editions(session) if e.year == 2025)
        photos = [
            one
            for proposal in list_for_ballot(session, past.id)
            for one in list_pictures(session, proposal.id)
        ]
        present = list_for_ballot(session, get_current_edition(session, at=NOW).id)
        together = [p for p in present if get_proposal(session, p.id).co_authors]
        priced = [c for p in present for c in get_proposal(session, p.id).costs if c.price_key]
        followers = session.scalar(select(func.count()).select_from(Follower))
        confirmed = session.scalars(select(NewsSubscription.confirmed_at)).all()
    steps = [step for p in content.past_edition().projects for step in p.steps]
    assert len(photos) == sum(step.photo is not None for step in steps)
    assert together
    assert priced
    assert followers
    assert None not in confirmed


def test_the_past_edition_has_results_steps_and_statistics(city: City) -> None:
    with city.database.reading() as session:
        past = next(e for e in list_editions(session) if e.year == 2025)
        results = list_scope_results(session, past.id)
        listed = list_for_ballot(session, past.id)
        steps = [s for p in listed for s in list_steps(session, p.id)]
        release = find_release(session, past.id)
    points = {line.points for result in results for line in result.lines}
    assert points == {project.points for project in content.past_edition().projects}
    told = sum(len(p.steps) for p in content.past_edition().projects)
    assert len(steps) == told + 1  # one winner could not be built: the act ends its story
    assert release is not None


def test_people_came_by_the_codes_of_leaflets(city: City) -> None:
    with city.database.reading() as session:
        by_name = {one.name: one.counts for one in list_campaigns(session)}
    library, _trams, point = (by_name[name] for name, _opened, _hoped in CODES)
    assert (library["visited"], library["started"]) == (235, 20)
    assert (library["confirmed"] or 0) >= 15
    assert set(point.values()) == {None}


def test_the_mailbox_holds_the_latest_messages_only(city: City) -> None:
    messages = list_mailbox(city.app.extensions["settings"].mailbox)
    assert 20 <= len(messages) <= 60
    assert {message.language for message in messages} >= {"pl", "uk"}


def test_the_audit_trail_of_the_story_holds(city: City) -> None:
    with city.database.reading() as session:
        assert audit.find_broken_link(session, 2026) is None
        assert audit.head(session, 2026)[0] > 500


@pytest.mark.proof
@pytest.mark.parametrize(
    "phase", [Phase.SUBMISSION, Phase.ASSESSMENT, Phase.VERIFICATION, Phase.RESULTS]
)
def test_every_phase_can_be_filled(
    phase: Phase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few people would hardly vote on paper, and every pile shall be signed off.
    monkeypatch.setattr("civic_budget.demo.filling.voting.ON_PAPER", 0.5)
    made = fill_city(tmp_path, phase)
    with made.database.reading() as session:
        edition = get_current_edition(session, at=NOW)
        assert edition.phase(NOW) is phase
        found = find_round_of_edition(session, edition.id)
        sealed = find_release(session, edition.id)
        points = list_points(session, found.id) if found else []
        batches = list_batches(session, found.id) if found else []
    assert all(point.closed_at is not None for point in points)
    assert all(one.is_closed and one.left == 0 for one in batches)
    assert bool(points) == bool(found)
    told = (sum(one.invalid for one in batches), sum(one.missing for one in batches))
    assert told == ((1, 1) if found else (0, 0))
    statuses = {
        Phase.VERIFICATION: RoundStatus.VERIFICATION,
        Phase.RESULTS: RoundStatus.OPENED,
    }
    assert (found.status if found else None) is statuses.get(phase)
    assert (sealed is not None) is (phase is Phase.RESULTS)
    made.database.dispose()
