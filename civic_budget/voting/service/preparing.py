"""Prepare a round: freeze the list, make the keys, hand out key files, prove that they open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.editions.ballots import LEVELS, is_required, level_rule
from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import CITY_WIDE, Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.proposals.queries import ProposalFacts, exclusive_groups, list_for_ballot
from civic_budget.selection import load_preset, rule_from, rule_to
from civic_budget.storage.db import Work
from civic_budget.voting import keyfiles
from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.commission_models import RoundLineage, ScopeAnnulment
from civic_budget.voting.events import RoundAnnulled, RoundPrepared, RoundReady
from civic_budget.voting.frozen import (
    FrozenLevel,
    FrozenList,
    FrozenProject,
    FrozenScope,
    known_list,
)
from civic_budget.voting.keys import RoundSecrets, new_round_secrets, read_secrets, write_secrets
from civic_budget.voting.models import Round, RoundMember
from civic_budget.voting.press_queries import RoundOnBallot
from civic_budget.voting.queries import RoundFacts, RoundKey, find_round_of_edition
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus
from civic_budget.voting.service.access import lock_round, require_member

CITY_LEVEL, DISTRICT_LEVEL = "city", "district"


@dataclass(frozen=True)
class PreparedRound:
    """A new round and its members' key files, which exist nowhere else."""

    round_id: UUID
    key_files: tuple[bytes, ...]


@dataclass(frozen=True)
class VoteTimes:
    """When a round takes votes, where the edition's calendar does not say it."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Replaced:
    """What an annulment left to be voted anew: the whole round (no scopes named), or these pools."""

    round_id: UUID
    frozen: FrozenList
    scopes: frozenset[str]


def find_replaced(session: Session, edition_id: UUID) -> Replaced | None:
    """The annulled round or pools of an edition that no later round has taken the place of."""
    standing = find_round_of_edition(session, edition_id)
    if standing is None:
        row = session.scalars(
            select(Round)
            .where(
                Round.edition_id == edition_id,
                Round.status == RoundStatus.ANNULLED.value,
                Round.tested_at.is_not(None),
            )
            .order_by(Round.opens_at.desc())
            .limit(1)
        ).first()
        return Replaced(row.id, known_list(row.list_content), frozenset()) if row else None
    scopes = frozenset(
        session.scalars(select(ScopeAnnulment.scope).where(ScopeAnnulment.round_id == standing.id))
    )
    return Replaced(standing.id, standing.frozen, scopes) if scopes else None


def part_of_list(frozen: FrozenList, round_id: UUID, scopes: frozenset[str]) -> FrozenList:
    """The same list with these pools only, for a round that supplements another."""
    levels = (
        replace(level, scopes=tuple(s for s in level.scopes if s.code in scopes))
        for level in frozen.levels
    )
    return FrozenList(round_id, frozen.title, tuple(level for level in levels if level.scopes))


def prepare_round(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    members: Sequence[UUID],
    passphrases: Sequence[str],
    threshold: int,
    names: Mapping[str, str],
    scrypt_cost: int = keyfiles.SCRYPT_COST,
    keys: tuple[bytes, RoundSecrets] | None = None,
    times: VoteTimes | None = None,
    at: datetime,
) -> PreparedRound:
    """Freeze the list and make the keys; `names` gives each scope its name in Polish.

    The key files are returned once. The server's own secrets go to a file with mode 0600. Only a
    rehearsal brings its own `keys` (private key, server secrets). After an annulment it is a repeat of
    the whole list, or of the annulled pools, and `times` say when it takes votes.
    """
    if not actor.has(Role.COMMISSION, Role.ADMINISTRATOR) and not actor.is_system:
        raise NotAllowed("not_the_commission")
    if len(members) != len(passphrases) or len(set(members)) != len(members):
        raise Conflict("one_passphrase_each", field="members")
    if not 1 <= threshold <= len(members):
        raise Conflict("members_missing", field="members")
    replaced = find_replaced(work.session, edition_id)
    if replaced is None and find_round_of_edition(work.session, edition_id) is not None:
        raise Conflict("round_exists")
    edition = get_edition(work.session, edition_id)
    private, held = keys or new_round_secrets(uuid4())
    round_id = held.round_id
    if replaced is not None and replaced.scopes:
        frozen = part_of_list(replaced.frozen, round_id, replaced.scopes)
    else:
        groups = exclusive_groups(work.session, edition_id)
        frozen = freeze_list(edition, _listed(work, edition_id), round_id, names, groups)
    files = keyfiles.write_key_files(
        private,
        round_id=round_id,
        public_key=held.public_key,
        passphrases=passphrases,
        threshold=threshold,
        cost=scrypt_cost,
    )
    _keep(work, edition, frozen, held, threshold, _times(edition, times, replaced, at))
    add_members(work, round_id, members, files)
    if replaced is not None:
        kind = "supplement" if replaced.scopes else "repeat"
        work.session.add(RoundLineage(round_id=round_id, replaces_id=replaced.round_id, kind=kind))
    folder = secrets_folder(work)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secrets(folder / f"{round_id}.json", held)
    work.publish(
        RoundPrepared(round_id=round_id, list_hash=frozen.hash.hex(), at=at, by=actor.account_id)
    )
    return PreparedRound(round_id, files)


def add_members(
    work: Work, round_id: UUID, members: Sequence[UUID], files: Sequence[bytes]
) -> None:
    """Enter the members by number with the fingerprints of their key files."""
    for number, (account_id, file) in enumerate(zip(members, files, strict=True), 1):
        work.session.add(
            RoundMember(
                round_id=round_id,
                account_id=account_id,
                number=number,
                key_fingerprint=keyfiles.fingerprint(file),
            )
        )
    work.session.flush()


def _listed(work: Work, edition_id: UUID) -> Sequence[ProposalFacts]:
    """What stands on the ballot; raises Conflict while there is nothing, or a number is missing."""
    listed = list_for_ballot(work.session, edition_id)
    if not listed:
        raise Conflict("nothing_on_the_list")
    if any(p.ballot_number is None or p.reference is None for p in listed):
        raise Conflict("numbers_not_drawn")
    return listed


def discard_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> None:
    """Throw away a round whose key files were never tested, so that it can be prepared anew."""
    if not actor.has(Role.COMMISSION):
        raise NotAllowed("not_the_commission")
    row = lock_round(work, round_id)
    if row.status != RoundStatus.SETUP.value:
        raise Conflict("round_exists")
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.ANNUL).value
    work.publish(RoundAnnulled(round_id=round_id, at=at, by=actor.account_id))


def test_round(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    held: Sequence[tuple[bytes, str]],
    at: datetime,
) -> None:
    """Open a test envelope with the key files; only then may the round take votes."""
    row = lock_round(work, round_id)
    if not actor.is_system:
        require_member(work, actor, round_id)
    private = keyfiles.open_key_files(held, round_id=round_id, public_key=row.public_key)
    keyfiles.prove_opening(private, round_id=round_id, public_key=row.public_key)
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.TEST).value
    row.tested_at = at
    work.publish(RoundReady(round_id=round_id, at=at, by=actor.account_id))


# The name is a deed's, not a test's.
test_round.__test__ = False  # type: ignore[attr-defined]


def freeze_list(
    edition: EditionFacts,
    proposals: Sequence[ProposalFacts],
    round_id: UUID,
    names: Mapping[str, str],
    groups: Mapping[UUID, tuple[str, ...]] | None = None,
) -> FrozenList:
    """The list as it is voted on: scopes in order, projects by ballot number.

    `groups` maps a proposal to the groups in which at most one can win.
    """
    held = groups or {}
    declared = edition.ballot_rule
    rules = {level: ballot_rule(level_rule(declared, level)) for level in LEVELS}
    scopes = [
        FrozenScope(
            code=pool.scope,
            name=names.get(pool.scope, pool.scope),
            budget=pool.money,
            ballot=rules[CITY_LEVEL if pool.scope == CITY_WIDE else DISTRICT_LEVEL],
            selection=_selection(edition, pool.scope),
            projects=tuple(
                _project(p, held.get(p.id, ())) for p in proposals if p.scope == pool.scope
            ),
        )
        for pool in edition.pools
    ]
    return FrozenList(
        round_id,
        edition.name("pl"),
        (
            FrozenLevel(
                DISTRICT_LEVEL,
                tuple(s for s in scopes if s.code != CITY_WIDE),
                is_required(declared, DISTRICT_LEVEL),
            ),
            FrozenLevel(
                CITY_LEVEL,
                tuple(s for s in scopes if s.code == CITY_WIDE),
                is_required(declared, CITY_LEVEL),
            ),
        ),
    )


def ballot_rule(data: Mapping[str, Any]) -> BallotRule:
    """An edition's ballot rule: `kind`, `points`, `minimum`, `maximum`, `sum` (cumulative points)."""
    return BallotRule(
        kind=Kind(data["kind"]),
        points=tuple(data.get("points", ())),
        min_picks=int(data.get("minimum", 1)),
        max_picks=data.get("maximum"),
        max_points=int(data.get("sum", 0)),
    )


def _selection(edition: EditionFacts, scope: str) -> dict[str, Any]:
    """The winner rule of a scope in full, so that the frozen list needs no preset to be read."""
    declared = edition.selection_rule
    if "preset" in declared:
        level = CITY_LEVEL if scope == CITY_WIDE else DISTRICT_LEVEL
        return rule_to(load_preset(str(declared["preset"]), level=level))
    return rule_to(rule_from(declared))


def secrets_folder(work: Work) -> Path:
    """Where running servers keep the rounds' secrets."""
    return work.instance / "rounds"


def secrets_of(folder: Path, found: Round | RoundFacts | RoundKey | RoundOnBallot) -> RoundSecrets:
    """A running round's secrets; raises SecretsRefused when the file is not right."""
    return read_secrets(
        folder / f"{found.id}.json",
        round_id=found.id,
        public_key=found.public_key,
        marks=found.key_marks,
    )


def _project(proposal: ProposalFacts, groups: tuple[str, ...]) -> FrozenProject:
    polish = proposal.in_language("pl")
    assert proposal.reference is not None
    return FrozenProject(proposal.reference, polish.title, proposal.final_cost, groups)


def _times(
    edition: EditionFacts, times: VoteTimes | None, replaced: Replaced | None, at: datetime
) -> VoteTimes:
    """The calendar's times, or those given for a round beside it; raises Conflict for a bad pair."""
    found = times or VoteTimes(
        edition.moment_of(Milestone.VOTING_OPENS), edition.moment_of(Milestone.VOTING_CLOSES)
    )
    if found.opens_at >= found.closes_at:
        raise Conflict("opens_before_closes", field="closes_at")
    if replaced is not None and found.opens_at <= at:
        raise Conflict("times_needed", field="opens_at")
    return found


def paper_deadline(edition: EditionFacts, closes_at: datetime) -> datetime:
    """Until when slips are keyed in: the day of the calendar, else so many days as the rule says."""
    days = timedelta(days=int(edition.ballot_rule.get("paper_days", 3)))
    return max(edition.side_dates.get(SideDate.PAPER_VOTES_KEYED, closes_at + days), closes_at)


def _keep(
    work: Work,
    edition: EditionFacts,
    frozen: FrozenList,
    held: RoundSecrets,
    threshold: int,
    times: VoteTimes,
) -> None:
    rule = edition.ballot_rule
    work.session.add(
        Round(
            id=frozen.round_id,
            edition_id=edition.id,
            status=RoundStatus.SETUP.value,
            opens_at=times.opens_at,
            closes_at=times.closes_at,
            public_key=held.public_key,
            verify_key=held.verify_key,
            key_marks=held.marks,
            threshold=threshold,
            list_content=frozen.content,
            list_hash=frozen.hash,
            on_duplicate=str(rule.get("on_duplicate", "paper_wins")),
            is_revote_allowed=False,
            paper_until=paper_deadline(edition, times.closes_at),
            objection_days=int(rule.get("objection_days", 3)),
        )
    )
    work.session.flush()
