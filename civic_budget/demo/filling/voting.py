"""The round of voting: prepared by the commission, votes cast day by day, closed, voided, opened."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from civic_budget.demo import content
from civic_budget.demo.filling.town import Resident, Town, in_batches
from civic_budget.demo.sign_ins import KeyFileLine, VoteLine
from civic_budget.editions.rules import CITY_WIDE, Milestone, Phase, scope_of
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import NotAllowed
from civic_budget.storage.db import Work
from civic_budget.voting import keyfiles, service
from civic_budget.voting.choice import Choice, ScopeForm, Section
from civic_budget.voting.codes import in_fours, new_serial
from civic_budget.voting.frozen import FrozenList
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import InvalidReason

PREPARED_DAY, TESTED_DAY = 215, 217
CLOSED_DAY, PAPER_CLOSED_DAY, VOIDED_DAY, OPENED_DAY = 239, 243, 258, 262
TURNOUT = 0.72
ON_PAPER = 0.06
# How the days of the vote compare: a rush at the start, another at the end.
RUSH = (9, 7, 5, 4, 4, 3, 4, 5, 3, 3, 4, 4, 5, 7, 10)
THRESHOLD = 1
SHOWN_CODES = 3
CARD_TAKEN_HOME = "Osoba głosująca zabrała kartę ze sobą."
VOTES_A_BATCH = 40


@dataclass(frozen=True)
class Ballots:
    """A round that takes votes: the server's secrets, its list, the batch of each point and district."""

    round_id: UUID
    secrets: RoundSecrets
    frozen: FrozenList
    held: Sequence[tuple[bytes, str]]
    batches: dict[tuple[str, int], UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Vote:
    """Who votes when, and whether on paper at a point."""

    voter: Resident
    at: datetime
    name: str = ""
    point: str | None = None


def run_round(town: Town) -> None:
    """Everything that the commission and the voters have done until now."""
    if not town.story.is_past(Milestone.VOTING_OPENS):
        return
    town.progress.begin("Round of voting and key files")
    ballots = _prepare(town)
    town.progress.begin("Votes")
    _cast_all(town, ballots)
    if town.story.has_come(town.story.at(CLOSED_DAY, 8)):
        _close(town, ballots)
    if town.story.phase is Phase.RESULTS:
        town.progress.begin("Opening")
        _void(town, ballots)
        _open(town, ballots)


def _prepare(town: Town) -> Ballots:
    """Freeze the list, make one key file for each member, prove that one of them opens."""
    commission = _commission(town)
    phrases = [keyfiles.suggest_passphrase() for _ in commission]
    with town.database.writing() as work:
        prepared = service.prepare_round(
            work,
            commission[0],
            edition_id=town.edition_id,
            members=[member.account_id for member in commission if member.account_id],
            passphrases=phrases,
            threshold=THRESHOLD,
            names=_scope_names(),
            at=town.story.at(PREPARED_DAY, 12),
        )
    held = list(zip(prepared.key_files, phrases, strict=True))
    _keep_key_files(town, held)
    with town.database.writing() as work:
        at = town.story.at(TESTED_DAY, 12)
        service.test_round(
            work, commission[0], round_id=prepared.round_id, held=held[:THRESHOLD], at=at
        )
    with town.database.reading() as session:
        found = get_round(session, prepared.round_id)
    held_secrets = service.secrets_of(town.settings.round_keys, found)
    return Ballots(found.id, held_secrets, found.frozen, held)


def _keep_key_files(town: Town, held: Sequence[tuple[bytes, str]]) -> None:
    folder: Path = town.settings.instance / "key-files"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number, (file, phrase) in enumerate(held, 1):
        path = folder / f"commission-{number}.key"
        path.write_bytes(file)
        path.chmod(0o600)
        town.sign_ins.key_files.append(KeyFileLine(path, phrase))


def _cast_all(town: Town, ballots: Ballots) -> None:
    """Day by day, with the count that is published every night."""
    votes = sorted(plan_votes(town), key=lambda vote: vote.at)
    on_paper = [vote for vote in votes if vote.point is not None]
    _open_points(town, ballots, on_paper)
    opens = city_day(town.story.calendar.moments[Milestone.VOTING_OPENS])
    last = min(city_day(town.story.now), opens + timedelta(days=len(RUSH) - 1))
    for number in range((last - opens).days + 1):
        day = opens + timedelta(days=number)
        today = [vote for vote in votes if city_day(vote.at) == day]
        for batch in in_batches(today, town.progress.add, VOTES_A_BATCH):
            with town.database.writing() as work:
                for vote in batch:
                    _cast(town, work, ballots, vote)
        if day < city_day(town.story.now):
            _count_the_night(town, ballots, day)
    _key_cards(town, ballots, on_paper)


def _key_cards(town: Town, ballots: Ballots, votes: Sequence[Vote]) -> None:
    """The batches of a district are mixed, since most are small, then keyed and reconciled.

    As in a city some cards are no vote and some are missing: a blank one in the fullest pile, and in the
    next one a slip whose card is nowhere.
    """
    districts = Counter(vote.voter.district for vote in votes)
    fullest = [district for district, slips in districts.most_common(2) if slips > 1]
    for number, (district, slips) in enumerate(sorted(districts.items()), 1):
        with town.database.writing() as work:
            batch = _mixed_batch(work, ballots, district)
            service.seal_batch(work, SYSTEM, batch_id=batch, at=town.story.now)
            is_short = town.story.phase is not Phase.VOTING and district in fullest
            for _ in range(slips - is_short):
                _key_card(town, work, ballots, batch, district)
            if town.story.phase is not Phase.VOTING:
                missing = int(is_short and district != fullest[0])
                _reconcile(town, work, ballots, batch, (number, is_short - missing, missing))


def _reconcile(
    town: Town, work: Work, ballots: Ballots, batch: UUID, told: tuple[int, int, int]
) -> None:
    """Sign a batch off: the number of its protocol, blank cards, missing ones."""
    number, blank, missing = told
    if blank:
        blanks = InvalidReason.BLANK
        service.count_invalid(work, SYSTEM, batch_id=batch, reason=blanks, number=blank)
    if missing:
        service.count_missing(work, SYSTEM, batch_id=batch, number=missing, note=CARD_TAKEN_HOME)
    service.close_batch(
        work,
        SYSTEM,
        secrets=ballots.secrets,
        batch_id=batch,
        missing=missing,
        protocol_number=f"P/{number}",
        at=town.story.at(CLOSED_DAY, 7),
    )


def _open_points(town: Town, ballots: Ballots, votes: Sequence[Vote]) -> None:
    chair = _commission(town)[0]
    used = {vote.point for vote in votes}
    with town.database.writing() as work:
        for point in content.assistance_points():
            if point.key in used:
                service.open_point(
                    work,
                    chair,
                    round_id=ballots.round_id,
                    code=point.key,
                    name=point.name.pl,
                    is_online=True,
                )
        for code, district in sorted({(vote.point or "", vote.voter.district) for vote in votes}):
            ballots.batches[code, district] = service.open_batch(
                work, SYSTEM, round_id=ballots.round_id, point=code, scope=scope_of(district)
            )


def _mixed_batch(work: Work, ballots: Ballots, district: int) -> UUID:
    batches = [batch for (_, own), batch in ballots.batches.items() if own == district]
    for other in batches[1:]:
        service.join_batches(work, SYSTEM, into=batches[0], other=other)
    return batches[0]


def _key_card(town: Town, work: Work, ballots: Ballots, batch: UUID, district: int) -> None:
    serial = new_serial()
    service.register_card(work, secrets=ballots.secrets, serial=serial, scope=scope_of(district))
    work.session.flush()
    service.key_card(
        work,
        SYSTEM,
        secrets=ballots.secrets,
        batch_id=batch,
        serial=serial,
        choice=_choice(town, ballots.frozen, district),
        at=town.story.now,
    )


def plan_votes(town: Town) -> list[Vote]:
    """Who has voted by now. While voting is open nobody with a name has: they are there to try it."""
    voters: list[tuple[str, Resident]] = [("", resident) for resident in town.crowd]
    if town.story.phase is not Phase.VOTING:
        named = {p.key: p for p in content.people() if "voter" in p.roles}
        voters += [(key, town.residents[key]) for key in named]
    opens = town.story.calendar.moments[Milestone.VOTING_OPENS]
    points = [point.key for point in content.assistance_points()]
    votes = []
    for name, voter in voters:
        if town.random.random() > TURNOUT:
            continue
        day = town.random.choices(range(len(RUSH)), RUSH)[0]
        at = opens + timedelta(days=day, seconds=town.random.randint(6 * 3600, 24 * 3600 - 1))
        if voter.confirmed_at is None:
            # Who waits for an officer came last: registered and voted in the last days.
            at = _last_evening(town)
        elif voter.confirmed_at > at:
            at = voter.confirmed_at + timedelta(hours=2)
        is_open = at < town.story.calendar.moments[Milestone.VOTING_CLOSES]
        if is_open and town.story.has_come(at):
            on_paper = not name and town.random.random() < ON_PAPER
            votes.append(Vote(voter, at, name, town.random.choice(points) if on_paper else None))
    return votes


def _last_evening(town: Town) -> datetime:
    closes = town.story.calendar.moments[Milestone.VOTING_CLOSES]
    return min(closes - timedelta(minutes=town.random.randint(5, 300)), town.story.ago(hours=5))


def _cast(town: Town, work: Work, ballots: Ballots, vote: Vote) -> None:
    person_id = vote.voter.person_id
    if vote.point is not None:
        outcome = service.register_slip(
            work,
            SYSTEM,
            secrets=ballots.secrets,
            batch_id=ballots.batches[vote.point, vote.voter.district],
            person_id=person_id,
            at=vote.at,
        )
        assert outcome is service.SlipOutcome.ACCEPTED
        return
    nonce = secrets.token_bytes(32)
    marks = _choice(town, ballots.frozen, vote.voter.district)
    # The crowd has no accounts that could press: its right to vote is all it has.
    right = service.right_of(work.session, ballots.secrets, person_id, at=vote.at)
    receipt = service.cast_by_right(
        work,
        round_id=ballots.round_id,
        secrets=ballots.secrets,
        right=right,
        choice=marks,
        nonce=nonce,
        at=vote.at,
    )
    if not receipt.codes:
        raise NotAllowed("earlier_vote_stands")
    if vote.name and len(town.sign_ins.votes) < SHOWN_CODES:
        codes = ", ".join(f"{scope} {in_fours(code)}" for scope, code in receipt.codes.items())
        town.sign_ins.votes.append(VoteLine(vote.name, codes))


def _choice(town: Town, frozen: FrozenList, district: int) -> Choice:
    """Three favourites on each list, the popular ones more often."""
    chosen = {}
    for level in frozen.form.levels:
        form = level.scope(CITY_WIDE) or level.scope(scope_of(district))
        if form is not None and form.projects:
            chosen[level.code] = Section(form.code, _picks(town, form))
    return chosen


def _picks(town: Town, form: ScopeForm) -> tuple[str, ...]:
    left = list(form.projects)
    picks: list[str] = []
    for _ in range(form.bounds[1]):
        # A project's appeal follows from its name alone, so that all voters agree a little.
        weights = [1 + sum(project.encode()) % 7 for project in left]
        pick = town.random.choices(left, weights)[0]
        left.remove(pick)
        picks.append(pick)
    return tuple(picks)


def _count_the_night(town: Town, ballots: Ballots, day: date) -> None:
    with town.database.writing() as work:
        service.publish_nightly_count(work, round_id=ballots.round_id, day=day)


def _close(town: Town, ballots: Ballots) -> None:
    closes = town.story.calendar.moments[Milestone.VOTING_CLOSES]
    with town.database.writing() as work:
        for code in sorted({point for point, _ in ballots.batches}):
            service.close_point(
                work, _commission(town)[0], round_id=ballots.round_id, code=code, at=closes
            )
    with town.database.writing() as work:
        service.close_round(
            work,
            _commission(town)[0],
            round_id=ballots.round_id,
            at=town.story.at(CLOSED_DAY, 8),
        )
    with town.database.writing() as work:
        is_time = town.story.has_come(town.story.at(PAPER_CLOSED_DAY, 8))
        if is_time and service.has_paper_to_seal(work.session, ballots.round_id):
            service.close_paper(
                work,
                _commission(town)[0],
                round_id=ballots.round_id,
                secrets=ballots.secrets,
                at=town.story.at(PAPER_CLOSED_DAY, 8),
            )


def _void(town: Town, ballots: Ballots) -> None:
    """Two members take out what can't count, such as votes of a residence that nobody confirmed."""
    first, second = _commission(town)[:2]
    at = town.story.at(VOIDED_DAY, 10)
    with town.database.writing() as work:
        found = service.list_findings(work.session, secrets=ballots.secrets, at=at)
        for finding in found:
            service.propose_void(
                work,
                first,
                round_id=ballots.round_id,
                tag=finding.tag,
                reason=finding.suggested,
                at=at,
            )
    with town.database.writing() as work:
        for finding in found:
            service.confirm_void(
                work,
                second,
                round_id=ballots.round_id,
                secrets=ballots.secrets,
                tag=finding.tag,
                at=at + timedelta(hours=2),
            )


def _open(town: Town, ballots: Ballots) -> None:
    with town.database.writing() as work:
        opened = service.open_round(
            work,
            _commission(town)[0],
            round_id=ballots.round_id,
            secrets=ballots.secrets,
            held=ballots.held[:THRESHOLD],
            at=town.story.at(OPENED_DAY, 11),
        )
    town.progress.add(len(opened.ballots))


def _commission(town: Town) -> list[Actor]:
    return [actor for actor in town.staff.values() if actor.has(Role.COMMISSION)]


def _scope_names() -> dict[str, str]:
    names = {scope_of(d.number): f"{d.roman} {d.name}" for d in content.districts()}
    return {CITY_WIDE: "Cały Kraków", **names}
