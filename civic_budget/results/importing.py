"""Real elections from Pabulib files as a finished edition: pools, projects, ballots, winners.

Every file is read and decided before anything is written. Of a ballot only its choice is kept: age,
sex, place and the voter's number are dropped. It must not know what a page looks like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from civic_budget.accounts.service import open_account_without_code
from civic_budget.city.district_map import krakow_centres
from civic_budget.city.queries import list_districts
from civic_budget.city.service import put_district
from civic_budget.editions import service as editions
from civic_budget.editions.queries import PoolFacts, category_names, is_slug_taken
from civic_budget.editions.rules import Calendar, Milestone, district_of, scope_of
from civic_budget.kernel.actor import SYSTEM
from civic_budget.pabulib import PbError, PbFile, VoteType, read, render
from civic_budget.proposals.service import PastProposal, add_past_proposals
from civic_budget.results.boards import board_folder
from civic_budget.results.past import (
    ImportRefusedError,
    anonymous,
    days_of,
    decide,
    past_proposals,
    plain,
    references_of,
)
from civic_budget.results.replay import Replay, rule_for
from civic_budget.results.service import keep_result
from civic_budget.selection import Rule, load_preset, preset_for, rule_to
from civic_budget.storage.db import Work
from civic_budget.voting.board import write_board

KINDS: Mapping[VoteType, str] = {
    VoteType.ORDINAL: "points",
    VoteType.APPROVAL: "approval",
    VoteType.CHOOSE_ONE: "one",
    VoteType.CUMULATIVE: "cumulative",
    VoteType.SCORING: "cumulative",
}
KNOWN = (Milestone.VOTING_OPENS.value, Milestone.VOTING_CLOSES.value)


@dataclass(frozen=True)
class Source:
    """A file that was read: its name, its SHA-256, what it holds."""

    name: str
    sha256: str
    file: PbFile


@dataclass(frozen=True)
class ImportedPool:
    """What became of one file: its scope, and whether our winners are those that it states."""

    file_name: str
    scope: str
    outcome: Replay
    source: str | None


@dataclass(frozen=True)
class Import:
    """An imported edition."""

    edition_id: UUID
    slug: str
    pools: tuple[ImportedPool, ...]


def read_sources(paths: Iterable[Path]) -> list[Source]:
    """Read all files; raises ImportRefusedError naming file, line and reason of the first bad one."""
    sources = []
    for path in paths:
        try:
            file = read(path)
        except PbError as wrong:
            raise ImportRefusedError(f"{path.name}: {wrong}") from None
        sources.append(Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), file))
    return sources


def import_edition(
    work: Work, sources: Sequence[Source], *, name: str, preset: str | None = None, at: datetime
) -> Import:
    """Enter past elections as a finished, public edition with results and board files.

    Each file is one pool. Raises ImportRefusedError when files contradict each other, when a
    district is unknown or when a rule cannot read the ballots; then nothing has been written.
    """
    slug = _slug(work, name)
    by_scope = _by_scope(work, sources)
    boards = {
        scope: anonymous(source.file, references_of(source.file, scope))
        for scope, source in by_scope.items()
    }
    rules = {scope: _rule(source, preset) for scope, source in by_scope.items()}
    decided = {
        scope: decide(by_scope[scope].name, board, rules[scope]) for scope, board in boards.items()
    }
    edition_id = _add_edition(work, slug, name, by_scope, rules, preset, at)
    _add_proposals(work, edition_id, boards, at)
    for scope, (outcome, source) in decided.items():
        keep_result(
            work,
            edition_id=edition_id,
            round_id=None,
            scope=scope,
            protocol=outcome.protocol,
            rule=rule_to(rules[scope]),
            source=source,
            at=at,
        )
    work.session.flush()
    files = {f"{scope}.pb": render(board) for scope, board in boards.items()}
    write_board(board_folder(work.instance, edition_id), files)
    pools = (
        ImportedPool(by_scope[scope].name, scope, *decided[scope]) for scope in sorted(decided)
    )
    return Import(edition_id, slug, tuple(pools))


def _slug(work: Work, name: str) -> str:
    slug = plain(name).replace(" ", "-")
    if not slug:
        raise ImportRefusedError("the edition needs a name")
    if is_slug_taken(work.session, slug):
        raise ImportRefusedError(f"there is already an edition named {slug}")
    return slug


def _by_scope(work: Work, sources: Sequence[Source]) -> dict[str, Source]:
    """Scope → the file that tells of it; the files must be of one election."""
    if not sources:
        raise ImportRefusedError("there is no file to import")
    first = sources[0]
    found: dict[str, Source] = {}
    for source in sources:
        for key in ("unit", "instance"):
            ours, theirs = first.file.meta.get(key, ""), source.file.meta.get(key, "")
            if ours != theirs:
                raise ImportRefusedError(
                    f"{source.name} is of another election than {first.name}: "
                    f"{key} “{theirs}” and not “{ours}”"
                )
        if source.file.vote_type is not first.file.vote_type:
            raise ImportRefusedError(
                f"{source.name} holds another kind of ballot than {first.name}"
            )
        if source.file.budget <= 0:
            raise ImportRefusedError(f"{source.name}: the pool has no money")
        scope = _scope(work, source)
        if scope in found:
            raise ImportRefusedError(
                f"{source.name} and {found[scope].name} are about the same pool"
            )
        found[scope] = source
    return found


def _scope(work: Work, source: Source) -> str:
    """`city`, or the district that the file names; Kraków's own districts are added when missing."""
    named = source.file.meta.get("district", "").strip()
    if not named:
        return scope_of(None)
    for district in list_districts(work.session):
        if plain(district.name) == plain(named):
            return scope_of(district.number)
    if source.file.meta.get("unit", "").strip() == "Kraków":
        for centre in krakow_centres():
            if plain(centre.name) == plain(named):
                put_district(work, number=centre.number, roman=centre.roman, name=centre.name)
                work.session.flush()
                return scope_of(centre.number)
    raise ImportRefusedError(f"{source.name}: the city has no district named {named}")


def _rule(source: Source, preset: str | None) -> Rule:
    if preset is None:
        return rule_for(source.file)
    level = "district" if source.file.meta.get("district", "").strip() else "city"
    return load_preset(preset, level=level)


def _add_edition(
    work: Work,
    slug: str,
    name: str,
    by_scope: Mapping[str, Source],
    rules: Mapping[str, Rule],
    preset: str | None,
    at: datetime,
) -> UUID:
    first = next(iter(by_scope.values())).file
    year, opens, closes = days_of(first.meta)
    declared = preset or preset_for(first.meta.get("unit", "").strip())
    late = {Milestone.VOTING_CLOSES, Milestone.RESULTS_PUBLISHED}
    moments = {milestone: closes if milestone in late else opens for milestone in Milestone}
    edition_id = editions.create_edition(
        work,
        SYSTEM,
        slug=slug,
        year=year,
        names={"pl": name},
        calendar=Calendar(moments),
        pools=[
            PoolFacts(scope, district_of(scope), source.file.budget, 0, source.file.budget)
            for scope, source in by_scope.items()
        ],
        ballot_rule=_ballot_rule(first, next(iter(rules.values()))),
        selection_rule={"preset": declared} if declared else rule_to(next(iter(rules.values()))),
        accepted_proofs=[],
        origin={
            "files": {s: {"name": x.name, "sha256": x.sha256} for s, x in by_scope.items()},
            "known": KNOWN if "date_begin" in first.meta else (),
        },
        at=at,
    )
    work.session.flush()
    editions.publish_edition(work, SYSTEM, edition_id=edition_id, at=at)
    return edition_id


def _ballot_rule(file: PbFile, rule: Rule) -> dict[str, Any]:
    most = file.meta.get("max_length", "")
    fewest = file.meta.get("min_length", "")
    kind = KINDS[file.vote_type]
    return {
        "kind": kind,
        "points": list(rule.points) if kind == "points" else [],
        "minimum": int(fewest) if fewest.isdecimal() else 1,
        "maximum": int(most) if most.isdecimal() else None,
    }


def _add_proposals(
    work: Work, edition_id: UUID, boards: Mapping[str, PbFile], at: datetime
) -> None:
    archive = open_account_without_code(
        work, SYSTEM, contact=None, password=None, language="pl", at=at
    )
    work.session.flush()
    codes = {plain(words): code for code, words in category_names(work.session, "en").items()}
    past: list[PastProposal] = []
    for scope, board in boards.items():
        past += past_proposals(board, scope, codes)
    days = days_of(next(iter(boards.values())).meta)
    add_past_proposals(
        work,
        edition_id=edition_id,
        author_account=archive,
        author_person=uuid4(),
        past=past,
        at=days[1] - timedelta(days=1),
    )
